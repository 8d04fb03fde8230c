import { runRetention } from "@energsys/store";
import type { JobKind } from "./kind.ts";

/** Takes what is older than its class of data says. What was taken by the time it is cancelled is gone, and written down. */
export const retention: JobKind = {
  async run({ job, db, now, signal }) {
    const outcomes = await runRetention(db, { by: job.requestedBy, nowMs: now() }, () => signal.aborted);
    return {
      months: outcomes.reduce((sum, { monthsDropped }) => sum + monthsDropped.length, 0),
      rows: outcomes.reduce((sum, { rowsRemoved }) => sum + rowsRemoved, 0),
    };
  },
};
