import type { Database, Queryable } from "./database.ts";
import { StoreError } from "./errors.ts";
import { findGroup } from "./groups/registry.ts";
import type { Scope } from "./scope.ts";
import { instant, sql } from "./sql.ts";

/** What giving a plan to a group, or taking it away, comes to. */
export interface GroupPlanGiven {
  /** Members now. */
  readonly members: number;
  /** Devices that were, or would be, read otherwise. */
  readonly changed: number;
  /** Members without a device, and those that a concentrator reads: they stay as they are. */
  readonly withoutDevice: number;
  readonly byConcentrator: number;
  /** Members with a plan of their own, and those whom another group has read more often: these plans go before. */
  readonly ownPlan: number;
  readonly otherGroup: number;
}

/** What a group says of how its members are read; `planId` null: only on request. */
export interface GroupPlan {
  readonly planId: number | null;
  readonly name: string | null;
}

/** The group's plan; null when it says nothing. */
export async function findGroupPlan(db: Queryable, groupId: number): Promise<GroupPlan | null> {
  const { rows } = await db.query<GroupPlan>(sql`
    select reading_plan_id as "planId", name from group_plan left join reading_plan using (reading_plan_id)
    where group_id = ${groupId}::int`);
  return rows[0] ?? null;
}

/** Ends a transaction that only asks what would come of it. */
class OnlyAsked extends Error {
  readonly given: GroupPlanGiven;

  constructor(given: GroupPlanGiven) {
    super("only asked");
    this.given = given;
  }
}

/**
 * Reads all members of a group by this plan (null: only on request), or by what the group says nothing of any more (`undefined`): those of now
 * at once, who joins later within a minute, and who leaves as before. `dryRun` only says what it would do.
 * @throws StoreError `group.not-found`, `plan.not-found`
 */
export async function setGroupPlan(
  db: Database,
  scope: Scope,
  groupId: number,
  planId: number | null | undefined,
  { nowMs, dryRun }: { readonly nowMs: number; readonly dryRun: boolean },
): Promise<GroupPlanGiven> {
  try {
    return await db.transaction(async (transaction) => {
      if (!(await findGroup(transaction, scope, groupId, nowMs)))
        throw new StoreError("group.not-found", `no group ${groupId}`);
      await needPlan(transaction, planId ?? null);
      // What others changed meanwhile is not of this.
      await settlePlans(transaction, nowMs);
      if (planId === undefined)
        await transaction.query(sql`delete from group_plan where group_id = ${groupId}::int`);
      else
        await transaction.query(sql`
          insert into group_plan (group_id, reading_plan_id) values (${groupId}::int, ${planId}::int)
          on conflict (group_id) do update set reading_plan_id = excluded.reading_plan_id
          where group_plan.reading_plan_id is distinct from excluded.reading_plan_id`);
      const changed = await settlePlans(transaction, nowMs);
      const given = { ...(await countMembers(transaction, groupId, nowMs)), changed };
      if (dryRun) throw new OnlyAsked(given);
      return given;
    });
  } catch (error) {
    if (error instanceof OnlyAsked) return error.given;
    throw error;
  }
}

async function countMembers(
  db: Queryable,
  groupId: number,
  nowMs: number,
): Promise<Omit<GroupPlanGiven, "changed">> {
  const { rows } = await db.query<Omit<GroupPlanGiven, "changed">>(sql`
    select count(*)::int as members, (count(*) filter (where d.device_id is null))::int as "withoutDevice",
      (count(*) filter (where d.gateway_id is not null))::int as "byConcentrator",
      (count(*) filter (where s.device_id is not null and s.group_id is null))::int as "ownPlan",
      (count(*) filter (where s.group_id <> m.group_id))::int as "otherGroup"
    from group_member as m left join installation as i on i.point_id = m.point_id and upper_inf(i.during)
    left join lateral (
      select device_id, gateway_id from device where device.meter_id = i.meter_id order by device_id desc limit 1) as d on true
    left join device_plan_source as s on s.device_id = d.device_id
    where m.group_id = ${groupId}::int and m.ended_by is null and m.during @> ${instant(nowMs)}::timestamptz`);
  return rows[0]!;
}

/** @throws StoreError `plan.not-found` */
export async function needPlan(transaction: Queryable, planId: number | null): Promise<void> {
  if (planId === null) return;
  const { rows } = await transaction.query(
    sql`select from reading_plan where reading_plan_id = ${planId}::int and enabled for share`,
  );
  if (rows.length === 0) throw new StoreError("plan.not-found", "there is no such plan");
}

/** First reads of many devices are spread over so long, or over the time between two reads where that is shorter. */
const spreadSecondsMax = 600;
/** One settles at a time, or two would each keep the other's plan as what the device came with. */
const settleLock = 0x504c414e;

/**
 * Lets each device be read by what holds for it now: a plan of its own, else that of a group of which its point is a member (of several the one
 * that reads most often), else what it came with. One statement finds the differences.
 * @returns how many devices are read otherwise
 */
