import { type DeviceSecret, faultsOfSecret, findSecret } from "@energsys/metering";
import type { Database, Queryable } from "./database.ts";
import { keysOfSecret } from "./device-secret.ts";
import type { InventoryGroups } from "./groups/inventory-groups.ts";
import { formersOf, storeExchangeIndices, storeFormerInstallations } from "./inventory-formers.ts";
import { type InventoryGateway, leavePlans, storeGateways } from "./inventory-gateways.ts";
import { storePoints } from "./inventory-points.ts";
import type { KeyRing } from "./secrets/key-ring.ts";
import { storeActiveKeys } from "./secrets/meter-keys.ts";
import type { DataKeyKind } from "./secrets/places.ts";
import { keyRingOf } from "./secrets/ring-of.ts";
import { sql } from "./sql.ts";

export interface InventoryMeter {
  readonly serial: string;
  readonly manufacturer: string;
  /** Name of a meter model. */
  readonly model: string;
  readonly phases: 1 | 3;
  readonly maxCurrentA?: number;
  /** Digits before the decimal point of the index, where it rolls over. */
  readonly indexDigits?: number;
}

/** A device; its secrets are sealed by the master key before they are stored. */
export interface InventoryDevice extends DeviceSecret {
  /** What the device claims to be: serial number, logical device name or call-in identity. */
  readonly identity: string;
  readonly model: string;
  readonly url: string;
  readonly direction: "dial" | "call-in";
}

/** A meter that was exchanged: it stood at the point until `removedAt`, an ISO 8601 instant. */
export interface FormerMeter {
  readonly meter: InventoryMeter;
  readonly device: InventoryDevice;
  readonly installedAt: string;
  readonly removedAt: string;
  /** Exact kWh: what it showed when it was taken down, and what the next one showed then. */
  readonly finalIndexKwh?: string;
  readonly nextIndexKwh?: string;
}

export interface InventoryPoint {
  readonly pod: string;
  readonly name: string;
  readonly address: string;
  /** Names of the branches from the top, such as ["Câmpina", "PT 12"]; made when they are missing. */
  readonly branch: readonly string[];
  readonly latitude?: number;
  readonly longitude?: number;
  readonly phases: 1 | 3;
  readonly direction?: "import" | "export" | "both";
  readonly approvedPowerW?: number;
  readonly meter: InventoryMeter;
  /** ISO 8601 instant. */
  readonly installedAt: string;
  /** Meters that stood there before this one, oldest first. */
  readonly before?: readonly FormerMeter[];
  /** Exact decimal, `20` or `20.5`. */
  readonly ctRatio?: string;
  readonly vtRatio?: string;
  /** The meter shows primary values already: the ratios are not applied. */
  readonly primaryValues?: boolean;
  readonly device: InventoryDevice;
}

export interface Inventory {
  readonly branches: readonly { readonly path: readonly string[] }[];
  readonly points: readonly InventoryPoint[];
  readonly plan?: { readonly name: string; readonly everySeconds: number; readonly backfillDays: number };
  readonly gateways?: readonly InventoryGateway[];
  /** Brought in by `importGroups`, after the points. */
  readonly groups?: InventoryGroups;
}

export interface InventoryOutcome {
  readonly branches: number;
  readonly points: number;
  readonly meters: number;
  readonly installations: number;
  readonly devices: number;
  readonly gateways: number;
}

const batchMax = 5000;
/** From so many new points on the planner is told of them; before, the database's own housekeeping is soon enough. */
const toldFrom = 1000;
const sealedBy: readonly DataKeyKind[] = ["personal", "personal-index", "meter-key", "lookup"];

/**
 * Brings branches, points, meters, installations and devices into the database. Repeating it adds nothing: points are known
 * by POD, meters by manufacturer and serial, devices by identity; what differs is updated. A meter that is installed already is
 * not moved. Meters that were exchanged come with both indices, and nobody calls for them. `exact`: what the inventory does not say of a
 * point or meter that is there is taken away; otherwise it stays. Devices join the plan when one is given. Codes, names, addresses and secrets are sealed by `keyRing`, or by the one
 * that the database holds. It needs one connection: also what the key ring asks goes over that of the transaction.
 * @throws StoreError `secret.key-missing`
 */
