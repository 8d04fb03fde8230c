import { findMeterModel } from "@energsys/metering/models";
import { readBranches } from "../branches.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import type { MadeBefore } from "../exchanges/make.ts";
import { importInventory } from "../inventory.ts";
import { podHashes } from "../personal/place-of-point.ts";
import { findTaken } from "../point-readings.ts";
import { inScope, type Scope } from "../scope.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { instant, sql } from "../sql.ts";
import { adoptGatewayMeter } from "./meters.ts";
import { lockAdopted } from "./ownership.ts";

/** A meter that a concentrator found, and the point that it is to measure: one that is there, or a new one. */
export interface MeterAdoption {
  readonly logicalDevice: number;
  readonly pod: string;
  /** Of a new point; the meter's name when absent. */
  readonly name?: string;
  /** Of a new point; the address of the concentrator when absent. */
  readonly address?: string;
}

/** What became of one, or would: at a point that is there, at a new one, or refused with a code. */
export interface MeterAdopted {
  readonly logicalDevice: number;
  readonly name: string;
  readonly outcome: "existing" | "new" | "refused";
  readonly errorCode: string | null;
  readonly pointId: number | null;
}

/** As far back as a meter's memory can reach: what it measured before somebody entered it is its point's as well. */
const memoryDays = 400;
const fallbackModel = "generic-dlms";

interface FoundMeter {
  readonly name: string;
  readonly model: string;
  readonly deviceId: number | null;
}

/** How a meter is written down: its maker, number and model. */
export interface MeterPlate {
  readonly manufacturer: string;
  readonly serial: string;
  readonly model: string;
}

/**
 * The plate of the meter of that name: as it was entered with its device; else the three letters of the maker and the number that the name is
 * made of, and the model as the concentrator says it, where we know that.
 */
export async function plateOf(
  db: Queryable,
  { name, model }: { name: string; model: string },
): Promise<MeterPlate> {
  const { rows } = await db.query<MeterPlate>(sql`
    select manufacturer, serial, meter.model from device join meter using (meter_id) where identity = ${name}`);
  if (rows[0]) return rows[0];
  const split = /^([A-Z]{3})(.+)$/.exec(name);
  return {
    ...(split ? { manufacturer: split[1]!, serial: split[2]! } : { manufacturer: "", serial: name }),
    model: findMeterModel(model) ? model : fallbackModel,
  };
}

/**
 * Adopts meters that a concentrator found, each for itself: one that is refused does not hold up the others. A point that is there must have no
 * meter, or this one already; a code that nobody knows becomes a new point in the concentrator's branch.
 * @param dryRun only says what would come of it
 * @throws StoreError `gateway.not-found`, `gateway.not-adopted`
 */
export async function adoptMeters(
  db: Database,
  scope: Scope,
  gatewayId: number,
  given: {
    readonly meters: readonly MeterAdoption[];
    readonly by: string;
    readonly nowMs: number;
    readonly dryRun?: boolean;
    readonly address: string;
  },
): Promise<MeterAdopted[]> {
  await db.transaction((transaction) => lockAdopted(transaction, scope, gatewayId));
  const { rows } = await db.query<{ branchId: number | null }>(
    sql`select branch_id as "branchId" from gateway where gateway_id = ${gatewayId}::int`,
  );
  const branch = (await readBranches(db)).get(rows[0]?.branchId ?? -1)?.path;
  const outcomes: MeterAdopted[] = [];
  const podsTaken = new Set<string>();
  for (const meter of given.meters) {
    const found = await findMeter(db, gatewayId, meter.logicalDevice);
    const told = { logicalDevice: meter.logicalDevice, name: found?.name ?? "" };
    try {
      if (!found) throw new StoreError("gateway.meter-not-found", "no such logical device");
      if (found.deviceId !== null) throw new StoreError("gateway.meter-adopted", `${found.name} is adopted`);
      if (podsTaken.has(meter.pod)) throw new StoreError("point.has-meter", "two meters for one point");
      podsTaken.add(meter.pod);
      const place = await findPlace(db, scope, meter, found);
      if (!place.isThere && branch === undefined)
        throw new StoreError("branch.not-found", "the concentrator stands in no branch");
      let pointId = place.pointId;
      if (!given.dryRun) {
        if (place.isThere) await installAt(db, place.pointId!, found, given.nowMs);
        else await makePoint(db, meter, found, { branch: branch!, ...given });
        pointId = await join(db, gatewayId, meter.logicalDevice, found.name, given.by);
      }
      outcomes.push({ ...told, outcome: place.isThere ? "existing" : "new", errorCode: null, pointId });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      outcomes.push({ ...told, outcome: "refused", errorCode: error.code, pointId: null });
    }
  }
  return outcomes;
}

async function findMeter(
  db: Queryable,
  gatewayId: number,
  logicalDevice: number,
): Promise<FoundMeter | undefined> {
  const { rows } = await db.query<FoundMeter>(sql`
    select name, model, device_id as "deviceId" from gateway_meter
    where gateway_id = ${gatewayId}::int and logical_device = ${logicalDevice}::int`);
  return rows[0];
}

