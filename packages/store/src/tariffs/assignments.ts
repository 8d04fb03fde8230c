import { numbers } from "../arrays.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { inScope, type Scope } from "../scope.ts";
import { sql } from "../sql.ts";
import { lockTariffs, openTariffChange, refuseBilled, type TariffAuthor } from "./change.ts";
import { needDays, needTariff, type TariffDays } from "./tariffs.ts";

/** A tariff of a point, from one day to another; open without `validTo`. */
export interface TariffAssignment {
  readonly pointId: number;
  readonly tariffId: number;
  readonly validFrom: string;
  readonly validTo?: string | undefined;
}

/**
 * Gives points a tariff on these days (null: none); what they have before and behind stays. Points outside the scope are left as they are.
 * @returns the number of the change and how many points it was for
 * @throws StoreError `tariff.not-found`, `tariff.no-days`, `tariff.no-points`, `tariff.billed`
 */
export async function assignTariff(
  db: Database,
  scope: Scope,
  given: TariffDays & { readonly tariffId: number | null; readonly pointIds: readonly number[] },
  author: TariffAuthor,
): Promise<{ readonly changeId: number; readonly points: number }> {
  needDays(given);
  const { tariffId, fromDay, toDay } = given;
  return db.transaction(async (transaction) => {
    await lockTariffs(transaction);
    if (tariffId !== null) await needTariff(transaction, tariffId);
    const { rows } = await transaction.query<{ pointId: number }>(sql`
      select p.point_id as "pointId" from point as p join location as l using (location_id)
      where p.point_id = any(${numbers(given.pointIds)}::int[]) and ${inScope(scope)}`);
    if (rows.length === 0) throw new StoreError("tariff.no-points", "no point is meant");
    const pointIds = numbers(rows.map(({ pointId }) => pointId));
    const change = { kind: "assignment", tariffId, fromDay, toDay, points: rows.length } as const;
    const changeId = await openTariffChange(transaction, change, author);
    await transaction.query(sql`
      update tariff_assignment set ended_by = ${changeId}::bigint
      where point_id = any(${pointIds}::int[]) and ended_by is null and valid && daterange(${fromDay}::date, ${toDay}::date)`);
    await refuseBilled(transaction, changeId);
    await transaction.query(sql`
      insert into tariff_assignment (point_id, tariff_id, valid, added_by)
      select point_id, tariff_id, part, ${changeId}::bigint from tariff_assignment,
        unnest(array[valid * daterange(null, ${fromDay}::date),
          case when ${toDay}::date is null then 'empty'::daterange else valid * daterange(${toDay}::date, null) end]) as part
      where ended_by = ${changeId}::bigint and not isempty(part)`);
    if (tariffId !== null)
      await transaction.query(sql`
        insert into tariff_assignment (point_id, tariff_id, valid, added_by)
        select point_id, ${tariffId}::int, daterange(${fromDay}::date, ${toDay}::date), ${changeId}::bigint
        from unnest(${pointIds}::int[]) as point_id`);
    return { changeId, points: rows.length };
  });
}

/** Tariffs of these points on the days [fromDay, toDay), by point and day. Whoever asks has looked that the points are of their scope. */
export async function readTariffAssignments(
  db: Queryable,
  pointIds: readonly number[],
  { fromDay, toDay }: { readonly fromDay: string; readonly toDay: string },
): Promise<TariffAssignment[]> {
  const { rows } = await db.query<Omit<TariffAssignment, "validTo"> & { validTo: string | null }>(sql`
    select point_id as "pointId", tariff_id as "tariffId", lower(valid) as "validFrom", upper(valid) as "validTo"
    from tariff_assignment where point_id = any(${numbers(pointIds)}::int[]) and ended_by is null
      and valid && daterange(${fromDay}::date, ${toDay}::date)
    order by point_id, valid`);
  return rows.map(({ validTo, ...row }) => ({ ...row, ...(validTo === null ? {} : { validTo }) }));
}
