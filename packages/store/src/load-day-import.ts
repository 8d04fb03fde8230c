import { arrivedAtOnce, type DaySlots, digestOf, mergeDay, packDay, unpackDay } from "@energsys/metering";
import { type CopyWriter, copyIn } from "./copy-binary.ts";
import type { Database, Queryable } from "./database.ts";
import { noteChangedDays } from "./groups/change-list.ts";
import {
  changeOf,
  type DayWrite,
  dayColumns,
  dayRowsToCopy,
  type StoredDay,
  writeDayRows,
} from "./load-day-rows.ts";
import type { Channel } from "./network.ts";
import { monthOf, needMonths } from "./partitions.ts";
import { prepared, sql, trusted } from "./sql.ts";

/** A day to import; the values are the channel's integers by slot of the market day. */
export interface ImportDay extends DaySlots {
  readonly channel: Pick<Channel, "channelId" | "kind">;
  /** `YYYY-MM-DD` */
  readonly date: string;
}

export interface ImportOutcome {
  readonly added: number;
  /** Days that were there with other content: merged, the replaced version in the history. */
  readonly merged: number;
  readonly unchanged: number;
}

/**
 * Imports many days at once: binary COPY into a staging table, new days from there with one statement, the others merged
 * as a delivery would. Points are not derived: `rederivePoints` does that when all is in. Of one channel and day, one entry.
 * @throws StoreError `store.conflict` when somebody wrote the same days meanwhile; nothing was changed then
 */
export async function importLoadDays(
  db: Database,
  days: readonly ImportDay[],
  context: { readonly nowMs: number },
): Promise<ImportOutcome> {
  if (days.length === 0) return { added: 0, merged: 0, unchanged: 0 };
  await needMonths(db, "load_day", [...new Set(days.map(({ date }) => monthOf(date)))], context.nowMs);
  return db.transaction(async (transaction) => {
    await transaction.query(
      trusted("create temporary table load_day_staging (like load_day, nth int not null) on commit drop"),
    );
    await copyIn(
      transaction,
      `copy load_day_staging (${dayColumns.join()}, nth) from stdin (format binary)`,
      stage(days, context.nowMs),
    );
    const { rowCount: added } = await transaction.query(sql`
      insert into load_day (sum, channel_id, day, max, ver, slots, ok, flags, max_at, v, q, arrivals)
      select sum, channel_id, day, max, ver, slots, ok, flags, max_at, v, q, arrivals from load_day_staging
      on conflict do nothing`);
    if (added > 0) {
      await noteChangedDays(
        transaction,
        days.map(({ channel, date }) => ({ channelId: channel.channelId, date })),
      );
    }
    if (added === days.length) return { added, merged: 0, unchanged: 0 };
    const merged = await mergeStaged(transaction, days, context.nowMs);
    return { added, merged, unchanged: days.length - added - merged };
  });
}

function stage(days: readonly ImportDay[], nowMs: number): CopyWriter {
  const rows = days.map(({ values, flags, channel, date }) => ({
    channelId: channel.channelId,
    date,
    ver: 1,
    slots: values.length,
    digest: digestOf(values, flags, channel.kind),
    ...packDay(values, flags),
    arrivals: arrivedAtOnce(date, values.length, Math.ceil(nowMs / 1000)),
  }));
  return dayRowsToCopy(rows, true);
}

/** Days that were there already and differ from what was staged. */
async function mergeStaged(db: Queryable, days: readonly ImportDay[], nowMs: number): Promise<number> {
  const { rows } = await db.query<StoredDay & { nth: number }>(
    prepared(
      "load-day-staged",
      sql`
        select staged.nth, stored.ver, stored.v, stored.q, stored.arrivals from load_day_staging as staged
        cross join lateral (
          select ver, v, q, arrivals from load_day where load_day.channel_id = staged.channel_id and load_day.day = staged.day offset 0
        ) as stored
        where (stored.v, stored.q) is distinct from (staged.v, staged.q)`,
    ),
  );
  const writes: DayWrite[] = [];
  for (const { nth, ...stored } of rows) {
    const { ver, v, q } = stored;
    const day = days[nth]!;
    const slots = unpackDay(v, q, day.values.length);
    if (mergeDay(slots, day) === 0) continue;
    writes.push({
      channelId: day.channel.channelId,
      date: day.date,
      ver: ver + 1,
      slots: slots.values.length,
      digest: digestOf(slots.values, slots.flags, day.channel.kind),
      ...packDay(slots.values, slots.flags),
      ...changeOf(day.date, stored, slots, nowMs),
      cause: null,
    });
  }
  await writeDayRows(db, writes, nowMs);
  return writes.length;
}
