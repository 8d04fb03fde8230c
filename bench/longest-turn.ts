import { monitorEventLoopDelay } from "node:perf_hooks";

/** How often the loop is looked at. */
const everyMs = 2;

/** The longest turn of this process's event loop, by the clock and by what its thread itself worked, which other programs on the machine do not lengthen. */
export class LongestTurn {
  readonly #delays = monitorEventLoopDelay({ resolution: everyMs });
  readonly #timer: NodeJS.Timeout;
  #before = process.threadCpuUsage();
  #workedMs = 0;

  constructor() {
    this.#delays.enable();
    this.#timer = setInterval(() => {
      const now = process.threadCpuUsage();
      const ms = (now.user + now.system - this.#before.user - this.#before.system) / 1000;
      this.#before = now;
      this.#workedMs = Math.max(this.#workedMs, ms);
    }, everyMs);
  }

  /** Since the last call. */
  take(): { readonly ms: number; readonly workedMs: number } {
    const taken = { ms: this.#delays.max / 1e6, workedMs: this.#workedMs };
    this.#delays.reset();
    this.#workedMs = 0;
    return taken;
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#delays.disable();
  }
}
