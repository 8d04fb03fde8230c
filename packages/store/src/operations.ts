import { type DaySlots, notGood, quality, unpackDay } from "@energsys/metering";
import { meterModels } from "@energsys/metering/models";
import { readBranches } from "./branches.ts";
import { rankSql } from "./counting-days.ts";
import type { Queryable } from "./database.ts";
import { gatewayContactAt, gatewayStanding } from "./gateways/standing.ts";
import type { AttemptCause, AttemptState } from "./live.ts";
import { withPointNames } from "./personal/with-names.ts";
import { deviceOfEveryMeter, isSilent } from "./point-state.ts";
import {
  deviceInScope,
  deviceInScopeAt,
  gatewayInScope,
  inScope,
  isEverywhere,
  pointInScope,
  type Scope,
} from "./scope.ts";
import { instant, type Sql, sql, trusted } from "./sql.ts";

/** Meters of which no load profile can be expected. */
const modelsWithoutProfile = Object.entries(meterModels)
  .filter(([, model]) => model.profiles.length === 0)
  .map(([name]) => name);

export interface DeviceCounts {
  /** Devices that are read. */
  readonly devices: number;
  readonly silent: number;
  /** Whose planned read is overdue by more than five minutes. */
  readonly late: number;
  readonly attemptsOpen: number;
}

/** How the devices stand, in one statement. */
export async function countDevices(db: Queryable, scope: Scope): Promise<DeviceCounts> {
  const { rows } = await db.query<DeviceCounts>(sql`
    select count(*)::int as devices, (count(*) filter (where ${isSilent}))::int as silent,
           (select count(distinct device_plan.device_id)::int
            from device_plan join reading_plan as plan using (reading_plan_id) join device using (device_id)
            where plan.enabled and device.enabled and device.gateway_id is null and next_at < now() - interval '5 minutes'
              and ${deviceInScope(scope, "device_plan.device_id")}) as late,
           (select count(*)::int from attempt where state in ('queued', 'connecting', 'reading', 'storing')
              and ${deviceInScope(scope, "attempt.device_id")}) as "attemptsOpen"
    from device as d where d.enabled and ${deviceInScope(scope, "d.device_id")}`);
  return rows[0]!;
}

export interface HourOfReads {
  /** Start of the hour, epoch ms. */
  readonly hour: number;
  readonly done: number;
  readonly failed: number;
}

/** Reads that were asked for since `fromMs` and have ended, by hour. Trials are not reads, cancelled ones not failures. */
export async function countReadsByHour(db: Queryable, scope: Scope, fromMs: number): Promise<HourOfReads[]> {
  const { rows } = await db.query<HourOfReads>(sql`
    select date_bin('1 hour', requested_at, ${instant(fromMs)}::timestamptz) as hour,
           (count(*) filter (where state = 'done'))::int as done, (count(*) filter (where state = 'failed'))::int as failed
    from attempt
    where requested_at >= ${instant(fromMs)}::timestamptz and cause <> 'trial' and state in ('done', 'failed')
      and ${deviceInScope(scope, "attempt.device_id")}
    group by hour order by hour`);
  return rows;
}

export interface BranchCoverage {
  readonly branchId: number;
  /** Points of this branch itself, without those below it. */
  readonly points: number;
  readonly silent: number;
  readonly expected: number;
  readonly present: number;
  readonly good: number;
}

/**
 * Points, silent ones and the completeness of one market day, by branch. A point with a device is expected to have every slot of
 * its channels that day, or one channel of quarter-hours while it has none yet and its model keeps a load profile. Present is what was read:
 * an estimate, or a value that a person gave, says nothing of how well meters are read.
 */
