import { type DeviceSecret, faultsOfSecret, findSecret } from "@energsys/metering";
import type { Database, Queryable } from "./database.ts";
import { keysOfSecret } from "./device-secret.ts";
import { openLocations, podHashes, sealLocations, sealPoints } from "./personal/place-of-point.ts";
import { searchText } from "./search-text.ts";
import type { KeyRing } from "./secrets/key-ring.ts";
import { storeActiveKeys } from "./secrets/meter-keys.ts";
import { keyRingOf } from "./secrets/ring-of.ts";
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
 * not moved. Devices join the plan when one is given. Codes, names, addresses and secrets are sealed by `keyRing`, or by the one
 * that the database holds.
 * @throws StoreError `secret.key-missing`
 */
export async function importInventory(
  db: Database,
  inventory: Inventory,
  options: { readonly keyRing?: KeyRing } = {},
): Promise<InventoryOutcome> {
  const ring = options.keyRing ?? keyRingOf(db);
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
      const { added, pointIds } = await storePoints(transaction, ring, points, branchIds);
      outcome.points += added;
      outcome.meters += await storeMeters(transaction, points);
      outcome.installations += await storeInstallations(transaction, points, pointIds);
      outcome.devices += await storeDevices(transaction, points, ring);
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

interface KnownPoint {
  readonly pointId: number;
  readonly locationId: number;
  readonly podHash: Buffer;
  readonly place: Buffer | null;
}

/** Points that are there already, by the place of their code in `pods`. */
async function findKnown(
  db: Queryable,
  ring: KeyRing,
  pods: readonly string[],
): Promise<{ known: (KnownPoint | undefined)[]; hashes: Buffer[] }> {
  const hashes = await podHashes(ring, pods);
  const { rows } = await db.query<KnownPoint>(sql`
    select point_id as "pointId", location_id as "locationId", pod_hash as "podHash", location.sealed as place
    from point join location using (location_id) where pod_hash = any(${hashes}::bytea[])`);
  const byHash = new Map(rows.map((row) => [row.podHash.toString("latin1"), row]));
  const known: (KnownPoint | undefined)[] = pods.map(() => undefined);
  hashes.forEach((hash, nth) => {
    known[nth % pods.length] ??= byHash.get(hash.toString("latin1"));
  });
  return { known, hashes: hashes.slice(0, pods.length) };
}

async function drawIds(db: Queryable, count: number): Promise<{ pointIds: number[]; locationIds: number[] }> {
  const { rows } = await db.query<{ pointId: number; locationId: number }>(sql`
    select nextval(pg_get_serial_sequence('point', 'point_id'))::int as "pointId",
      nextval(pg_get_serial_sequence('location', 'location_id'))::int as "locationId"
    from generate_series(1, ${count}::int)`);
  return { pointIds: rows.map((row) => row.pointId), locationIds: rows.map((row) => row.locationId) };
}

/**
 * New points get a location of their own; a known one keeps its location, with the address and place brought up to date. Numbers
 * are drawn before the rows are written, since what is sealed is bound to the number of its row.
 * Gives how many came, and the numbers of all in the order of `points`.
 */
async function storePoints(
  db: Queryable,
  ring: KeyRing,
  points: readonly InventoryPoint[],
  branchIds: ReadonlyMap<string, number>,
): Promise<{ added: number; pointIds: number[] }> {
  const { known, hashes } = await findKnown(
    db,
    ring,
    points.map(({ pod }) => pod),
  );
  const drawn = await drawIds(db, known.filter((each) => each === undefined).length);
  const places = await openLocations(
    ring,
    known.flatMap((each) => (each ? [{ locationId: each.locationId, sealed: each.place }] : [])),
  );
  let [nextDrawn, nextPlace] = [0, 0];
  const rows = points.map((point, nth) => {
    const row = known[nth];
    const place = row && places[nextPlace++];
    const fresh = row ? undefined : nextDrawn++;
    return {
      isNew: fresh !== undefined,
      pointId: row?.pointId ?? (drawn.pointIds[fresh!] as number),
      locationId: row?.locationId ?? (drawn.locationIds[fresh!] as number),
      podHash: row?.podHash ?? (hashes[nth] as Buffer),
      pod: point.pod,
      name: point.name,
      address: point.address,
      latitude: point.latitude ?? place?.latitude ?? null,
      longitude: point.longitude ?? place?.longitude ?? null,
    };
  });
  const [names, sites] = await Promise.all([sealPoints(ring, rows), sealLocations(ring, rows)]);
  const { rows: counted } = await db.query<{ added: number }>(sql`
    with incoming as (
      select * from unnest(${rows.map(({ isNew }) => isNew)}::boolean[], ${rows.map(({ pointId }) => pointId)}::int[],
        ${rows.map(({ locationId }) => locationId)}::int[], ${rows.map(({ podHash }) => podHash)}::bytea[],
        ${names.map(({ sealed }) => sealed)}::bytea[], ${names.map(({ personalHash }) => personalHash)}::bytea[],
        ${sites.map(({ sealed }) => sealed)}::bytea[], ${sites.map(({ personalHash }) => personalHash)}::bytea[],
        ${points.map(({ branch }) => branchIds.get(pathKey(branch)))}::int[], ${points.map(({ phases }) => phases)}::smallint[],
        ${points.map(({ direction }) => direction ?? "import")}::text[],
        ${points.map(({ approvedPowerW }) => approvedPowerW ?? null)}::int[],
        ${points.map(({ branch, meter, device }) => searchText(...branch, meter.serial, device.identity))}::text[])
        as incoming (is_new, point_id, location_id, pod_hash, names, names_hash, place, place_hash, branch_id, phases,
          direction, approved_power_w, search_text)
    ), moved as (
      update location set branch_id = incoming.branch_id, sealed = incoming.place, personal_hash = incoming.place_hash
      from incoming where not is_new and location.location_id = incoming.location_id
        and (location.branch_id, location.personal_hash) is distinct from (incoming.branch_id, incoming.place_hash)
    ), changed as (
      update point set sealed = incoming.names, personal_hash = incoming.names_hash, phases = incoming.phases,
        direction = incoming.direction, approved_power_w = coalesce(incoming.approved_power_w, point.approved_power_w),
        search_text = incoming.search_text
      from incoming where not is_new and point.point_id = incoming.point_id
        and (point.personal_hash, point.phases, point.direction, point.approved_power_w, point.search_text) is distinct from
          (incoming.names_hash, incoming.phases, incoming.direction,
           coalesce(incoming.approved_power_w, point.approved_power_w), incoming.search_text)
    ), places as (
      insert into location (location_id, branch_id, sealed, personal_hash) overriding system value
      select location_id, branch_id, place, place_hash from incoming where is_new
      returning location_id
    ), added as (
      insert into point (point_id, location_id, pod_hash, sealed, personal_hash, phases, direction, approved_power_w, search_text)
      overriding system value
      select point_id, location_id, pod_hash, names, names_hash, phases, direction, approved_power_w, search_text
      from incoming join places using (location_id)
      returning 1
    )
    select count(*)::int as added from added`);
  return { added: counted[0]?.added ?? 0, pointIds: rows.map(({ pointId }) => pointId) };
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

async function storeInstallations(
  db: Queryable,
  points: readonly InventoryPoint[],
  pointIds: readonly number[],
): Promise<number> {
  const { rowCount } = await db.query(sql`
    insert into installation (point_id, meter_id, during, ct_ratio, vt_ratio, primary_values)
    select point_id, meter_id, tstzrange(installed_at, null, '[)'), ct_ratio, vt_ratio, primary_values
    from unnest(${pointIds}::int[], ${points.map(({ meter }) => meter.manufacturer)}::text[],
      ${points.map(({ meter }) => meter.serial)}::text[], ${points.map(({ installedAt }) => installedAt)}::timestamptz[],
      ${points.map(({ ctRatio }) => ctRatio ?? "1")}::numeric[], ${points.map(({ vtRatio }) => vtRatio ?? "1")}::numeric[],
      ${points.map(({ primaryValues }) => primaryValues ?? false)}::boolean[])
      as incoming (point_id, manufacturer, serial, installed_at, ct_ratio, vt_ratio, primary_values)
    join point using (point_id)
    join meter using (manufacturer, serial)
    where not exists (select from installation as known
      where (known.point_id = point.point_id or known.meter_id = meter.meter_id) and upper_inf(known.during))`);
  return rowCount;
}

async function storeDevices(
  db: Queryable,
  points: readonly InventoryPoint[],
  keyRing: KeyRing,
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
  keyRing: KeyRing,
): Promise<void> {
  if (secrets.size === 0) return;
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
