import type { Queryable } from "./database.ts";
import type { DeviceRow } from "./links.ts";
import { type Sql, sql } from "./sql.ts";

/** When in a market day a plan reads: at moments, or only in a part of it. Minutes since midnight, as clocks show them. */
export interface PlanTimes {
  /** Empty: by its period. */
  readonly moments: readonly number[];
  /** From then on, until `windowTo` of that day or the next; null: at any time. */
  readonly windowFrom: number | null;
  readonly windowTo: number | null;
}

/** What the plans of a device ask for, put together. */
export interface PlannedWork extends DeviceRow {
  readonly attemptId: number;
  readonly fence: number;
  readonly planIds: readonly number[];
  readonly everySeconds: number;
  readonly profile: boolean;
  readonly registers: boolean;
  readonly events: boolean;
  readonly backfillDays: number;
  readonly failures: number;
  /** Of the plan that reads most often. */
  readonly times: PlanTimes;
  /** From here on the device's logs are to be read; `null` when no attempt of the plan's time has read them. */
  readonly logsReadAtMs: number | null;
}

/**
 * When all logs of device `d` were last read to their end, and an hour before that, more where its clock is behind. The newest stored
 * entry would not do: it may have been told at once, or be of one log of an attempt that broke off before the others.
 */
const logsRead = (backfillDays: Sql): Sql => sql`(
  select a.started_at - interval '1 hour' + make_interval(secs => least(coalesce(d.clock_offset_ms, 0), 0) / 1000.0)
  from attempt a
  where a.device_id = d.device_id and a.state = 'done' and a.stages @> '[{"stage": "events"}]'
    and a.requested_at > now() - make_interval(days => ${backfillDays})
  order by a.requested_at desc limit 1)`;

/**
 * Takes devices whose plan is due, oldest first: the plan rows are locked (`skip locked`), the links leased and the
 * attempts opened in one statement. Devices that call in are taken only when their line is ours (`lines`). Nothing is
 * due twice: `next_at` moves on by the lease, so that a head-end that dies gives the device back when its lease ends.
 */
export async function takeDueDevices(
  db: Queryable,
  taker: {
    owner: string;
    limit: number;
    leaseSeconds: number;
    /** Open lines of devices that called in, with their fences. */
    lines: readonly { deviceId: number; fence: number }[];
  },
): Promise<PlannedWork[]> {
  const lineIds = taker.lines.map((line) => line.deviceId);
  const { rows } = await db.query<PlannedWork>(sql`
    with due as (
      select dp.device_id, dp.reading_plan_id, dp.failures
      from device_plan dp
      join reading_plan p on p.reading_plan_id = dp.reading_plan_id and p.enabled
      join device d on d.device_id = dp.device_id and d.enabled and d.meter_id is not null
        and d.gateway_id is null -- what a concentrator reads on its own schedule comes with its journal
      where dp.next_at <= now()
        and (d.direction = 'dial' or d.device_id = any(${lineIds}::int[]))
        and (d.direction = 'call-in' or not exists (
          select from link l where l.device_id = dp.device_id and l.leased_until > now()))
      order by dp.next_at
      limit ${taker.limit}::int
      for update of dp skip locked
    ), leased as (
      insert into link (device_id, fence, owner, leased_until, state)
      select distinct device_id, 1, ${taker.owner}, now() + make_interval(secs => ${taker.leaseSeconds}::float8), 'connecting'
      from due where device_id <> all(${lineIds}::int[])
      on conflict (device_id) do update
        set fence = link.fence + 1, owner = excluded.owner, leased_until = excluded.leased_until,
            state = excluded.state, changed_at = now()
        where link.leased_until is null or link.leased_until < now()
      returning device_id, fence
    ), held as (
      select device_id, fence from leased
      union all
      select line.device_id, line.fence
      from unnest(${lineIds}::int[], ${taker.lines.map((line) => line.fence)}::bigint[]) as line (device_id, fence)
      where line.device_id in (select device_id from due)
    ), moved as (
      update device_plan set next_at = now() + make_interval(secs => ${taker.leaseSeconds}::float8)
      from due where (device_plan.device_id, device_plan.reading_plan_id) = (due.device_id, due.reading_plan_id)
    ), started as (
      insert into attempt (device_id, cause, state, owner, leased_until, started_at, stages)
      select device_id, case when device_id = any(${lineIds}::int[]) then 'call-in' else 'plan' end, 'connecting',
             ${taker.owner}, now() + make_interval(secs => ${taker.leaseSeconds}::float8), now(), '[]'
      from held
      returning attempt_id, device_id
    )
    select d.device_id as "deviceId", d.identity, d.model, d.url, d.direction, d.meter_id as "meterId", d.enabled,
           d.gateway_id as "gatewayId", s.attempt_id as "attemptId", h.fence, w."planIds", w."everySeconds", w.profile, w.registers, w.events,
           w."backfillDays", w.failures, w.times,
           case when w.events then ${logsRead(sql`w."backfillDays"`)} end as "logsReadAtMs"
    from held h
    join device d on d.device_id = h.device_id
    join started s on s.device_id = h.device_id
    join lateral (
      select array_agg(due.reading_plan_id) as "planIds", min(p.every_seconds) as "everySeconds", bool_or(p.profile) as profile,
             bool_or(p.registers) as registers, bool_or(p.events) as events, max(p.backfill_days) as "backfillDays",
             max(due.failures) as failures,
             (array_agg(jsonb_build_object('moments', p.moments, 'windowFrom', p.window_from, 'windowTo', p.window_to) order by p.every_seconds, reading_plan_id))[1] as times
      from due join reading_plan p using (reading_plan_id) where due.device_id = h.device_id
    ) w on true
  `);
  return rows;
}

