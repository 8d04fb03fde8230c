import { createHash } from "node:crypto";
import { branchWithin } from "../branches.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { inScope, type Scope } from "../scope.ts";
import { instant, sql, trusted } from "../sql.ts";
import { queueBalanceDays } from "../validation/queue.ts";
import { type ChangePlan, type HeldRow, planChange, type WantedChange, wantedSet } from "./plan.ts";
import { addGroup, findGroup, type Group, groupInScope, mayLieBelow, type NewGroup } from "./registry.ts";
import { endRows, insertRows, markDue, markParents, openChange, readHeld, type Side } from "./rows.ts";

/** What shall be different about the members or the balance meters of a group from an instant on. */
export interface GroupChangeRequest {
  readonly groupId: number;
  readonly side: Side;
  /** On a quarter-hour. */
  readonly fromMs: number;
  /** Absent: for good. */
  readonly toMs?: number;
  /** Exactly these from then on; or only those that come and go. */
  readonly set?: readonly { readonly pointId: number; readonly sign: 1 | -1 }[];
  readonly add?: readonly { readonly pointId: number; readonly sign: 1 | -1 }[];
  readonly remove?: readonly number[];
}

/** The effect of a change before anybody makes it. */
export interface GroupChangePreview {
  /** Names this effect: whoever applies the change says it, and is refused when it would be another one by then. */
  readonly token: string;
  readonly before: number;
  readonly after: number;
  readonly joining: readonly number[];
  readonly leaving: readonly number[];
  readonly signChanged: readonly number[];
  readonly unchanged: number;
  /** Points that lie outside the group's branch, or that are none: left out. */
  readonly refused: readonly number[];
  /** Points that join and are in another group of the same kind then. */
  readonly elsewhere: readonly {
    readonly pointId: number;
    readonly groupId: number;
    readonly name: string;
  }[];
  /** Points that would be member and balance meter of the group at once. */
  readonly bothSides: readonly number[];
}

const quarterMs = 900_000;
/** Points in one request: the largest network that a group is made of in one step. */
export const changedPointsMax = 200_000;

/** What the change would do, at the instant from which it holds. @throws StoreError `group.not-found`, `group.off-quarter` */
export async function previewGroupChange(
  db: Queryable,
  scope: Scope,
  request: GroupChangeRequest,
): Promise<GroupChangePreview> {
  const group = await needGroup(db, scope, request);
  return (await prepare(db, scope, group, request)).preview;
}

/**
 * Makes the change, as it was previewed. @returns its number, null when it changes nothing
 * @throws StoreError `group.not-found`, `group.off-quarter`, `group.preview-old` when the effect would be another one
 */
export async function applyGroupChange(
  db: Database,
  scope: Scope,
  request: GroupChangeRequest,
  given: { readonly by: string; readonly reason: string; readonly token?: string },
): Promise<{ readonly changeId: number | null; readonly preview: GroupChangePreview }> {
  return db.transaction(async (transaction) => {
    // One change of a group at a time, or two previews that were both true would add up to a third thing.
    await transaction.query(
      sql`select from point_group where group_id = ${request.groupId}::int for no key update`,
    );
    const group = await needGroup(transaction, scope, request);
    const { plan, preview } = await prepare(transaction, scope, group, request);
    if (given.token !== undefined && given.token !== preview.token) {
      throw new StoreError("group.preview-old", "the group was changed since the effect was shown");
    }
    if (plan.ended.length + plan.added.length === 0) return { changeId: null, preview };
    const changeId = await openChange(transaction, {
      groupId: request.groupId,
      kind: request.side,
      by: given.by,
      reason: given.reason,
      plan,
      effectiveFromMs: request.fromMs,
    });
    await endRows(transaction, request.side, changeId, plan.ended);
    await insertRows(transaction, request.side, changeId, request.groupId, plan.added);
    const untilMs = latestOf(plan);
    await markDue(transaction, [request.groupId], request.fromMs, untilMs);
    if (request.side === "balance") await markParents(transaction, request.groupId, request.fromMs, untilMs);
    return { changeId, preview };
  });
}

