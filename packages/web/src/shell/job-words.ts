import type { LongJob } from "../api/client.ts";
import type { MessageKey } from "../text/catalogue.ts";
import type { Translate } from "../text/provider.tsx";

/** What a job does, in words, by its kind. */
const kinds: Readonly<Record<string, MessageKey>> = {
  "close-billing-month": "jobs.kind.close-billing-month",
  "run-report": "jobs.kind.run-report",
  "run-retention": "jobs.kind.run-retention",
  "import-points": "jobs.kind.import-points",
  "undo-import": "jobs.kind.undo-import",
  "accept-findings": "jobs.kind.accept-findings",
  "dry-run-validation": "jobs.kind.dry-run-validation",
  "write-values": "jobs.kind.write-values",
};

/** What a job does and of what; of a kind that this page does not know its own name. */
export function jobName(t: Translate, { kind, label }: Pick<LongJob, "kind" | "label">): string {
  const words = kinds[kind];
  return [words ? t(words) : kind, label].filter((part) => part !== "").join(": ");
}
