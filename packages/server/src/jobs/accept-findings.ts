import { acceptLike, isConflict, StoreError } from "@energsys/store";
import type { JobKind } from "./kind.ts";

/** Accepts the estimates of many like findings, one after the other: each is a transaction, and one that differs by now is a failure. */
export const acceptFindings: JobKind = {
  async run({ job, db, zone, now, tell, fail, signal }) {
    const { findingIds, rule, method } = job.input as { findingIds: number[]; rule: string; method: string };
    let accepted = 0;
    tell({ total: findingIds.length });
    for (const [nth, findingId] of findingIds.entries()) {
      if (signal.aborted) break;
      try {
        const item = { findingId, rule, method, by: job.requestedBy };
        await acceptLike(db, job.scope, item, { zone, nowMs: now() });
        accepted += 1;
      } catch (error) {
        if (!(error instanceof StoreError) || isConflict(error)) throw error;
        await fail({ item: String(findingId), code: error.code, detail: error.message });
      }
      tell({ done: nth + 1 });
    }
    if (signal.reason === "stopping" || signal.reason === "lost") return undefined;
    return { accepted, rule, method };
  },
};
