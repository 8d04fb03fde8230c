import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

/**
 * Names the state of all sums of groups of [fromDay, toDay) and of what belongs to whom; `undefined` while a day of them waits to be summed again,
 * since then it is about to become another one. Days are counted as they are taken from the change list (`readDataVersion`).
 */
export async function settledVersion(
  db: Queryable,
  fromDay: string,
  toDay: string,
): Promise<string | undefined> {
  const { rows } = await db.query<{ counted: number; waiting: boolean; network: number; change: number }>(sql`
    select
      (select coalesce(sum(version), 0)::bigint from day_version where day >= ${fromDay}::date and day < ${toDay}::date) as counted,
      exists (select from load_day_change where exists (
        select from unnest(days) as day where day >= ${fromDay}::date and day < ${toDay}::date))
        or exists (select from group_due where from_day < ${toDay}::date and to_day > ${fromDay}::date) as waiting,
      (select version from network_version) as network,
      (select coalesce(max(group_change_id), 0)::bigint from group_change) as change`);
  const { counted, waiting, network, change } = rows[0]!;
  return waiting ? undefined : `${counted} ${network} ${change}`;
}
