import type { Queryable } from "./database.ts";
import type { InventoryPoint } from "./inventory.ts";
import { openLocations, podHashes, sealLocations, sealPoints } from "./personal/place-of-point.ts";
import { searchText } from "./search-text.ts";
import type { KeyRing } from "./secrets/key-ring.ts";
import { sql } from "./sql.ts";

interface KnownPoint {
  readonly pointId: number;
  readonly locationId: number;
  readonly podHash: Buffer;
  readonly namesHash: Buffer | null;
  readonly place: Buffer | null;
  readonly placeHash: Buffer | null;
}

/** Points that are there already, by the place of their code in `pods`. */
async function findKnown(
  db: Queryable,
  ring: KeyRing,
  pods: readonly string[],
): Promise<{ known: (KnownPoint | undefined)[]; hashes: Buffer[] }> {
  const hashes = await podHashes(ring, pods);
  const { rows } = await db.query<KnownPoint>(sql`
    select point_id as "pointId", location_id as "locationId", pod_hash as "podHash", point.personal_hash as "namesHash",
      location.sealed as place, location.personal_hash as "placeHash"
    from point join location using (location_id) where pod_hash = any(${hashes}::bytea[])`);
  const byHash = new Map(rows.map((row) => [row.podHash.toString("latin1"), row]));
  const known: (KnownPoint | undefined)[] = pods.map(() => undefined);
  if (rows.length > 0) {
    hashes.forEach((hash, nth) => {
      known[nth % pods.length] ??= byHash.get(hash.toString("latin1"));
    });
  }
  return { known, hashes: hashes.slice(0, pods.length) };
}

async function drawIds(db: Queryable, count: number): Promise<{ pointIds: number[]; locationIds: number[] }> {
  if (count === 0) return { pointIds: [], locationIds: [] };
  const { rows } = await db.query<{ pointId: number; locationId: number }>(sql`
    select nextval(point_ids)::int as "pointId", nextval(location_ids)::int as "locationId"
    from generate_series(1, ${count}::int), (select pg_get_serial_sequence('point', 'point_id')::regclass as point_ids,
      pg_get_serial_sequence('location', 'location_id')::regclass as location_ids offset 0) as sequences`);
  return { pointIds: rows.map((row) => row.pointId), locationIds: rows.map((row) => row.locationId) };
}

/**
 * New points get a location of their own; a known one keeps its location, with the address and place brought up to date. Numbers
 * are drawn before the rows are written, since what is sealed is bound to the number of its row. `exact`: what is not given of a known one is taken away.
 * Gives how many came, and the numbers of all in the order of `points`.
 */
export async function storePoints(
  db: Queryable,
  ring: KeyRing,
  points: readonly InventoryPoint[],
  branchIds: readonly (number | undefined)[],
  exact: boolean,
): Promise<{ added: number; pointIds: number[] }> {
  const { known, hashes } = await findKnown(
    db,
    ring,
    points.map(({ pod }) => pod),
  );
  const drawn = await drawIds(db, known.filter((each) => each === undefined).length);
  // What is known of a place and the inventory does not say stays: the note, and where it lies on the map unless it is `exact`.
  const placed = known.flatMap((row, nth) => (row ? [{ row, nth }] : []));
  const opened = await openLocations(
    ring,
    placed.map(({ row }) => ({ locationId: row.locationId, sealed: row.place })),
  );
  const places = new Map(placed.map(({ nth }, at) => [nth, opened[at]]));
  let nextDrawn = 0;
  const rows = points.map((point, nth) => {
    const row = known[nth];
    const place = places.get(nth);
    const fresh = row ? undefined : nextDrawn++;
    return {
      isNew: fresh !== undefined,
      pointId: row?.pointId ?? (drawn.pointIds[fresh!] as number),
      locationId: row?.locationId ?? (drawn.locationIds[fresh!] as number),
      podHash: row?.podHash ?? (hashes[nth] as Buffer),
      pod: point.pod,
      name: point.name,
      address: point.address,
      latitude: point.latitude ?? (exact ? null : place?.latitude) ?? null,
      longitude: point.longitude ?? (exact ? null : place?.longitude) ?? null,
      note: place?.note ?? "",
    };
  });
  const names = await sealPoints(
    ring,
    rows,
    known.map((row) => row?.namesHash),
  );
  const sites = await sealLocations(
    ring,
    rows,
    known.map((row) => row?.placeHash),
  );
  const { rows: counted } = await db.query<{ added: number }>(sql`
    with incoming as (
      select * from unnest(${rows.map(({ isNew }) => isNew)}::boolean[], ${rows.map(({ pointId }) => pointId)}::int[],
        ${rows.map(({ locationId }) => locationId)}::int[], ${rows.map(({ podHash }) => podHash)}::bytea[],
        ${names.map(({ sealed }) => sealed)}::bytea[], ${names.map(({ personalHash }) => personalHash)}::bytea[],
        ${sites.map(({ sealed }) => sealed)}::bytea[], ${sites.map(({ personalHash }) => personalHash)}::bytea[],
        ${branchIds}::int[], ${points.map(({ phases }) => phases)}::smallint[],
        ${points.map(({ direction }) => direction ?? "import")}::text[],
        ${points.map(({ approvedPowerW }) => approvedPowerW ?? null)}::int[],
        ${points.map(({ branch, meter, device }) => searchText(...branch, meter.serial, device.identity))}::text[])
        as incoming (is_new, point_id, location_id, pod_hash, names, names_hash, place, place_hash, branch_id, phases,
          direction, approved_power_w, search_text)
    ), moved as (
      update location set branch_id = incoming.branch_id, sealed = coalesce(incoming.place, location.sealed),
        personal_hash = incoming.place_hash
      from incoming where not is_new and location.location_id = incoming.location_id
        and (location.branch_id, location.personal_hash) is distinct from (incoming.branch_id, incoming.place_hash)
    ), changed as (
      update point set sealed = coalesce(incoming.names, point.sealed), personal_hash = incoming.names_hash,
        phases = incoming.phases, direction = incoming.direction,
        approved_power_w = case when ${exact} then incoming.approved_power_w
          else coalesce(incoming.approved_power_w, point.approved_power_w) end, search_text = incoming.search_text
      from incoming where not is_new and point.point_id = incoming.point_id
        and (point.personal_hash, point.phases, point.direction, point.approved_power_w, point.search_text) is distinct from
          (incoming.names_hash, incoming.phases, incoming.direction,
           case when ${exact} then incoming.approved_power_w else coalesce(incoming.approved_power_w, point.approved_power_w) end,
           incoming.search_text)
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
