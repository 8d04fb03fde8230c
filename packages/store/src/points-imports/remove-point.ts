import type { Database, Queryable } from "../database.ts";
import { sqlState } from "../errors.ts";
import { removeUnknownMeter } from "../meters/meter.ts";
import { sql } from "../sql.ts";

/**
 * Takes a point away with the meter, the device and the place that came with it, as long as nothing has happened there: nothing was
 * read, nobody has a contract, no group, no second meter. `false` when something has. A branch stays, also when it is empty then;
 * A `bare` one goes only when no meter ever stood there, and its location stays.
 */
export function removeUnusedPoint(
  db: Database,
  pointId: number,
  { bare = false }: { readonly bare?: boolean } = {},
): Promise<boolean> {
  return unlessNamed(db, (transaction) => remove(transaction, pointId, bare));
}

/** Takes the meter that came to a point away again, with its device, as long as nothing has happened there; the point stays. */
export function removeUnusedMeter(db: Database, pointId: number): Promise<boolean> {
  return unlessNamed(db, async (transaction) => {
    const found = await findUnused(transaction, pointId);
    if (!found) return false;
    await removeMeter(transaction, pointId, found);
    return true;
  });
}

/** `false` when something else names what shall go: a group, a finding, whatever comes later. */
async function unlessNamed(
  db: Database,
  work: (transaction: Queryable) => Promise<boolean>,
): Promise<boolean> {
  try {
    return await db.transaction(work);
  } catch (error) {
    if (sqlState(error) === "23503") return false;
    throw error;
  }
}

interface Unused {
  readonly locationId: number;
  readonly meterId: number | null;
  readonly deviceId: number | null;
}

/** What stands at a point where nothing has happened. */
async function findUnused(transaction: Queryable, pointId: number): Promise<Unused | undefined> {
  // Locked before it is looked at: a meter that somebody puts up at this moment is seen, or comes too late.
  await transaction.query(sql`select from point where point_id = ${pointId}::int for update`);
  const { rows } = await transaction.query<Unused & { used: boolean }>(sql`
    select point.location_id as "locationId", installation.meter_id as "meterId", device.device_id as "deviceId",
      exists (select from register_reading as r where r.meter_id = installation.meter_id)
      or exists (select from channel join load_day using (channel_id)
                 where channel.point_id = point.point_id or channel.meter_id = installation.meter_id)
      or exists (select from event where event.device_id = device.device_id)
      or exists (select from attempt where attempt.device_id = device.device_id and attempt.state not in ('queued', 'failed', 'cancelled'))
      or exists (select from contract where contract.point_id = point.point_id)
      or (select count(*) from installation as each where each.point_id = point.point_id) > 1 as used
    from point left join installation using (point_id) left join device on device.meter_id = installation.meter_id
    where point.point_id = ${pointId}::int`);
  const [found] = rows;
  return found && !found.used && rows.length === 1 ? found : undefined;
}

async function removeMeter(
  transaction: Queryable,
  pointId: number,
  { meterId, deviceId }: Unused,
): Promise<void> {
  await transaction.query(sql`delete from attempt where device_id = ${deviceId}::int`);
  await transaction.query(sql`delete from device_plan where device_id = ${deviceId}::int`);
  await transaction.query(sql`delete from device where device_id = ${deviceId}::int`);
  await transaction.query(sql`delete from installation where point_id = ${pointId}::int`);
  await transaction.query(
    sql`delete from channel where point_id = ${pointId}::int or meter_id = ${meterId}::int`,
  );
  if (meterId !== null) await removeUnknownMeter(transaction, meterId);
}

async function remove(transaction: Queryable, pointId: number, bare: boolean): Promise<boolean> {
  const found = await findUnused(transaction, pointId);
  if (!found || (bare && found.meterId !== null)) return false;
  await removeMeter(transaction, pointId, found);
  await transaction.query(sql`delete from point where point_id = ${pointId}::int`);
  if (bare) return true;
  // A place that has a code or equipment, or where others stand, is there without the point.
  await transaction.query(sql`
    delete from location as l where location_id = ${found.locationId}::int and code is null
      and not exists (select from point where point.location_id = l.location_id)
      and not exists (select from location_fitting where location_fitting.location_id = l.location_id)
      and not exists (select from gateway where gateway.location_id = l.location_id)`);
  return true;
}