/** The point of a code, if it can take this meter. @throws StoreError `point.has-meter`, `device.exists` */
async function findPlace(
  db: Database,
  scope: Scope,
  { pod }: MeterAdoption,
  found: FoundMeter,
): Promise<{ isThere: boolean; pointId: number | null }> {
  const { name } = found;
  const hashes = await podHashes(keyRingOf(db), [pod]);
  const { rows } = await db.query<{
    pointId: number;
    within: boolean;
    identity: string | null;
    occupied: boolean;
  }>(sql`
    select p.point_id as "pointId", (${inScope(scope)}) as within, d.identity, i.meter_id is not null as occupied
    from point as p join location as l using (location_id)
    left join installation as i on i.point_id = p.point_id and upper_inf(i.during)
    left join device as d on d.meter_id = i.meter_id
    where p.pod_hash = any(${hashes}::bytea[])`);
  const [point] = rows;
  const isHere = rows.some(({ identity }) => identity === name);
  // A point of others is one that cannot be had; that it is there is not told.
  if (point && !point.within) throw new StoreError("point.has-meter", "the point has a meter");
  if (point?.occupied && !isHere) throw new StoreError("point.has-meter", "the point has a meter");
  if (!isHere) {
    const taken = await findTaken(db, scope, { identity: name, pod, ...(await plateOf(db, found)) });
    // A device that was entered for this meter and stands nowhere is the one that is wanted.
    if (taken.includes("serial")) throw new StoreError("device.exists", "the meter stands at another point");
  }
  return { isThere: point !== undefined, pointId: point?.pointId ?? null };
}

/** Puts the meter at a point that is there, from when the last one went, or as far back as its memory reaches. */
async function installAt(db: Database, pointId: number, found: FoundMeter, nowMs: number): Promise<void> {
  const earliest = instant(nowMs - memoryDays * 86_400_000);
  await db.transaction(async (transaction) => {
    const { manufacturer, serial } = await makeMeter(transaction, pointId, found);
    await transaction.query(sql`
      insert into installation (point_id, meter_id, during)
      select ${pointId}::int, meter_id, tstzrange(greatest(${earliest}::timestamptz,
        (select max(upper(during)) from installation as before
         where before.point_id = ${pointId}::int or before.meter_id = meter.meter_id)), null, '[)')
      from meter where manufacturer = ${manufacturer} and serial = ${serial}
        and not exists (select from installation as now where now.meter_id = meter.meter_id and upper_inf(now.during))`);
  });
}

/** A meter and its device, where they are not there yet. Gives the plate, and what was made. */
export async function makeMeter(
  db: Queryable,
  pointId: number,
  meter: { readonly name: string; readonly model: string },
): Promise<MeterPlate & { readonly made: MadeBefore }> {
  const plate = await plateOf(db, meter);
  const { manufacturer, serial, model } = plate;
  const { rowCount } = await db.query(sql`
    insert into meter (manufacturer, serial, model, phases)
    select ${manufacturer}, ${serial}, ${model}, phases from point where point_id = ${pointId}::int
    on conflict (manufacturer, serial) do nothing`);
  const { rows } = await db.query<{ deviceId: number; added: boolean }>(sql`
    insert into device (identity, model, url, direction, meter_id)
    select ${meter.name}, ${model}, 'dlms+tcp://', 'call-in', meter_id from meter
    where manufacturer = ${manufacturer} and serial = ${serial}
    on conflict (identity) do update set meter_id = excluded.meter_id, enabled = true where device.meter_id is null
    returning device_id as "deviceId", xmax = 0 as added`);
  return { ...plate, made: { meter: rowCount > 0, deviceId: rows[0]?.added ? rows[0].deviceId : null } };
}

async function makePoint(
  db: Database,
  { pod, name, address }: MeterAdoption,
  found: FoundMeter,
  given: { readonly branch: readonly string[]; readonly address: string; readonly nowMs: number },
): Promise<void> {
  const plate = await plateOf(db, found);
  await importInventory(db, {
    branches: [],
    points: [
      {
        pod,
        name: name ?? found.name,
        address: address ?? given.address,
        branch: given.branch,
        phases: 1,
        meter: { ...plate, phases: 1 },
        installedAt: instant(given.nowMs - memoryDays * 86_400_000),
        device: { identity: found.name, model: plate.model, url: "dlms+tcp://", direction: "call-in" },
      },
    ],
  });
}

/** Joins the logical device with its device; gives the point. @throws StoreError `gateway.no-device`, `gateway.other-name` */
async function join(
  db: Database,
  gatewayId: number,
  logicalDevice: number,
  name: string,
  by: string,
): Promise<number> {
  const { rows } = await db.query<{ deviceId: number; pointId: number | null }>(sql`
    select d.device_id as "deviceId", i.point_id as "pointId" from device as d
    left join installation as i on i.meter_id = d.meter_id and upper_inf(i.during) where d.identity = ${name}`);
  const [device] = rows;
  if (!device || device.pointId === null)
    throw new StoreError("gateway.no-device", `no device ${name} at a point`);
  await adoptGatewayMeter(db, { gatewayId, logicalDevice, deviceId: device.deviceId, by });
  return device.pointId;
}
