import type { Database, Queryable } from "./database.ts";
import { StoreError, sqlState } from "./errors.ts";
import { findGroup } from "./groups/registry.ts";
import { deviceInScope, inScope, type Scope } from "./scope.ts";
import { instant, sql } from "./sql.ts";

/** By what a device is read of itself: how often, and what of it. */
export interface ReadingPlanFacts {
  readonly name: string;
  readonly everySeconds: number;
  readonly profile: boolean;
  readonly registers: boolean;
  readonly events: boolean;
  /** How far back gaps are read again, days. */
  readonly backfillDays: number;
}

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
      (select count(*)::int from device_plan as d
        where d.reading_plan_id = p.reading_plan_id and ${deviceInScope(scope, "d.device_id")}) as devices
    from reading_plan as p where enabled order by every_seconds, name`);
  return rows;
}

/** @throws StoreError `plan.name-used`, `plan.nothing` when it would read nothing */
export async function addReadingPlan(db: Queryable, plan: ReadingPlanFacts): Promise<number> {
  const { name, everySeconds, profile, registers, events, backfillDays } = plan;
  if (!profile && !registers && !events) throw new StoreError("plan.nothing", "it would read nothing");
  try {
    const { rows } = await db.query<{ id: number }>(sql`
      insert into reading_plan (name, every_seconds, profile, registers, events, backfill_days)
      values (${name}, ${everySeconds}::int, ${profile}, ${registers}, ${events}, ${backfillDays}::int)
      returning reading_plan_id as id`);
    return rows[0]!.id;
  } catch (error) {
    if (sqlState(error) === "23505") throw new StoreError("plan.name-used", `there is a plan ${name}`);
    throw error;
  }
}

/**
 * Reads the device of a point by this plan from now on, or by none. The first read comes at once; `false` when it is so already.
 * @throws StoreError `point.not-found`, `plan.not-found`, `plan.no-device`, `plan.by-concentrator` for a meter that a concentrator reads
 */
export async function setPointPlan(
  db: Database,
  scope: Scope,
  pointId: number,
  planId: number | null,
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
    await needPlan(transaction, planId);
    return (await give(transaction, [deviceId], planId, { dryRun: false, spreadSeconds: 0 })) > 0;
  });
}

/** What giving a plan to a group comes to. */
export interface GroupPlanGiven {
  /** Members now, those of the scope. */
  readonly members: number;
  /** Devices that were, or would be, read otherwise. */
  readonly changed: number;
  /** Members without a device, and those that a concentrator reads: they stay as they are. */
  readonly withoutDevice: number;
  readonly byConcentrator: number;
}

/** First reads of many devices are spread over so long, or over the time between two reads where that is shorter. */
const spreadSecondsMax = 600;

/**
 * Reads the devices of all members that a group has now by this plan from now on, or by none; `dryRun` only says what it would do. Who joins
 * later is read as before.
 * @throws StoreError `group.not-found`, `plan.not-found`
 */
export async function setGroupPlan(
  db: Database,
  scope: Scope,
  groupId: number,
  planId: number | null,
  { nowMs, dryRun }: { readonly nowMs: number; readonly dryRun: boolean },
): Promise<GroupPlanGiven> {
  return db.transaction(async (transaction) => {
    if (!(await findGroup(transaction, scope, groupId, nowMs)))
      throw new StoreError("group.not-found", `no group ${groupId}`);
    await needPlan(transaction, planId);
    const { rows } = await transaction.query<{ deviceId: number | null; gatewayId: number | null }>(sql`
      select d.device_id as "deviceId", d.gateway_id as "gatewayId"
      from group_member as m join point as p using (point_id) join location as l using (location_id)
      left join installation as i on i.point_id = p.point_id and upper_inf(i.during)
      left join lateral (
        select device_id, gateway_id from device where device.meter_id = i.meter_id order by device_id desc limit 1) as d on true
      where m.group_id = ${groupId}::int and m.ended_by is null and m.during @> ${instant(nowMs)}::timestamptz and ${inScope(scope)}`);
    const direct = rows.flatMap(({ deviceId, gatewayId }) =>
      deviceId !== null && gatewayId === null ? [deviceId] : [],
    );
    return {
      members: rows.length,
      changed: await give(transaction, direct, planId, { dryRun, spreadSeconds: spreadSecondsMax }),
      withoutDevice: rows.filter(({ deviceId }) => deviceId === null).length,
      byConcentrator: rows.filter(({ gatewayId }) => gatewayId !== null).length,
    };
  });
}

/** @throws StoreError `plan.not-found` */
async function needPlan(transaction: Queryable, planId: number | null): Promise<void> {
  if (planId === null) return;
  const { rows } = await transaction.query(
    sql`select from reading_plan where reading_plan_id = ${planId}::int and enabled for share`,
  );
  if (rows.length === 0) throw new StoreError("plan.not-found", "there is no such plan");
}

/** Reads these devices by this plan alone, or by none. @returns how many were read otherwise */
async function give(
  transaction: Queryable,
  deviceIds: readonly number[],
  planId: number | null,
  { dryRun, spreadSeconds }: { readonly dryRun: boolean; readonly spreadSeconds: number },
): Promise<number> {
  const { rows } = await transaction.query<{ id: number }>(sql`
    select device_id as id from device as d
    where device_id = any(${deviceIds}::int[])
      and array(select reading_plan_id from device_plan where device_plan.device_id = d.device_id)
        <> case when ${planId}::int is null then '{}'::int[] else array[${planId}::int] end
    order by device_id for update`);
  if (dryRun || rows.length === 0) return rows.length;
  const differing = rows.map(({ id }) => id);
  await transaction.query(sql`
    delete from device_plan where device_id = any(${differing}::int[]) and reading_plan_id is distinct from ${planId}::int`);
  await transaction.query(sql`
    insert into device_plan (device_id, reading_plan_id, next_at)
    select device_id, reading_plan_id, now() + random() * make_interval(secs => least(every_seconds, ${spreadSeconds}::int))
    from unnest(${differing}::int[]) as given (device_id)
    join reading_plan on reading_plan_id = ${planId}::int
    on conflict do nothing`);
  return differing.length;
}
