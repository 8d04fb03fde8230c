import { formulaLimits, type SlotValues } from "@energsys/metering";
import { type ThreadLimits, ThreadPool } from "../thread-pool.ts";
import { ReportError } from "./report-error.ts";
import type { FoldTask, FormulaTask, TaskResult, ThreadMessage, ThreadTask } from "./task.ts";

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
type Folded = readonly (readonly SlotValues[])[];

/** Runs formulas in threads of their own, which are ended when a formula takes too long or too much memory. */
export class FormulaRunner {
  readonly #pool: ThreadPool<ThreadTask, ThreadMessage>;

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
    return this.#pool.run({ formulas: task }, resultsOf, signal);
  }

  /** What is made of members, by row and fold. @throws ReportError as `run` does */
  fold(task: FoldTask, signal?: AbortSignal): Promise<Folded> {
    return this.#pool.run({ folds: task }, foldedOf, signal);
  }

  /** Ends the threads that wait for work. */
  close(): Promise<void> {
    return this.#pool.close();
  }
}

function resultsOf(message: ThreadMessage): { result: Results } | undefined {
  if (message.kind === "done") return { result: message.results };
  return refuse(message);
}

function foldedOf(message: ThreadMessage): { result: Folded } | undefined {
  if (message.kind === "folded") return { result: message.rows };
  return refuse(message);
}

function refuse(message: ThreadMessage): undefined {
  if (message.kind === "broke") throw new Error(message.detail);
  if (message.kind !== "refused") return undefined;
  const { code, params, nth, column } = message;
  throw new ReportError(code, { ...params, nth, column });
}