export async function settlePlans(transaction: Queryable, nowMs: number): Promise<number> {
  await transaction.query(sql`select pg_advisory_xact_lock(${settleLock})`);
  const { rows } = await transaction.query<{
    deviceId: number;
    groupId: number | null;
    planId: number | null;
    plans: number[];
    now: number[];
  }>(sql`
    with wanted as (
      select distinct on (d.device_id) d.device_id, gp.group_id, gp.reading_plan_id
      from group_plan as gp join point_group as g using (group_id)
      join group_member as m on m.group_id = gp.group_id and m.ended_by is null and m.during @> ${instant(nowMs)}::timestamptz
      join installation as i on i.point_id = m.point_id and upper_inf(i.during)
      join lateral (
        select device_id, gateway_id from device where device.meter_id = i.meter_id order by device_id desc limit 1) as d on true
      left join reading_plan as p on p.reading_plan_id = gp.reading_plan_id
      where g.removed_at is null and d.gateway_id is null and p.enabled is distinct from false
        and not exists (select from device_plan_source as own where own.device_id = d.device_id and own.group_id is null)
      order by d.device_id, p.every_seconds, gp.reading_plan_id, gp.group_id
    )
    select device_id as "deviceId", wanted.group_id as "groupId", wanted.reading_plan_id as "planId",
      case when wanted.group_id is null then held.base else array_remove(array[wanted.reading_plan_id], null) end as plans,
      array(select reading_plan_id from device_plan as dp where dp.device_id = coalesce(wanted.device_id, held.device_id) order by 1) as now
    from wanted full join (select * from device_plan_source where group_id is not null) as held using (device_id)
    where (wanted.group_id, wanted.reading_plan_id) is distinct from (held.group_id, held.reading_plan_id)
    order by device_id`);
  if (rows.length === 0) return 0;
  const joining = rows.filter(({ groupId }) => groupId !== null);
  await transaction.query(sql`
    insert into device_plan_source (device_id, group_id, reading_plan_id, base)
    select given.*, array(select reading_plan_id from device_plan as dp where dp.device_id = given.device_id order by 1)
    from unnest(${joining.map(({ deviceId }) => deviceId)}::int[], ${joining.map(({ groupId }) => groupId)}::int[],
      ${joining.map(({ planId }) => planId)}::int[]) as given (device_id, group_id, reading_plan_id)
    on conflict (device_id) do update set group_id = excluded.group_id, reading_plan_id = excluded.reading_plan_id`);
  const leaving = rows.filter(({ groupId }) => groupId === null).map(({ deviceId }) => deviceId);
  await transaction.query(sql`delete from device_plan_source where device_id = any(${leaving}::int[])`);
  const changed = rows.filter(({ plans, now }) => `${plans}` !== `${now}`);
  await readBy(transaction, changed, spreadSecondsMax);
  return changed.length;
}

/** Reads devices by exactly these plans from now on. What a concentrator reads is read by none. */
async function readBy(
  transaction: Queryable,
  devices: readonly { readonly deviceId: number; readonly plans: readonly number[] }[],
  spreadSeconds: number,
): Promise<void> {
  const pairs = devices.flatMap(({ deviceId, plans }) => plans.map((planId) => ({ deviceId, planId })));
  const given = sql`unnest(${pairs.map(({ deviceId }) => deviceId)}::int[], ${pairs.map(({ planId }) => planId)}::int[])`;
  await transaction.query(sql`
    delete from device_plan as dp where device_id = any(${devices.map(({ deviceId }) => deviceId)}::int[])
      and (device_id, reading_plan_id) not in (select * from ${given})`);
  await transaction.query(sql`
    insert into device_plan (device_id, reading_plan_id, next_at)
    select device_id, reading_plan_id, now() + random() * make_interval(secs => least(every_seconds, ${spreadSeconds}::int))
    from ${given} as given (device_id, reading_plan_id) join reading_plan using (reading_plan_id) join device using (device_id)
    where gateway_id is null
    order by device_id
    on conflict do nothing`);
}

/**
 * Reads one device by a plan of its own from now on, at once; `undefined`: by that of its groups, or what it came with. `false` when it is so
 * already.
 */
export async function setOwnPlan(
  transaction: Queryable,
  deviceId: number,
  planId: number | null | undefined,
  nowMs: number,
): Promise<boolean> {
  await transaction.query(sql`select pg_advisory_xact_lock(${settleLock})`);
  const { rows } = await transaction.query<{ now: number[]; base: number[] | null; isOwn: boolean }>(sql`
    select array(select reading_plan_id from device_plan as dp where dp.device_id = d.device_id order by 1) as now, base,
      s.device_id is not null and s.group_id is null as "isOwn"
    from device as d left join device_plan_source as s using (device_id) where d.device_id = ${deviceId}::int`);
  const { now, base, isOwn } = rows[0]!;
  if (planId === undefined) {
    if (!isOwn) return false;
    await transaction.query(sql`delete from device_plan_source where device_id = ${deviceId}::int`);
    await readBy(transaction, [{ deviceId, plans: base ?? now }], 0);
    await settlePlans(transaction, nowMs);
    return true;
  }
  const plans = planId === null ? [] : [planId];
  const isSo = isOwn && `${plans}` === `${now}`;
  await transaction.query(sql`
    insert into device_plan_source (device_id, reading_plan_id, base) values (${deviceId}::int, ${planId}::int, ${base ?? now}::int[])
    on conflict (device_id) do update set group_id = null, reading_plan_id = excluded.reading_plan_id`);
  await readBy(transaction, [{ deviceId, plans }], 0);
  return !isSo;
}
