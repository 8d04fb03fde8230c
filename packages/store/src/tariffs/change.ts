import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { instant, sql } from "../sql.ts";

/** Who changes something, and why. */
export interface TariffAuthor {
  readonly by: string;
  readonly reason: string;
  readonly nowMs: number;
}

/** One change as somebody made it. */
export interface TariffChange {
  readonly changeId: number;
  readonly at: number;
  readonly by: string;
  readonly reason: string;
  readonly kind: "version" | "end" | "assignment" | "undo";
  readonly tariffId: number | null;
  readonly fromDay: string;
  readonly toDay: string | null;
  /** Points of an assignment. */
  readonly points: number | null;
  readonly undoes: number | null;
  readonly undone: boolean;
}

/** One at a time: versions and assignments are cut where others begin. */
const tariffLock = 1162758741;
export const lockTariffs = (transaction: Queryable) =>
  transaction.query(sql`select pg_advisory_xact_lock(${tariffLock})`);

/** @returns the number of the change that is opened */
export async function openTariffChange(
  transaction: Queryable,
  change: Pick<TariffChange, "kind" | "tariffId" | "fromDay" | "toDay"> & {
    readonly points?: number | null;
    readonly undoes?: number | null;
  },
  { by, reason, nowMs }: TariffAuthor,
): Promise<number> {
  const { rows } = await transaction.query<{ id: number }>(sql`
    insert into tariff_change (at, changed_by, reason, kind, tariff_id, during, points, undoes)
    values (${instant(nowMs)}::timestamptz, ${by}, ${reason}, ${change.kind}, ${change.tariffId}::int,
      daterange(${change.fromDay}::date, ${change.toDay}::date), ${change.points ?? null}::int, ${change.undoes ?? null}::bigint)
    returning tariff_change_id as id`);
  return rows[0]!.id;
}

/**
 * What a change takes away must not have made an account of a closed month: that account would be another one today.
 * @throws StoreError `tariff.billed`
 */
export async function refuseBilled(transaction: Queryable, changeId: number): Promise<void> {
  const { rows } = await transaction.query<{ month: string }>(sql`
    with change as (select * from tariff_change where tariff_change_id = ${changeId}::bigint),
    taken as (
      select a.point_id, a.valid * v.valid * c.during as days
      from change as c join tariff_version as v on v.ended_by = c.tariff_change_id
      join tariff_assignment as a on a.tariff_id = v.tariff_id and a.ended_by is null
      union all
      select a.point_id, a.valid * c.during from change as c join tariff_assignment as a on a.ended_by = c.tariff_change_id
    )
    select to_char(b.month, 'YYYY-MM') as month
    from taken join billing_value as b using (point_id) join billing_close as closed using (billing_close_id)
    where closed.state = 'closed' and not isempty(days) and daterange(b.month, (b.month + interval '1 month')::date) && days
    order by b.month limit 1`);
  if (rows[0]) throw new StoreError("tariff.billed", `${rows[0].month} is closed and was made with it`);
}

/** Changes of a tariff, or of all, the newest first. */
export async function listTariffChanges(
  db: Queryable,
  { tariffId, limit }: { readonly tariffId?: number; readonly limit: number },
): Promise<TariffChange[]> {
  const { rows } = await db.query<TariffChange>(sql`
    select tariff_change_id as "changeId", at, changed_by as by, reason, kind, tariff_id as "tariffId",
      lower(during) as "fromDay", upper(during) as "toDay", points, undoes,
      exists (select from tariff_change as later where later.undoes = c.tariff_change_id) as undone
    from tariff_change as c where ${tariffId ?? null}::int is null or tariff_id = ${tariffId ?? null}::int
    order by tariff_change_id desc limit ${limit}`);
  return rows;
}

/**
 * Takes a change back: what held before it holds again.
 * @throws StoreError `tariff.change-not-found`, `tariff.change-undone`, `tariff.change-overtaken` when a later one builds on it,
 *   `tariff.billed`
 */
export async function undoTariffChange(
  db: Database,
  changeId: number,
  author: TariffAuthor,
): Promise<number> {
  try {
    return await db.transaction(async (transaction) => {
      await lockTariffs(transaction);
      const { rows } = await transaction.query<
        Pick<TariffChange, "kind" | "tariffId" | "fromDay" | "toDay" | "points" | "undone"> & {
          overtaken: boolean;
        }
      >(sql`
        select kind, tariff_id as "tariffId", lower(during) as "fromDay", upper(during) as "toDay", points,
          exists (select from tariff_change as later where later.undoes = c.tariff_change_id) as undone,
          exists (select from tariff_version as v where v.added_by = c.tariff_change_id and v.ended_by is not null)
            or exists (select from tariff_assignment as a where a.added_by = c.tariff_change_id and a.ended_by is not null) as overtaken
        from tariff_change as c where tariff_change_id = ${changeId}::bigint`);
      const [change] = rows;
      if (!change || change.kind === "undo")
        throw new StoreError("tariff.change-not-found", "there is no such change");
      if (change.undone) throw new StoreError("tariff.change-undone", "it is taken back already");
      if (change.overtaken) throw new StoreError("tariff.change-overtaken", "a later change builds on it");
      const undo = await openTariffChange(transaction, { ...change, kind: "undo", undoes: changeId }, author);
      await transaction.query(sql`
        update tariff_version set ended_by = ${undo}::bigint where added_by = ${changeId}::bigint and ended_by is null`);
      await transaction.query(sql`
        update tariff_assignment set ended_by = ${undo}::bigint where added_by = ${changeId}::bigint and ended_by is null`);
      await refuseBilled(transaction, undo);
      await transaction.query(sql`
        insert into tariff_version (tariff_id, valid, terms, added_by)
        select tariff_id, valid, terms, ${undo}::bigint from tariff_version where ended_by = ${changeId}::bigint`);
      await transaction.query(sql`
        insert into tariff_assignment (point_id, tariff_id, valid, added_by)
        select point_id, tariff_id, valid, ${undo}::bigint from tariff_assignment where ended_by = ${changeId}::bigint`);
      return undo;
    });
  } catch (cause) {
    if (sqlState(cause) !== "23P01") throw cause;
    throw new StoreError("tariff.change-overtaken", "other days were given since", cause);
  }
}
