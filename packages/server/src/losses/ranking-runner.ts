import type { LossCell, Ranking } from "@energsys/metering";
import { Problem } from "../problem.ts";
import { type ThreadLimits, ThreadPool } from "../thread-pool.ts";

export const rankingLimits: ThreadLimits = {
  threads: 1,
  waitingMax: 16,
  taskMs: 60_000,
  heapMb: 512,
  arraysMb: 1_024,
};

/**
 * Ranks suspects in a thread of its own, one transformer after the other: a month of a hundred members takes half a second of a core, which
 * no other call may wait for.
 */
export class RankingRunner {
  readonly #pool: ThreadPool<LossCell<number>, Ranking<number>>;

  constructor(limits: ThreadLimits = rankingLimits) {
    this.#pool = new ThreadPool(new URL("./ranking-thread.ts", import.meta.url), limits, {
      busy: () => new Problem("losses.busy"),
      tooLong: () => new Problem("losses.too-long"),
      memory: () => new Problem("losses.too-long"),
      cancelled: () => new Problem("losses.too-long"),
    });
  }

  /** @throws Problem `losses.too-long`, `losses.busy` */
  rank(cell: LossCell<number>, signal?: AbortSignal): Promise<Ranking<number>> {
    return this.#pool.run(cell, (result) => ({ result }), signal);
  }

  /** Ends the thread when it waits for work. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}
