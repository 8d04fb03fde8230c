import { branchWithin, readBranches } from "./branches.ts";
import type { Queryable } from "./database.ts";
import { openLocations, openPoints } from "./personal/place-of-point.ts";
import { type PersonalSort, personalSorts, pointIndexOf } from "./personal/point-index.ts";
import { deviceOfEveryMeter, deviceOfMeter, isSilent, type PointState, pointState } from "./point-state.ts";
import { inScope, isEverywhere, type Scope } from "./scope.ts";
import { searchText } from "./search-text.ts";
import { keyRingOf } from "./secrets/ring-of.ts";
import { joined, type Sql, sql, trusted } from "./sql.ts";

export type PointSort =
  | "pod"
  | "name"
  | "address"
  | "branch"
  | "serial"
  | "model"
  | "state"
  | "lastContactAt";

export interface PointFilter {
  /** Words that must all occur in POD, name, address, branch, serial or identity; folded as `searchText` folds. */
  readonly text?: string;
  /** This branch and those below it. */
  readonly branchId?: number;
  readonly state?: PointState;
  readonly model?: string;
}

export interface PointOrder {
  readonly sort: PointSort;
  readonly descending: boolean;
}

/** One line of the list of points. Instants are epoch ms. */
export interface PointRow {
  readonly pointId: number;
  readonly pod: string;
  readonly name: string;
  readonly address: string;
  readonly branch: readonly string[];
  readonly phases: number;
  readonly serial: string | null;
  readonly manufacturer: string | null;
  readonly model: string | null;
  readonly state: PointState;
  readonly lastContactAt: number | null;
  readonly lastIndex: { readonly value: string; readonly unit: string; readonly measuredAt: number } | null;
}

// Each table joins only when the filter or the order looks at it. "Now installed" is the open installation.
const tables = {
  location: trusted("join location as l on l.location_id = p.location_id"),
  meter: trusted(`left join installation as i on i.point_id = p.point_id and upper_inf(i.during)
    left join meter as m on m.meter_id = i.meter_id`),
  device: deviceOfEveryMeter,
  branch: trusted(`join (
    with recursive tree as (
      select branch_id, array[name] as path from branch where parent_id is null
      union all
      select child.branch_id, tree.path || child.name from tree join branch as child on child.parent_id = tree.branch_id
    )
    select branch_id, row_number() over (order by path) as place from tree) as b on b.branch_id = l.branch_id`),
};
type Table = keyof typeof tables;

const orders: Readonly<Record<Exclude<PointSort, PersonalSort>, { by: string; needs: readonly Table[] }>> = {
  branch: { by: "b.place", needs: ["location", "branch"] },
  serial: { by: "m.serial", needs: ["meter"] },
  model: { by: "m.model", needs: ["meter"] },
  state: { by: `(${pointState.text})`, needs: ["meter", "device"] },
  lastContactAt: { by: "d.last_contact_at", needs: ["meter", "device"] },
};

const wordsOf = (text: string): string[] =>
  searchText(text)
    .split(" ")
    .filter((word) => word.length > 0)
    .slice(0, 8);

/** Points whose text has these words, and undefined when no word is asked for. */
async function matching(db: Queryable, text: string | undefined): Promise<number[] | undefined> {
  const words = wordsOf(text ?? "");
  return words.length === 0 ? undefined : (await pointIndexOf(db)).withWordsOrCode(words);
}

const stateConditions: Readonly<Record<PointState, Sql>> = {
  none: trusted("(d.device_id is null or not d.enabled)"),
  never: trusted("(d.enabled and d.last_contact_at is null)"),
  silent: isSilent,
  talking: trusted(`(d.enabled and d.last_contact_at is not null and not ${isSilent.text})`),
};

