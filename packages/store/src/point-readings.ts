import type { Queryable } from "./database.ts";
import { openPoints, podHashes } from "./personal/place-of-point.ts";
import { deviceInScopeAt, inScope, type Scope } from "./scope.ts";
import { keyRingOf } from "./secrets/ring-of.ts";
import { instant, sql } from "./sql.ts";

/** A register reading of one of the meters of a point. Instants are epoch ms, the value an exact decimal in `unit`. */
export interface StoredRegister {
  readonly obis: string;
  readonly value: string;
  readonly unit: string;
  readonly measuredAt: number;
  readonly receivedAt: number;
  readonly flags: number;
  readonly version: number;
  readonly serial: string;
}

/** Register readings taken while their meter stood at the point, newest first. */
export async function listRegisterReadings(
  db: Queryable,
  { pointId, obis, limit }: { pointId: number; obis?: string; limit: number },
): Promise<StoredRegister[]> {
  const { rows } = await db.query<StoredRegister>(sql`
    select r.obis, r.value::text as value, r.unit, r.measured_at as "measuredAt", r.received_at as "receivedAt", r.flags,
           r.version, m.serial
    from installation as i
    join meter as m using (meter_id)
    join register_reading as r on r.meter_id = i.meter_id and i.during @> r.measured_at
    where i.point_id = ${pointId}::int and (${obis ?? null}::text is null or r.obis = ${obis ?? null}::text)
    order by r.measured_at desc, r.obis, r.version desc
    limit ${limit}`);
  return rows;
}

export interface StoredEvent {
  readonly at: number;
  readonly code: string;
  readonly seq: number;
  readonly receivedAt: number;
  readonly detail: Readonly<Record<string, string | number | boolean>> | null;
}

/** Devices of the meters that stand or stood at the point. */
export async function listPointDeviceIds(db: Queryable, pointId: number): Promise<number[]> {
  const { rows } = await db.query<{ deviceId: number }>(sql`
    select distinct device_id as "deviceId" from installation join device using (meter_id) where point_id = ${pointId}::int`);
  return rows.map((row) => row.deviceId);
}

/** Events of these devices, newest first. Of a device that was elsewhere before, only those from where the scope reaches. */
export async function listEvents(
  db: Queryable,
  scope: Scope,
  { deviceIds, limit }: { deviceIds: readonly number[]; limit: number },
): Promise<StoredEvent[]> {
  const { rows } = await db.query<StoredEvent>(sql`
    select at, code, seq, received_at as "receivedAt", detail from event
    where device_id = any(${deviceIds}::int[]) and ${deviceInScopeAt(scope, "event.device_id", "event.at")}
    order by at desc, seq desc, code limit ${limit}`);
  return rows;
}

