import { formulaLimits } from "@energsys/metering";
import { type ThreadLimits, ThreadPool } from "../thread-pool.ts";
import { ReportError } from "./report-error.ts";
import type { FormulaTask, TaskResult, ThreadMessage } from "./task.ts";

/** A formula may take ten seconds, and all formulas of a task two minutes. */
export const runnerLimits: ThreadLimits = {
  threads: 2,
  waitingMax: 32,
  taskMs: 120_000,
  silentMs: formulaLimits.evaluateMs,
  heapMb: 256,
  arraysMb: 1_024,
};

type Results = readonly (readonly (readonly TaskResult[])[])[];

/** Runs formulas in threads of their own, which are ended when a formula takes too long or too much memory. */
export class FormulaRunner {
  readonly #pool: ThreadPool<FormulaTask, ThreadMessage>;

  constructor(limits: ThreadLimits = runnerLimits) {
    const seconds = Math.round((limits.silentMs ?? limits.taskMs) / 1_000);
    this.#pool = new ThreadPool(new URL("./formula-thread.ts", import.meta.url), limits, {
      busy: () => new ReportError("report.busy"),
      tooLong: () => new ReportError("report.too-long", { seconds }),
      memory: (cause) => new ReportError("report.memory", {}, cause),
      cancelled: () => new ReportError("report.cancelled"),
    });
  }

  /**
   * Results by subject, window and formula.
   * @throws ReportError `report.too-long`, `report.memory`, `report.busy`, `report.cancelled`, or a code of a formula with `nth`, the
   *   formula that was refused
   */
  run(task: FormulaTask, signal?: AbortSignal): Promise<Results> {
    return this.#pool.run(task, resultsOf, signal);
  }

  /** Ends the threads that wait for work. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}

function resultsOf(message: ThreadMessage): { result: Results } | undefined {
  if (message.kind === "alive") return undefined;
  if (message.kind === "done") return { result: message.results };
  if (message.kind === "broke") throw new Error(message.detail);
  const { code, params, nth, column } = message;
  throw new ReportError(code, { ...params, nth, column });
}