function conditionsOf(
  scope: Scope,
  filter: PointFilter,
  found: readonly number[] | undefined,
): { conditions: Sql[]; needs: Table[] } {
  const conditions = found === undefined ? [] : [sql`p.point_id = any(${found}::int[])`];
  const needs: Table[] = [];
  if (!isEverywhere(scope)) {
    conditions.push(inScope(scope));
    needs.push("location");
  }
  if (filter.branchId !== undefined) {
    conditions.push(sql`l.branch_id in (${branchWithin(filter.branchId)})`);
    needs.push("location");
  }
  if (filter.model !== undefined) {
    conditions.push(sql`m.model = ${filter.model}`);
    needs.push("meter");
  }
  if (filter.state !== undefined) {
    conditions.push(stateConditions[filter.state]);
    needs.push("meter", "device");
  }
  return { conditions, needs };
}

function from(needs: readonly Table[], conditions: readonly Sql[]): Sql {
  const joins = (Object.keys(tables) as Table[]).filter((table) => needs.includes(table));
  const ordered: Sql[] = joins.map((table) => tables[table]);
  const where = conditions.length === 0 ? sql`` : sql`where ${joined(conditions, " and ")}`;
  return sql`from point as p ${joined(ordered, " ")} ${where}`;
}

/** Nothing but words is asked, by somebody who may see all: then no statement has to say which points. */
const isOfMemory = (scope: Scope, { text: _, ...others }: PointFilter): boolean =>
  isEverywhere(scope) && Object.values(others).every((value) => value === undefined);

/** How many points match. */
export async function countPoints(db: Queryable, scope: Scope, filter: PointFilter): Promise<number> {
  const found = await matching(db, filter.text);
  if (found && isOfMemory(scope, filter)) return found.length;
  const { conditions, needs } = conditionsOf(scope, filter, found);
  const { rows } = await db.query<{ total: number }>(
    sql`select count(*)::int as total ${from(needs, conditions)}`,
  );
  return rows[0]?.total ?? 0;
}

/** Ids of the points that match, in order; equal ones by number, so that windows of one list never overlap. */
export async function findPointIds(
  db: Queryable,
  scope: Scope,
  filter: PointFilter,
  { sort, descending }: PointOrder,
  window: { offset: number; limit: number },
): Promise<number[]> {
  const found = await matching(db, filter.text);
  const { conditions, needs } = conditionsOf(scope, filter, found);
  if (isPersonal(sort)) {
    const ids = isOfMemory(scope, filter) ? found : await readIds(db, from(needs, conditions));
    return inPersonalOrder(db, ids && new Set(ids), { sort, descending }, window);
  }
  const { by, needs: orderNeeds } = orders[sort];
  const direction = descending ? "desc nulls last" : "asc nulls last";
  const { rows } = await db.query<{ pointId: number }>(sql`
    select p.point_id as "pointId" ${from([...needs, ...orderNeeds], conditions)}
    order by ${trusted(`${by} ${direction}, p.point_id`)}
    offset ${window.offset} limit ${window.limit}`);
  return rows.map((row) => row.pointId);
}

const isPersonal = (sort: PointSort): sort is PersonalSort =>
  (personalSorts as readonly PointSort[]).includes(sort);

/** All numbers as one text: the driver would take 80 ms for 100,000 rows. */
async function readIds(db: Queryable, source: Sql): Promise<number[]> {
  const { rows } = await db.query<{ numbers: string | null }>(
    sql`select string_agg(p.point_id::text, ' ') as numbers ${source}`,
  );
  return rows[0]?.numbers?.split(" ").map(Number) ?? [];
}

