import { marketDayOf } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import type { Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { queueDays } from "../validation/queue.ts";
import { lockMeter } from "./in-scope.ts";

/** A time in which a meter was under test. Instants are epoch ms, `to` excluded; null: it goes on. */
export interface MeterTest {
  readonly meterTestId: number;
  readonly from: number;
  readonly to: number | null;
  readonly reason: string;
  readonly by: string;
  readonly withdrawnBy: string | null;
  readonly withdrawnAt: number | null;
  readonly withdrawnWhy: string | null;
}

interface Context {
  readonly nowMs: number;
  readonly zone: string;
}

/** The newest first, withdrawn ones included; `onMs`: those that had begun by then. */
export async function readMeterTests(
  db: Queryable,
  meterId: number,
  onMs = Number.POSITIVE_INFINITY,
): Promise<MeterTest[]> {
  const { rows } = await db.query<MeterTest>(sql`
    select meter_test_id as "meterTestId", lower(during) as "from", upper(during) as "to", reason, made_by as by,
      withdrawn_by as "withdrawnBy", withdrawn_at as "withdrawnAt", withdrawn_why as "withdrawnWhy"
    from meter_test where meter_id = ${meterId}::int and lower(during) <= ${onMs === Number.POSITIVE_INFINITY ? "infinity" : instant(onMs)}::timestamptz
    order by lower(during) desc, meter_test_id desc`);
  return rows;
}

/**
 * Says that a meter was, or is, under test: what it counts from then on until `toMs` is refused and estimated (V08).
 * @throws StoreError `meter.not-found` outside the scope, `meter.test-overlaps` when another test of it holds at that time
 */
export async function addMeterTest(
  db: Database,
  scope: Scope,
  meterId: number,
  given: {
    readonly fromMs: number;
    readonly toMs: number | null;
    readonly reason: string;
    readonly by: string;
  },
  context: Context,
): Promise<number> {
  return db.transaction(async (transaction) => {
    await lockMeter(transaction, scope, meterId);
    const { fromMs, toMs } = given;
    const { rows } = await unlessOverlapping(
      transaction.query<{ id: number }>(sql`
        insert into meter_test (meter_id, during, reason, made_by)
        values (${meterId}::int, tstzrange(${instant(fromMs)}::timestamptz, ${toMs === null ? null : instant(toMs)}::timestamptz),
          ${given.reason}, ${given.by})
        returning meter_test_id as id`),
    );
    await queueTested(transaction, meterId, { from: fromMs, to: toMs }, context);
    return rows[0]!.id;
  });
}

/**
 * Ends a test that goes on.
 * @throws StoreError `meter.not-found` outside the scope, `meter.test-not-found` when none goes on that began before `atMs`
 */
export async function endMeterTest(
  db: Database,
  scope: Scope,
  meterId: number,
  { meterTestId, atMs }: { readonly meterTestId: number; readonly atMs: number },
  context: Context,
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockMeter(transaction, scope, meterId);
    const { rowCount } = await transaction.query(sql`
      update meter_test set during = tstzrange(lower(during), ${instant(atMs)}::timestamptz)
      where meter_test_id = ${meterTestId}::int and meter_id = ${meterId}::int and withdrawn_at is null and upper_inf(during)
        and lower(during) < ${instant(atMs)}::timestamptz`);
    if (rowCount === 0) throw new StoreError("meter.test-not-found", "no such test goes on");
    // Until now all that came after it was taken for a part of it.
    await queueTested(transaction, meterId, { from: atMs, to: null }, context);
  });
}

/**
 * Withdraws a test that was entered by mistake; it stays to be seen, with the reason, and what the meter counted counts again.
 * @throws StoreError `meter.not-found` outside the scope, `meter.test-not-found` when there is none that holds
 */
export async function withdrawMeterTest(
  db: Database,
  scope: Scope,
  meterId: number,
  given: { readonly meterTestId: number; readonly why: string; readonly by: string },
  context: Context,
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockMeter(transaction, scope, meterId);
    const { rows } = await transaction.query<{ from: number; to: number | null }>(sql`
      update meter_test set withdrawn_by = ${given.by}, withdrawn_at = now(), withdrawn_why = ${given.why}
      where meter_test_id = ${given.meterTestId}::int and meter_id = ${meterId}::int and withdrawn_at is null
      returning lower(during) as "from", upper(during) as "to"`);
    if (!rows[0]) throw new StoreError("meter.test-not-found", "there is no such test");
    await queueTested(transaction, meterId, rows[0], context);
  });
}

async function unlessOverlapping<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    if (sqlState(cause) !== "23P01") throw cause;
    throw new StoreError("meter.test-overlaps", "another test of the meter holds at that time", cause);
  }
}

/** The days of the points where the meter stood meanwhile are validated again. */
async function queueTested(
  transaction: Queryable,
  meterId: number,
  { from, to }: { readonly from: number; readonly to: number | null },
  { nowMs, zone }: Context,
): Promise<void> {
  const until = Math.min(to ?? nowMs, nowMs);
  if (from >= until) return;
  const { rows } = await transaction.query<{ pointId: number }>(sql`
    select distinct point_id as "pointId" from installation
    where meter_id = ${meterId}::int and during && tstzrange(${instant(from)}::timestamptz, ${instant(until)}::timestamptz)`);
  if (rows.length === 0) return;
  const last = Temporal.PlainDate.from(marketDayOf(until - 1, zone).date);
  await queueDays(transaction, {
    pointIds: rows.map(({ pointId }) => pointId),
    fromDay: marketDayOf(from, zone).date,
    toDay: last.add({ days: 1 }).toString(),
  });
}

/** Time in which a meter was under test, [from, to); without an end it reaches to infinity. */
export interface Tested {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Tests that hold of some meters, as far as they touch [fromMs, toMs), by meter. */
export async function readTested(
  db: Queryable,
  meterIds: readonly number[],
  fromMs: number,
  toMs: number,
): Promise<ReadonlyMap<number, readonly Tested[]>> {
  const { rows } = await db.query<{ meterId: number; from: number; to: number | null }>(sql`
    select meter_id as "meterId", lower(during) as "from", upper(during) as "to" from meter_test
    where withdrawn_at is null and meter_id = any(${numbers(meterIds)}::int[])
      and during && tstzrange(${instant(fromMs)}::timestamptz, ${instant(toMs)}::timestamptz)`);
  const tested = new Map<number, Tested[]>();
  for (const { meterId, from, to } of rows)
    tested.set(meterId, [
      ...(tested.get(meterId) ?? []),
      { fromMs: from, toMs: to ?? Number.POSITIVE_INFINITY },
    ]);
  return tested;
}