/** Where the last row ends that is different. */
const latestOf = ({ ended, added }: ChangePlan): number =>
  [...ended, ...added].reduce((latest, { toMs }) => Math.max(latest, toMs), Number.NEGATIVE_INFINITY);

async function needGroup(
  db: Queryable,
  scope: Scope,
  { groupId, fromMs, toMs }: GroupChangeRequest,
): Promise<Group> {
  if (fromMs % quarterMs !== 0 || (toMs !== undefined && (toMs % quarterMs !== 0 || toMs <= fromMs))) {
    throw new StoreError("group.off-quarter", "a change holds from a quarter-hour on, until a later one");
  }
  const group = await findGroup(db, scope, groupId, fromMs);
  if (!group) throw new StoreError("group.not-found", `no group ${groupId}`);
  return group;
}

async function prepare(db: Queryable, scope: Scope, group: Group, request: GroupChangeRequest) {
  const { side, groupId, fromMs, toMs = Number.POSITIVE_INFINITY } = request;
  const held = await readHeld(db, side, groupId, fromMs);
  const asked = (request.set ?? request.add ?? []).map(({ pointId, sign }) => ({ of: pointId, sign }));
  const allowed = await pointsWithin(
    db,
    scope,
    group.branchId,
    asked.map(({ of }) => of),
  );
  const wanted = uniqueOf(asked.filter(({ of }) => allowed.has(of)));
  const change: WantedChange = request.set
    ? wantedSet(held, fromMs, toMs, wanted)
    : { fromMs, toMs, add: wanted, remove: [...new Set(request.remove ?? [])] };
  const plan = planChange(held, change);
  const before = held.filter((row) => row.fromMs <= fromMs && row.toMs > fromMs).length;
  const goneNow = plan.leaving.filter((of) => held.some((row) => row.of === of && row.fromMs <= fromMs));
  const comers = [...plan.joining];
  const preview: GroupChangePreview = {
    token: tokenOf(request, plan),
    before,
    after: before + comers.length - goneNow.length,
    joining: comers,
    leaving: plan.leaving,
    signChanged: plan.signChanged,
    unchanged: plan.unchanged,
    refused: [...new Set(asked.map(({ of }) => of))].filter((of) => !allowed.has(of)),
    elsewhere:
      side === "members" && group.kind !== "free" ? await inOthers(db, scope, group, comers, fromMs) : [],
    bothSides: await onOtherSide(db, side, groupId, comers, fromMs),
  };
  return { plan, preview };
}

const uniqueOf = <Item extends { readonly of: number }>(list: readonly Item[]): Item[] => [
  ...new Map(list.map((item) => [item.of, item])).values(),
];

function tokenOf(request: GroupChangeRequest, plan: ChangePlan): string {
  const rows = [
    ...plan.ended.map((row) => `-${row.id}`),
    ...plan.added.map(({ of, sign, fromMs, toMs }) => `+${of},${sign},${fromMs},${toMs}`),
  ].sort();
  return createHash("sha256")
    .update(`${request.groupId} ${request.side} ${rows.join(" ")}`)
    .digest("base64url")
    .slice(0, 22);
}

/** Of these points, those of the scope that lie in the branch or below it. */
async function pointsWithin(
  db: Queryable,
  scope: Scope,
  branchId: number | null,
  pointIds: readonly number[],
): Promise<Set<number>> {
  if (pointIds.length === 0) return new Set();
  const within = branchId === null ? sql`true` : sql`l.branch_id in (${branchWithin(branchId)})`;
  const { rows } = await db.query<{ pointId: number }>(sql`
    select p.point_id as "pointId" from point as p join location as l using (location_id)
    where p.point_id = any(${pointIds}::int[]) and ${within} and ${inScope(scope)}`);
  return new Set(rows.map(({ pointId }) => pointId));
}

