import type { Clock } from "@energsys/protocols";

/** Runs behind the machine's clock until `follow`, and with it afterwards. */
export class CatchingUpClock implements Clock {
  #now: number;
  #timers: { readonly atMs: number; readonly action: () => void }[] = [];
  #following: NodeJS.Timeout | undefined;
  #moving = false;
  constructor(startMs: number) {
    this.#now = startMs;
  }
  now(): number {
    return this.#now;
  }
  after(delayMs: number, action: () => void): () => void {
    const timer = { atMs: this.#now + delayMs, action };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }
  async advanceTo(untilMs: number): Promise<void> {
    for (;;) {
      const next = this.#timers.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#now = Math.max(this.#now, next.atMs);
      next.action();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = Math.max(this.#now, untilMs);
    await new Promise((resolve) => setImmediate(resolve));
  }
  follow(): void {
    this.#following = setInterval(async () => {
      if (this.#moving) return;
      this.#moving = true;
      await this.advanceTo(Date.now());
      this.#moving = false;
    }, 10);
  }
  stop(): void {
    clearInterval(this.#following);
  }
}
