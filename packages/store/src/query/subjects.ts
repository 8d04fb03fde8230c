import { marketDay } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import { branchWithin } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { groupInScope } from "../groups/registry.ts";
import type { Side } from "../groups/rows.ts";
import { readSources, type Source } from "../groups/sources.ts";
import { branchInScope, inScope, type Scope } from "../scope.ts";
import { instant, type Sql, sql } from "../sql.ts";
import type { Period } from "./frame.ts";

/** Of what a series or a total is: one point, a group, the points of a branch and of all below it, or all that the reader may see. */
export type Subject =
  | { readonly kind: "point"; readonly pointId: number }
  | { readonly kind: "group"; readonly groupId: number; readonly side: Side }
  | { readonly kind: "branch"; readonly branchId: number }
  | { readonly kind: "system" };

/** A subject with the points that count in it, each for its time. `groupId` of a source means nothing here. */
export interface Counted {
  readonly subject: Subject;
  readonly sources: readonly Source[];
}

/**
 * The points of these subjects in a period, as far as the scope reaches; `undefined` for a subject that is not there or is foreign.
 * A group has its members of then, with their signs; a point is expected to have values while a meter stood there.
 */
export async function findCounted(
  db: Queryable,
  scope: Scope,
  subjects: readonly Subject[],
  period: Period,
): Promise<(Counted | undefined)[]> {
  const points = subjects.flatMap((subject) => (subject.kind === "point" ? [subject.pointId] : []));
  const own =
    points.length === 0
      ? []
      : await readPoints(db, scope, sql`p.point_id = any(${numbers(points)}::int[])`, period);
  const byPoint = new Map(own.map((row) => [row.pointId, row]));
  const groups = await findGroupSources(
    db,
    scope,
    subjects.flatMap((subject) => (subject.kind === "group" ? [subject.groupId] : [])),
    period,
  );
  const counted: (Counted | undefined)[] = [];
  for (const subject of subjects) {
    let sources: readonly Source[] | undefined;
    if (subject.kind === "point") {
      const found = byPoint.get(subject.pointId);
      sources = found && sourcesOf([found]);
    } else if (subject.kind === "group") {
      sources = groups.get(subject.groupId)?.filter(({ side }) => side === subject.side);
    } else if (subject.kind === "branch") {
      sources = await findBranchSources(db, scope, subject.branchId, period);
    } else {
      sources = sourcesOf(await readPoints(db, scope, sql`true`, period));
    }
    counted.push(sources && { subject, sources });
  }
  return counted;
}

/** The points of a subject on a day, whether a meter stood there or not; `undefined` where it is not there or is foreign. */
export async function findPointsOf(
  db: Queryable,
  scope: Scope,
  subject: Subject,
  period: Period,
): Promise<number[] | undefined> {
  if (subject.kind === "group") {
    const [counted] = await findCounted(db, scope, [subject], period);
    return counted && [...new Set(counted.sources.map(({ pointId }) => pointId))];
  }
  const condition =
    subject.kind === "point"
      ? sql`p.point_id = ${subject.pointId}`
      : subject.kind === "branch"
        ? sql`l.branch_id in (${branchWithin(subject.branchId)})`
        : sql`true`;
  const points = await readPoints(db, scope, condition, period);
  if (points.length > 0 || subject.kind === "system") return points.map(({ pointId }) => pointId);
  return subject.kind === "branch" && (await branchInScope(db, scope, subject.branchId)) ? [] : undefined;
}

/** What counts in those of these groups that the scope holds. */
async function findGroupSources(
  db: Queryable,
  scope: Scope,
  groupIds: readonly number[],
  { fromDay, toDay }: Period,
): Promise<ReadonlyMap<number, readonly Source[]>> {
  if (groupIds.length === 0) return new Map();
  const { rows } = await db.query<{ groupId: number }>(sql`
    select group_id as "groupId" from point_group as g
    where g.group_id = any(${numbers(groupIds)}::int[]) and g.removed_at is null and ${groupInScope(scope)}`);
  const seen = rows.map(({ groupId }) => groupId);
  const sources = Map.groupBy(await readSources(db, seen, fromDay, toDay), ({ groupId }) => groupId);
  return new Map(seen.map((groupId) => [groupId, sources.get(groupId) ?? []]));
}

async function findBranchSources(
  db: Queryable,
  scope: Scope,
  branchId: number,
  period: Period,
): Promise<Source[] | undefined> {
  const points = await readPoints(db, scope, sql`l.branch_id in (${branchWithin(branchId)})`, period);
  if (points.length === 0 && !(await branchInScope(db, scope, branchId))) return undefined;
  return sourcesOf(points);
}

interface PointRow {
  readonly pointId: number;
  readonly direction: Source["direction"];
  /** While a meter stood there; null for a point that never had one. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

async function readPoints(
  db: Queryable,
  scope: Scope,
  condition: Sql,
  { fromDay, toDay, zone }: Period,
): Promise<PointRow[]> {
  const [from, to] = [marketDay(fromDay, zone).startMs, marketDay(toDay, zone).startMs];
  const { rows } = await db.query<PointRow>(sql`
    select p.point_id as "pointId", p.direction, i.starts as "fromMs", i.ends as "toMs"
    from point as p join location as l using (location_id)
    left join (
      select point_id, min(lower(during)) as starts, max(coalesce(upper(during), 'infinity')) as ends from installation
      where during && tstzrange(${instant(from)}::timestamptz, ${instant(to)}::timestamptz) group by point_id
    ) as i using (point_id)
    where ${condition} and ${inScope(scope)}
    order by p.point_id`);
  return rows;
}

/** A point without a meter in the period counts nothing: it is expected to have nothing, and nothing of it is missing. */
const sourcesOf = (rows: readonly PointRow[]): Source[] =>
  rows.flatMap(({ pointId, direction, fromMs, toMs }) =>
    fromMs === null || toMs === null
      ? []
      : [{ groupId: 0, side: "members", pointId, direction, sign: 1, fromMs, toMs }],
  );
