import type { Clock } from "@energsys/protocols";

/** Timers of one concentrator: all of them end with it. */
export class Timers {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #stopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  after(delayMs: number, action: () => void): void {
    const cancel = this.#clock.after(delayMs, () => {
      this.#waiting.delete(cancel);
      if (!this.#stopped) action();
    });
    this.#waiting.add(cancel);
  }

  /** Again and again, the first time after one period; what fails is tried again a period later. */
  every(seconds: number, action: () => Promise<void>): void {
    this.after(seconds * 1000, () => {
      void action().catch(() => undefined);
      this.every(seconds, action);
    });
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#waiting) cancel();
  }
}
