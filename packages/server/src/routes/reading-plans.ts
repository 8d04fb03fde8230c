import { addReadingPlan, because, listReadingPlans, setGroupPlan, setPointPlan } from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { orProblem } from "../refusals.ts";

/** When devices are read of themselves. */
export const readingPlanHandlers: Handlers<
  "listReadingPlans" | "addReadingPlan" | "setPointPlan" | "setGroupPlan" | "endPointPlan" | "endGroupPlan"
> = {
  async listReadingPlans({ scope, services: { db } }) {
    return { rows: await listReadingPlans(db, scope) };
  },

  async addReadingPlan({ body: { reason, ...plan }, services: { db } }) {
    return {
      planId: await orProblem(addReadingPlan(because(db, reason), { ...plan, name: plan.name.trim() })),
    };
  },

  async setPointPlan({ params: { pointId }, body: { planId, reason }, scope, services: { db, now } }) {
    return { changed: await orProblem(setPointPlan(because(db, reason), scope, pointId, planId, now())) };
  },

  async setGroupPlan({ params: { groupId }, body, scope, services: { db, now } }) {
    const { planId, dryRun, reason } = body;
    return orProblem(setGroupPlan(because(db, reason), scope, groupId, planId, { nowMs: now(), dryRun }));
  },

  async endPointPlan({ params: { pointId }, body: { reason }, scope, services: { db, now } }) {
    return { changed: await orProblem(setPointPlan(because(db, reason), scope, pointId, undefined, now())) };
  },

  async endGroupPlan({ params: { groupId }, body: { dryRun, reason }, scope, services: { db, now } }) {
    const at = { nowMs: now(), dryRun };
    return orProblem(setGroupPlan(because(db, reason), scope, groupId, undefined, at));
  },
};