async function inOthers(
  db: Queryable,
  scope: Scope,
  group: Group,
  pointIds: readonly number[],
  atMs: number,
) {
  if (pointIds.length === 0) return [];
  const { rows } = await db.query<{ pointId: number; groupId: number; name: string }>(sql`
    select m.point_id as "pointId", other.group_id as "groupId", other.name
    from group_member as m join point_group as other using (group_id)
    where m.point_id = any(${pointIds}::int[]) and m.ended_by is null and m.during @> ${instant(atMs)}::timestamptz
      and other.kind = ${group.kind} and other.group_id <> ${group.groupId}::int and other.removed_at is null
      and ${groupInScope(scope, "other")}
    order by m.point_id, other.name`);
  return rows;
}

async function onOtherSide(
  db: Queryable,
  side: Side,
  groupId: number,
  pointIds: readonly number[],
  atMs: number,
): Promise<number[]> {
  if (pointIds.length === 0) return [];
  const held = await readHeld(db, side === "members" ? "balance" : "members", groupId, atMs);
  const there = new Set(
    held.filter((row) => row.fromMs <= atMs && row.toMs > atMs).map((row: HeldRow) => row.of),
  );
  return pointIds.filter((pointId) => there.has(pointId));
}

/** Two that hang groups below each other at the same time would make a circle. */
const parentLock = 0x454e4752;

interface ParentChange {
  readonly groupId: number;
  readonly parentId: number | null;
  readonly fromMs: number;
}
interface Given {
  readonly by: string;
  readonly reason: string;
}

/**
 * Hangs a group below another one from an instant on; null: below none. @returns the change, null when it hangs there already
 * @throws StoreError `group.not-found`, `group.off-quarter`, `group.kind-order`, `group.cycle`
 */
export const changeGroupParent = (
  db: Database,
  scope: Scope,
  change: ParentChange,
  given: Given,
): Promise<number | null> => db.transaction((transaction) => hang(transaction, scope, change, given));

/**
 * Makes a group below another one, or neither. @returns its number
 * @throws StoreError `group.name-taken`, and as `changeGroupParent`
 */
export const addGroupBelow = (
  db: Database,
  scope: Scope,
  group: NewGroup,
  place: Omit<ParentChange, "groupId">,
  given: Given,
): Promise<number> =>
  db.transaction(async (transaction) => {
    const groupId = await addGroup(transaction, group);
    await hang(transaction, scope, { groupId, ...place }, given);
    return groupId;
  });

async function hang(
  db: Queryable,
  scope: Scope,
  { groupId, parentId, fromMs }: ParentChange,
  given: Given,
): Promise<number | null> {
  await db.query(sql`select pg_advisory_xact_lock(${parentLock})`);
  const group = await needGroup(db, scope, { groupId, side: "members", fromMs });
  if (parentId !== null) {
    const parent = await findGroup(db, scope, parentId, fromMs);
    if (!parent) throw new StoreError("group.not-found", `no group ${parentId}`);
    if (!mayLieBelow(group.kind, parent.kind)) {
      throw new StoreError("group.kind-order", `a ${group.kind} does not lie below a ${parent.kind}`);
    }
    if (await liesAbove(db, groupId, parentId, fromMs)) {
      throw new StoreError("group.cycle", "the group lies above the one that it would lie below");
    }
  }
  const held = await readHeld(db, "parent", groupId, fromMs);
  const toMs = Number.POSITIVE_INFINITY;
  // There is one group above at a time, so the one that holds leaves, whichever it is.
  const others = held.filter(({ of }) => of !== parentId).map(({ of }) => of);
  const plan = planChange(held, {
    fromMs,
    toMs,
    remove: [...new Set(others)],
    add: parentId === null ? [] : [{ of: parentId, sign: 1 }],
  });
  if (plan.ended.length + plan.added.length === 0) return null;
  const changeId = await openChange(db, {
    groupId,
    kind: "parent",
    by: given.by,
    reason: given.reason,
    plan,
    effectiveFromMs: fromMs,
  });
  await endRows(db, "parent", changeId, plan.ended);
  await insertRows(db, "parent", changeId, groupId, plan.added);
  const touched = [...new Set([...plan.ended, ...plan.added].map(({ of }) => of))];
  await markDue(db, touched, fromMs, toMs);
  return changeId;
}

