import type { ChannelKind } from "@energsys/metering";
import { type PointAttributes, readAttributes } from "./attributes/attributes.ts";
import { readBranches } from "./branches.ts";
import type { Queryable } from "./database.ts";
import { groupInScope } from "./groups/registry.ts";
import { openLocations, openPoints } from "./personal/place-of-point.ts";
import { locationInScope } from "./places/scope.ts";
import { deviceOfMeter, type PointState, pointState } from "./point-state.ts";
import { inScope, type Scope } from "./scope.ts";
import { keyRingOf } from "./secrets/ring-of.ts";
import { instant, sql } from "./sql.ts";

/** A meter at a point, for a time. Instants are epoch ms, ratios exact decimals. */
export interface Installation {
  readonly installationId: number;
  readonly meterId: number;
  readonly serial: string;
  readonly manufacturer: string;
  readonly model: string;
  readonly from: number;
  readonly to: number | null;
  readonly ctRatio: string;
  readonly vtRatio: string;
  readonly primaryValues: boolean;
  readonly factor: string;
  /** Pulses of the light on its front for a kWh, and Wh of a pulse of its output: exact decimals, null where nobody said. */
  readonly ledPulsesPerKwh: string | null;
  readonly outputPulseWh: string | null;
}

export interface PointDevice {
  readonly deviceId: number;
  readonly identity: string;
  readonly model: string;
  readonly url: string;
  readonly direction: "dial" | "call-in";
  readonly enabled: boolean;
  readonly state: "closed" | "connecting" | "open";
  readonly lastContactAt: number | null;
  readonly lastSuccessAt: number | null;
  readonly lastErrorCode: string | null;
  readonly clockOffsetMs: number | null;
}

export interface RegisterValue {
  readonly obis: string;
  readonly value: string;
  readonly unit: string;
  readonly measuredAt: number;
  readonly flags: number;
}

export interface PointChannel {
  readonly channelId: number;
  readonly layer: "meter" | "point";
  readonly obis: string;
  readonly kind: ChannelKind;
  readonly unit: string;
  readonly scale: number;
  readonly periodSeconds: number;
  /** Market days, null while nothing is stored. */
  readonly firstDay: string | null;
  readonly lastDay: string | null;
  readonly serial: string | null;
}

export interface Point extends PointAttributes {
  readonly pointId: number;
  readonly pod: string;
  readonly name: string;
  readonly locationId: number;
  readonly address: string;
  readonly branch: readonly string[];
  readonly location: { readonly latitude: number; readonly longitude: number } | null;
  readonly state: PointState;
  readonly installations: readonly Installation[];
  readonly device: PointDevice | null;
  readonly now: readonly RegisterValue[];
  readonly channels: readonly PointChannel[];
  readonly plan: { readonly name: string; readonly everySeconds: number; readonly nextAt: number } | null;
  readonly planFrom: PlanFrom;
}

/** True when there is such a point, within the scope: one outside is as if it were not there. */
export async function hasPoint(db: Queryable, scope: Scope, pointId: number): Promise<boolean> {
  const { rows } = await db.query(sql`
    select from point as p join location as l using (location_id)
    where p.point_id = ${pointId}::int and ${inScope(scope)}`);
  return rows.length === 1;
}

/**
 * One point with all that its page shows, or `undefined`. `onMs`: what it is, its meters, device and newest values are those that were
 * valid then; name and place are those of now, since they are not kept through time.
 */
