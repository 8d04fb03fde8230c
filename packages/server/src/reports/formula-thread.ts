import { parentPort } from "node:worker_threads";
import { FormulaError, foldMembers, type SlotValues } from "@energsys/metering";
import { evaluateTask } from "./evaluate-task.ts";
import type { FoldTask, ThreadMessage, ThreadTask } from "./task.ts";

/** The thread in which formulas run: whoever started it ends it when one takes too long or too much. */
const tellMs = 500;
const port = parentPort!;
const say = (message: ThreadMessage) => port.postMessage(message);

port.on("message", (task: ThreadTask) => {
  let nth = 0;
  let toldAt = performance.now();
  const tell = () => {
    if (performance.now() - toldAt < tellMs) return;
    toldAt = performance.now();
    say({ kind: "alive" });
  };
  say({ kind: "alive" });
  try {
    if ("folds" in task) {
      say({ kind: "folded", rows: foldTask(task.folds, tell) });
      return;
    }
    const results = evaluateTask(task.formulas, (formula) => {
      nth = formula;
      tell();
    });
    say({ kind: "done", results });
  } catch (error) {
    if (error instanceof FormulaError) {
      const { code, column, params } = error;
      say({ kind: "refused", nth, code, column, params });
    } else if (error instanceof RangeError && /memory|array length|allocation/i.test(error.message)) {
      say({ kind: "refused", nth, code: "report.memory", column: 1, params: {} });
    } else {
      say({ kind: "broke", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  }
});

const foldTask = ({ folds, rows }: FoldTask, before: () => void): SlotValues[][] =>
  rows.map(({ members, slots }) =>
    folds.map((fold) => {
      before();
      return foldMembers(fold, members, slots);
    }),
  );
