import type { Clock } from "@energsys/protocols";

/** Timers of a machine end after 24 days. */
const waitMaxMs = 86_400_000;

/** What is to happen at a site at an instant, however far. */
export class SiteTimers {
  readonly clock: Clock;
  readonly #waiting = new Set<() => void>();
  #stopped = false;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Does it at once when the instant has passed. */
  at(atMs: number, action: () => void): void {
    if (this.#stopped) return;
    const waitMs = atMs - this.clock.now();
    if (waitMs <= 0) {
      action();
      return;
    }
    const cancel = this.clock.after(Math.min(waitMs, waitMaxMs), () => {
      this.#waiting.delete(cancel);
      this.at(atMs, action);
    });
    this.#waiting.add(cancel);
  }

  stop(): void {
    this.#stopped = true;
    for (const cancel of this.#waiting) cancel();
    this.#waiting.clear();
  }
}
