import { acceptFindings } from "./accept-findings.ts";
import { closeBilling } from "./close-billing-month.ts";
import { dryRun } from "./dry-run-validation.ts";
import { importPoints } from "./import-points.ts";
import type { JobKind } from "./kind.ts";
import { runScheduledReport } from "./run-report.ts";
import { retention } from "./run-retention.ts";
import { undoImport } from "./undo-import.ts";
import { writeValues } from "./write-values.ts";

/** Every kind of long work, by the name under which it is asked for: a new one is a file and a line here. */
export const jobKinds = {
  "close-billing-month": closeBilling,
  "import-points": importPoints,
  "undo-import": undoImport,
  "run-retention": retention,
  "run-report": runScheduledReport,
  "accept-findings": acceptFindings,
  "dry-run-validation": dryRun,
  "write-values": writeValues,
} as const satisfies Record<string, JobKind>;