/** A window of the points of `only` (all when undefined) in an order that the database cannot give. */
async function inPersonalOrder(
  db: Queryable,
  only: ReadonlySet<number> | undefined,
  order: { readonly sort: PersonalSort; readonly descending: boolean },
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<number[]> {
  const index = await pointIndexOf(db);
  for (;;) {
    const sorted = index.order(order.sort);
    const found: number[] = [];
    let skipped = 0;
    for (let nth = 0; nth < sorted.length && found.length < limit; nth++) {
      const pointId = sorted[order.descending ? sorted.length - 1 - nth : nth] as number;
      if (only && !only.has(pointId)) continue;
      if (skipped < offset) skipped++;
      else found.push(pointId);
    }
    // A point that was removed is in memory until somebody comes upon it.
    const { rows } = await db.query<{ pointId: number }>(
      sql`select point_id as "pointId" from point where point_id = any(${found}::int[])`,
    );
    if (rows.length === found.length) return found;
    const present = new Set(rows.map(({ pointId }) => pointId));
    index.forget(found.filter((pointId) => !present.has(pointId)));
  }
}

type FlatRow = Omit<PointRow, "pod" | "name" | "address" | "branch" | "lastIndex"> & {
  sealed: Buffer | null;
  locationId: number;
  place: Buffer | null;
  branchId: number;
  value: string | null;
  unit: string | null;
  measuredAt: number | null;
};

const placeOf = ({ locationId, place }: FlatRow) => ({ locationId, sealed: place });

/** The lines of these points, in the order of the ids: one statement, whatever their number. */
export async function readPointRows(
  db: Queryable,
  scope: Scope,
  pointIds: readonly number[],
): Promise<PointRow[]> {
  if (pointIds.length === 0) return [];
  const branches = await readBranches(db);
  const { rows } = await db.query<FlatRow>(sql`
    select p.point_id as "pointId", p.sealed, location_id as "locationId", l.sealed as place, l.branch_id as "branchId", p.phases,
           m.serial, m.manufacturer, m.model, ${pointState} as state, d.last_contact_at as "lastContactAt",
           r.value, r.unit, r.measured_at as "measuredAt"
    from unnest(${pointIds}::int[]) with ordinality as wanted (point_id, place)
    join point as p using (point_id)
    join location as l using (location_id)
    left join installation as i on i.point_id = p.point_id and upper_inf(i.during)
    left join meter as m on m.meter_id = i.meter_id
    ${deviceOfMeter}
    left join lateral (
      select value, unit, measured_at from register_reading as newest
      where newest.meter_id = m.meter_id and newest.obis = '1-0:1.8.0*255'
      order by measured_at desc, version desc limit 1) as r on true
    where ${inScope(scope)}
    order by wanted.place`);
  const ring = keyRingOf(db);
  const [names, places] = [await openPoints(ring, rows), await openLocations(ring, rows.map(placeOf))];
  return rows.map(
    ({ branchId, value, unit, measuredAt, sealed: _, place: __, locationId: ___, ...row }, nth) => ({
      ...row,
      ...names[nth]!,
      address: places[nth]!.address,
      branch: branches.get(branchId)?.path ?? [],
      lastIndex: value === null || unit === null || measuredAt === null ? null : { value, unit, measuredAt },
    }),
  );
}

/** Points by a part of what people know of them, best match first: a whole code or serial, then its beginning, then POD order. */
export async function searchPoints(
  db: Queryable,
  scope: Scope,
  text: string,
  limit: number,
): Promise<PointRow[]> {
  const found = await matching(db, text);
  if (!found) return [];
  const { rows } = await db.query<{ pointId: number }>(sql`
    select p.point_id as "pointId" from point as p join location as l using (location_id)
    where p.point_id = any(${isEverywhere(scope) ? found.slice(0, 500) : found}::int[]) and ${inScope(scope)}
    limit 500`);
  const index = await pointIndexOf(db);
  const whole = searchText(text);
  const ranked = rows
    .map(({ pointId }) => {
      const entry = index.find(pointId);
      const text = entry?.text ?? "";
      const rank = ` ${text} `.includes(` ${whole} `) ? 0 : text.startsWith(whole) ? 1 : 2;
      return { pointId, rank, pod: entry?.pod ?? "" };
    })
    .sort((one, other) => one.rank - other.rank || (one.pod < other.pod ? -1 : 1));
  return readPointRows(
    db,
    scope,
    ranked.slice(0, limit).map((row) => row.pointId),
  );
}
