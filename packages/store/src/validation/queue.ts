import { dayBefore, marketDayOf } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Database, Queryable } from "../database.ts";
import { importCode } from "../groups/sources.ts";
import { instant, sql } from "../sql.ts";

/** Days of points in one row of the change list. */
const atOnce = 1000;

/**
 * Puts days of points on the list: from `fromDay` (included) to `toDay` (not included), each channel of each point, stored or not. For a
 * new setting that shall hold for the past, or a doubt.
 */
export async function queueDays(
  db: Queryable,
  {
    pointIds,
    fromDay,
    toDay,
  }: { readonly pointIds: readonly number[]; readonly fromDay: string; readonly toDay: string },
): Promise<number> {
  const { rows } = await db.query<{ days: number }>(sql`
    with due as (
      select channel_id, day::date, (row_number() over (order by channel_id, day) - 1) / ${atOnce}::int as part
      from channel cross join generate_series(${fromDay}::date, ${toDay}::date - 1, interval '1 day') as day
      where point_id = any(${numbers(pointIds)}::int[])
    ), written as (
      insert into validation_change (channel_ids, days)
      select array_agg(channel_id order by channel_id, day), array_agg(day order by channel_id, day) from due group by part
    )
    select count(*)::int as days from due`);
  return rows[0]?.days ?? 0;
}

/** Puts the days on the list on which a group's balance meters speak for it (V21): [fromMs, toMs), as far as there are sums of it. */
export async function queueBalanceDays(
  db: Queryable,
  groupId: number,
  fromMs: number,
  toMs: number,
): Promise<void> {
  const until = toMs === Number.POSITIVE_INFINITY ? null : instant(toMs);
  await db.query(sql`
    with summed as (
      select distinct day from group_day where group_id = ${groupId}::int and side = 'balance'
        and day >= (${instant(fromMs)}::timestamptz at time zone (select market_zone()))::date
        and (${until}::timestamptz is null or day <= (${until}::timestamptz at time zone (select market_zone()))::date)
    ), due as (
      select channel_id, day, (row_number() over (order by channel_id, day) - 1) / ${atOnce}::int as part
      from (select distinct point_id from group_balance where group_id = ${groupId}::int) as balance
      join channel using (point_id) cross join summed
      where obis = ${importCode} and kind = 'delta'
    )
    insert into validation_change (channel_ids, days)
    select array_agg(channel_id order by channel_id, day), array_agg(day order by channel_id, day) from due group by part`);
}

/** Days that a server that stood still for long makes up for. */
const madeUpMax = 45;

/**
 * Puts the days on the list that are over for twelve hours and lack something, also those of which nothing came at all: without a
 * delivery nobody else would. Each day once. @returns days of channels
 */
export async function queueIncompleteDays(
  db: Database,
  { zone, nowMs }: { readonly zone: string; readonly nowMs: number },
): Promise<number> {
  const last = dayBefore(marketDayOf(nowMs - 12 * 3_600_000, zone), zone);
  return db.transaction(async (transaction) => {
    await transaction.query(sql`
      insert into validation_sweep (swept) values (${last.date}::date - 1) on conflict do nothing`);
    const { rows: sweeps } = await transaction.query<{ swept: string }>(
      sql`select swept from validation_sweep for update`,
    );
    const swept = sweeps[0]?.swept ?? last.date;
    if (swept >= last.date) return 0;
    const { rows } = await transaction.query<{ days: number }>(sql`
      with due as (
        select channel.channel_id, wanted.day::date as day,
          (row_number() over (order by channel.channel_id, wanted.day) - 1) / ${atOnce}::int as part
        from generate_series(greatest(${swept}::date + 1, ${last.date}::date - ${madeUpMax}::int), ${last.date}::date,
          interval '1 day') as wanted (day)
        join installation on installation.during && tstzrange(
          wanted.day::timestamp at time zone (select market_zone()), (wanted.day::date + 1)::timestamp at time zone (select market_zone()))
        join channel on channel.point_id = installation.point_id
        left join load_day on load_day.channel_id = channel.channel_id and load_day.day = wanted.day::date
        where load_day.day is null or load_day.flags < 0 or load_day.ok < load_day.slots
        group by channel.channel_id, wanted.day
      ), written as (
        insert into validation_change (channel_ids, days)
        select array_agg(channel_id order by channel_id, day), array_agg(day order by channel_id, day) from due group by part
      )
      select count(*)::int as days from due`);
    await transaction.query(sql`update validation_sweep set swept = ${last.date}::date`);
    return rows[0]?.days ?? 0;
  });
}
