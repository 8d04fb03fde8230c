import { addReadingPlan, because, listReadingPlans, setGroupPlan, setPointPlan } from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { orProblem } from "../refusals.ts";

/** `HH:MM`, which the contract has looked at, as minutes since midnight. */
const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const timeOf = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;

/** When devices are read of themselves. */
export const readingPlanHandlers: Handlers<
  "listReadingPlans" | "addReadingPlan" | "setPointPlan" | "setGroupPlan" | "endPointPlan" | "endGroupPlan"
> = {
  async listReadingPlans({ scope, services: { db } }) {
    const rows = await listReadingPlans(db, scope);
    return {
      rows: rows.map(({ times: { moments, windowFrom, windowTo }, ...plan }) => ({
        ...plan,
        moments: moments.map(timeOf),
        between:
          windowFrom === null || windowTo === null
            ? null
            : { from: timeOf(windowFrom), to: timeOf(windowTo) },
      })),
    };
  },

  async addReadingPlan({ body: { reason, moments = [], between = null, ...plan }, services: { db } }) {
    const times = {
      moments: moments.map(minuteOf),
      windowFrom: between && minuteOf(between.from),
      windowTo: between && minuteOf(between.to),
    };
    return {
      planId: await orProblem(
        addReadingPlan(because(db, reason), { ...plan, times, name: plan.name.trim() }),
      ),
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