/** Where a channel's readings belong to the point: always for its own, for a meter's while the meter stood there. */
export interface ChannelSpans {
  readonly spans: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** The spans of time in which `channelId` may be shown as this point's, or `undefined` when it is another's. */
export async function findChannelSpans(
  db: Queryable,
  { pointId, channelId }: { pointId: number; channelId: number },
): Promise<ChannelSpans | undefined> {
  const { rows } = await db.query<{ fromMs: number; toMs: number | null }>(sql`
    select '-infinity'::timestamptz as "fromMs", null::timestamptz as "toMs"
    from channel where channel_id = ${channelId}::int and point_id = ${pointId}::int
    union all
    select lower(during), upper(during) from channel join installation using (meter_id)
    where channel_id = ${channelId}::int and installation.point_id = ${pointId}::int`);
  if (rows.length === 0) return undefined;
  return { spans: rows.map(({ fromMs, toMs }) => ({ fromMs, toMs: toMs ?? Number.POSITIVE_INFINITY })) };
}

/** Where a device's meter stands, or which concentrator the device is: what live messages say beside the device's number. */
export interface DevicePlace {
  /** Point of the meter; null for a concentrator, as is its POD. */
  readonly pointId: number | null;
  readonly gatewayId: number | null;
  readonly pod: string | null;
  readonly name: string;
  readonly branchId: number;
  /** Whose customer the point is now, where that is known. */
  readonly supplierId: number | null;
}

/** Points of these devices' meters as of now, and the concentrators that stand in a branch. */
export async function findDevicePlaces(
  db: Queryable,
  deviceIds: readonly number[],
): Promise<ReadonlyMap<number, DevicePlace>> {
  const { rows } = await db.query<
    Pick<DevicePlace, "branchId" | "supplierId"> & {
      deviceId: number;
      pointId: number;
      sealed: Buffer | null;
    }
  >(sql`
    select device_id as "deviceId", p.point_id as "pointId", p.sealed, l.branch_id as "branchId",
           (select supplier_id from point_supplier as s where s.point_id = p.point_id and s.during @> now()) as "supplierId"
    from device join installation as i using (meter_id) join point as p using (point_id)
    join location as l using (location_id)
    where device_id = any(${deviceIds}::int[]) and upper_inf(i.during)`);
  const names = await openPoints(keyRingOf(db), rows);
  const { rows: gateways } = await db.query<DevicePlace & { deviceId: number }>(sql`
    select device_id as "deviceId", gateway_id as "gatewayId", branch_id as "branchId",
           coalesce(nullif(name, ''), identity) as name, null as "pointId", null as pod, null as "supplierId"
    from gateway where device_id = any(${deviceIds}::int[]) and branch_id is not null`);
  return new Map<number, DevicePlace>([
    ...rows.map(({ deviceId, sealed: _, ...place }, nth): [number, DevicePlace] => [
      deviceId,
      { ...place, gatewayId: null, ...names[nth]! },
    ]),
    ...gateways.map(({ deviceId, ...place }): [number, DevicePlace] => [deviceId, place]),
  ]);
}

/**
 * Which of the codes that a new device would bring are taken already, in words of the API's input. A point without a meter may
 * get one, but not from somebody to whom it is foreign.
 */
export async function findTaken(
  db: Queryable,
  scope: Scope,
  given: { identity: string; pod: string; manufacturer: string; serial: string },
): Promise<readonly ("identity" | "pod" | "serial")[]> {
  const hashes = await podHashes(keyRingOf(db), [given.pod]);
  const { rows } = await db.query<{ what: "identity" | "pod" | "serial" }>(sql`
    select 'identity' as what from device where identity = ${given.identity}
    union all
    select 'pod' from point join installation using (point_id) where pod_hash = any(${hashes}::bytea[]) and upper_inf(during)
    union all
    select 'pod' from point as p join location as l using (location_id)
    where pod_hash = any(${hashes}::bytea[]) and not (${inScope(scope)})
    union all
    select 'serial' from meter join installation using (meter_id)
    where serial = ${given.serial} and manufacturer = ${given.manufacturer} and upper_inf(during)`);
  return [...new Set(rows.map((row) => row.what))];
}

/** Ids of what was just added. */
export async function findAdded(
  db: Queryable,
  given: { identity: string; pod: string },
): Promise<{ pointId: number; deviceId: number } | undefined> {
  const hashes = await podHashes(keyRingOf(db), [given.pod]);
  const { rows } = await db.query<{ pointId: number; deviceId: number }>(sql`
    select point_id as "pointId", device_id as "deviceId"
    from device join installation using (meter_id) join point using (point_id)
    where identity = ${given.identity} and pod_hash = any(${hashes}::bytea[]) and upper_inf(during)`);
  return rows[0];
}

/** Puts a device under a reading plan, due at once; the oldest plan that is in force, or `plan` when there is none. */
export async function joinFirstPlan(
  db: Queryable,
  {
    deviceId,
    plan,
    nowMs,
  }: { deviceId: number; plan: { name: string; everySeconds: number; backfillDays: number }; nowMs: number },
): Promise<void> {
  await db.query(sql`
    with made as (
      insert into reading_plan (name, every_seconds, backfill_days)
      select ${plan.name}::text, ${plan.everySeconds}::int, ${plan.backfillDays}::int
      where not exists (select from reading_plan where enabled)
      on conflict (name) do nothing
      returning reading_plan_id
    )
    insert into device_plan (device_id, reading_plan_id, next_at)
    select ${deviceId}::int, reading_plan_id, ${instant(nowMs)}::timestamptz
    from (select reading_plan_id from made union all
          (select reading_plan_id from reading_plan where enabled order by reading_plan_id limit 1)) as plan
    limit 1
    on conflict do nothing`);
}

/** One stored day of a channel with its digest; `v` and `q` as @energsys/metering packs them. */
export interface ChannelDay {
  readonly day: string;
  readonly slots: number;
  readonly sum: number | null;
  readonly max: number | null;
  readonly maxAt: number | null;
  readonly ok: number;
  readonly version: number;
  readonly v: Uint8Array;
  readonly q: Uint8Array | null;
}

/** Stored days of a channel from `fromDay` to before `toDay`, in order; days without values are not among them. */
export async function listChannelDays(
  db: Queryable,
  { channelId, fromDay, toDay }: { channelId: number; fromDay: string; toDay: string },
): Promise<ChannelDay[]> {
  const { rows } = await db.query<ChannelDay>(sql`
    select day, slots, sum, max, max_at as "maxAt", ok, ver as version, v, q from load_day
    where channel_id = ${channelId}::int and day >= ${fromDay}::date and day < ${toDay}::date
    order by day`);
  return rows;
}
