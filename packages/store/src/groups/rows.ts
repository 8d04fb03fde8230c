import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { instant, type Sql, sql, trusted } from "../sql.ts";
import type { HeldRow, PlannedRow } from "./plan.ts";

/** Which rows of a group: its points, its balance meters, or the group above it. */
export type Side = "members" | "balance";
type Rows = Side | "parent";

const tableOf: Readonly<Record<Rows, { readonly table: Sql; readonly id: Sql; readonly of: Sql }>> = {
  members: {
    table: trusted("group_member"),
    id: trusted("group_member_id"),
    of: trusted("point_id"),
  },
  balance: {
    table: trusted("group_balance"),
    id: trusted("group_balance_id"),
    of: trusted("point_id"),
  },
  parent: {
    table: trusted("group_parent"),
    id: trusted("group_parent_id"),
    of: trusted("parent_id"),
  },
};

/** What holds at an instant or later. */
export async function readHeld(
  db: Queryable,
  which: Rows,
  groupId: number,
  fromMs: number,
): Promise<HeldRow[]> {
  const { table, id, of } = tableOf[which];
  const sign = which === "parent" ? trusted("1") : trusted("sign");
  const { rows } = await db.query<Omit<HeldRow, "toMs"> & { toMs: number | null }>(sql`
    select ${id} as id, ${of} as of, ${sign} as sign, lower(during) as "fromMs", upper(during) as "toMs"
    from ${table} where group_id = ${groupId}::int and ended_by is null
      and during && tstzrange(${instant(fromMs)}::timestamptz, null)
    order by ${of}, lower(during)`);
  return rows.map((row) => ({ ...row, toMs: row.toMs ?? Number.POSITIVE_INFINITY }));
}

/** The change that took points to another branch: changes of groups that came of it are taken back with it. */
export type MoveCause = { readonly pointChangeId: number } | { readonly locationVersionId: number };

export interface OpenedChange {
  readonly groupId: number;
  readonly kind: Rows | "rating" | "undo";
  readonly by: string;
  readonly reason: string;
  readonly plan: { readonly added: { readonly length: number }; readonly ended: { readonly length: number } };
  readonly effectiveFromMs: number;
  readonly undoes?: number;
  /** The move of points that it came of. */
  readonly cause?: MoveCause;
}

/** Writes down that somebody changes a group; its number is what the rows name. */
export async function openChange(db: Queryable, change: OpenedChange): Promise<number> {
  const { cause = {} } = change;
  const { rows } = await db.query<{ changeId: number }>(sql`
    insert into group_change (group_id, changed_by, kind, reason, undoes, added, ended, effective_from, point_change_id, location_version_id)
    values (${change.groupId}::int, ${change.by}, ${change.kind}, ${change.reason}, ${change.undoes ?? null}::bigint,
      ${change.plan.added.length}::int, ${change.plan.ended.length}::int, ${instant(change.effectiveFromMs)}::timestamptz,
      ${"pointChangeId" in cause ? cause.pointChangeId : null}::bigint, ${"locationVersionId" in cause ? cause.locationVersionId : null}::bigint)
    returning group_change_id as "changeId"`);
  return rows[0]!.changeId;
}

export async function endRows(
  db: Queryable,
  which: Rows,
  changeId: number,
  rows: readonly HeldRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const { table, id } = tableOf[which];
  await db.query(sql`
    update ${table} set ended_by = ${changeId}::bigint where ${id} = any(${numbers(rows.map((row) => row.id))}::bigint[])`);
}

export async function insertRows(
  db: Queryable,
  which: Rows,
  changeId: number,
  groupId: number,
  rows: readonly PlannedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const { table, of } = tableOf[which];
  const ends = rows.map(({ toMs }) => (toMs === Number.POSITIVE_INFINITY ? null : instant(toMs)));
  const sign = which === "parent" ? trusted("") : trusted(", sign");
  await db.query(sql`
    insert into ${table} (added_by, group_id, ${of} ${sign}, during)
    select ${changeId}::bigint, ${groupId}::int, incoming.of ${sign}, tstzrange(starts, ends)
    from unnest(${numbers(rows.map((row) => row.of))}::int[], ${numbers(rows.map((row) => row.sign))}::smallint[],
      ${rows.map(({ fromMs }) => instant(fromMs))}::timestamptz[], ${ends}::timestamptz[])
      as incoming (of, sign, starts, ends)`);
}

/** Says that the days of these groups that touch [fromMs, toMs) have to be summed again. */
export async function markDue(
  db: Queryable,
  groupIds: readonly number[],
  fromMs: number,
  toMs: number,
): Promise<void> {
  if (groupIds.length === 0) return;
  const until =
    toMs === Number.POSITIVE_INFINITY
      ? trusted("'infinity'::date")
      : sql`((${instant(toMs)}::timestamptz - interval '1 microsecond') at time zone (select market_zone()))::date + 1`;
  await db.query(sql`
    insert into group_due (group_id, from_day, to_day)
    select group_id, (${instant(fromMs)}::timestamptz at time zone (select market_zone()))::date, ${until}
    from unnest(${groupIds}::int[]) as group_id`);
}

/** Groups above take in a group's balance meters. */
export async function markParents(
  db: Queryable,
  groupId: number,
  fromMs: number,
  toMs: number,
): Promise<void> {
  const { rows } = await db.query<{ parentId: number }>(sql`
    select distinct parent_id as "parentId" from group_parent where group_id = ${groupId}::int and ended_by is null`);
  await markDue(
    db,
    rows.map(({ parentId }) => parentId),
    fromMs,
    toMs,
  );
}
