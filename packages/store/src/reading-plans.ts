import type { Database, Queryable } from "./database.ts";
import { StoreError, sqlState } from "./errors.ts";
import { needPlan, setOwnPlan } from "./group-plans.ts";
import type { PlanTimes } from "./planning.ts";
import { deviceInScope, inScope, type Scope } from "./scope.ts";
import { sql } from "./sql.ts";

/** By what a device is read of itself: how often, and what of it. */
export interface ReadingPlanFacts {
  readonly name: string;
  readonly everySeconds: number;
  readonly profile: boolean;
  readonly registers: boolean;
  readonly events: boolean;
  /** How far back gaps are read again, days. */
  readonly backfillDays: number;
  readonly times: PlanTimes;
}

/** Reads at any time, by its period. */
export const anyTime: PlanTimes = { moments: [], windowFrom: null, windowTo: null };

export interface ReadingPlan extends ReadingPlanFacts {
  readonly planId: number;
  /** Devices that are read by it, of the part of the network that is asked for. */
  readonly devices: number;
}

/** Plans that are in use, the most frequent first; of their devices those of the scope are counted. */
export async function listReadingPlans(db: Queryable, scope: Scope): Promise<ReadingPlan[]> {
  const { rows } = await db.query<ReadingPlan>(sql`
    select reading_plan_id as "planId", name, every_seconds as "everySeconds", profile, registers, events,
      backfill_days as "backfillDays",
      jsonb_build_object('moments', moments, 'windowFrom', window_from, 'windowTo', window_to) as times,
      (select count(*)::int from device_plan as d
        where d.reading_plan_id = p.reading_plan_id and ${deviceInScope(scope, "d.device_id")}) as devices
    from reading_plan as p where enabled order by every_seconds, name`);
  return rows;
}

/** The longest time from one of these moments to the next, s. */
function longestBetween(moments: readonly number[]): number {
  const gaps = moments.map((minute, nth) => (moments[nth + 1] ?? moments[0]! + 1_440) - minute);
  return 60 * Math.max(...gaps);
}

/**
 * A plan with moments has the longest time between two of them for its period.
 * @throws StoreError `plan.name-used`, `plan.nothing` when it would read nothing, `plan.times` for moments and a window at once, or a window
 *   without length
 */
export async function addReadingPlan(db: Queryable, plan: ReadingPlanFacts): Promise<number> {
  const { name, profile, registers, events, backfillDays } = plan;
  const { windowFrom, windowTo } = plan.times;
  const moments = [...new Set(plan.times.moments)].sort((a, b) => a - b);
  if (windowFrom !== null && (moments.length > 0 || windowFrom === windowTo))
    throw new StoreError("plan.times", "moments or a window of some length, not both");
  const everySeconds = moments.length > 0 ? longestBetween(moments) : plan.everySeconds;
  if (!profile && !registers && !events) throw new StoreError("plan.nothing", "it would read nothing");
  try {
    const { rows } = await db.query<{ id: number }>(sql`
      insert into reading_plan (name, every_seconds, profile, registers, events, backfill_days, moments, window_from, window_to)
      values (${name}, ${everySeconds}::int, ${profile}, ${registers}, ${events}, ${backfillDays}::int, ${moments}::int[],
        ${windowFrom}::int, ${windowTo}::int)
      returning reading_plan_id as id`);
    return rows[0]!.id;
  } catch (error) {
    if (sqlState(error) === "23505") throw new StoreError("plan.name-used", `there is a plan ${name}`);
    throw error;
  }
}

/**
 * Reads the device of a point by a plan of its own from now on (null: only on request), or by that of its groups or what it came with
 * (`undefined`). The first read comes at once; `false` when it is so already.
 * @throws StoreError `point.not-found`, `plan.not-found`, `plan.no-device`, `plan.by-concentrator` for a meter that a concentrator reads
 */
export async function setPointPlan(
  db: Database,
  scope: Scope,
  pointId: number,
  planId: number | null | undefined,
  nowMs: number,
): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ deviceId: number | null; gatewayId: number | null }>(sql`
      select d.device_id as "deviceId", d.gateway_id as "gatewayId"
      from point as p join location as l using (location_id)
      left join installation as i on i.point_id = p.point_id and upper_inf(i.during)
      left join lateral (
        select device_id, gateway_id from device where device.meter_id = i.meter_id order by device_id desc limit 1 for update) as d on true
      where p.point_id = ${pointId}::int and ${inScope(scope)}`);
    const [found] = rows;
    if (!found) throw new StoreError("point.not-found", "there is no such point");
    const { deviceId, gatewayId } = found;
    if (deviceId === null) throw new StoreError("plan.no-device", "no device is read for this point");
    if (gatewayId !== null) throw new StoreError("plan.by-concentrator", "a concentrator reads it");
    await needPlan(transaction, planId ?? null);
    return setOwnPlan(transaction, deviceId, planId, nowMs);
  });
}
