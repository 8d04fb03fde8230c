import { parentPort } from "node:worker_threads";
import { FormulaError } from "@energsys/metering";
import { evaluateTask } from "./evaluate-task.ts";
import type { FormulaTask, ThreadMessage } from "./task.ts";

/** The thread in which formulas run: whoever started it ends it when one takes too long or too much. */
const tellMs = 500;
const port = parentPort!;
const say = (message: ThreadMessage) => port.postMessage(message);

port.on("message", (task: FormulaTask) => {
  let nth = 0;
  let toldAt = performance.now();
  say({ kind: "alive" });
  try {
    const results = evaluateTask(task, (formula) => {
      nth = formula;
      if (performance.now() - toldAt < tellMs) return;
      toldAt = performance.now();
      say({ kind: "alive" });
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
