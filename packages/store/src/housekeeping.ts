import { showDueAttributes } from "./attributes/change.ts";
import { expireDataExports } from "./data-exports.ts";
import type { Database } from "./database.ts";
import { closeMonthsBefore, makePartitions } from "./partitions.ts";
import { forgetRunFiles } from "./reports/settings.ts";
import { instant, sql } from "./sql.ts";

export interface HousekeepingOutcome {
  /** Partitions of `load_day` whose spare room was given back. */
  readonly closed: readonly string[];
  /** Blocks of which only the hash is kept from now on. */
  readonly forgotten: number;
}

const dayMs = 86_400_000;
const monthsAheadDays = 62;
const rawBytesKeptDays = 90;
/** Corrections are open for a year: a day that is validated anew finds what its clock was. */
const clocksKeptDays = 400;
/** Rows in one statement, so that no transaction holds its locks for long. */
const forgottenAtOnce = 5_000;

/**
 * What a running system owes its tables: the partitions of the coming months made ahead, the months before the last one closed, raw
 * bytes older than 90 days forgotten (their hash stays). Repeating it does nothing.
 */
export async function keepHouse(db: Database, nowMs: number): Promise<HousekeepingOutcome> {
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  await makePartitions(db, { from: day(nowMs), to: day(nowMs + monthsAheadDays * dayMs), nowMs });
  const lastMonth = Temporal.PlainDate.from(day(nowMs)).with({ day: 1 }).subtract({ months: 1 });
  const closed = await closeMonthsBefore(db, lastMonth.toString());
  await db.query(
    sql`delete from clock_difference where at < ${instant(nowMs - clocksKeptDays * dayMs)}::timestamptz`,
  );
  await forgetRunFiles(db, nowMs);
  await showDueAttributes(db, nowMs);
  await expireDataExports(db, nowMs);
  return { closed, forgotten: await forgetRawBytes(db, nowMs - rawBytesKeptDays * dayMs) };
}

async function forgetRawBytes(db: Database, beforeMs: number): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const { rowCount } = await db.query(sql`
      update block set bytes = null
      where (received_at, block_id) in (
        select received_at, block_id from block
        where received_at < ${instant(beforeMs)}::timestamptz and bytes is not null
        limit ${forgottenAtOnce})`);
    forgotten += rowCount ?? 0;
    if ((rowCount ?? 0) < forgottenAtOnce) return forgotten;
  }
}