export async function importInventory(
  db: Database,
  inventory: Inventory,
  options: { readonly keyRing?: KeyRing; readonly exact?: boolean } = {},
): Promise<InventoryOutcome> {
  const { exact = false } = options;
  const ring = options.keyRing ?? keyRingOf(db);
  const secrets = secretsOf(inventory.points);
  await ring.prepare(secrets.size > 0 ? sealedBy : sealedBy.slice(0, 2));
  const outcome = await db.transaction(async (transaction) => {
    const held = ring.within(transaction);
    const paths = new Map<string, readonly string[]>();
    const { gateways = [] } = inventory;
    for (const { path } of inventory.branches) paths.set(pathKey(path), path);
    for (const { branch } of gateways) paths.set(pathKey(branch), branch);
    const keys = inventory.points.map(({ branch }) => pathKey(branch));
    inventory.points.forEach(({ branch }, nth) => {
      paths.set(keys[nth] as string, branch);
    });
    const { ids: branchIds, added: branches } = await storeBranches(transaction, [...paths.values()]);
    const outcome = { branches, points: 0, meters: 0, installations: 0, devices: 0, gateways: 0 };
    const { added: gatewaysAdded, gatewayOf } = await storeGateways(transaction, gateways, (path) =>
      branchIds.get(pathKey(path)),
    );
    outcome.gateways = gatewaysAdded;
    const planId = inventory.plan ? await storePlan(transaction, inventory.plan) : undefined;
    for (let start = 0; start < inventory.points.length; start += batchMax) {
      const points = inventory.points.slice(start, start + batchMax);
      const branchOf = points.map((_, nth) => branchIds.get(keys[start + nth] as string));
      const { added, pointIds } = await storePoints(transaction, held, points, branchOf, exact);
      // A point without a meter is a point all the same.
      const metered = points.flatMap((point, nth) =>
        point.meter.serial === "" ? [] : [{ point, pointId: pointIds[nth]! }],
      );
      const standing = metered.map(({ point }) => point);
      const meters = await storeMeters(transaction, standing, exact);
      outcome.points += added;
      outcome.meters += meters.added;
      const gone = formersOf(points, pointIds);
      const former = await storeMeters(transaction, gone.points, false);
      outcome.meters += former.added;
      outcome.installations += await storeFormerInstallations(transaction, gone, former.meterIds);
      outcome.installations += await storeInstallations(
        transaction,
        standing,
        metered.map(({ pointId }) => pointId),
        meters.meterIds,
      );
      const devices = await storeDevices(
        transaction,
        standing,
        meters.meterIds,
        gatewayOf,
        inventory.plan?.everySeconds,
      );
      outcome.devices += devices.added;
      if (gone.points.length > 0) {
        const { added } = await storeDevices(transaction, gone.points, former.meterIds, gatewayOf, undefined);
        outcome.devices += added;
        await storeExchangeIndices(transaction, gone, former.meterIds, meters.meterIds);
      }
      await storeSecrets(transaction, held, devices.idsByIdentity, secrets);
      if (planId !== undefined) await joinPlan(transaction, [...devices.idsByIdentity.values()], planId);
    }
    await leavePlans(transaction, [...gatewayOf.keys()]);
    return outcome;
  });
  if (outcome.points >= toldFrom) await tellPlanner(db);
  return outcome;
}

/** Secrets of the devices that have some, checked before anything is written. */
function secretsOf(points: readonly InventoryPoint[]): ReadonlyMap<string, DeviceSecret> {
  const secrets = new Map<string, DeviceSecret>();
  for (const { device } of points) {
    const secret = findSecret(device);
    if (!secret) continue;
    const [fault] = Object.entries(faultsOfSecret(secret));
    if (fault) throw new Error(`device ${device.identity}: ${fault[0]}: ${fault[1]}`);
    secrets.set(device.identity, secret);
  }
  return secrets;
}

/**
 * Without this the database knows nothing of a network that has just come until its own housekeeping passes, and a search among
 * 100,000 points takes a second instead of milliseconds.
 */
async function tellPlanner(db: Database): Promise<void> {
  await db.query(sql`select tell_planner()`);
}

const pathKey = (path: readonly string[]): string => JSON.stringify(path);