/** What a *read now* reads: everything, as far back as the plans of the device go (without a plan: `backfillDays`). */
export async function readWorkOf(
  db: Queryable,
  deviceId: number,
  backfillDays: number,
): Promise<Pick<PlannedWork, "everySeconds" | "backfillDays" | "logsReadAtMs"> | undefined> {
  const { rows } = await db.query<Pick<PlannedWork, "everySeconds" | "backfillDays" | "logsReadAtMs">>(sql`
    select coalesce(min(p.every_seconds), 900) as "everySeconds",
           coalesce(max(p.backfill_days), ${backfillDays}::int) as "backfillDays",
           ${logsRead(sql`coalesce(max(p.backfill_days), ${backfillDays}::int)`)} as "logsReadAtMs"
    from device d left join device_plan dp using (device_id) left join reading_plan p using (reading_plan_id)
    where d.device_id = ${deviceId}
    group by d.device_id
  `);
  return rows[0];
}

/** Plans that read in a part of the day only. */
export async function readWindows(db: Queryable): Promise<(PlanTimes & { readonly planId: number })[]> {
  const { rows } = await db.query<PlanTimes & { planId: number }>(sql`
    select reading_plan_id as "planId", moments, window_from as "windowFrom", window_to as "windowTo"
    from reading_plan where enabled and window_from is not null`);
  return rows;
}

/** What is due by a plan whose window is shut waits until it opens, spread from then on. */
export async function waitForWindow(
  db: Queryable,
  planId: number,
  opensMs: number,
  spreadSeconds: number,
): Promise<void> {
  await db.query(sql`
    update device_plan set next_at = to_timestamp(${opensMs}::float8 / 1000) + random() * make_interval(secs => ${spreadSeconds}::float8)
    where reading_plan_id = ${planId}::int and next_at <= now()`);
}

/** One stored day of a meter's profile. `v` and `q` are there only when the day is not whole and good. */
export interface StoredDay {
  readonly meterId: number;
  readonly periodSeconds: number;
  readonly day: string;
  readonly slots: number;
  readonly ok: number;
  readonly v: Uint8Array | null;
  readonly q: Uint8Array | null;
}

/**
 * The days that are there, by the digest. Rows of a profile arrive whole, so one channel of each period stands for all.
 */
export async function readStoredDays(
  db: Queryable,
  meterIds: readonly number[],
  fromDay: string,
): Promise<StoredDay[]> {
  const { rows } = await db.query<StoredDay>(sql`
    select c.meter_id as "meterId", c.period_s as "periodSeconds", l.day, l.slots, l.ok,
           case when l.ok < l.slots then l.v end as v, case when l.ok < l.slots then l.q end as q
    from (select min(channel_id) as channel_id, meter_id, period_s from channel
          where meter_id = any(${meterIds}::int[]) group by meter_id, period_s) c
    join load_day l on l.channel_id = c.channel_id and l.day >= ${fromDay}::date
  `);
  return rows;
}

/** Until when each day of a device's profile was asked for and answered. */
export interface AskedDay {
  readonly deviceId: number;
  readonly obis: string;
  readonly day: string;
  readonly askedUntilMs: number;
}

export async function readAskedDays(
  db: Queryable,
  deviceIds: readonly number[],
  fromDay: string,
): Promise<AskedDay[]> {
  const { rows } = await db.query<AskedDay>(sql`
    select device_id as "deviceId", obis, day, asked_until as "askedUntilMs" from profile_asked
    where device_id = any(${deviceIds}::int[]) and day >= ${fromDay}::date
  `);
  return rows;
}