export async function readBranchCoverage(
  db: Queryable,
  scope: Scope,
  given: {
    day: string;
    dayEndMs: number;
    dayHours: number;
  },
): Promise<BranchCoverage[]> {
  // A day of load_day is many pages: they are read once, and again only where a day has an interval with a flag.
  const counted = await db.query<BranchCoverage & { flagged: string | null }>(sql`
    with stored as materialized (
      select channel_id, slots, ok, q is null as whole from load_day where day = ${given.day}::date
    ), channels as (
      select c.point_id, sum(greatest(1, ${given.dayHours}::int * 3600 / c.period_s))::int as expected,
             coalesce(sum(stored.slots) filter (where stored.whole), 0)::int as present,
             coalesce(sum(stored.ok) filter (where stored.whole), 0)::int as good,
             string_agg(c.channel_id::text, ',') filter (where not stored.whole) as flagged
      from channel as c left join stored using (channel_id)
      where c.point_id is not null and ${pointInScope(scope, "c.point_id")}
        -- Of several channels of one quantity the one that has the day is expected, or the one that counts before the others.
        and not exists (
          select from channel as peer left join stored as beside on beside.channel_id = peer.channel_id
          where peer.point_id = c.point_id and peer.obis = c.obis and peer.kind = c.kind and peer.channel_id <> c.channel_id
            and (beside.channel_id is null, ${trusted(rankSql("peer.period_s"))}) < (stored.channel_id is null, ${trusted(rankSql("c.period_s"))}))
      group by c.point_id
    ), points as (
      select p.point_id, l.branch_id, coalesce(${isSilent}, false) as silent,
             case when d.enabled and d.model <> all(${modelsWithoutProfile}::text[]) and lower(i.during) < ${instant(given.dayEndMs)}::timestamptz
               then coalesce(channels.expected, ${given.dayHours}::int * 4) else coalesce(channels.expected, 0) end as expected,
             coalesce(channels.present, 0) as present, coalesce(channels.good, 0) as good, channels.flagged
      from point as p
      join location as l using (location_id)
      left join installation as i on i.point_id = p.point_id and upper_inf(i.during)
      ${deviceOfEveryMeter}
      left join channels on channels.point_id = p.point_id
      where ${inScope(scope)}
    )
    select branch_id as "branchId", count(*)::int as points, (count(*) filter (where silent))::int as silent,
           sum(expected)::int as expected, sum(present)::int as present, sum(good)::int as good,
           string_agg(flagged, ',') as flagged
    from points group by branch_id`);
  const branchOf = new Map(
    counted.rows.flatMap(({ branchId, flagged }) =>
      (flagged?.split(",") ?? []).map((channelId): [number, number] => [Number(channelId), branchId]),
    ),
  );
  const { rows: days } = await db.query<{
    channelId: number;
    slots: number;
    v: Buffer;
    q: Buffer | null;
  }>(sql`
    select channel_id as "channelId", slots, v, q from load_day
    where day = ${given.day}::date and channel_id = any(${[...branchOf.keys()]}::int[])`);
  const extra = new Map<number, { present: number; good: number }>();
  for (const { channelId, slots, v, q } of days) {
    const branchId = branchOf.get(channelId)!;
    const sum = extra.get(branchId) ?? { present: 0, good: 0 };
    addRead(sum, unpackDay(v, q, slots));
    extra.set(branchId, sum);
  }
  return counted.rows.map(({ flagged: _, ...row }) => {
    const { present, good } = extra.get(row.branchId) ?? { present: 0, good: 0 };
    return { ...row, present: row.present + present, good: row.good + good };
  });
}

/** Counts intervals that were read; one that two meters shared is, although it is divided by an estimate. */
function addRead(sum: { present: number; good: number }, { values, flags }: DaySlots): void {
  for (let slot = 0; slot < values.length; slot++) {
    const bits = flags[slot]!;
    if (Number.isNaN(values[slot]) || (bits & quality.edited) !== 0) continue;
    if ((bits & quality.estimated) !== 0 && (bits & quality.exchange) === 0) continue;
    sum.present++;
    if ((bits & notGood) === 0) sum.good++;
  }
}

export interface SilentDevice {
  readonly pointId: number | null;
  readonly pod: string | null;
  readonly name: string | null;
  readonly deviceId: number;
  readonly lastContactAt: number | null;
  readonly lastErrorCode: string | null;
}

/** A concentrator that is away, with the points that nobody hears through it: one incident, not as many as it has meters. */
export interface SilentGateway {
  readonly gatewayId: number;
  readonly name: string;
  readonly branch: readonly string[];
  /** `shutdown`: it said that it would go. */
  readonly state: "silent" | "shutdown";
  readonly lastContactAt: number | null;
  readonly points: number;
}

