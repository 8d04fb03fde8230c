import type { Queryable } from "../database.ts";
import type { Scope } from "../scope.ts";
import { inScope } from "../scope.ts";
import { instant, sql, trusted } from "../sql.ts";
import { type GroupKind, groupInScope } from "./registry.ts";
import type { Side } from "./rows.ts";

/** A point of a group as it is at an instant. */
export interface GroupPoint {
  readonly pointId: number;
  readonly sign: 1 | -1;
  readonly from: number;
  /** Null while nobody has said when it ends. */
  readonly to: number | null;
}

const tables = { members: trusted("group_member"), balance: trusted("group_balance") } as const;

/** Members or balance meters of a group at an instant, by point. */
export async function listGroupPoints(
  db: Queryable,
  scope: Scope,
  groupId: number,
  side: Side,
  atMs: number,
  window: { readonly offset: number; readonly limit: number } = { offset: 0, limit: 200_000 },
): Promise<{ readonly total: number; readonly rows: GroupPoint[] }> {
  const { rows } = await db.query<GroupPoint & { total: number }>(sql`
    select held.point_id as "pointId", held.sign, lower(held.during) as "from", upper(held.during) as "to",
      (count(*) over ())::int as total
    from ${tables[side]} as held join point_group as g using (group_id)
    join point as p on p.point_id = held.point_id join location as l using (location_id)
    where held.group_id = ${groupId}::int and held.ended_by is null and held.during @> ${instant(atMs)}::timestamptz
      and ${groupInScope(scope)} and ${inScope(scope)}
    order by held.point_id offset ${window.offset} limit ${window.limit}`);
  return { total: rows[0]?.total ?? 0, rows: rows.map(({ total: _, ...row }) => row) };
}

/** Groups of a point at an instant: those that it is a member of, and those that it balances. */
export async function listGroupsOfPoint(
  db: Queryable,
  scope: Scope,
  pointId: number,
  atMs: number,
): Promise<{ groupId: number; name: string; kind: GroupKind; side: Side; sign: 1 | -1; from: number }[]> {
  const of = (side: Side) => sql`
    select g.group_id as "groupId", g.name, g.kind, ${side}::text as side, held.sign, lower(held.during) as "from"
    from ${tables[side]} as held join point_group as g using (group_id)
    where held.point_id = ${pointId}::int and held.ended_by is null and held.during @> ${instant(atMs)}::timestamptz
      and g.removed_at is null and ${groupInScope(scope)}`;
  const { rows } = await db.query<{
    groupId: number;
    name: string;
    kind: GroupKind;
    side: Side;
    sign: 1 | -1;
    from: number;
  }>(sql`${of("members")} union all ${of("balance")} order by side desc, name`);
  return rows;
}
