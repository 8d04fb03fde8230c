import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

/** Beyond so many noted transactions that nobody has folded yet, counting them costs more than reading again. */
const pendingMax = 2_000;

/**
 * A number that becomes another with every commit that changes a day of [fromDay, toDay) of any channel, or what is installed where.
 * Each transaction that writes days notes them in a row of its own; the fold counts these rows by day as it takes them away, in one
 * transaction. So what is counted plus what is still noted never goes back and never stands still, and no writer waits for another.
 * `undefined` when nobody folds and too much is noted: then nothing may be remembered.
 */
export async function readDataVersion(
  db: Queryable,
  fromDay: string,
  toDay: string,
): Promise<string | undefined> {
  const { rows } = await db.query<{ counted: number; noted: number; pending: number; network: number }>(sql`
    select
      (select coalesce(sum(version), 0)::bigint from day_version where day >= ${fromDay}::date and day < ${toDay}::date) as counted,
      (select count(*)::int from load_day_change where exists (
        select from unnest(days) as day where day >= ${fromDay}::date and day < ${toDay}::date)) as noted,
      (select count(*)::int from (select from load_day_change limit ${pendingMax + 1}) as waiting) as pending,
      (select version from network_version) as network`);
  const { counted, noted, pending, network } = rows[0]!;
  return pending > pendingMax ? undefined : `${counted + noted} ${network}`;
}
