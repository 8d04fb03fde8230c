import { type DeviceSecret, faultsOfSecret, findSecret } from "@energsys/metering";
import type { Database, Queryable } from "./database.ts";
import { keysOfSecret } from "./device-secret.ts";
import { searchText } from "./search-text.ts";
import type { KeyRing } from "./secrets/key-ring.ts";
import { storeActiveKeys } from "./secrets/meter-keys.ts";
import { prepared, sql } from "./sql.ts";

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
}

export interface InventoryOutcome {
  readonly branches: number;
  readonly points: number;
  readonly meters: number;
  readonly installations: number;
  readonly devices: number;
}

const batchMax = 5000;

/**
 * Brings branches, points, meters, installations and devices into the database. Repeating it adds nothing: points are known
 * by POD, meters by manufacturer and serial, devices by identity; what differs is updated. A meter that is installed already is
 * not moved. Devices join the plan when one is given.
 */
export async function importInventory(
  db: Database,
  inventory: Inventory,
  options: { readonly keyRing?: KeyRing } = {},
): Promise<InventoryOutcome> {
  const outcome = await db.transaction(async (transaction) => {
    const paths = [
      ...inventory.branches.map(({ path }) => path),
      ...inventory.points.map(({ branch }) => branch),
    ];
    const { ids: branchIds, added: branches } = await storeBranches(transaction, paths);
    const outcome = { branches, points: 0, meters: 0, installations: 0, devices: 0 };
    const planId = inventory.plan ? await storePlan(transaction, inventory.plan) : undefined;
    for (let start = 0; start < inventory.points.length; start += batchMax) {
      const points = inventory.points.slice(start, start + batchMax);
      outcome.points += await storePoints(transaction, points, branchIds);
      outcome.meters += await storeMeters(transaction, points);
      outcome.installations += await storeInstallations(transaction, points);
      outcome.devices += await storeDevices(transaction, points, options.keyRing);
      if (planId !== undefined) await joinPlan(transaction, points, planId);
    }
    return outcome;
  });
  if (outcome.points > 0) await tellPlanner(db);
  return outcome;
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

/** New points get a location of their own; a known one keeps its location, with the address and place brought up to date. */
async function storePoints(
  db: Queryable,
  points: readonly InventoryPoint[],
  branchIds: ReadonlyMap<string, number>,
): Promise<number> {
  const columns = {
    pods: points.map(({ pod }) => pod),
    names: points.map(({ name }) => name),
    addresses: points.map(({ address }) => address),
    branches: points.map(({ branch }) => branchIds.get(pathKey(branch))),
    latitudes: points.map(({ latitude }) => latitude ?? null),
    longitudes: points.map(({ longitude }) => longitude ?? null),
    phases: points.map(({ phases }) => phases),
    directions: points.map(({ direction }) => direction ?? "import"),
    powers: points.map(({ approvedPowerW }) => approvedPowerW ?? null),
    texts: points.map(({ pod, name, address, branch, meter, device }) =>
      searchText(pod, name, address, ...branch, meter.serial, device.identity),
    ),
  };
  const { rows } = await db.query<{ added: number }>(sql`
    with incoming as (
      select * from unnest(${columns.pods}::text[], ${columns.names}::text[], ${columns.addresses}::text[],
        ${columns.branches}::int[], ${columns.latitudes}::numeric[], ${columns.longitudes}::numeric[],
        ${columns.phases}::smallint[], ${columns.directions}::text[], ${columns.powers}::int[], ${columns.texts}::text[])
        as incoming (pod_code, name, address, branch_id, latitude, longitude, phases, direction, approved_power_w, search_text)
    ), moved as (
      update location set branch_id = incoming.branch_id, address = incoming.address,
        latitude = coalesce(incoming.latitude, location.latitude), longitude = coalesce(incoming.longitude, location.longitude)
      from incoming join point using (pod_code)
      where location.location_id = point.location_id
        and (location.branch_id, location.address, location.latitude, location.longitude) is distinct from
          (incoming.branch_id, incoming.address, coalesce(incoming.latitude::numeric(9, 6), location.latitude),
           coalesce(incoming.longitude::numeric(9, 6), location.longitude))
    ), changed as (
      update point set name = incoming.name, phases = incoming.phases, direction = incoming.direction,
        approved_power_w = coalesce(incoming.approved_power_w, point.approved_power_w), search_text = incoming.search_text
      from incoming
      where point.pod_code = incoming.pod_code
        and (point.name, point.phases, point.direction, point.approved_power_w, point.search_text) is distinct from
          (incoming.name, incoming.phases, incoming.direction, coalesce(incoming.approved_power_w, point.approved_power_w),
           incoming.search_text)
    ), fresh as materialized (
      -- The location's id is drawn here, so that each new point finds its own.
      select incoming.*, nextval(pg_get_serial_sequence('location', 'location_id'))::int as location_id
      from incoming where not exists (select from point where point.pod_code = incoming.pod_code)
    ), places as (
      insert into location (location_id, branch_id, address, latitude, longitude)
      overriding system value
      select location_id, branch_id, address, latitude, longitude from fresh
      returning location_id
    ), added as (
      insert into point (location_id, pod_code, name, phases, direction, approved_power_w, search_text)
      select fresh.location_id, pod_code, name, phases, direction, approved_power_w, search_text
      from fresh join places using (location_id)
      returning 1
    )
    select count(*)::int as added from added`);
  return rows[0]?.added ?? 0;
}

async function storeMeters(db: Queryable, points: readonly InventoryPoint[]): Promise<number> {
  const meters = points.map(({ meter }) => meter);
  const { rows } = await db.query<{ added: number }>(sql`
    with written as (
      insert into meter (manufacturer, serial, model, phases, max_current_a, index_digits)
      select * from unnest(${meters.map(({ manufacturer }) => manufacturer)}::text[],
        ${meters.map(({ serial }) => serial)}::text[], ${meters.map(({ model }) => model)}::text[],
        ${meters.map(({ phases }) => phases)}::smallint[], ${meters.map(({ maxCurrentA }) => maxCurrentA ?? null)}::numeric[],
        ${meters.map(({ indexDigits }) => indexDigits ?? 8)}::smallint[])
      on conflict (manufacturer, serial) do update
        set model = excluded.model, phases = excluded.phases,
          max_current_a = coalesce(excluded.max_current_a, meter.max_current_a), index_digits = excluded.index_digits
        where (meter.model, meter.phases, meter.max_current_a, meter.index_digits) is distinct from
          (excluded.model, excluded.phases, coalesce(excluded.max_current_a, meter.max_current_a), excluded.index_digits)
      returning (xmax = 0) as added
    )
    select (count(*) filter (where added))::int as added from written`);
  return rows[0]?.added ?? 0;
}

async function storeInstallations(db: Queryable, points: readonly InventoryPoint[]): Promise<number> {
  const { rowCount } = await db.query(sql`
    insert into installation (point_id, meter_id, during, ct_ratio, vt_ratio, primary_values)
    select point_id, meter_id, tstzrange(installed_at, null, '[)'), ct_ratio, vt_ratio, primary_values
    from unnest(${points.map(({ pod }) => pod)}::text[], ${points.map(({ meter }) => meter.manufacturer)}::text[],
      ${points.map(({ meter }) => meter.serial)}::text[], ${points.map(({ installedAt }) => installedAt)}::timestamptz[],
      ${points.map(({ ctRatio }) => ctRatio ?? "1")}::numeric[], ${points.map(({ vtRatio }) => vtRatio ?? "1")}::numeric[],
      ${points.map(({ primaryValues }) => primaryValues ?? false)}::boolean[])
      as incoming (pod_code, manufacturer, serial, installed_at, ct_ratio, vt_ratio, primary_values)
    join point using (pod_code)
    join meter using (manufacturer, serial)
    where not exists (select from installation as known
      where (known.point_id = point.point_id or known.meter_id = meter.meter_id) and upper_inf(known.during))`);
  return rowCount;
}

async function storeDevices(
  db: Queryable,
  points: readonly InventoryPoint[],
  keyRing: KeyRing | undefined,
): Promise<number> {
  const secrets = new Map<string, DeviceSecret>();
  for (const { device } of points) {
    const secret = findSecret(device);
    if (!secret) continue;
    const [fault] = Object.entries(faultsOfSecret(secret));
    if (fault) throw new Error(`device ${device.identity}: ${fault[0]}: ${fault[1]}`);
    secrets.set(device.identity, secret);
  }
  const { rows } = await db.query<{ added: number }>(sql`
    with incoming as (
      select device.*, meter.meter_id
      from unnest(${points.map(({ device }) => device.identity)}::text[], ${points.map(({ device }) => device.model)}::text[],
        ${points.map(({ device }) => device.url)}::text[], ${points.map(({ device }) => device.direction)}::text[],
        ${points.map(({ meter }) => meter.manufacturer)}::text[], ${points.map(({ meter }) => meter.serial)}::text[])
        as device (identity, model, url, direction, manufacturer, serial)
      join meter using (manufacturer, serial)
    ), written as (
      insert into device (identity, model, url, direction, meter_id)
      select identity, model, url, direction, meter_id from incoming
      on conflict (identity) do update
        set model = excluded.model, url = excluded.url, direction = excluded.direction, meter_id = excluded.meter_id
        where (device.model, device.url, device.direction, device.meter_id) is distinct from
          (excluded.model, excluded.url, excluded.direction, excluded.meter_id)
      returning (xmax = 0) as added
    )
    select (count(*) filter (where added))::int as added from written`);
  await storeSecrets(db, secrets, keyRing);
  return rows[0]?.added ?? 0;
}

async function storeSecrets(
  db: Queryable,
  secrets: ReadonlyMap<string, DeviceSecret>,
  keyRing: KeyRing | undefined,
): Promise<void> {
  if (secrets.size === 0) return;
  if (!keyRing) throw new Error("devices have secrets, and there is no master key to seal them with");
  const { rows } = await db.query<{ deviceId: number; identity: string }>(sql`
    select device_id as "deviceId", identity from device where identity = any(${[...secrets.keys()]}::text[])`);
  const keys = rows.flatMap(({ deviceId, identity }) => keysOfSecret(deviceId, secrets.get(identity) ?? {}));
  await storeActiveKeys(db, keyRing, keys, { origin: "imported" });
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

async function joinPlan(db: Queryable, points: readonly InventoryPoint[], planId: number): Promise<void> {
  const identities = points.map(({ device }) => device.identity);
  await db.query(
    prepared(
      "inventory-join-plan",
      sql`
        insert into device_plan (device_id, reading_plan_id)
        select device_id, ${planId}::int from device where identity = any(${identities}::text[])
        on conflict do nothing`,
    ),
  );
}
