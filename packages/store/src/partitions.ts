import { originOf } from "./audit/acting.ts";
import type { Database } from "./database.ts";
import { sqlState } from "./errors.ts";
import { identifier, sql, trusted } from "./sql.ts";

/** Tables with one partition per calendar month, and the type of the column that they are split by. */
const partitioned = [
  { table: "load_day", column: "date" },
  { table: "block", column: "timestamptz" },
  { table: "event", column: "timestamptz" },
  { table: "group_day", column: "date" },
] as const;

export type PartitionedTable = (typeof partitioned)[number]["table"];

/** Advisory lock: two writers that need the same new month make it once. */
const partitionLock = 0x454e4550;

/** A month can go when it is older than that; drop_month allows none younger than thirteen months. */
const oldAfterMs = 365 * 86_400_000;

/** `YYYY-MM` of a day. */
export const monthOf = (day: string): string => day.slice(0, 7);

export function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split("-").map(Number);
  return number === 12
    ? `${String(year + 1).padStart(4, "0")}-01`
    : `${month.slice(0, 4)}-${String(number + 1).padStart(2, "0")}`;
}

/** Months from `from` to `to`, both included. */
export function monthsBetween(from: string, to: string): string[] {
  const months: string[] = [];
  for (let month = from; month <= to && months.length < 12_000; month = monthAfter(month)) months.push(month);
  return months;
}

/** Months known to exist, so that a write asks the catalog once. Only what is committed gets in here. */
const known = new WeakMap<Database, Set<string>>();

function knownMonths(db: Database): Set<string> {
  const origin = originOf(db);
  let months = known.get(origin);
  if (!months) {
    months = new Set();
    known.set(origin, months);
  }
  return months;
}

/** A month that is no longer there (`load_day_2023_01`): its next write makes it anew. */
export function withoutMonth(db: Database, part: string): void {
  const [, table = "", year = "", month = ""] = /^(.*)_(\d{4})_(\d{2})$/.exec(part) ?? [];
  knownMonths(db).delete(`${table} ${year}-${month}`);
}

/**
 * Makes the partitions of all monthly tables from the month of `from` to that of `to` (days, `YYYY-MM-DD`, both included).
 * Repeating it changes nothing.
 */
export async function makePartitions(
  db: Database,
  { from, to, nowMs = Date.now() }: { from: string; to: string; nowMs?: number },
): Promise<void> {
  for (const { table } of partitioned) {
    await needMonths(db, table, monthsBetween(monthOf(from), monthOf(to)), nowMs);
  }
}

/** Makes sure that `table` has a partition for each of these months (`YYYY-MM`); a write of old history makes its own. */
export async function needMonths(
  db: Database,
  table: PartitionedTable,
  months: readonly string[],
  nowMs: number,
): Promise<void> {
  const have = knownMonths(db);
  // Old months may have gone since this process knew them (retention): those are looked at each time.
  const young = monthOf(new Date(nowMs - oldAfterMs).toISOString());
  const missing = months.filter((month) => month < young || !have.has(`${table} ${month}`));
  if (missing.length === 0) return;
  const column = partitioned.find((entry) => entry.table === table)?.column ?? "date";
  for (const month of missing) {
    const name = `${table}_${month.replace("-", "_")}`;
    if (month < young) {
      const { rows } = await db.query(sql`select 1 from pg_class where oid = to_regclass(${name})`);
      if (rows.length > 0) continue;
    }
    const bound = (value: string) => (column === "date" ? `${value}-01` : `${value}-01 00:00:00+00`);
    await db.transaction(async (transaction) => {
      await transaction.query(sql`select pg_advisory_xact_lock(${partitionLock})`);
      const { rows } = await transaction.query(sql`select 1 from pg_class where oid = to_regclass(${name})`);
      if (rows.length > 0) return;
      await transaction.query(trusted("set local lock_timeout = '10s'"));
      const open = month >= monthOf(new Date(nowMs).toISOString());
      await transaction.query(
        sql`select make_month(${table}, ${name}, ${bound(month)}, ${bound(monthAfter(month))}, ${open}::boolean)`,
      );
    });
    have.add(`${table} ${month}`);
  }
}

/**
 * Closes the months before that of `day`: their rows change rarely from now on, so the room that open months leave for new versions
 * is given back (a rewrite of the partition, half its size after it). Repeating it does nothing; a partition in use is left for the
 * next time.
 */
export async function closeMonthsBefore(db: Database, day: string): Promise<readonly string[]> {
  const { rows } = await db.query<{ name: string }>(sql`
    select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
    where inhparent = 'load_day'::regclass and relname < ${`load_day_${monthOf(day).replace("-", "_")}`}
      and reloptions @> array['fillfactor=50']`);
  const closed: string[] = [];
  for (const { name } of rows) {
    await db.withClient(async (client) => {
      await client.query("set lock_timeout = '2s'");
      try {
        await client.query(`alter table ${identifier(name).text} set (fillfactor = 100)`);
        await client.query(`vacuum (full, analyze) ${identifier(name).text}`);
        closed.push(name);
      } catch (error) {
        // Who does not own the tables leaves it to who does.
        if (sqlState(error) === "42501") return;
        if (sqlState(error) !== "55P03") throw error;
        await client.query(`alter table ${identifier(name).text} set (fillfactor = 50)`);
      } finally {
        await client.query("reset lock_timeout");
      }
    });
  }
  return closed;
}