export async function findPoint(
  db: Queryable,
  scope: Scope,
  pointId: number,
  { nowMs, onMs }: { readonly nowMs: number; readonly onMs?: number },
): Promise<Point | undefined> {
  const [point] = await readPoint(db, scope, pointId);
  if (!point) return undefined;
  const [branches, all, channels, attributes] = await Promise.all([
    readBranches(db),
    listInstallations(db, pointId),
    listChannels(db, pointId),
    readAttributes(db, [pointId]),
  ]);
  const installations = onMs === undefined ? all : asOn(all, onMs);
  const { branchId, sealed, locationId, placeSealed, state, planName, everySeconds, nextAt, ...columns } =
    point;
  const ring = keyRingOf(db);
  const [names] = await openPoints(ring, [{ pointId, sealed }]);
  const then = attributes.at(pointId, onMs ?? nowMs)!;
  // Where it stood then; a place of another branch is as if it were not there.
  const standing =
    then.locationId === locationId
      ? { sealed: placeSealed, branchId }
      : await findPlace(db, scope, then.locationId);
  const [place] = await openLocations(ring, [
    { locationId: then.locationId, sealed: standing?.sealed ?? null },
  ]);
  const { address, latitude, longitude } = place!;
  const current = installations.find((installation) => installation.to === null);
  const device = current ? await findMeterDevice(db, current.meterId) : null;
  return {
    ...columns,
    ...then,
    ...names!,
    address,
    state,
    branch: (standing && branches.get(standing.branchId)?.path) ?? [],
    location: latitude === null || longitude === null ? null : { latitude, longitude },
    installations,
    device,
    now: current ? await newestRegisters(db, current.meterId, onMs) : [],
    channels,
    plan:
      planName === null || everySeconds === null || nextAt === null
        ? null
        : { name: planName, everySeconds, nextAt },
    planFrom: await findPlanFrom(db, scope, pointId),
  };
}

/** Why it is read as it is. */
export interface PlanFrom {
  /** A plan of its own, that of a group, or what its device came with. */
  readonly kind: "own" | "group" | "network";
  /** Null also for a group that may not be seen. */
  readonly group: { readonly groupId: number; readonly name: string } | null;
}

async function findPlanFrom(db: Queryable, scope: Scope, pointId: number): Promise<PlanFrom> {
  const { rows } = await db.query<{ groupId: number | null; name: string | null; ofGroup: boolean }>(sql`
    select g.group_id as "groupId", g.name, s.group_id is not null as "ofGroup" from device_plan_source as s join device as d using (device_id)
    join installation as i on i.meter_id = d.meter_id and upper_inf(i.during)
    left join point_group as g on g.group_id = s.group_id and ${groupInScope(scope)}
    where i.point_id = ${pointId}::int order by d.device_id desc limit 1`);
  const [source] = rows;
  if (!source) return { kind: "network", group: null };
  const { groupId, name, ofGroup } = source;
  return {
    kind: ofGroup ? "group" : "own",
    group: groupId === null || name === null ? null : { groupId, name },
  };
}

async function findPlace(db: Queryable, scope: Scope, locationId: number) {
  const { rows } = await db.query<{ sealed: Buffer | null; branchId: number }>(sql`
    select sealed, branch_id as "branchId" from location as l where location_id = ${locationId}::int and ${locationInScope(scope)}`);
  return rows[0];
}

/** Installations as they stood at an instant: what came later is not there, what ended later stands. */
const asOn = (all: readonly Installation[], onMs: number): Installation[] =>
  all.flatMap((one) =>
    one.from > onMs ? [] : [{ ...one, to: one.to !== null && one.to > onMs ? null : one.to }],
  );

type FlatPoint = Pick<Point, "pointId" | "state"> & {
  sealed: Buffer | null;
  locationId: number;
  placeSealed: Buffer | null;
  branchId: number;
  planName: string | null;
  everySeconds: number | null;
  nextAt: number | null;
};

async function readPoint(db: Queryable, scope: Scope, pointId: number): Promise<FlatPoint[]> {
  const { rows } = await db.query<FlatPoint>(sql`
    select p.point_id as "pointId", p.sealed, location_id as "locationId", l.sealed as "placeSealed", l.branch_id as "branchId",
           ${pointState} as state, plan.name as "planName", plan.every_seconds as "everySeconds", plan.next_at as "nextAt"
    from point as p
    join location as l using (location_id)
    left join installation as i on i.point_id = p.point_id and upper_inf(i.during)
    ${deviceOfMeter}
    left join lateral (
      select name, every_seconds, next_at from device_plan join reading_plan using (reading_plan_id)
      where device_plan.device_id = d.device_id and enabled order by next_at limit 1) as plan on true
    where p.point_id = ${pointId}::int and ${inScope(scope)}`);
  return rows;
}