/**
 * Takes a group off the lists, and out of the one above; its rows and sums stay, for those who ask later. One that has something
 * below it stays. @throws StoreError `group.not-found`, `group.in-use`
 */
export async function removeGroup(
  db: Database,
  scope: Scope,
  groupId: number,
  given: Given & { readonly nowMs: number },
): Promise<void> {
  const fromMs = Math.floor(given.nowMs / quarterMs) * quarterMs;
  await db.transaction(async (transaction) => {
    const group = await findGroup(transaction, scope, groupId, fromMs);
    if (!group) throw new StoreError("group.not-found", `no group ${groupId}`);
    if (group.children > 0) throw new StoreError("group.in-use", "there are groups below it");
    await hang(transaction, scope, { groupId, parentId: null, fromMs }, given);
    await transaction.query(sql`
      update point_group set removed_at = ${instant(given.nowMs)}::timestamptz where group_id = ${groupId}::int`);
  });
}

/** Does the group lie above the other one at any time from an instant on? */
async function liesAbove(db: Queryable, groupId: number, otherId: number, fromMs: number): Promise<boolean> {
  if (groupId === otherId) return true;
  const { rows } = await db.query(sql`
    with recursive above as (
      select parent_id, during * tstzrange(${instant(fromMs)}::timestamptz, null) as during from group_parent
      where group_id = ${otherId}::int and ended_by is null and during && tstzrange(${instant(fromMs)}::timestamptz, null)
      union
      select next.parent_id, next.during * above.during from above join group_parent as next on next.group_id = above.parent_id
      where next.ended_by is null and next.during && above.during
    )
    select 1 from above where parent_id = ${groupId}::int limit 1`);
  return rows.length > 0;
}

/** A change as the group's log shows it. */
export interface GroupChange {
  readonly changeId: number;
  readonly at: number;
  readonly by: string;
  readonly kind: "members" | "balance" | "parent" | "rating" | "undo";
  readonly reason: string;
  readonly added: number;
  readonly ended: number;
  readonly effectiveFrom: number | null;
  readonly undoes: number | null;
  readonly undoneBy: number | null;
}

/** Changes of a group of the scope, the newest first. */
export async function listGroupChanges(
  db: Queryable,
  scope: Scope,
  groupId: number,
  limit: number,
): Promise<GroupChange[]> {
  const { rows } = await db.query<GroupChange>(sql`
    select c.group_change_id as "changeId", c.at, c.changed_by as by, c.kind, c.reason, c.added, c.ended,
      c.effective_from as "effectiveFrom", c.undoes, undo.group_change_id as "undoneBy"
    from group_change as c join point_group as g using (group_id)
    left join group_change as undo on undo.undoes = c.group_change_id
    where c.group_id = ${groupId}::int and ${groupInScope(scope)}
    order by c.group_change_id desc limit ${limit}`);
  return rows;
}

/** What a change may have written, and what such a row says beside its group and its time. */
const tables = {
  group_member: "point_id, sign",
  group_balance: "point_id, sign",
  group_parent: "parent_id",
  group_rating: "rated_va, no_load_loss_w, load_loss_w, line_ohm, line_volts, cos_phi",
} as const;

/**
 * Takes a change back: what it wrote ends, what it ended holds again. It is itself a change, which can be taken back.
 * @throws StoreError `group.change-not-found`, `group.change-undone`, `group.change-overtaken` when a later change built on it
 */
