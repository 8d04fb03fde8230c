import { numbers, words } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import type { DayKey } from "../load-day-rows.ts";
import { prepared, sql } from "../sql.ts";

/**
 * Notes which days of channels a transaction writes: one row, whatever their number. Groups are summed from these, after the
 * commit and by somebody else, so that no delivery waits for them. A day of a meter's own channel is noted too and concerns no group.
 */
export async function noteChangedDays(db: Queryable, days: readonly DayKey[]): Promise<void> {
  if (days.length === 0) return;
  const channels = numbers(days.map(({ channelId }) => channelId));
  const dates = words(days.map(({ date }) => date));
  await db.query(
    prepared(
      "load-day-noted",
      sql`insert into load_day_change (channel_ids, days) values (${channels}::int[], ${dates}::date[])`,
    ),
  );
}

/** Rows of the change list in one go; each may hold hundreds of days. */
const takenMax = 500;

/**
 * Takes what is on the change list, counts it by day (what remembered results are told by), and marks the days of the groups that it concerns: as members, as balance meters, and as balance
 * meters of a group below; and the days of points that rules of peaks watch. @returns rows taken
 */
export async function takeChangedDays(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ taken: number }>(sql`
    with taken as (
      delete from load_day_change
      where change_id in (select change_id from load_day_change order by change_id limit ${takenMax})
      returning change_id, channel_ids, days
    ), counted as (
      insert into day_version (day, version)
      select day, count(distinct change_id) from taken cross join unnest(taken.days) as day group by day
      on conflict (day) do update set version = day_version.version + excluded.version
      returning 1
    ), touched as (
      select distinct channel.point_id, written.day,
        tstzrange(written.day::timestamp at time zone (select market_zone()), (written.day + 1)::timestamp at time zone (select market_zone())) as span
      from taken cross join unnest(taken.channel_ids, taken.days) as written (channel_id, day)
      join channel using (channel_id) where channel.point_id is not null
    ), watched as (
      insert into peak_due (peak_rule_id, point_id, day)
      select distinct r.peak_rule_id, channel.point_id, written.day
      from taken cross join unnest(taken.channel_ids, taken.days) as written (channel_id, day) join channel using (channel_id)
      join peak_rule as r on r.point_id = channel.point_id and r.obis = channel.obis
      where r.enabled and written.day >= r.from_day
      union
      select r.peak_rule_id, channel.point_id, written.day
      from taken cross join unnest(taken.channel_ids, taken.days) as written (channel_id, day) join channel using (channel_id)
      join peak_rule as r on r.point_id is null and r.group_id is null and r.obis = channel.obis
      where channel.point_id is not null and r.enabled and written.day >= r.from_day
      on conflict do nothing returning 1
    ), hit as (
      select m.group_id, touched.day from touched join group_member as m
        on m.point_id = touched.point_id and m.ended_by is null and m.during && touched.span
      union
      select b.group_id, touched.day from touched join group_balance as b
        on b.point_id = touched.point_id and b.ended_by is null and b.during && touched.span
      union
      select r.parent_id, touched.day from touched join group_balance as b
        on b.point_id = touched.point_id and b.ended_by is null and b.during && touched.span
      join group_parent as r on r.group_id = b.group_id and r.ended_by is null and r.during && touched.span
    ), marked as (
      insert into group_due (group_id, from_day, to_day)
      select hit.group_id, hit.day, hit.day + 1 from hit join point_group using (group_id) where removed_at is null
      returning 1
    )
    select (select count(*) from taken)::int as taken, (select count(*) from marked)::int as marked,
      (select count(*) from counted)::int as counted, (select count(*) from watched)::int as watched`);
  return rows[0]?.taken ?? 0;
}
