import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import type { Scope } from "../scope.ts";
import { instant, sql, trusted } from "../sql.ts";
import { undoChange } from "./changes.ts";
import { planChange } from "./plan.ts";
import { groupInScope } from "./registry.ts";
import {
  endRows,
  insertRows,
  type MoveCause,
  markDue,
  markParents,
  openChange,
  readHeld,
  type Side,
} from "./rows.ts";

/** What becomes of memberships in groups of a branch that a point leaves: they end with the move, or somebody wants them to stay. */
export const groupsOnMove = ["end", "keep"] as const;
export type GroupsOnMove = (typeof groupsOnMove)[number];

interface Move {
  readonly pointIds: readonly number[];
  /** Where they stand then. */
  readonly branchId: number;
  readonly fromMs: number;
  /** Infinity: for good. */
  readonly toMs: number;
}

interface LeftGroup {
  readonly groupId: number;
  readonly side: Side;
  readonly name: string;
  /** Somebody of the scope may see it. */
  readonly seen: boolean;
  readonly pointIds: readonly number[];
}

const quarterMs = 900_000;
/** A point counts whole quarter-hours: that in which it goes is the last one. */
const onQuarter = (ms: number): number => Math.ceil(ms / quarterMs) * quarterMs;
const sides = { members: trusted("group_member"), balance: trusted("group_balance") } as const;

/** Groups of branches that do not hold the branch where these points stand from then on, of which they are members or balance meters. */
async function leftGroups(
  db: Queryable,
  scope: Scope,
  { pointIds, branchId, fromMs, toMs }: Move,
): Promise<LeftGroup[]> {
  const until = toMs === Number.POSITIVE_INFINITY ? null : instant(toMs);
  const of = (side: Side) => sql`
    select g.group_id as "groupId", ${side}::text as side, g.name, ${groupInScope(scope)} as seen,
      array_agg(distinct held.point_id) as "pointIds"
    from ${sides[side]} as held join point_group as g using (group_id)
    where held.point_id = any(${pointIds}::int[]) and held.ended_by is null and g.removed_at is null
      and held.during && tstzrange(${instant(fromMs)}::timestamptz, ${until}::timestamptz)
      and g.branch_id is not null and g.branch_id not in (select branch_id from above)
    group by g.group_id`;
  const { rows } = await db.query<LeftGroup>(sql`
    with recursive above as (
      select branch_id, parent_id from branch where branch_id = ${branchId}::int
      union all
      select b.branch_id, b.parent_id from above join branch as b on b.branch_id = above.parent_id
    )
    ${of("members")} union all ${of("balance")} order by "groupId", side`);
  return rows;
}

/**
 * Ends what points are in groups of a branch that they leave, from the quarter-hour after their move on, or lets it be; each is a change of
 * its group. Whoever moves them has to have said which.
 * @throws StoreError `point.leaves-groups` when nobody said; the message names the groups of the scope
 */
export async function leaveGroups(
  transaction: Queryable,
  scope: Scope,
  move: Move,
  given: {
    readonly groups: GroupsOnMove | undefined;
    readonly by: string;
    readonly reason: string;
    readonly cause: MoveCause;
  },
): Promise<void> {
  const fromMs = onQuarter(move.fromMs);
  const toMs = onQuarter(move.toMs);
  if (given.groups === "keep" || fromMs >= toMs) return;
  const left = await leftGroups(transaction, scope, { ...move, fromMs, toMs });
  if (left.length === 0) return;
  if (given.groups === undefined) throw new StoreError("point.leaves-groups", named(left));
  for (const { groupId, side, pointIds } of left) {
    await transaction.query(sql`select from point_group where group_id = ${groupId}::int for no key update`);
    const held = await readHeld(transaction, side, groupId, fromMs);
    const plan = planChange(held, { fromMs, toMs, add: [], remove: pointIds });
    const changeId = await openChange(transaction, {
      groupId,
      kind: side,
      by: given.by,
      reason: given.reason,
      plan,
      effectiveFromMs: fromMs,
      cause: given.cause,
    });
    await endRows(transaction, side, changeId, plan.ended);
    await insertRows(transaction, side, changeId, groupId, plan.added);
    await markDue(transaction, [groupId], fromMs, toMs);
    if (side === "balance") await markParents(transaction, groupId, fromMs, toMs);
  }
}

/** Names of the groups that may be seen; how many others there are. */
function named(left: readonly LeftGroup[]): string {
  const names = [...new Set(left.filter(({ seen }) => seen).map(({ name }) => name))];
  const others = new Set(left.filter(({ seen }) => !seen).map(({ groupId }) => groupId)).size;
  return [...names, ...(others === 0 ? [] : [`+${others}`])].join(", ");
}

/**
 * Takes back what a move changed of groups, unless somebody did already.
 * @throws StoreError `group.change-overtaken` when a later change of such a group builds on it
 */
export async function returnToGroups(
  transaction: Queryable,
  cause: MoveCause,
  given: { readonly by: string; readonly reason: string },
): Promise<void> {
  const { rows } = await transaction.query<{ changeId: number }>(sql`
    select group_change_id as "changeId" from group_change as c
    where ${"pointChangeId" in cause ? sql`point_change_id = ${cause.pointChangeId}::bigint` : sql`location_version_id = ${cause.locationVersionId}::bigint`}
      and not exists (select from group_change as undo where undo.undoes = c.group_change_id)
    order by 1 desc`);
  for (const { changeId } of rows) await undoChange(transaction, changeId, given);
}
