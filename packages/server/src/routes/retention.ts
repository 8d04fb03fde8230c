import {
  everywhere,
  listRetentionRules,
  listRetentionRuns,
  queueJob,
  readRetentionEffect,
  retentionFacts,
  setRetentionRule,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";

const runsMax = 50;

export const retentionHandlers: Handlers<"getRetention" | "setRetention" | "runRetention"> = {
  async getRetention({ services: { db, now } }) {
    const [rules, effects, runs] = await Promise.all([
      listRetentionRules(db),
      readRetentionEffect(db, now()),
      listRetentionRuns(db, runsMax),
    ]);
    return {
      rules: rules.map((rule) => ({
        ...rule,
        monthsMin: retentionFacts[rule.class].monthsMin,
        setAt: iso(rule.setAt),
      })),
      effects: effects.map((effect) => ({
        ...effect,
        months: effect.months.map((month) => ({ ...month })),
        rows: effect.rows.map((row) => ({ ...row })),
        kept: [...effect.kept],
      })),
      runs: runs.map((run) => ({
        ...run,
        monthsDropped: [...run.monthsDropped],
        kept: [...run.kept],
        runAt: iso(run.runAt),
      })),
    };
  },

  async setRetention({ params, body, caller, services: { db, now } }) {
    const { monthsMin } = retentionFacts[params.retentionClass];
    if (body.months < monthsMin)
      throw new Problem("input.invalid", { fields: { "/months": `At least ${monthsMin}` } });
    await setRetentionRule(db, {
      class: params.retentionClass,
      ...body,
      by: caller.account.name,
      nowMs: now(),
    });
    return undefined;
  },

  async runRetention({ caller, services: { db } }) {
    const jobId = await queueJob(db, {
      kind: "run-retention",
      label: "",
      input: {},
      action: "database.command",
      scope: everywhere,
      by: caller.account.name,
    });
    return { jobId };
  },
};