/** Only after COMMIT of what the device answered: what is missing there it does not have. */
export async function markAsked(db: Queryable, days: readonly AskedDay[]): Promise<void> {
  if (days.length === 0) return;
  await db.query(sql`
    insert into profile_asked (device_id, obis, day, asked_until)
    select device_id, obis, day, max(to_timestamp(asked_ms / 1000))
    from unnest(${days.map((day) => day.deviceId)}::int[], ${days.map((day) => day.obis)}::text[],
                ${days.map((day) => day.day)}::date[], ${days.map((day) => day.askedUntilMs)}::float8[])
      as asked (device_id, obis, day, asked_ms)
    group by device_id, obis, day
    order by device_id, obis, day
    on conflict (device_id, obis, day) do update
      set asked_until = greatest(profile_asked.asked_until, excluded.asked_until)
  `);
}

/** How an attempt on a device ended. */
export interface DeviceOutcome {
  readonly deviceId: number;
  readonly planIds: readonly number[];
  /** Something of the right identity was heard at this time. */
  readonly contactAtMs?: number;
  readonly ok: boolean;
  readonly errorCode?: string;
  readonly clockOffsetMs?: number;
  /** When its plans are due again. */
  readonly nextAtMs: number;
}

/** Writes how attempts ended: contact, success, error, failures in a row, and when the plans are due again. */
export async function recordOutcomes(db: Queryable, outcomes: readonly DeviceOutcome[]): Promise<void> {
  if (outcomes.length === 0) return;
  const sorted = [...outcomes].sort((a, b) => a.deviceId - b.deviceId);
  const plans = sorted.flatMap((outcome) => outcome.planIds.map((planId) => ({ planId, outcome })));
  await db.query(sql`
    with planned as (
      update device_plan as dp
      set next_at = to_timestamp(o.next_ms / 1000), failures = case when o.ok then 0 else least(dp.failures + 1, 1000) end
      from unnest(${plans.map((plan) => plan.outcome.deviceId)}::int[], ${plans.map((plan) => plan.planId)}::int[],
                  ${plans.map((plan) => plan.outcome.nextAtMs)}::float8[], ${plans.map((plan) => plan.outcome.ok)}::bool[])
        as o (device_id, plan_id, next_ms, ok)
      where (dp.device_id, dp.reading_plan_id) = (o.device_id, o.plan_id)
    )
    update device as d
    set last_contact_at = greatest(d.last_contact_at, to_timestamp(o.contact_ms / 1000)),
        last_success_at = case when o.ok then greatest(d.last_success_at, to_timestamp(o.contact_ms / 1000)) else d.last_success_at end,
        last_error_code = case when o.ok then null else o.error_code end,
        clock_offset_ms = coalesce(o.clock_offset_ms, d.clock_offset_ms)
    from unnest(${sorted.map((outcome) => outcome.deviceId)}::int[],
                ${sorted.map((outcome) => outcome.contactAtMs ?? null)}::float8[],
                ${sorted.map((outcome) => outcome.ok)}::bool[], ${sorted.map((outcome) => outcome.errorCode ?? null)}::text[],
                ${sorted.map((outcome) => clampInt(outcome.clockOffsetMs))}::int[])
      as o (device_id, contact_ms, ok, error_code, clock_offset_ms)
    where d.device_id = o.device_id
  `);
}

/** A clock that is decades off does not fit an int of milliseconds; its limit says enough. */
function clampInt(value: number | undefined): number | null {
  if (value === undefined || !Number.isFinite(value)) return null;
  return Math.max(-2_147_483_648, Math.min(2_147_483_647, Math.round(value)));
}

/**
 * After a start: plans that are overdue are spread over the next seconds, so that a restart does not wake all devices in
 * the same second. The spread grows with their number and is at most `spreadSecondsMax`. Returns how many were moved.
 */
export async function spreadOverdue(
  db: Queryable,
  options: { perSecond: number; spreadSecondsMax: number },
): Promise<number> {
  const { rowCount } = await db.query(sql`
    with overdue as (
      select device_id, reading_plan_id, count(*) over () as total from device_plan
      where next_at <= now()
    )
    update device_plan
    set next_at = now() + make_interval(secs => random()
      * least(${options.spreadSecondsMax}::float8, overdue.total / ${options.perSecond}::float8))
    from overdue
    where (device_plan.device_id, device_plan.reading_plan_id) = (overdue.device_id, overdue.reading_plan_id)
  `);
  return rowCount;
}

/** Milliseconds until the next plan is due (negative: overdue), or `undefined` when there is none. */
export async function nextDueInMs(db: Queryable): Promise<number | undefined> {
  const { rows } = await db.query<{ inMs: number | null }>(sql`
    select (extract(epoch from min(next_at) - now()) * 1000)::float8 as "inMs"
    from device_plan join device using (device_id) where gateway_id is null
  `);
  return rows[0]?.inMs ?? undefined;
}

/** A device that called in wants to be read now: its plans become due. */
export async function makeDue(db: Queryable, deviceId: number): Promise<void> {
  await db.query(
    sql`update device_plan set next_at = now() where device_id = ${deviceId} and next_at > now()`,
  );
}