/** Stores a tree level by level, so that each parent has its id before its children. */
async function storeBranches(
  db: Queryable,
  paths: readonly (readonly string[])[],
): Promise<{ ids: ReadonlyMap<string, number>; added: number }> {
  const ids = new Map<string, number>();
  const depth = Math.max(0, ...paths.map((path) => path.length));
  let added = 0;
  for (let level = 1; level <= depth; level++) {
    const wanted = new Map<string, readonly string[]>();
    for (const path of paths) {
      if (path.length >= level) wanted.set(pathKey(path.slice(0, level)), path.slice(0, level));
    }
    const list = [...wanted.values()];
    const names = list.map((path) => path[level - 1]);
    const parents = list.map((path) => (level === 1 ? null : ids.get(pathKey(path.slice(0, -1)))));
    const written = await db.query(sql`
      insert into branch (parent_id, name)
      select * from unnest(${parents}::int[], ${names}::text[])
      on conflict do nothing`);
    added += written.rowCount;
    const { rows } = await db.query<{ branch_id: number; nth: number }>(sql`
      select branch_id, nth::int as nth
      from unnest(${parents}::int[], ${names}::text[]) with ordinality as wanted (parent_id, name, nth)
      join branch on branch.name = wanted.name and branch.parent_id is not distinct from wanted.parent_id`);
    for (const { branch_id, nth } of rows) ids.set(pathKey(list[nth - 1] ?? []), branch_id);
  }
  return { ids, added };
}

/** Gives how many came, and the numbers of all in the order of `points`. */
async function storeMeters(
  db: Queryable,
  points: readonly InventoryPoint[],
  exact: boolean,
): Promise<{ added: number; meterIds: number[] }> {
  const meters = points.map(({ meter }) => meter);
  const manufacturers = meters.map(({ manufacturer }) => manufacturer);
  const serials = meters.map(({ serial }) => serial);
  const { rows } = await db.query<{ added: number }>(sql`
    with written as (
      insert into meter (manufacturer, serial, model, phases, max_current_a, index_digits)
      select manufacturer, serial, incoming.model, incoming.phases, incoming.max_current_a,
        coalesce(incoming.index_digits, known.index_digits, 8)
      from unnest(${manufacturers}::text[], ${serials}::text[], ${meters.map(({ model }) => model)}::text[],
        ${meters.map(({ phases }) => phases)}::smallint[], ${meters.map(({ maxCurrentA }) => maxCurrentA ?? null)}::numeric[],
        ${meters.map(({ indexDigits }) => indexDigits ?? null)}::smallint[])
        as incoming (manufacturer, serial, model, phases, max_current_a, index_digits)
      left join meter as known using (manufacturer, serial)
      on conflict (manufacturer, serial) do update
        set model = excluded.model, phases = excluded.phases, index_digits = excluded.index_digits,
          max_current_a = case when ${exact} then excluded.max_current_a else coalesce(excluded.max_current_a, meter.max_current_a) end
        where (meter.model, meter.phases, meter.max_current_a, meter.index_digits) is distinct from
          (excluded.model, excluded.phases,
            case when ${exact} then excluded.max_current_a else coalesce(excluded.max_current_a, meter.max_current_a) end,
            excluded.index_digits)
      returning (xmax = 0) as added
    )
    select (count(*) filter (where added))::int as added from written`);
  const found = await db.query<{ meterId: number }>(sql`
    select meter_id as "meterId"
    from unnest(${manufacturers}::text[], ${serials}::text[]) with ordinality as wanted (manufacturer, serial, nth)
    join meter using (manufacturer, serial) order by nth`);
  return { added: rows[0]?.added ?? 0, meterIds: found.rows.map(({ meterId }) => meterId) };
}

