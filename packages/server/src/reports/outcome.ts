import type { RunOutcome } from "@energsys/store";
import type { ReportResult } from "./result.ts";

/** What the history keeps of a result. */
export const outcomeOf = ({
  fromDay,
  toDay,
  rows,
  coverage: { expected, present, estimated },
}: ReportResult): RunOutcome => ({ fromDay, toDay, rows: rows.length, expected, present, estimated });
