import type { Clock, EpochMs } from "@energsys/protocols";

/** Who set the clock, or what made it reliable. */
export type ClockSource = "centre" | "module" | "console";

export interface ClockSetting {
  readonly beforeMs: EpochMs;
  readonly afterMs: EpochMs;
  readonly source: ClockSource;
  /** It was not reliable until now. */
  readonly first: boolean;
}

/**
 * The concentrator's own time: that of the machine and what it was set by. A gateway without a battery behind its clock starts with any
 * time at all, so the clock is not reliable until the centre or a module has set or confirmed it, unless the configuration says that
 * the machine keeps time by itself.
 */
export class OwnClock implements Clock {
  readonly #machine: Clock;
  #offsetMs = 0;
  #reliable: boolean;
  readonly #listeners: ((setting: ClockSetting) => void)[] = [];

  constructor(machine: Clock, reliable: boolean) {
    this.#machine = machine;
    this.#reliable = reliable;
  }

  get reliable(): boolean {
    return this.#reliable;
  }

  /** In whole milliseconds, whatever the machine counts in: stamps are stored as integers. */
  now(): EpochMs {
    return Math.round(this.#machine.now() + this.#offsetMs);
  }

  after(delayMs: number, action: () => void): () => void {
    return this.#machine.after(delayMs, action);
  }

  /** Sets the time and makes it reliable; setting what it shows already confirms it. */
  set(ms: EpochMs, source: ClockSource): ClockSetting {
    const beforeMs = this.now();
    const first = !this.#reliable;
    this.#offsetMs += ms - beforeMs;
    this.#reliable = true;
    const setting = { beforeMs, afterMs: ms, source, first };
    for (const listener of this.#listeners) listener(setting);
    return setting;
  }

  onSet(listener: (setting: ClockSetting) => void): void {
    this.#listeners.push(listener);
  }
}
