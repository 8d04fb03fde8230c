import type { DeviceEvent, RegisterReading } from "@energsys/metering";
import { numbers } from "./arrays.ts";
import { CopyWriter, copyIn } from "./copy-binary.ts";
import type { Queryable } from "./database.ts";
import type { Delivery } from "./deliveries.ts";
import { notify } from "./live.ts";
import { instant, prepared, sql } from "./sql.ts";

/** Events announced to the screens at once; a log read for the first time holds thousands of old ones. */
const announcedMax = 100;
const earliestEventMs = Date.UTC(2000, 0, 1);
const latestEventMs = Date.UTC(2099, 11, 31);

/** Draws ids for blocks that replace something: the history names them as the cause. */
export async function drawBlockIds(db: Queryable, count: number): Promise<readonly number[]> {
  const { rows } = await db.query<{ block_id: number }>(
    prepared(
      "block-ids",
      sql`
        select nextval(pg_get_serial_sequence('block', 'block_id')) as block_id
        from generate_series(1, ${count}::int)`,
    ),
  );
  return rows.map(({ block_id }) => block_id);
}

/** Stores raw blocks; `sums` are their SHA-256 and `ids`, when they were drawn, their ids, both in order. */
export async function storeBlocks(
  db: Queryable,
  deliveries: readonly Delivery[],
  sums: readonly Uint8Array[],
  ids: readonly number[] | undefined,
): Promise<void> {
  if (sums.length === 0) return;
  const rows = new CopyWriter();
  let nth = 0;
  for (const { deviceId, attemptId, receivedAtMs, blocks } of deliveries) {
    for (const { kind, bytes } of blocks) {
      rows.row(ids ? 7 : 6);
      rows.instant(receivedAtMs);
      rows.int4(deviceId);
      rows.int8(attemptId ?? null);
      rows.text(kind);
      rows.bytes(sums[nth] ?? null);
      rows.bytes(bytes);
      if (ids) rows.int8(ids[nth] ?? null);
      nth++;
    }
  }
  const columns = "received_at, device_id, attempt_id, kind, sha256, bytes";
  await copyIn(db, `copy block (${columns}${ids ? ", block_id" : ""}) from stdin (format binary)`, rows);
}

/** Stores registers; a value that differs from the last one of that instant becomes a new version. Returns the rows written. */
export async function storeRegisters(db: Queryable, deliveries: readonly Delivery[]): Promise<number> {
  const latest = new Map<string, { delivery: Delivery; reading: RegisterReading }>();
  for (const delivery of deliveries) {
    for (const reading of delivery.registers) {
      latest.set(`${delivery.meterId} ${reading.obis} ${reading.measuredAtMs}`, { delivery, reading });
    }
  }
  if (latest.size === 0) return 0;
  const rows = [...latest.values()];
  const { rowCount } = await db.query(
    prepared(
      "registers",
      sql`
        insert into register_reading (meter_id, obis, measured_at, version, value, unit, flags, received_at, attempt_id)
        select incoming.meter_id, incoming.obis, incoming.measured_at, coalesce(latest.version, 0) + 1, incoming.value,
          incoming.unit, incoming.flags, incoming.received_at, incoming.attempt_id
        from unnest(${numbers(rows.map(({ delivery }) => delivery.meterId))}::int[], ${rows.map(({ reading }) => reading.obis)}::text[],
          ${rows.map(({ reading }) => instant(reading.measuredAtMs))}::timestamptz[],
          ${rows.map(({ reading }) => reading.value)}::numeric[], ${rows.map(({ reading }) => reading.unit)}::text[],
          ${numbers(rows.map(({ reading }) => (reading.flags << 16) >> 16))}::smallint[],
          ${rows.map(({ delivery }) => instant(delivery.receivedAtMs))}::timestamptz[],
          ${numbers(rows.map(({ delivery }) => delivery.attemptId ?? null))}::bigint[])
          as incoming (meter_id, obis, measured_at, value, unit, flags, received_at, attempt_id)
        left join lateral (
          select version, value, unit, flags from register_reading as stored
          where stored.meter_id = incoming.meter_id and stored.obis = incoming.obis
            and stored.measured_at = incoming.measured_at
          order by version desc limit 1
        ) as latest on true
        where (latest.value, latest.unit, latest.flags) is distinct from (incoming.value, incoming.unit, incoming.flags)
        order by 1, 2, 3`,
    ),
  );
  return rowCount;
}

/** An event as it can be stored: a clock that names another century is kept in the detail. */
function storable({ atMs, code, seq, detail }: DeviceEvent): DeviceEvent {
  const inside = Math.min(Math.max(atMs, earliestEventMs), latestEventMs);
  if (inside === atMs) return { atMs, code, seq, ...(detail ? { detail } : {}) };
  return { atMs: inside, code, seq, detail: { ...detail, deviceTime: instant(atMs) } };
}

