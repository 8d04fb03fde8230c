import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { type GroupsOnMove, leaveGroups, returnToGroups } from "../groups/leave.ts";
import { findByPlace } from "../places/points.ts";
import { lockLocation } from "../places/scope.ts";
import { inScope, pointInScope, type Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import {
  attributeColumns,
  attributeNames,
  attributeValue,
  type PointAttributes,
  readAttributes,
} from "./attributes.ts";

/** What shall be different about a point, for a time. */
export interface AttributeChange {
  readonly pointId: number;
  readonly values: Partial<PointAttributes>;
  readonly fromMs: number;
  /** Absent: for good. */
  readonly toMs?: number;
  /** Of a move to another branch: what becomes of the point in groups of the old one. */
  readonly groups?: GroupsOnMove;
}

/** One change as somebody made it. */
export interface PointChange {
  readonly changeId: number;
  readonly atMs: number;
  readonly changedBy: string;
  readonly reason: string;
  readonly undoes: number | null;
  readonly undone: boolean;
  /** What it gave, attribute by attribute. */
  readonly values: readonly {
    readonly attribute: keyof PointAttributes;
    readonly value: string | number | boolean | null;
    readonly fromMs: number | null;
    readonly toMs: number | null;
  }[];
}

const textOf = (value: unknown): string | null =>
  value === null || value === undefined ? null : String(value);

/**
 * Gives a point other attributes from an instant on. Days that rules looked at since are looked at again.
 * @returns the number of the change, null when it changes nothing
 * @throws StoreError `point.not-found`, `point.no-time` when it ends before it begins, `point.check-unknown` for a check meter at no
 *   other point of the scope, `location.not-found`, `point.leaves-groups` for a move out of the branch of groups, when nobody said what
 *   becomes of the point there
 */
export async function changeAttributes(
  db: Database,
  scope: Scope,
  { pointId, values, fromMs, toMs, groups }: AttributeChange,
  given: { readonly by: string; readonly reason: string; readonly nowMs: number },
): Promise<number | null> {
  if (toMs !== undefined && toMs <= fromMs) throw new StoreError("point.no-time", "it ends before it begins");
  return db.transaction(async (transaction) => {
    await lockPoint(transaction, scope, pointId);
    if (typeof values.checkPointId === "number")
      await needCheck(transaction, scope, pointId, values.checkPointId);
    if (values.locationId !== undefined) await lockLocation(transaction, scope, values.locationId);
    const history = await readAttributes(transaction, [pointId]);
    const now = history.at(pointId, given.nowMs)!;
    const changed = attributeNames.filter(
      (name) =>
        name in values &&
        history.differs(pointId, name, values[name] ?? null, fromMs, toMs ?? Number.POSITIVE_INFINITY),
    );
    if (changed.length === 0) return null;
    const changeId = await openPointChange(transaction, pointId, given, fromMs);
    for (const name of changed) {
      await transaction.query(sql`
        select set_point_attribute(${changeId}::bigint, ${pointId}::int, ${attributeColumns[name]}, ${textOf(now[name])}::text,
          ${textOf(values[name])}::text, ${instant(fromMs)}::timestamptz,
          ${toMs === undefined ? null : instant(toMs)}::timestamptz)`);
    }
    await settle(transaction, pointId, fromMs, given.nowMs);
    if (changed.includes("locationId")) {
      await findByPlace(transaction, pointId);
      const { rows } = await transaction.query<{ branchId: number }>(
        sql`select branch_id as "branchId" from location where location_id = ${values.locationId}::int`,
      );
      await leaveGroups(
        transaction,
        scope,
        { pointIds: [pointId], branchId: rows[0]!.branchId, fromMs, toMs: toMs ?? Number.POSITIVE_INFINITY },
        { ...given, groups, cause: { pointChangeId: changeId } },
      );
    }
    return changeId;
  });
}

/**
 * Takes a change back: what held before it holds again. The taking back is a change, too.
 * @throws StoreError `point.change-not-found`, `point.change-undone`, `point.change-overtaken` when a later one builds on it,
 *   `location.not-found` when it would go back to a place outside the scope, `group.change-overtaken` when a group that it left was
 *   changed on since
 */
export async function undoAttributes(
  db: Database,
  scope: Scope,
  changeId: number,
  given: { readonly by: string; readonly reason: string; readonly nowMs: number },
): Promise<number> {
  return db.transaction(async (transaction) => {
    const { rows: places } = await transaction.query<{ pointId: number }>(sql`
      select point_id as "pointId" from point_change as c
      where c.point_change_id = ${changeId}::bigint and ${pointInScope(scope, "c.point_id")}`);
    const pointId = places[0]?.pointId;
    if (pointId === undefined) throw new StoreError("point.change-not-found", "there is no such change");
    await lockPoint(transaction, scope, pointId);
    const { rows } = await transaction.query<{ fromMs: number; undone: boolean; overtaken: boolean }>(sql`
      select effective_from as "fromMs",
        exists (select from point_change as later where later.undoes = c.point_change_id) as undone,
        exists (select from point_attribute as a where a.added_by = c.point_change_id and a.ended_by <> c.point_change_id) as overtaken
      from point_change as c where c.point_change_id = ${changeId}::bigint`);
    const { fromMs, undone, overtaken } = rows[0]!;
    if (undone) throw new StoreError("point.change-undone", "it is taken back already");
    if (overtaken) throw new StoreError("point.change-overtaken", "a later change builds on it");
    const { rows: back } = await transaction.query<{ locationId: number }>(sql`
      select value::int as "locationId" from point_attribute
      where ended_by = ${changeId}::bigint and attribute = 'location_id' and value is not null`);
    for (const { locationId } of back) await lockLocation(transaction, scope, locationId);
    const undo = await openPointChange(transaction, pointId, given, fromMs, changeId);
    await transaction.query(sql`
      update point_attribute set ended_by = ${undo}::bigint where added_by = ${changeId}::bigint and ended_by is null`);
    await transaction.query(sql`
      insert into point_attribute (added_by, point_id, attribute, value, during)
      select ${undo}::bigint, point_id, attribute, value, during from point_attribute where ended_by = ${changeId}::bigint`);
    await settle(transaction, pointId, fromMs, given.nowMs);
    if (back.length > 0) await findByPlace(transaction, pointId);
    await returnToGroups(transaction, { pointChangeId: changeId }, given);
    return undo;
  });
}

async function lockPoint(db: Queryable, scope: Scope, pointId: number): Promise<void> {
  const { rows } = await db.query(sql`
    select from point as p join location as l using (location_id)
    where p.point_id = ${pointId}::int and ${inScope(scope)} for no key update of p`);
  if (rows.length === 0) throw new StoreError("point.not-found", "there is no such point");
}

async function needCheck(db: Queryable, scope: Scope, pointId: number, checkPointId: number): Promise<void> {
  const { rows } = await db.query(sql`
    select from point as p join location as l using (location_id)
    where p.point_id = ${checkPointId}::int and p.point_id <> ${pointId}::int and ${inScope(scope)}`);
  if (rows.length === 0) throw new StoreError("point.check-unknown", "there is no such other point");
}

async function openPointChange(
  db: Queryable,
  pointId: number,
  { by, reason, nowMs }: { readonly by: string; readonly reason: string; readonly nowMs: number },
  fromMs: number,
  undoes: number | null = null,
): Promise<number> {
  const { rows } = await db.query<{ id: string }>(sql`
    insert into point_change (point_id, at, changed_by, reason, effective_from, undoes)
    values (${pointId}, ${instant(nowMs)}, ${by}, ${reason}, ${instant(fromMs)}, ${undoes})
    returning point_change_id as id`);
  return Number(rows[0]!.id);
}

/** Shows in the points' own columns what became valid since; those that a date of the future has reached. Returns how many. */
export async function showDueAttributes(db: Queryable, nowMs: number): Promise<number> {
  const { rows } = await db.query<{ pointId: number; moves: boolean }>(sql`
    select point_id as "pointId", moves, show_point_attributes(point_id, ${instant(nowMs)}::timestamptz) from (
      select point_id, bool_or(attribute = 'location_id') as moves from point_attribute
      where ended_by is null and lower(during) > ${instant(nowMs - 3 * 86_400_000)}::timestamptz
        and lower(during) <= ${instant(nowMs)}::timestamptz
      group by point_id) as due`);
  for (const { pointId, moves } of rows) if (moves) await findByPlace(db, pointId);
  return rows.length;
}

/** Days that validation looks again at, at most: a year of days of a channel or two. */
const revalidatedDaysMax = 2_000;

/** The columns follow, and days from then on are looked at again by the rules. */
async function settle(db: Queryable, pointId: number, fromMs: number, nowMs: number): Promise<void> {
  await db.query(sql`select show_point_attributes(${pointId}::int, ${instant(nowMs)}::timestamptz)`);
  await db.query(sql`
    insert into validation_change (channel_ids, days)
    select array_agg(channel_id), array_agg(day) from (
      select channel_id, day from channel join load_day using (channel_id)
      where point_id = ${pointId}::int and day >= (${instant(fromMs)}::timestamptz at time zone (select market_zone()))::date
      order by day desc limit ${revalidatedDaysMax}) as days
    having count(*) > 0`);
}

/** Changes of a point's attributes, the newest first. Whoever asks has looked whether the point is of their scope. */
export async function listPointChanges(
  db: Queryable,
  pointId: number,
  limit: number,
): Promise<PointChange[]> {
  const { rows } = await db.query<Omit<PointChange, "values" | "changeId"> & { changeId: string }>(sql`
    select point_change_id as "changeId", at as "atMs", changed_by as "changedBy", reason, undoes,
      exists (select from point_change as later where later.undoes = c.point_change_id) as undone
    from point_change as c where point_id = ${pointId}::int order by point_change_id desc limit ${limit}`);
  const ids = rows.map(({ changeId }) => Number(changeId));
  // What a change trimmed at both ends it wrote anew with the value of before: that is none of what it gave.
  const { rows: values } = await db.query<{
    changeId: string;
    attribute: string;
    value: string | null;
    fromMs: number | null;
    toMs: number | null;
  }>(sql`
    select added_by as "changeId", attribute, value, lower(during) as "fromMs", upper(during) as "toMs"
    from point_attribute as a join point_change as c on c.point_change_id = a.added_by
    where added_by = any(${ids}::bigint[]) and (c.undoes is not null or lower(during) = c.effective_from)
      and a.ended_by is distinct from a.added_by
    order by attribute, lower(during)`);
  const nameOf = new Map(attributeNames.map((name) => [attributeColumns[name] as string, name]));
  return rows.map(({ changeId, undoes, ...row }) => ({
    ...row,
    changeId: Number(changeId),
    undoes: undoes === null ? null : Number(undoes),
    values: values
      .filter((value) => value.changeId === changeId)
      .map(({ attribute, value, fromMs, toMs }) => {
        const name = nameOf.get(attribute)!;
        return { attribute: name, value: attributeValue(name, value), fromMs, toMs };
      }),
  }));
}
