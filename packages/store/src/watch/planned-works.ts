import type { Queryable } from "../database.ts";
import { groupInScope } from "../groups/registry.ts";
import type { Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";

export const workCauses = ["planned", "force-majeure"] as const;
export type WorkCause = (typeof workCauses)[number];

/** Announced works, or what nobody could help, behind a branch or a group. Instants are epoch ms. */
export interface AnnouncedWork {
  readonly plannedWorkId: number;
  readonly branchId: number | null;
  readonly groupId: number | null;
  readonly name: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly cause: WorkCause;
  readonly reason: string;
  readonly enteredBy: string;
  readonly enteredAt: number;
}

/** Works that touch a time, as far as the scope reaches, in order. Those that were withdrawn are not among them. */
export async function listPlannedWorks(
  db: Queryable,
  scope: Scope,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Promise<AnnouncedWork[]> {
  const { rows } = await db.query<AnnouncedWork>(sql`
    select w.planned_work_id as "plannedWorkId", w.branch_id as "branchId", w.group_id as "groupId",
           coalesce(g.name, b.name) as name, lower(w.during) as "fromMs", upper(w.during) as "toMs", w.cause, w.reason,
           w.entered_by as "enteredBy", w.entered_at as "enteredAt"
    from planned_work as w left join branch as b on b.branch_id = w.branch_id left join point_group as g on g.group_id = w.group_id
    where w.withdrawn_at is null
      and w.during && tstzrange(${instant(fromMs)}::timestamptz, ${instant(toMs)}::timestamptz)
      and case when w.group_id is null then ${groupInScope(scope, "w")} else ${groupInScope(scope)} end
    order by lower(w.during), w.planned_work_id`);
  return rows;
}

/** Enters works; gives their number, or nothing where the place is not there or is foreign. */
export async function addPlannedWork(
  db: Queryable,
  scope: Scope,
  work: {
    branchId?: number;
    groupId?: number;
    fromMs: number;
    toMs: number;
    cause: WorkCause;
    reason: string;
    by: string;
  },
): Promise<number | undefined> {
  const { rows } = await db.query<{ id: number }>(sql`
    insert into planned_work (branch_id, group_id, during, cause, reason, entered_by)
    select place.branch_id, place.group_id, tstzrange(${instant(work.fromMs)}::timestamptz, ${instant(work.toMs)}::timestamptz),
           ${work.cause}, ${work.reason}, ${work.by}
    from (
      select b.branch_id, null::int as group_id from branch as b
      where b.branch_id = ${work.branchId ?? null}::int and ${groupInScope(scope, "b")}
      union all
      select null, g.group_id from point_group as g
      where g.group_id = ${work.groupId ?? null}::int and g.removed_at is null and ${groupInScope(scope)}
    ) as place
    returning planned_work_id as id`);
  return rows[0]?.id;
}

/** Takes works back that were entered by mistake; false where there are none, or they are foreign. */
export async function withdrawPlannedWork(
  db: Queryable,
  scope: Scope,
  { plannedWorkId, by, nowMs }: { plannedWorkId: number; by: string; nowMs: number },
): Promise<boolean> {
  const { rows } = await db.query(sql`
    update planned_work as w set withdrawn_by = ${by}, withdrawn_at = ${instant(nowMs)}::timestamptz
    where w.planned_work_id = ${plannedWorkId}::int and w.withdrawn_at is null
      and case when w.group_id is null then ${groupInScope(scope, "w")}
               else exists (select from point_group as g where g.group_id = w.group_id and ${groupInScope(scope)}) end
    returning 1`);
  return rows.length === 1;
}