/** Adopted concentrators of the scope that are away. */
const goneGateways = (scope: Scope): Sql => sql`
  select g.gateway_id, coalesce(nullif(g.name, ''), g.identity) as name, g.branch_id, ${gatewayStanding} as state, ${gatewayContactAt} as contact_at
  from gateway as g left join device as d on d.device_id = g.device_id
  where g.state = 'adopted' and ${gatewayStanding} in ('silent', 'shutdown') and ${gatewayInScope(scope)}`;

/** Concentrators that are away, those with the most points behind them first. */
export async function listSilentGateways(
  db: Queryable,
  scope: Scope,
  limit: number,
): Promise<SilentGateway[]> {
  const { rows } = await db.query<Omit<SilentGateway, "branch"> & { branchId: number | null }>(sql`
    with gone as (${goneGateways(scope)})
    select gone.gateway_id as "gatewayId", gone.name, gone.branch_id as "branchId", gone.state, gone.contact_at as "lastContactAt",
      (select count(*)::int from device join installation as i on i.meter_id = device.meter_id and upper_inf(i.during)
       where device.gateway_id = gone.gateway_id) as points
    from gone order by points desc, gone.contact_at nulls first, gone.gateway_id limit ${limit}`);
  const branches = await readBranches(db);
  return rows.map(({ branchId, ...row }) => ({ ...row, branch: branches.get(branchId ?? -1)?.path ?? [] }));
}

/** Devices that are silent, the longest silent first; those behind a concentrator that is away are its own incident. */
export async function listSilentDevices(db: Queryable, scope: Scope, limit: number): Promise<SilentDevice[]> {
  const { rows } = await db.query<Omit<SilentDevice, "pod" | "name"> & { sealed: Buffer | null }>(sql`
    with gone as (${goneGateways(scope)})
    select p.point_id as "pointId", p.sealed, d.device_id as "deviceId",
           d.last_contact_at as "lastContactAt", d.last_error_code as "lastErrorCode"
    from device as d
    left join installation as i on i.meter_id = d.meter_id and upper_inf(i.during)
    left join point as p using (point_id)
    left join location as l using (location_id)
    where ${isSilent} and ${inScope(scope)} and not exists (select from gone where gone.gateway_id = d.gateway_id)
    order by d.last_contact_at, d.device_id limit ${limit}`);
  return withPointNames(db, rows);
}

/** One happening of the feed. Instants are epoch ms. */
export type Happening = { readonly at: number; readonly deviceId: number | null } & (
  | {
      readonly type: "attempt";
      readonly attemptId: number;
      readonly state: AttemptState;
      readonly cause: AttemptCause;
      readonly errorCode: string | null;
      readonly intervals: number;
      readonly registers: number;
      readonly events: number;
    }
  | { readonly type: "event"; readonly code: string }
);

/** The newest attempts and events, newest first. Events by receipt: a device may tell of last week. */
export async function listHappenings(
  db: Queryable,
  scope: Scope,
  limit: number,
  nowMs: number,
): Promise<Happening[]> {
  // Of a small part of the network the newest fifty might be years apart: there a day must do.
  const recent = isEverywhere(scope)
    ? trusted("true")
    : sql`requested_at > ${instant(nowMs - 86_400_000)}::timestamptz`;
  type Told = Happening & { toldAt: number };
  const [attempts, events] = await Promise.all([
    db.query<Told>(sql`
      select 'attempt' as type, coalesce(ended_at, started_at, requested_at) as at, device_id as "deviceId",
             coalesce(ended_at, started_at, requested_at) as "toldAt",
             attempt_id as "attemptId", state, cause, error_code as "errorCode", intervals, registers, events
      from (select * from attempt where ${recent} and ${deviceInScope(scope, "attempt.device_id")}
            order by requested_at desc limit ${limit}) as newest`),
    db.query<Told>(sql`
      select 'event' as type, at, received_at as "toldAt", device_id as "deviceId", code
      from event
      where received_at > ${instant(nowMs - 86_400_000)}::timestamptz and at > ${instant(nowMs - 7 * 86_400_000)}::timestamptz
        and ${deviceInScopeAt(scope, "event.device_id", "event.at")}
      order by received_at desc limit ${limit}`),
  ]);
  return [...attempts.rows, ...events.rows]
    .sort((left, right) => right.toldAt - left.toldAt)
    .slice(0, limit)
    .map(({ toldAt: _, ...happening }) => happening as Happening);
}
