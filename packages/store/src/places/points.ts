import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { podHashes, sealPoints } from "../personal/place-of-point.ts";
import { removeUnusedPoints } from "../points-imports/remove-point.ts";
import { inScope, type Scope } from "../scope.ts";
import { searchText } from "../search-text.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { sql } from "../sql.ts";
import { lockLocation } from "./scope.ts";

/** A point of measure as it is entered by hand: what else it is is given as a change, with its date. */
export interface NewPoint {
  readonly pod: string;
  readonly name: string;
  readonly phases: 1 | 3;
  readonly direction: "import" | "export" | "both";
}

/**
 * A point at a location, without a meter yet.
 * @throws StoreError `location.not-found`, `point.pod-used` when another one has the code, be it of another branch
 */
export async function addPoint(
  db: Database,
  scope: Scope,
  locationId: number,
  point: NewPoint,
): Promise<number> {
  const ring = keyRingOf(db);
  return db.transaction(async (transaction) => {
    await lockLocation(transaction, scope, locationId);
    const held = ring.within(transaction);
    const hashes = await podHashes(held, [point.pod]);
    const { rows: used } = await transaction.query(
      sql`select from point where pod_hash = any(${hashes}::bytea[])`,
    );
    if (used.length > 0) throw new StoreError("point.pod-used", `${point.pod} is another point`);
    const { rows } = await transaction.query<{ id: number }>(
      sql`select nextval(pg_get_serial_sequence('point', 'point_id'))::int as id`,
    );
    const pointId = rows[0]!.id;
    const [names] = await sealPoints(held, [{ ...point, pointId }]);
    const { rowCount } = await transaction.query(sql`
      insert into point (point_id, location_id, pod_hash, sealed, personal_hash, phases, direction) overriding system value
      values (${pointId}::int, ${locationId}::int, ${hashes[0]}::bytea, ${names!.sealed}, ${names!.personalHash}, ${point.phases}::smallint,
        ${point.direction})
      on conflict (pod_hash) do nothing`);
    if (rowCount === 0) throw new StoreError("point.pod-used", `${point.pod} is another point`);
    await findByPlace(transaction, pointId);
    return pointId;
  });
}

/**
 * Takes a point away at which no meter ever stood and nothing ever happened; its location stays.
 * @throws StoreError `point.not-found`, `point.in-use`
 */
export async function removePoint(db: Database, scope: Scope, pointId: number): Promise<void> {
  const { rows } = await db.query(sql`
    select from point as p join location as l using (location_id) where p.point_id = ${pointId}::int and ${inScope(scope)}`);
  if (!rows[0]) throw new StoreError("point.not-found", "there is no such point");
  const gone = await removeUnusedPoints(db, [pointId], { bare: true });
  if (!gone.has(pointId))
    throw new StoreError("point.in-use", "a meter stood there, something was read, or hangs on it");
}

/** Makes a point found by the names of its branches and of what stands there, which its search text holds. */
export async function findByPlace(db: Queryable, pointId: number): Promise<void> {
  const { rows } = await db.query<{ words: string[] }>(sql`
    with recursive above as (
      select branch_id, parent_id, name, 1 as depth from branch
      where branch_id = (select branch_id from point join location using (location_id) where point_id = ${pointId}::int)
      union all
      select b.branch_id, b.parent_id, b.name, depth + 1 from above join branch as b on b.branch_id = above.parent_id
    ), equipment as (
      select serial, identity from installation join meter using (meter_id) left join device using (meter_id)
      where point_id = ${pointId}::int and upper_inf(during)
    )
    select array(select name from above order by depth desc)
      || array(select unnest(array[serial, identity]) from equipment where serial is not null) as words`);
  const words = (rows[0]?.words ?? []).filter((word) => word !== null);
  const text = searchText(...words);
  await db.query(sql`
    update point set search_text = ${text} where point_id = ${pointId}::int and search_text is distinct from ${text}`);
}
