import { branchWithin } from "../branches.ts";
import type { Queryable } from "../database.ts";
import type { Source } from "../groups/sources.ts";
import { inScope, type Scope } from "../scope.ts";
import { sql } from "../sql.ts";

/** A point that may hang behind a transformer that does not count it. */
export interface Nearby {
  readonly pointId: number;
  readonly direction: Source["direction"];
}

/** So many points of the neighbourhood that are in no transformer are tried at most, those of the group's own branch first. */
const outsidersMax = 60;

/** Points of the scope that lie in the group's branch, or in one beside it, and were in no transformer at any time of the days. */
export async function findOutsiders(
  db: Queryable,
  scope: Scope,
  { branchId }: { readonly branchId: number | null },
  { fromDay, toDay }: { readonly fromDay: string; readonly toDay: string },
): Promise<Nearby[]> {
  if (branchId === null) return [];
  const { rows: above } = await db.query<{ parentId: number | null }>(
    sql`select parent_id as "parentId" from branch where branch_id = ${branchId}::int`,
  );
  const within = above[0]?.parentId ?? branchId;
  const { rows } = await db.query<Nearby>(sql`
    with span as (
      select tstzrange(${fromDay}::timestamp at time zone (select market_zone()), ${toDay}::timestamp at time zone (select market_zone())) as span
    )
    select p.point_id as "pointId", p.direction
    from span, point as p join location as l using (location_id)
    where l.branch_id in (${branchWithin(within)}) and ${inScope(scope)}
      and exists (select from installation as i where i.point_id = p.point_id and i.during && span)
      and not exists (
        select from group_member as m join point_group as g using (group_id)
        where m.point_id = p.point_id and m.ended_by is null and m.during && span and g.kind <> 'free' and g.removed_at is null)
      and not exists (select from group_balance as b where b.point_id = p.point_id and b.ended_by is null and b.during && span)
    order by l.branch_id = ${branchId}::int desc, p.point_id limit ${outsidersMax}`);
  return rows;
}
