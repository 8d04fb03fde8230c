import { countRuns, missingBit, quality } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import { copyOut } from "../copy-binary.ts";
import { isPassedOver } from "../counting-days.ts";
import type { Queryable } from "../database.ts";
import { monthAfter } from "../partitions.ts";
import { sql, trusted } from "../sql.ts";

/** Numbers of channels that are summed by one statement. */
const channelsAtOnce = 20_000;
/** `flags` is a smallint: bit 15 is its sign. */
const notWhole = ((missingBit | quality.estimated) << 16) >> 16;

/** Channels beside which there are others of the same point and quantity: of each day one counts. */
const hasPeers = trusted(`(point_id, obis) in (
  select point_id, obis from channel where point_id is not null and kind = 'delta' group by 1, 2 having count(*) > 1)`);

/**
 * Keeps the sum of each point's channel over a month (`YYYY-MM`) whose days go next, from their digests. What is kept already gives way
 * only to a sum of at least as many values: of history that was brought again for a few days, the whole month is known better.
 * Of several channels of one quantity each keeps the days on which it counted.
 */
export async function keepMonthSums(transaction: Queryable, month: string): Promise<void> {
  const [from, to] = [`${month}-01`, `${monthAfter(month)}-01`];
  const { rows } = await transaction.query<{ last: number }>(
    sql`select coalesce(max(channel_id), 0) as last from channel`,
  );
  for (let first = 0; first <= rows[0]!.last; first += channelsAtOnce) {
    const runs = await countedRuns(transaction, { from, to, first });
    const ids = [...runs.keys()];
    await transaction.query(sql`
      insert into kept_month as kept (channel_id, month, scale, sum, present, good, estimated)
      select channel_id, ${from}::date, min(own.scale), sum(stored.sum), sum(slots) - coalesce(max(run.missing), 0), sum(ok),
        coalesce(max(run.estimated), 0)
      from load_day as stored join channel as own using (channel_id)
      left join unnest(${numbers(ids)}::int[], ${numbers(ids.map((id) => runs.get(id)!.missing))}::int[],
        ${numbers(ids.map((id) => runs.get(id)!.estimated))}::int[]) as run (channel_id, missing, estimated) using (channel_id)
      where day >= ${from}::date and day < ${to}::date and channel_id >= ${first} and channel_id < ${first + channelsAtOnce}
        and point_id is not null and kind = 'delta' and not (${hasPeers} and ${isPassedOver})
      group by channel_id
      on conflict (channel_id, month) do update
        set scale = excluded.scale, sum = excluded.sum, present = excluded.present, good = excluded.good, estimated = excluded.estimated
        where excluded.present >= kept.present`);
  }
}

/** Missing and estimated slots of a month, of channels that have any: only the runs of quality say which they are. */
async function countedRuns(
  transaction: Queryable,
  { from, to, first }: { readonly from: string; readonly to: string; readonly first: number },
): Promise<ReadonlyMap<number, { missing: number; estimated: number }>> {
  const counted = new Map<number, { missing: number; estimated: number }>();
  await copyOut(
    transaction,
    `copy (select channel_id, q from load_day as stored join channel as own using (channel_id)
       where channel_id >= ${first} and channel_id < ${first + channelsAtOnce} and day >= '${from}' and day < '${to}' and q is not null
         and flags & ${notWhole} <> 0 and not (${hasPeers.text} and ${isPassedOver.text})) to stdout (format binary)`,
    (copied) => {
      while (copied.next()) {
        const channelId = copied.int4();
        const q = copied.skip();
        const { missing, estimated } = countRuns(copied.bytes.subarray(q.start, q.end));
        const sums = counted.get(channelId) ?? { missing: 0, estimated: 0 };
        sums.missing += missing;
        sums.estimated += estimated;
        counted.set(channelId, sums);
      }
    },
  );
  return counted;
}

/** As `keepMonthSums`, of the stored sums of groups. */
export async function keepGroupSums(transaction: Queryable, month: string): Promise<void> {
  const [from, to] = [`${month}-01`, `${monthAfter(month)}-01`];
  await transaction.query(sql`
    insert into kept_group_month as kept (group_id, month, side, obis, scale, sum, expected, present, good, estimated)
    select group_id, ${from}::date, side, obis, finest, sum(day.sum * (10::numeric ^ (scale - finest))::bigint), sum(expected),
      sum(present), sum(good), sum(estimated)
    from (select *, min(scale) over (partition by group_id, side, obis) as finest from group_day
      where day >= ${from}::date and day < ${to}::date) as day
    group by group_id, side, obis, finest
    on conflict (group_id, month, side, obis) do update
      set scale = excluded.scale, sum = excluded.sum, expected = excluded.expected, present = excluded.present,
        good = excluded.good, estimated = excluded.estimated
      where excluded.present >= kept.present`);
}

/**
 * A number that becomes another with every commit that changes a day of the month: each one notes its days, and the fold counts what it
 * takes of these notes.
 */
export async function monthVersion(db: Queryable, month: string): Promise<number> {
  const [from, to] = [`${month}-01`, `${monthAfter(month)}-01`];
  const { rows } = await db.query<{ version: number }>(sql`
    select (select coalesce(sum(version), 0)::bigint from day_version where day >= ${from}::date and day < ${to}::date)
      + (select count(*) from load_day_change
         where exists (select from unnest(days) as day where day >= ${from}::date and day < ${to}::date)) as version`);
  return rows[0]!.version;
}