export const storableEvents = (
  deliveries: readonly Delivery[],
): { delivery: Delivery; event: DeviceEvent }[] =>
  deliveries.flatMap((delivery) => delivery.events.map((event) => ({ delivery, event: storable(event) })));

/** Stores events that are not there yet, announces the newest of them, and returns how many were new. */
export async function storeEvents(
  db: Queryable,
  events: readonly { delivery: Delivery; event: DeviceEvent }[],
): Promise<ReadonlyMap<Delivery, number>> {
  const added = new Map<Delivery, number>();
  if (events.length === 0) return added;
  const { rows } = await db.query<{ device_id: number; at: number; code: string; seq: number }>(
    prepared(
      "events",
      sql`
        insert into event (device_id, at, code, seq, received_at, detail)
        select * from unnest(${numbers(events.map(({ delivery }) => delivery.deviceId))}::int[],
          ${events.map(({ event }) => instant(event.atMs))}::timestamptz[], ${events.map(({ event }) => event.code)}::text[],
          ${numbers(events.map(({ event }) => event.seq))}::int[],
          ${events.map(({ delivery }) => instant(delivery.receivedAtMs))}::timestamptz[],
          ${events.map(({ event }) => (event.detail ? JSON.stringify(event.detail) : null))}::jsonb[])
          as incoming (device_id, at, code, seq, received_at, detail)
        order by device_id, at, code, seq
        on conflict do nothing
        returning device_id, at, code, seq`,
    ),
  );
  const newest = rows.toSorted((a, b) => a.at - b.at).slice(-announcedMax);
  await notify(
    db,
    "energsys_live",
    ...newest.map(({ device_id, at, code }) => ({ type: "event" as const, deviceId: device_id, at, code })),
  );
  const keyOf = (deviceId: number, at: number, code: string, seq: number) =>
    `${deviceId}/${at}/${code}/${seq}`;
  const fresh = new Set(rows.map(({ device_id, at, code, seq }) => keyOf(device_id, at, code, seq)));
  for (const { delivery, event } of events) {
    const key = keyOf(delivery.deviceId, Date.parse(instant(event.atMs)), event.code, event.seq);
    // The first delivery that has an event brought it.
    if (fresh.delete(key)) added.set(delivery, (added.get(delivery) ?? 0) + 1);
  }
  return added;
}

/** Moves the devices' cursors: last contact, and how far the clock was off. */
export async function touchDevices(db: Queryable, deliveries: readonly Delivery[]): Promise<void> {
  const latest = new Map<number, Delivery>();
  for (const delivery of deliveries) {
    const other = latest.get(delivery.deviceId);
    if (!other || other.receivedAtMs <= delivery.receivedAtMs) latest.set(delivery.deviceId, delivery);
  }
  const rows = [...latest.values()].sort((a, b) => a.deviceId - b.deviceId);
  await db.query(
    prepared(
      "device-cursors",
      sql`
        update device set
          last_contact_at = greatest(device.last_contact_at, incoming.received_at),
          clock_offset_ms = coalesce(incoming.clock_offset_ms, device.clock_offset_ms)
        from unnest(${numbers(rows.map(({ deviceId }) => deviceId))}::int[],
          ${rows.map(({ receivedAtMs }) => instant(receivedAtMs))}::timestamptz[],
          ${numbers(rows.map(({ clockOffsetMs }) => (clockOffsetMs === undefined ? null : clampInt(clockOffsetMs))))}::int[])
          as incoming (device_id, received_at, clock_offset_ms)
        where device.device_id = incoming.device_id
          and (device.last_contact_at is distinct from greatest(device.last_contact_at, incoming.received_at)
            or incoming.clock_offset_ms is distinct from device.clock_offset_ms)`,
    ),
  );
}

/** Differences up to this are what every clock has; nobody asks for them later. */
const clockNoticedMs = 5_000;

/** Writes down how far clocks were off, where that is worth a look: rule V01 asks for it when the day is validated. */
export async function storeClockDifferences(db: Queryable, deliveries: readonly Delivery[]): Promise<void> {
  const rows = deliveries.filter(({ clockOffsetMs = 0 }) => Math.abs(clockOffsetMs) > clockNoticedMs);
  if (rows.length === 0) return;
  await db.query(
    prepared(
      "clock-differences",
      sql`
        insert into clock_difference (device_id, at, offset_ms)
        select * from unnest(${numbers(rows.map(({ deviceId }) => deviceId))}::int[],
          ${rows.map(({ receivedAtMs }) => instant(receivedAtMs))}::timestamptz[],
          ${numbers(rows.map(({ clockOffsetMs = 0 }) => clampInt(clockOffsetMs)))}::int[])
        order by 1, 2 on conflict do nothing`,
    ),
  );
}

/** A clock may be years off; the column holds 24 days. */
const clampInt = (ms: number): number => Math.max(-0x7fff_ffff, Math.min(0x7fff_ffff, Math.round(ms)));