/** Newest first. A removal in the future, or none, shows as an open end. */
async function listInstallations(db: Queryable, pointId: number): Promise<Installation[]> {
  const { rows } = await db.query<Installation>(sql`
    select installation_id as "installationId", meter_id as "meterId", serial, manufacturer, model,
           lower(during) as "from", upper(during) as "to", trim_scale(ct_ratio)::text as "ctRatio",
           trim_scale(vt_ratio)::text as "vtRatio", primary_values as "primaryValues", trim_scale(factor)::text as factor,
           trim_scale(led_pulses_per_kwh)::text as "ledPulsesPerKwh", trim_scale(output_pulse_wh)::text as "outputPulseWh"
    from installation join meter using (meter_id)
    where point_id = ${pointId}::int order by lower(during) desc`);
  return rows;
}

const deviceColumns = sql`
  device_id as "deviceId", identity, d.model, url, direction, enabled, coalesce(link.state, 'closed') as state,
  last_contact_at as "lastContactAt", last_success_at as "lastSuccessAt", last_error_code as "lastErrorCode",
  clock_offset_ms as "clockOffsetMs"`;

async function findMeterDevice(db: Queryable, meterId: number): Promise<PointDevice | null> {
  const { rows } = await db.query<PointDevice>(sql`
    select ${deviceColumns} from device as d left join link using (device_id)
    where meter_id = ${meterId}::int order by device_id desc limit 1`);
  return rows[0] ?? null;
}

/** The device of the meter that stands at the point now. */
export async function findPointDevice(db: Queryable, pointId: number): Promise<PointDevice | null> {
  const { rows } = await db.query<PointDevice>(sql`
    select ${deviceColumns}
    from installation as i join device as d using (meter_id) left join link using (device_id)
    where i.point_id = ${pointId}::int and upper_inf(i.during)
    order by device_id desc limit 1`);
  return rows[0] ?? null;
}

/**
 * Newest value of every register of a meter. The index is walked from code to code: a year of quarter-hourly readings
 * has hundreds of thousands of rows and a dozen codes.
 */
async function newestRegisters(
  db: Queryable,
  meterId: number,
  onMs: number | undefined,
): Promise<RegisterValue[]> {
  const until = onMs === undefined ? "infinity" : instant(onMs);
  const { rows } = await db.query<RegisterValue>(sql`
    with recursive code as (
      (select obis from register_reading where meter_id = ${meterId}::int order by obis limit 1)
      union all
      select (select next.obis from register_reading as next
              where next.meter_id = ${meterId}::int and next.obis > code.obis order by next.obis limit 1)
      from code where code.obis is not null
    )
    select newest.obis, newest.value::text as value, newest.unit, newest.measured_at as "measuredAt", newest.flags
    from code cross join lateral (
      select * from register_reading as stored
      where stored.meter_id = ${meterId}::int and stored.obis = code.obis
        and stored.measured_at <= ${until}::timestamptz
      order by measured_at desc, version desc limit 1) as newest
    order by newest.obis`);
  return rows;
}

/** Channels of the point itself and of every meter that ever stood there. */
export async function listChannels(db: Queryable, pointId: number): Promise<PointChannel[]> {
  const { rows } = await db.query<PointChannel>(sql`
    select channel_id as "channelId", case when c.point_id is null then 'meter' else 'point' end as layer, obis, kind, unit,
           scale, period_s as "periodSeconds", days.first_day as "firstDay", days.last_day as "lastDay", m.serial
    from channel as c
    left join meter as m on m.meter_id = c.meter_id
    left join lateral (
      select min(day) as first_day, max(day) as last_day from load_day where load_day.channel_id = c.channel_id) as days on true
    where c.point_id = ${pointId}::int
       or c.meter_id in (select meter_id from installation where point_id = ${pointId}::int)
    order by layer desc, obis, period_s, m.serial`);
  return rows;
}
