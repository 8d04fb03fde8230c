import { setImmediate as nextTurn } from "node:timers/promises";

/** Work for so long, then others: the goal is that no call waits more than 50 ms for another one. */
const turnMs = 12;

/** Long work on a thread that answers calls, cut into turns of its event loop: `if (turns.isLong) await turns.next();` between its parts. */
export class Turns {
  #since = performance.now();

  get isLong(): boolean {
    return performance.now() - this.#since > turnMs;
  }

  async next(): Promise<void> {
    await nextTurn();
    this.#since = performance.now();
  }
}
