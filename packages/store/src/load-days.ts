import { type DaySlots, unpackDay } from "@energsys/metering";
import type { Queryable } from "./database.ts";
import { prepared, sql } from "./sql.ts";

/** One stored day of one channel. Values are the channel's integers by slot, NaN where there is none. */
export interface LoadDay extends DaySlots {
  /** Market-local date, `YYYY-MM-DD`. */
  readonly day: string;
  readonly ver: number;
  readonly sum: number | null;
  readonly max: number | null;
  readonly maxAt: number | null;
  /** Present and good. */
  readonly ok: number;
}

/** Days of a channel from `fromDay` (included) to `toDay` (not included), in order; days that are not stored are left out. */
export async function readLoadDays(
  db: Queryable,
  channelId: number,
  fromDay: string,
  toDay: string,
): Promise<LoadDay[]> {
  const { rows } = await db.query<{
    day: string;
    ver: number;
    sum: number | null;
    max: number | null;
    max_at: number | null;
    ok: number;
    slots: number;
    v: Buffer;
    q: Buffer | null;
  }>(
    prepared(
      "load-days",
      sql`
        select day, ver, sum, max, max_at, ok, slots, v, q from load_day
        where channel_id = ${channelId} and day >= ${fromDay}::date and day < ${toDay}::date order by day`,
    ),
  );
  return rows.map(({ day, ver, sum, max, max_at, ok, slots, v, q }) => ({
    day,
    ver,
    sum,
    max,
    maxAt: max_at,
    ok,
    ...unpackDay(v, q, slots),
  }));
}
