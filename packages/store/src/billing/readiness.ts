import { type Sql, sql } from "../sql.ts";

/**
 * How points stand for a bill over market days, from the digests: the one place that says what "billable" is before a month is frozen. A point is
 * `ready` when it has active energy, each of its channels has, on each day on which a meter stood at midnight, a value for every interval that
 * nobody doubts, no finding that refuses a value is open, and no edit waits. Columns: point_id, ready, never, gap, estimated, refused, waiting.
 * @param points a query with `point_id`
 * @param toDay not included
 */
export const pointReadiness = (points: Sql, fromDay: string, toDay: string): Sql => sql`
  select state.*, not never and not gap and not refused and not waiting as ready
  from (
    select wanted.point_id, coalesce(energy.stored, 0) = 0 as never, coalesce(energy.least, 0) < coalesce(standing.days, 0) as gap,
      coalesce(energy.estimated, false) as estimated, coalesce(energy.refused, false) as refused,
      coalesce(energy.waiting, false) as waiting
    from (${points}) as wanted
    left join lateral (
      select count(distinct day.day) as days from installation as i cross join lateral generate_series(
        greatest(${fromDay}::date, (lower(i.during) at time zone market_zone())::date),
        least(${toDay}::date, coalesce((upper(i.during) at time zone market_zone())::date, ${toDay}::date)) - 1,
        interval '1 day') as day (day)
      where i.point_id = wanted.point_id
    ) as standing on true
    left join lateral (
      select sum(own.stored) as stored, min(own.whole) as least, bool_or(own.estimated) as estimated,
        bool_or(exists (select from finding as f where f.channel_id = own.channel_id and f.day >= ${fromDay}::date
          and f.day < ${toDay}::date and f.severity = 'F' and f.state = 'open')) as refused,
        bool_or(exists (select from value_edit as e where e.channel_id = own.channel_id and e.day >= ${fromDay}::date
          and e.day < ${toDay}::date and e.state = 'waiting')) as waiting
      from (
        select channel.channel_id, count(d.day) as stored, count(d.day) filter (where d.flags >= 0 and d.flags & 256 = 0) as whole,
          coalesce(bool_or(d.flags & 2048 <> 0), false) as estimated
        from channel left join load_day as d on d.channel_id = channel.channel_id and d.day >= ${fromDay}::date and d.day < ${toDay}::date
        where channel.point_id = wanted.point_id and channel.kind = 'delta' and channel.obis ~ ':[12][.]29[.]0'
        group by channel.channel_id
      ) as own
    ) as energy on true
  ) as state`;
