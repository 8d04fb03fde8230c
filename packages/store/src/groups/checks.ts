import { branchWithin } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { inScope, type Scope } from "../scope.ts";
import { instant, type Sql, sql, trusted } from "../sql.ts";
import { groupInScope } from "./registry.ts";

export const groupCheckKinds = [
  "point-twice",
  "no-balance-meter",
  "below-without-balance",
  "balance-is-member",
  "cycle",
  "outside-branch",
  "point-without-group",
] as const;
export type GroupCheckKind = (typeof groupCheckKinds)[number];

/** Something about groups that does not fit together at an instant. */
export interface GroupFinding {
  readonly kind: GroupCheckKind;
  readonly groupId: number | null;
  readonly pointId: number | null;
  /** The second group of a point that is in two, the group above of one that does not enter it. */
  readonly otherGroupId: number | null;
}

export interface GroupChecks {
  readonly counts: Readonly<Record<GroupCheckKind, number>>;
  /** The first of each kind. */
  readonly findings: readonly GroupFinding[];
}

const treeKinds = trusted("('network', 'substation', 'feeder', 'transformer', 'cabinet', 'riser')");
/** Kinds that are measured from above by nature; a cabinet or a riser may be. */
const measuredKinds = trusted("('substation', 'feeder', 'transformer')");

/** Checks the groups of the scope as they are at an instant; at most `limit` findings of each kind, all counted. */
export async function checkGroups(
  db: Queryable,
  scope: Scope,
  atMs: number,
  options: { readonly limit?: number; readonly groupId?: number } = {},
): Promise<GroupChecks> {
  const { limit = 200, groupId } = options;
  const at = sql`${instant(atMs)}::timestamptz`;
  const mine = sql`${groupInScope(scope)} and g.removed_at is null
    and (${groupId ?? null}::int is null or g.group_id = ${groupId ?? null}::int)`;
  const holds = (alias: string): Sql =>
    sql`${trusted(alias)}.ended_by is null and ${trusted(alias)}.during @> ${at}`;
  const statements: Readonly<Record<GroupCheckKind, Sql>> = {
    "point-twice": sql`
      select g.group_id as "groupId", m.point_id as "pointId", other.group_id as "otherGroupId"
      from point_group as g join group_member as m on m.group_id = g.group_id and ${holds("m")}
      join group_member as n on n.point_id = m.point_id and n.group_id <> m.group_id and ${holds("n")}
      join point_group as other on other.group_id = n.group_id and other.kind = g.kind and other.removed_at is null
      where g.kind in ${treeKinds} and (${groupId ?? null}::int is not null or g.group_id < other.group_id) and ${mine}`,
    "no-balance-meter": sql`
      select g.group_id as "groupId", null::int as "pointId", null::int as "otherGroupId" from point_group as g
      where g.kind in ${measuredKinds} and ${mine}
        and not exists (select from group_balance as b where b.group_id = g.group_id and ${holds("b")})`,
    "below-without-balance": sql`
      select g.group_id as "groupId", null::int as "pointId", above.group_id as "otherGroupId"
      from point_group as g join group_parent as r on r.group_id = g.group_id and ${holds("r")}
      join point_group as above on above.group_id = r.parent_id and above.removed_at is null
      where g.kind not in ${measuredKinds} and ${mine}
        and not exists (select from group_balance as b where b.group_id = g.group_id and ${holds("b")})`,
    "balance-is-member": sql`
      select g.group_id as "groupId", m.point_id as "pointId", null::int as "otherGroupId"
      from point_group as g join group_balance as b on b.group_id = g.group_id and ${holds("b")}
      join group_member as m on m.group_id = g.group_id and m.point_id = b.point_id and ${holds("m")} where ${mine}`,
    cycle: sql`
      select g.group_id as "groupId", null::int as "pointId", null::int as "otherGroupId" from point_group as g
      where ${mine} and exists (
        with recursive above as (
          select parent_id from group_parent as r where r.group_id = g.group_id and ${holds("r")}
          union
          select r.parent_id from above join group_parent as r on r.group_id = above.parent_id and ${holds("r")}
        )
        select from above where parent_id = g.group_id)`,
    "outside-branch": sql`
      select g.group_id as "groupId", m.point_id as "pointId", null::int as "otherGroupId"
      from point_group as g join group_member as m on m.group_id = g.group_id and ${holds("m")}
      join point as p on p.point_id = m.point_id join location as l using (location_id)
      where g.branch_id is not null and ${mine}
        and l.branch_id not in (${withinColumn("g.branch_id")})`,
    "point-without-group": sql`
      select null::int as "groupId", p.point_id as "pointId", null::int as "otherGroupId"
      from point as p join location as l using (location_id)
      where ${groupId === undefined}::boolean and ${inScope(scope)}
        and not exists (
          select from group_member as m join point_group as t on t.group_id = m.group_id
          where m.point_id = p.point_id and ${holds("m")} and t.kind in ${treeKinds} and t.removed_at is null)
        and not exists (select from group_balance as b where b.point_id = p.point_id and ${holds("b")})`,
  };
  const counts = {} as Record<GroupCheckKind, number>;
  const findings: GroupFinding[] = [];
  for (const kind of groupCheckKinds) {
    const { rows } = await db.query<Omit<GroupFinding, "kind"> & { total: number }>(sql`
      select found.*, (count(*) over ())::int as total from (${statements[kind]}) as found
      order by "groupId", "pointId" limit ${limit}`);
    counts[kind] = rows[0]?.total ?? 0;
    findings.push(...rows.map(({ total: _, ...row }) => ({ kind, ...row })));
  }
  return { counts, findings };
}

/** A branch, given as a column, and all below it. */
const withinColumn = (column: string): Sql => ({
  text: branchWithin(0).text.replace("$1", column),
  values: [],
});
