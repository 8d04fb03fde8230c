import { closeBillingMonth } from "@energsys/store";
import type { JobKind } from "./kind.ts";

/**
 * Freezes a month that two people closed. It cannot be cancelled: a part of it would be billed and the rest not. Begun again after a crash it
 * leaves what is frozen as it is.
 */
export const closeBilling: JobKind = {
  async run({ job, db, zone, now, tell, signal }) {
    return closeBillingMonth(
      db,
      Number(job.input.closeId),
      { zone, nowMs: now() },
      tell,
      () => signal.reason === "stopping" || signal.reason === "lost",
    );
  },
};