async function storeInstallations(
  db: Queryable,
  points: readonly InventoryPoint[],
  pointIds: readonly number[],
  meterIds: readonly number[],
): Promise<number> {
  const { rowCount } = await db.query(sql`
    insert into installation (point_id, meter_id, during, ct_ratio, vt_ratio, primary_values)
    select point_id, meter_id, tstzrange(installed_at, null, '[)'), ct_ratio, vt_ratio, primary_values
    from unnest(${pointIds}::int[], ${meterIds}::int[], ${points.map(({ installedAt }) => installedAt)}::timestamptz[],
      ${points.map(({ ctRatio }) => ctRatio ?? "1")}::numeric[], ${points.map(({ vtRatio }) => vtRatio ?? "1")}::numeric[],
      ${points.map(({ primaryValues }) => primaryValues ?? false)}::boolean[])
      as incoming (point_id, meter_id, installed_at, ct_ratio, vt_ratio, primary_values)
    where not exists (select from installation as known where known.point_id = incoming.point_id and upper_inf(known.during))
      and not exists (select from installation as known where known.meter_id = incoming.meter_id and upper_inf(known.during))`);
  return rowCount;
}

/** Gives how many came, and the numbers of all. */
async function storeDevices(
  db: Queryable,
  points: readonly InventoryPoint[],
  meterIds: readonly number[],
  gatewayOf: ReadonlyMap<string, number>,
  everySeconds: number | undefined,
): Promise<{ added: number; idsByIdentity: ReadonlyMap<string, number> }> {
  const identities = points.map(({ device }) => device.identity);
  const { rows } = await db.query<{ added: number }>(sql`
    with written as (
      insert into device (identity, model, url, direction, meter_id, gateway_id, quiet_seconds)
      select incoming.*, quiet_seconds_of(case when gateway_id is null then ${everySeconds ?? null}::int end)
      from unnest(${identities}::text[], ${points.map(({ device }) => device.model)}::text[],
        ${points.map(({ device }) => device.url)}::text[], ${points.map(({ device }) => device.direction)}::text[],
        ${meterIds}::int[], ${identities.map((identity) => gatewayOf.get(identity) ?? null)}::int[])
        as incoming (identity, model, url, direction, meter_id, gateway_id)
      -- Where a meter behind a concentrator is read, its concentrator told.
      on conflict (identity) do update
        set model = excluded.model, meter_id = excluded.meter_id,
          gateway_id = coalesce(excluded.gateway_id, device.gateway_id),
          url = case when device.gateway_id is null then excluded.url else device.url end,
          direction = case when device.gateway_id is null then excluded.direction else device.direction end
        where (device.model, device.meter_id) is distinct from (excluded.model, excluded.meter_id)
          or device.gateway_id is distinct from coalesce(excluded.gateway_id, device.gateway_id)
          or (device.gateway_id is null and (device.url, device.direction) is distinct from (excluded.url, excluded.direction))
      returning (xmax = 0) as added
    )
    select (count(*) filter (where added))::int as added from written`);
  const found = await db.query<{ deviceId: number; identity: string }>(sql`
    select device_id as "deviceId", identity from device where identity = any(${identities}::text[])`);
  return {
    added: rows[0]?.added ?? 0,
    idsByIdentity: new Map(found.rows.map(({ deviceId, identity }) => [identity, deviceId])),
  };
}

async function storeSecrets(
  db: Queryable,
  ring: KeyRing,
  idsByIdentity: ReadonlyMap<string, number>,
  secrets: ReadonlyMap<string, DeviceSecret>,
): Promise<void> {
  const keys = [...idsByIdentity].flatMap(([identity, deviceId]) => {
    const secret = secrets.get(identity);
    return secret ? keysOfSecret(deviceId, secret) : [];
  });
  await storeActiveKeys(db, ring, keys, { origin: "imported" });
}

async function storePlan(db: Queryable, plan: NonNullable<Inventory["plan"]>): Promise<number> {
  const { rows } = await db.query<{ reading_plan_id: number }>(sql`
    insert into reading_plan (name, every_seconds, backfill_days)
    values (${plan.name}, ${plan.everySeconds}, ${plan.backfillDays})
    on conflict (name) do update set every_seconds = excluded.every_seconds, backfill_days = excluded.backfill_days
    returning reading_plan_id`);
  const row = rows[0];
  if (!row) throw new Error("an upsert returned no row");
  return row.reading_plan_id;
}

async function joinPlan(db: Queryable, deviceIds: readonly number[], planId: number): Promise<void> {
  await db.query(sql`
    insert into device_plan (device_id, reading_plan_id)
    select device_id, ${planId}::int from device where device_id = any(${deviceIds}::int[]) and gateway_id is null
    on conflict do nothing`);
}
