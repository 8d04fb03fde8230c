import type { Queryable } from "./database.ts";
import { StoreError } from "./errors.ts";
import { prepared, sql } from "./sql.ts";

/** The right to talk to a device. `fence` only grows: a writer with an older number has lost the link. */
export interface LinkLease {
  readonly deviceId: number;
  readonly fence: number;
}

/**
 * Takes the links of some devices; those that another holder still has are left out of the answer, unless they are taken `fromOthers`. A holder
 * is one run of one process, so a second link of the same head-end to a device is refused like anybody else's.
 */
export async function takeLinks(
  db: Queryable,
  owner: string,
  deviceIds: readonly number[],
  options: {
    leaseSeconds: number;
    state: "connecting" | "open";
    remoteAddress?: string;
    /** Whoever has them loses them: a later writer is fenced off. */
    fromOthers?: boolean;
  },
): Promise<LinkLease[]> {
  const { rows } = await db.query<LinkLease>(sql`
    insert into link (device_id, fence, owner, leased_until, remote_address, state)
    select device_id, 1, ${owner}, now() + make_interval(secs => ${options.leaseSeconds}::float8),
           ${options.remoteAddress ?? null}::text, ${options.state}
    from unnest(${[...deviceIds].sort((a, b) => a - b)}::int[]) as wanted (device_id)
    on conflict (device_id) do update
      set fence = link.fence + 1, owner = excluded.owner, leased_until = excluded.leased_until,
          remote_address = excluded.remote_address, state = excluded.state, changed_at = now()
      where link.leased_until is null or link.leased_until < now() or ${options.fromOthers ?? false}::boolean
    returning device_id as "deviceId", fence
  `);
  return rows;
}

/** Lengthens leases. What is missing in the answer was lost: it expired and somebody else took it. */
export async function renewLinks(
  db: Queryable,
  owner: string,
  leases: readonly LinkLease[],
  leaseSeconds: number,
): Promise<Set<number>> {
  if (leases.length === 0) return new Set();
  const { rows } = await db.query<{ deviceId: number }>(sql`
    update link set leased_until = now() + make_interval(secs => ${leaseSeconds}::float8)
    from unnest(${leases.map((lease) => lease.deviceId)}::int[], ${leases.map((lease) => lease.fence)}::bigint[])
      as held (device_id, fence)
    where link.device_id = held.device_id and link.fence = held.fence and link.owner = ${owner}
    returning link.device_id as "deviceId"
  `);
  return new Set(rows.map((row) => row.deviceId));
}

/**
 * Refuses to write for a link that another holder has by now: a head-end that was paused past its lease must not go on as if
 * nothing had been. No row is locked, since what passes in the last moment is the same reading again, which changes nothing.
 * @throws StoreError `link.fenced`
 */
export async function checkFences(
  db: Queryable,
  writers: readonly { readonly deviceId: number; readonly fence?: number }[],
): Promise<void> {
  const fences = new Map<string, { deviceId: number; fence: number }>();
  for (const { deviceId, fence } of writers) {
    if (fence !== undefined) fences.set(`${deviceId}/${fence}`, { deviceId, fence });
  }
  if (fences.size === 0) return;
  const held = [...fences.values()];
  const { rows } = await db.query<{ deviceId: number; fence: number }>(
    prepared(
      "link-fences",
      sql`
        select held.device_id as "deviceId", held.fence
        from unnest(${held.map(({ deviceId }) => deviceId)}::int[], ${held.map(({ fence }) => fence)}::bigint[])
          as held (device_id, fence)
        join link on link.device_id = held.device_id and link.fence <> held.fence`,
    ),
  );
  const [lost] = rows;
  if (lost)
    throw new StoreError(
      "link.fenced",
      `device ${lost.deviceId}: link number ${lost.fence} is another's now`,
    );
}

/** Gives links back; one that was lost meanwhile is left alone. */
export async function releaseLinks(
  db: Queryable,
  owner: string,
  leases: readonly LinkLease[],
): Promise<void> {
  if (leases.length === 0) return;
  await db.query(sql`
    update link set owner = null, leased_until = null, state = 'closed', remote_address = null, changed_at = now()
    from unnest(${leases.map((lease) => lease.deviceId)}::int[], ${leases.map((lease) => lease.fence)}::bigint[])
      as held (device_id, fence)
    where link.device_id = held.device_id and link.fence = held.fence and link.owner = ${owner}
  `);
}

/** A device as the head-end needs it to talk to it. Its secrets are in `meter_key`. */
export interface DeviceRow {
  readonly deviceId: number;
  readonly identity: string;
  readonly model: string;
  readonly url: string;
  readonly direction: "dial" | "call-in";
  readonly meterId: number | null;
  readonly enabled: boolean;
  /** The concentrator through which it is reached; null: by itself. */
  readonly gatewayId: number | null;
}

const deviceColumns = {
  byId: (deviceIds: readonly number[]) => sql`
    select device_id as "deviceId", identity, model, url, direction, meter_id as "meterId", enabled,
           gateway_id as "gatewayId"
    from device where device_id = any(${deviceIds}::int[])`,
  byIdentity: (identity: string) => sql`
    select device_id as "deviceId", identity, model, url, direction, meter_id as "meterId", enabled,
           gateway_id as "gatewayId"
    from device where identity = ${identity}`,
};

export async function readDevices(db: Queryable, deviceIds: readonly number[]): Promise<DeviceRow[]> {
  const { rows } = await db.query<DeviceRow>(deviceColumns.byId(deviceIds));
  return rows;
}

/** The device that goes by this identity, switched on or off, or `undefined`. */
export async function findDeviceByIdentity(db: Queryable, identity: string): Promise<DeviceRow | undefined> {
  const { rows } = await db.query<DeviceRow>(deviceColumns.byIdentity(identity));
  return rows[0];
}

/**
 * Records what the head-end itself saw of a device (`system:identity.mismatch` …) and tells the live channel. An event
 * that is repeated within the same second is one event.
 */
export async function recordSystemEvent(
  db: Queryable,
  event: {
    deviceId: number;
    atMs: number;
    code: `system:${string}` | `location:${string}`;
    detail?: Readonly<Record<string, string | number | boolean>>;
  },
): Promise<void> {
  const atMs = Math.floor(event.atMs / 1000) * 1000;
  await db.query(sql`
    with written as (
      insert into event (at, device_id, code, seq, detail)
      values (to_timestamp(${atMs}::float8 / 1000), ${event.deviceId}, ${event.code}, 0,
              ${JSON.stringify(event.detail ?? {})}::jsonb)
      on conflict do nothing
      returning device_id, code
    )
    select pg_notify('energsys_live', json_build_object('type', 'event', 'deviceId', device_id,
      'at', ${atMs}::float8::bigint, 'code', code)::text)
    from written
  `);
}