export async function undoGroupChange(
  db: Database,
  scope: Scope,
  changeId: number,
  given: { readonly by: string; readonly reason: string },
): Promise<number> {
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ undone: boolean }>(sql`
      select exists (select from group_change as undo where undo.undoes = c.group_change_id) as undone
      from group_change as c join point_group as g using (group_id)
      where c.group_change_id = ${changeId}::bigint and g.removed_at is null and ${groupInScope(scope)} for no key update of g`);
    const [change] = rows;
    if (!change) throw new StoreError("group.change-not-found", `no change ${changeId}`);
    if (change.undone) throw new StoreError("group.change-undone", "it is taken back already");
    return undoChange(transaction, changeId, given);
  });
}

/** As `undoGroupChange`, of a change that is there and not taken back. @throws StoreError `group.change-overtaken` */
export async function undoChange(
  transaction: Queryable,
  changeId: number,
  given: { readonly by: string; readonly reason: string },
): Promise<number> {
  const { rows } = await transaction.query<{
    groupId: number;
    effectiveFrom: number | null;
    added: number;
    ended: number;
  }>(sql`
    select c.group_id as "groupId", c.effective_from as "effectiveFrom", c.added, c.ended
    from group_change as c join point_group as g using (group_id)
    where c.group_change_id = ${changeId}::bigint for no key update of g`);
  const change = rows[0]!;
  const undoId = await openChange(transaction, {
    groupId: change.groupId,
    kind: "undo",
    by: given.by,
    reason: given.reason,
    plan: { added: { length: change.ended }, ended: { length: change.added } },
    effectiveFromMs: change.effectiveFrom ?? 0,
    undoes: changeId,
  });
  const { parents, countsElse } = await takeBack(transaction, changeId, undoId);
  const fromMs = change.effectiveFrom ?? 0;
  if (!countsElse) {
    await queueBalanceDays(transaction, change.groupId, fromMs, Number.POSITIVE_INFINITY);
    return undoId;
  }
  await markDue(transaction, [change.groupId, ...parents], fromMs, Number.POSITIVE_INFINITY);
  await markParents(transaction, change.groupId, fromMs, Number.POSITIVE_INFINITY);
  return undoId;
}

const overtaken = () => new StoreError("group.change-overtaken", "a later change builds on it");

/**
 * Ends what the change wrote and writes again what it ended; gives the groups above that are concerned, and whether anything that is summed is
 * different: ratings are not.
 */
async function takeBack(
  db: Queryable,
  changeId: number,
  undoId: number,
): Promise<{ readonly parents: number[]; readonly countsElse: boolean }> {
  const parents: number[] = [];
  let countsElse = false;
  for (const [table, columns] of Object.entries(tables)) {
    const [name, own] = [trusted(table), trusted(columns)];
    const parent = trusted(table === "group_parent" ? "parent_id" : "null::int");
    const { rows: counted } = await db.query<{ gone: number }>(sql`
      select count(*)::int as gone from ${name} where added_by = ${changeId}::bigint and ended_by is not null`);
    if ((counted[0]?.gone ?? 0) > 0) throw overtaken();
    const { rows: ended } = await db.query<{ parent: number | null }>(sql`
      update ${name} set ended_by = ${undoId}::bigint where added_by = ${changeId}::bigint returning ${parent} as parent`);
    try {
      const { rows: again } = await db.query<{ parent: number | null }>(sql`
        insert into ${name} (added_by, group_id, ${own}, during)
        select ${undoId}::bigint, group_id, ${own}, during from ${name} where ended_by = ${changeId}::bigint
        returning ${parent} as parent`);
      const touched = [...ended, ...again];
      parents.push(...touched.flatMap((row) => row.parent ?? []));
      countsElse ||= touched.length > 0 && table !== "group_rating";
    } catch (error) {
      if (sqlState(error) === "23P01") throw overtaken();
      throw error;
    }
  }
  return { parents: [...new Set(parents)], countsElse };
}
