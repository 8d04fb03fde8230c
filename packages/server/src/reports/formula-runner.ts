import { Worker } from "node:worker_threads";
import { formulaLimits } from "@energsys/metering";
import { ReportError } from "./report-error.ts";
import type { FormulaTask, TaskResult, ThreadMessage } from "./task.ts";

export interface RunnerLimits {
  /** Of one formula. */
  readonly formulaMs: number;
  /** Of all formulas of a task together. */
  readonly taskMs: number;
  /** Heap of a thread. */
  readonly heapMb: number;
  /** Arrays of values of a thread, which lie beside its heap. */
  readonly arraysMb: number;
  /** How often a thread at work is looked at. */
  readonly lookMs: number;
}

export const runnerLimits: RunnerLimits = {
  formulaMs: formulaLimits.evaluateMs,
  taskMs: 120_000,
  heapMb: 256,
  arraysMb: 1_024,
  lookMs: 100,
};
/** Threads at once: a process has other things to do with its cores. */
const threadsMax = 2;

/**
 * Runs formulas in threads of their own, which are ended when a formula takes more than ten seconds or too much memory. A thread that
 * has done its work waits for the next, since starting one takes longer than most reports.
 */
export class FormulaRunner {
  readonly #limits: RunnerLimits;
  readonly #idle: Worker[] = [];
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(limits: RunnerLimits = runnerLimits) {
    this.#limits = limits;
  }

  /**
   * Results by subject, window and formula.
   * @throws ReportError `report.too-long`, `report.memory`, or a code of a formula with `nth`, the formula that was refused
   */
  async run(
    task: FormulaTask,
    signal?: AbortSignal,
  ): Promise<readonly (readonly (readonly TaskResult[])[])[]> {
    if (this.#running >= threadsMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      return await this.#runNow(task, signal);
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Ends the threads that wait for work. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((thread) => thread.terminate()));
  }

  #start(): Worker {
    const thread = new Worker(new URL("./formula-thread.ts", import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: this.#limits.heapMb },
      // The process's environment is none of a formula's business.
      env: {},
    });
    // A process that ends does not wait for a thread that has nothing to do.
    thread.unref();
    return thread;
  }

  #runNow(task: FormulaTask, signal: AbortSignal | undefined) {
    const thread = this.#idle.pop() ?? this.#start();
    const { formulaMs, taskMs, arraysMb, lookMs } = this.#limits;
    return new Promise<readonly (readonly (readonly TaskResult[])[])[]>((resolve, reject) => {
      const begunAt = performance.now();
      // A thread that starts on a busy machine is not at work yet.
      let heardAt = Number.POSITIVE_INFINITY;
      let ended = false;
      const kill = (error: ReportError) => {
        if (ended) return;
        leave();
        void thread.terminate();
        reject(error);
      };
      const timer = setInterval(() => {
        const now = performance.now();
        if (now - heardAt > formulaMs || now - begunAt > taskMs)
          kill(new ReportError("report.too-long", { seconds: Math.round(formulaMs / 1_000) }));
        else
          void thread.getHeapStatistics().then(
            ({ external_memory }) => {
              if (external_memory > arraysMb * 1_048_576) kill(new ReportError("report.memory"));
            },
            () => undefined,
          );
      }, lookMs);
      const onMessage = (message: ThreadMessage) => {
        heardAt = performance.now();
        if (message.kind === "alive") return;
        leave();
        this.#idle.push(thread);
        if (message.kind === "done") resolve(message.results);
        else if (message.kind === "broke") reject(new Error(message.detail));
        else
          reject(
            new ReportError(message.code, { ...message.params, nth: message.nth, column: message.column }),
          );
      };
      const onError = (error: Error & { code?: string }) => {
        leave();
        void thread.terminate();
        reject(
          error.code === "ERR_WORKER_OUT_OF_MEMORY" ? new ReportError("report.memory", {}, error) : error,
        );
      };
      const onAbort = () => kill(new ReportError("report.cancelled"));
      const leave = () => {
        ended = true;
        clearInterval(timer);
        thread.off("message", onMessage);
        thread.off("error", onError);
        signal?.removeEventListener("abort", onAbort);
      };
      thread.on("message", onMessage);
      thread.on("error", onError);
      signal?.addEventListener("abort", onAbort);
      if (signal?.aborted) onAbort();
      else thread.postMessage(task);
    });
  }
}
