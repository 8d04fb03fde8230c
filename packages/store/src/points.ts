import { branchWithin, readBranches } from "./branches.ts";
import type { Queryable } from "./database.ts";
import { deviceOfEveryMeter, deviceOfMeter, isSilent, type PointState, pointState } from "./point-state.ts";
import { inScope, isEverywhere, type Scope } from "./scope.ts";
import { searchText } from "./search-text.ts";
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

// The language's own order of letters for what people wrote; codes are compared as they are.
const orders: Readonly<Record<PointSort, { by: string; needs: readonly Table[] }>> = {
  pod: { by: "p.pod_code", needs: [] },
  name: { by: 'p.name collate "ro-x-icu"', needs: [] },
  address: { by: 'l.address collate "ro-x-icu"', needs: ["location"] },
  branch: { by: "b.place", needs: ["location", "branch"] },
  serial: { by: "m.serial", needs: ["meter"] },
  model: { by: "m.model", needs: ["meter"] },
  state: { by: `(${pointState.text})`, needs: ["meter", "device"] },
  lastContactAt: { by: "d.last_contact_at", needs: ["meter", "device"] },
};

/** What `like` would take as a wildcard stands for itself. */
const escaped = (text: string): string => text.replaceAll(/[\\%_]/g, (letter) => `\\${letter}`);

/** Words of a search, as patterns for `like`. */
const patterns = (text: string): string[] =>
  searchText(text)
    .split(" ")
    .filter((word) => word.length > 0)
    .slice(0, 8)
    .map((word) => `%${escaped(word)}%`);

const stateConditions: Readonly<Record<PointState, Sql>> = {
  none: trusted("(d.device_id is null or not d.enabled)"),
  never: trusted("(d.enabled and d.last_contact_at is null)"),
  silent: isSilent,
  talking: trusted(`(d.enabled and d.last_contact_at is not null and not ${isSilent.text})`),
};

function conditionsOf(scope: Scope, filter: PointFilter): { conditions: Sql[]; needs: Table[] } {
  const conditions = patterns(filter.text ?? "").map((pattern) => sql`p.search_text like ${pattern}`);
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

/** How many points match. */
export async function countPoints(db: Queryable, scope: Scope, filter: PointFilter): Promise<number> {
  const { conditions, needs } = conditionsOf(scope, filter);
  const { rows } = await db.query<{ total: number }>(
    sql`select count(*)::int as total ${from(needs, conditions)}`,
  );
  return rows[0]?.total ?? 0;
}

/** Ids of the points that match, in order; equal ones by POD, so that windows of one list never overlap. */
export async function findPointIds(
  db: Queryable,
  scope: Scope,
  filter: PointFilter,
  order: PointOrder,
  window: { offset: number; limit: number },
): Promise<number[]> {
  const { conditions, needs } = conditionsOf(scope, filter);
  const { by, needs: orderNeeds } = orders[order.sort];
  const direction = order.descending ? "desc nulls last" : "asc nulls last";
  // The plain form is what an index on the column can answer; POD itself is never null.
  const ordering =
    order.sort === "pod"
      ? `p.pod_code ${order.descending ? "desc" : "asc"}`
      : `${by} ${direction}, p.point_id`;
  const { rows } = await db.query<{ pointId: number }>(sql`
    select p.point_id as "pointId" ${from([...needs, ...orderNeeds], conditions)}
    order by ${trusted(ordering)}
    offset ${window.offset} limit ${window.limit}`);
  return rows.map((row) => row.pointId);
}

type FlatRow = Omit<PointRow, "branch" | "lastIndex"> & {
  branchId: number;
  value: string | null;
  unit: string | null;
  measuredAt: number | null;
};

/** The lines of these points, in the order of the ids: one statement, whatever their number. */
export async function readPointRows(
  db: Queryable,
  scope: Scope,
  pointIds: readonly number[],
): Promise<PointRow[]> {
  if (pointIds.length === 0) return [];
  const branches = await readBranches(db);
  const { rows } = await db.query<FlatRow>(sql`
    select p.point_id as "pointId", p.pod_code as pod, p.name, l.address, l.branch_id as "branchId", p.phases,
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
  return rows.map(({ branchId, value, unit, measuredAt, ...row }) => ({
    ...row,
    branch: branches.get(branchId)?.path ?? [],
    lastIndex: value === null || unit === null || measuredAt === null ? null : { value, unit, measuredAt },
  }));
}

/** Points by a part of what people know of them, best match first: a whole code or serial, then its beginning, then POD order. */
export async function searchPoints(
  db: Queryable,
  scope: Scope,
  text: string,
  limit: number,
): Promise<PointRow[]> {
  const words = patterns(text);
  if (words.length === 0) return [];
  const whole = searchText(text);
  const { rows } = await db.query<{ pointId: number }>(sql`
    with hit as (
      select p.point_id, p.pod_code, p.search_text from point as p join location as l using (location_id)
      where ${joined([...words.map((pattern) => sql`p.search_text like ${pattern}`), inScope(scope)], " and ")}
      limit 500
    )
    select point_id as "pointId" from hit
    order by (' ' || search_text || ' ' like ${`% ${escaped(whole)} %`}) desc, (search_text like ${`${escaped(whole)}%`}) desc, pod_code
    limit ${limit}`);
  return readPointRows(
    db,
    scope,
    rows.map((row) => row.pointId),
  );
}
