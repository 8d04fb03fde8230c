import { branchWithin, readBranches } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { type LocationSort, locationIndexOf } from "../personal/location-index.ts";
import { openLocations } from "../personal/place-of-point.ts";
import { pointIndexOf } from "../personal/point-index.ts";
import { isEverywhere, type Scope } from "../scope.ts";
import { searchText } from "../search-text.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { joined, type Sql, sql, trusted } from "../sql.ts";
import { locationInScope } from "./scope.ts";

export const sealStates = ["intact", "broken", "none"] as const;
export type SealState = (typeof sealStates)[number];

export interface LocationFilter {
  /** Words that must all occur in its address, code, note, seals and keys, or in what is known of one of its points. */
  readonly text?: string;
  /** This branch and those below it. */
  readonly branchId?: number;
  /** broken: one was found broken or missing and none is in its place. */
  readonly seal?: SealState;
}

/** One line of the list of locations. */
export interface LocationRow {
  readonly locationId: number;
  readonly code: string | null;
  readonly address: string;
  readonly branch: readonly string[];
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly points: number;
  /** Material of its enclosure, and what the walls measure: exact decimal. */
  readonly material: string | null;
  readonly wallMm: string | null;
  /** Seals that stand there now. */
  readonly seals: number;
  readonly sealState: SealState;
  /** The rated current of its first breaker or fuse, A. */
  readonly ratedCurrentA: string | null;
}

const brokenSeal = trusted(`exists (
  select from location_fitting as lost
  where lost.location_id = l.location_id and lost.kind = 'seal' and lost.withdrawn_at is null and lost.outcome in ('broken', 'missing')
    and not exists (select from location_fitting as later where later.location_id = l.location_id and later.kind = 'seal'
      and later.label = lost.label and later.withdrawn_at is null and lower(later.during) >= upper(lost.during)))`);
const standingSeal = trusted(`exists (
  select from location_fitting as standing
  where standing.location_id = l.location_id and standing.kind = 'seal' and standing.withdrawn_at is null and upper_inf(standing.during))`);
const sealConditions: Readonly<Record<SealState, Sql>> = {
  broken: brokenSeal,
  none: sql`not ${standingSeal} and not ${brokenSeal}`,
  intact: sql`${standingSeal} and not ${brokenSeal}`,
};

/** Locations that have these words, themselves or by one of their points; undefined when no word is asked for. */
async function matching(db: Queryable, text: string | undefined): Promise<Set<number> | undefined> {
  const words = searchText(text ?? "")
    .split(" ")
    .filter((word) => word.length > 0)
    .slice(0, 8);
  if (words.length === 0) return undefined;
  const [locations, points] = await Promise.all([locationIndexOf(db), pointIndexOf(db)]);
  const found = new Set(locations.withWords(words));
  for (const pointId of points.withWordsOrCode(words)) {
    const locationId = points.find(pointId)?.locationId;
    if (locationId !== undefined) found.add(locationId);
  }
  return found;
}

/** A window of the locations within the scope that match, as numbers in order, and how many there are. */
export async function findLocationIds(
  db: Queryable,
  scope: Scope,
  filter: LocationFilter,
  { sort, descending }: { readonly sort: LocationSort; readonly descending: boolean },
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<{ total: number; locationIds: number[] }> {
  const found = await matching(db, filter.text);
  const index = await locationIndexOf(db);
  const open = isEverywhere(scope) && filter.branchId === undefined && filter.seal === undefined;
  const wanted = open ? found : await narrowed(db, scope, filter, found);
  const sorted = index.order(sort);
  const locationIds: number[] = [];
  let passed = 0;
  for (let nth = 0; nth < sorted.length; nth++) {
    const id = sorted[descending ? sorted.length - 1 - nth : nth]!;
    if (wanted && !wanted.has(id)) continue;
    if (passed++ < offset) continue;
    locationIds.push(id);
    if (locationIds.length >= limit) break;
  }
  return { total: wanted?.size ?? index.size, locationIds };
}

async function narrowed(
  db: Queryable,
  scope: Scope,
  { branchId, seal }: LocationFilter,
  found: ReadonlySet<number> | undefined,
): Promise<Set<number>> {
  const conditions = [
    locationInScope(scope),
    ...(found === undefined ? [] : [sql`l.location_id = any(${[...found]}::int[])`]),
    ...(branchId === undefined ? [] : [sql`l.branch_id in (${branchWithin(branchId)})`]),
    ...(seal === undefined ? [] : [sealConditions[seal]]),
  ];
  // All numbers as one text: the driver would take 80 ms for 100,000 rows.
  const { rows } = await db.query<{ numbers: string | null }>(sql`
    select string_agg(l.location_id::text, ' ') as numbers from location as l where ${joined(conditions, " and ")}`);
  return new Set(rows[0]?.numbers?.split(" ").map(Number) ?? []);
}

/** The lines of these locations, in the order of the ids. */
export async function readLocationRows(
  db: Queryable,
  scope: Scope,
  locationIds: readonly number[],
): Promise<LocationRow[]> {
  if (locationIds.length === 0) return [];
  const branches = await readBranches(db);
  const { rows } = await db.query<
    Omit<LocationRow, "address" | "branch" | "latitude" | "longitude"> & {
      branchId: number;
      sealed: Buffer | null;
    }
  >(sql`
    select l.location_id as "locationId", l.code, l.branch_id as "branchId", l.sealed,
      (select count(*)::int from point where point.location_id = l.location_id) as points,
      enclosure.material, trim_scale(enclosure.wall_mm)::text as "wallMm",
      (select count(*)::int from location_fitting as f where f.location_id = l.location_id and f.kind = 'seal'
        and f.withdrawn_at is null and upper_inf(f.during)) as seals,
      case when ${brokenSeal} then 'broken' when ${standingSeal} then 'intact' else 'none' end as "sealState",
      (select trim_scale(rated_current_a)::text from location_fitting as f where f.location_id = l.location_id
        and f.kind in ('breaker', 'fuse') and f.withdrawn_at is null and upper_inf(f.during)
        order by location_fitting_id limit 1) as "ratedCurrentA"
    from unnest(${locationIds}::int[]) with ordinality as wanted (location_id, place)
    join location as l using (location_id)
    left join lateral (
      select material, wall_mm from location_fitting as f
      where f.location_id = l.location_id and f.kind = 'enclosure' and f.withdrawn_at is null and upper_inf(f.during)
      order by location_fitting_id limit 1) as enclosure on true
    where ${locationInScope(scope)} order by place`);
  const places = await openLocations(keyRingOf(db), rows);
  return rows.map(({ sealed: _, branchId, ...row }, nth) => {
    const { address, latitude, longitude } = places[nth]!;
    return { ...row, address, latitude, longitude, branch: branches.get(branchId)?.path ?? [] };
  });
}
