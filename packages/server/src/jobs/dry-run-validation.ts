import type { RuleSetting } from "@energsys/metering";
import { dryRunValidation } from "@energsys/store";
import type { JobKind } from "./kind.ts";

/** Tries settings of rules on what is stored; nothing is kept but the counts. */
export const dryRun: JobKind = {
  async run({ job, db, zone, now, tell, signal }) {
    const { settings, from, to, pointsMax } = job.input as {
      settings: RuleSetting[];
      from: string;
      to: string;
      pointsMax: number;
    };
    const began = performance.now();
    const outcome = await dryRunValidation(
      db,
      job.scope,
      { settings, fromDay: from, toDay: to, pointsMax },
      { zone, nowMs: now() },
      { tell, signal },
    );
    if (signal.reason === "stopping" || signal.reason === "lost") return undefined;
    return { ...outcome, settings, from, to, elapsedMs: Math.round(performance.now() - began) };
  },
};
