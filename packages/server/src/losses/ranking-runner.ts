import { Worker } from "node:worker_threads";
import type { LossCell, Ranking } from "@energsys/metering";
import { Problem } from "../problem.ts";

export interface RankingLimits {
  /** Of one ranking. */
  readonly rankMs: number;
  /** Heap of the thread. */
  readonly heapMb: number;
  /** Rankings that wait for the thread. */
  readonly waitingMax: number;
}

export const rankingLimits: RankingLimits = { rankMs: 60_000, heapMb: 512, waitingMax: 16 };

/**
 * Ranks suspects in a thread of its own, one transformer after the other: a month of a hundred members takes half a second of a core, which
 * no other call may wait for. A ranking that takes too long or too much is ended with its thread, and the next one gets another.
 */
export class RankingRunner {
  readonly #limits: RankingLimits;
  #thread: Worker | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(limits: RankingLimits = rankingLimits) {
    this.#limits = limits;
  }

  /** @throws Problem `losses.too-long`, `losses.busy` */
  async rank(cell: LossCell<number>): Promise<Ranking<number>> {
    if (this.#waiting >= this.#limits.waitingMax) throw new Problem("losses.busy");
    this.#waiting += 1;
    const ranking = this.#last.then(() => this.#rankNow(cell));
    this.#last = ranking.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await ranking;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Ends the thread; one that ranks is not waited for. */
  async close(): Promise<void> {
    await this.#thread?.terminate();
    this.#thread = undefined;
  }

  #start(): Worker {
    const thread = new Worker(new URL("./ranking-thread.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMb },
      // The process's environment is none of a ranking's business.
      env: {},
    });
    // A process that ends does not wait for a thread that has nothing to do.
    thread.unref();
    // Whatever ends it, the next ranking gets another one.
    thread.on("exit", () => {
      if (this.#thread === thread) this.#thread = undefined;
    });
    thread.on("error", () => undefined);
    return thread;
  }

  #rankNow(cell: LossCell<number>): Promise<Ranking<number>> {
    this.#thread ??= this.#start();
    const thread = this.#thread;
    return new Promise((resolve, reject) => {
      const leave = () => {
        clearTimeout(timer);
        thread.off("message", onMessage);
        thread.off("error", onError);
        thread.off("exit", onExit);
      };
      const lose = (error: Error) => {
        leave();
        if (this.#thread === thread) this.#thread = undefined;
        void thread.terminate();
        reject(error);
      };
      const onMessage = (ranking: Ranking<number>) => {
        leave();
        resolve(ranking);
      };
      const onError = (error: Error & { code?: string }) =>
        lose(error.code === "ERR_WORKER_OUT_OF_MEMORY" ? new Problem("losses.too-long") : error);
      const onExit = (code: number) => lose(new Error(`the thread of rankings ended with ${code}`));
      const timer = setTimeout(() => lose(new Problem("losses.too-long")), this.#limits.rankMs);
      thread.on("message", onMessage);
      thread.on("error", onError);
      thread.on("exit", onExit);
      thread.postMessage(cell);
    });
  }
}
