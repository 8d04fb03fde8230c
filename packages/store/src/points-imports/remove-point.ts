import { numbers } from "../arrays.ts";
import type { Database, Queryable } from "../database.ts";
import { sqlState } from "../errors.ts";
import { removeUnknownMeters } from "../meters/meter.ts";
import { sql } from "../sql.ts";

/**
 * Takes points away with the meters, the devices and the places that came with them, as long as nothing has happened there: nothing was
 * read, nobody has a contract, no group, no second meter. Branches stay, also when they are empty then. `bare` ones go only when no meter
 * ever stood there, and their locations stay. Returns the points that went.
 */
export function removeUnusedPoints(
  db: Database,
  pointIds: readonly number[],
  { bare = false }: { readonly bare?: boolean } = {},
): Promise<ReadonlySet<number>> {
  return unlessNamed(db, pointIds, (transaction, part) => remove(transaction, part, bare));
}

/** Takes the meters that came to points away again, with their devices, as long as nothing has happened there; returns where they went. */
export function removeUnusedMeters(db: Database, pointIds: readonly number[]): Promise<ReadonlySet<number>> {
  return unlessNamed(db, pointIds, async (transaction, part) => {
    const found = await findUnused(transaction, part);
    await removeMeters(transaction, found);
    return found.map(({ pointId }) => pointId);
  });
}

/** All at once; where something else names one of them (a group, a finding, whatever comes later), by halves until that one is alone. */
async function unlessNamed(
  db: Database,
  pointIds: readonly number[],
  work: (transaction: Queryable, pointIds: readonly number[]) => Promise<readonly number[]>,
): Promise<ReadonlySet<number>> {
  if (pointIds.length === 0) return new Set();
  try {
    return new Set(await db.transaction((transaction) => work(transaction, pointIds)));
  } catch (error) {
    if (sqlState(error) !== "23503") throw error;
    if (pointIds.length === 1) return new Set();
    const half = pointIds.length >> 1;
    const first = await unlessNamed(db, pointIds.slice(0, half), work);
    return first.union(await unlessNamed(db, pointIds.slice(half), work));
  }
}

interface Unused {
  readonly pointId: number;
  readonly locationId: number;
  readonly meterId: number | null;
  readonly deviceId: number | null;
}

/** What stands at those of these points where nothing has happened. */
async function findUnused(transaction: Queryable, pointIds: readonly number[]): Promise<Unused[]> {
  // Locked before they are looked at: a meter that somebody puts up at this moment is seen, or comes too late.
  await transaction.query(sql`
    select from point where point_id = any(${numbers(pointIds)}::int[]) order by point_id for update`);
  const { rows } = await transaction.query<Unused & { used: boolean }>(sql`
    select point_id as "pointId", point.location_id as "locationId", installation.meter_id as "meterId",
      device.device_id as "deviceId",
      exists (select from register_reading as r where r.meter_id = installation.meter_id)
      or exists (select from channel join load_day using (channel_id) where channel.point_id = point.point_id)
      or exists (select from channel join load_day using (channel_id) where channel.meter_id = installation.meter_id)
      or exists (select from event where event.device_id = device.device_id)
      or exists (select from attempt where attempt.device_id = device.device_id and attempt.state not in ('queued', 'failed', 'cancelled'))
      or exists (select from contract where contract.point_id = point.point_id)
      or count(*) over (partition by point_id) > 1 as used
    from point left join installation using (point_id) left join device on device.meter_id = installation.meter_id
    where point_id = any(${numbers(pointIds)}::int[])`);
  return rows.filter(({ used }) => !used);
}

async function removeMeters(transaction: Queryable, found: readonly Unused[]): Promise<void> {
  const points = numbers(found.map(({ pointId }) => pointId));
  const meters = numbers(found.flatMap(({ meterId }) => meterId ?? []));
  const devices = numbers(found.flatMap(({ deviceId }) => deviceId ?? []));
  await transaction.query(sql`delete from attempt where device_id = any(${devices}::int[])`);
  await transaction.query(sql`delete from device_plan where device_id = any(${devices}::int[])`);
  await transaction.query(sql`delete from device where device_id = any(${devices}::int[])`);
  await transaction.query(sql`delete from installation where point_id = any(${points}::int[])`);
  await transaction.query(
    sql`delete from channel where point_id = any(${points}::int[]) or meter_id = any(${meters}::int[])`,
  );
  await removeUnknownMeters(
    transaction,
    found.flatMap(({ meterId }) => meterId ?? []),
  );
}

async function remove(
  transaction: Queryable,
  pointIds: readonly number[],
  bare: boolean,
): Promise<readonly number[]> {
  const unused = await findUnused(transaction, pointIds);
  const found = bare ? unused.filter(({ meterId }) => meterId === null) : unused;
  const gone = found.map(({ pointId }) => pointId);
  await removeMeters(transaction, found);
  await transaction.query(sql`delete from point where point_id = any(${numbers(gone)}::int[])`);
  if (bare) return gone;
  // A place that has a code or equipment, or where others stand, is there without the point.
  await transaction.query(sql`
    delete from location as l where location_id = any(${numbers(found.map(({ locationId }) => locationId))}::int[]) and code is null
      and not exists (select from point where point.location_id = l.location_id)
      and not exists (select from location_fitting where location_fitting.location_id = l.location_id)
      and not exists (select from gateway where gateway.location_id = l.location_id)
      and not exists (select from gateway_version where gateway_version.location_id = l.location_id)`);
  return gone;
}
