import { isPassedOver } from "../counting-days.ts";
import { type Sql, sql } from "../sql.ts";

/**
 * How points stand for a bill over market days, from the digests: the one place that says what "billable" is before a month is frozen. A point is
 * `ready` when it has active energy, each of its quantities has, on each day on which a meter stood at midnight, a value for every interval that
 * nobody doubts, no finding that refuses a value is open, and no edit waits. Columns: point_id, ready, never, gap, estimated, refused, waiting.
 * What belongs to points is read for all of them at once: a look-up by point costs seconds where there are 50,000.
 * @param points a query with `point_id`, cheap to read again
 * @param toDay not included
 */
export const pointReadiness = (points: Sql, fromDay: string, toDay: string): Sql => sql`
  select state.*, not never and not gap and not refused and not waiting as ready
  from (
    select wanted.point_id, coalesce(energy.stored, 0) = 0 as never, coalesce(energy.least, 0) < coalesce(standing.days, 0) as gap,
      coalesce(energy.estimated, false) as estimated, coalesce(energy.refused, false) as refused,
      coalesce(energy.waiting, false) as waiting
    from (${points}) as wanted
    left join (
      -- Times of a point's meters do not overlap, so neither do their days. The zone is asked for once, not by row.
      select i.point_id, sum(greatest(0,
        least(${toDay}::date, coalesce((upper(i.during) at time zone (select market_zone()))::date, ${toDay}::date))
        - greatest(${fromDay}::date, (lower(i.during) at time zone (select market_zone()))::date))) as days
      from (${points}) as wanted join installation as i using (point_id) group by i.point_id
    ) as standing using (point_id)
    left join (
      select point_id, sum(stored) as stored, min(whole) as least, bool_or(estimated) as estimated, bool_or(refused) as refused,
        bool_or(waiting) as waiting
      from (
        select own.point_id, own.obis, sum(d.stored) as stored, sum(d.whole) as whole, bool_or(d.estimated) as estimated,
          bool_or(own.channel_id in (select f.channel_id from finding as f where f.day >= ${fromDay}::date
            and f.day < ${toDay}::date and f.severity = 'F' and f.state = 'open')) as refused,
          bool_or(own.channel_id in (select e.channel_id from value_edit as e where e.day >= ${fromDay}::date
            and e.day < ${toDay}::date and e.state = 'waiting')) as waiting
        from (
          select channel.*, count(*) over (partition by point_id, obis) > 1 as several from (${points}) as wanted join channel using (point_id)
          where channel.kind = 'delta' and channel.obis ~ ':[12][.]29[.]0'
        ) as own
        -- By the key of each channel: for a branch of 500 points a join would read the month of all channels.
        left join lateral (
          select count(*) as stored, count(*) filter (where flags >= 0 and flags & 256 = 0) as whole,
            coalesce(bool_or(flags & 2048 <> 0), false) as estimated
          from load_day as stored where stored.channel_id = own.channel_id and day >= ${fromDay}::date and day < ${toDay}::date
            and not (own.several and ${isPassedOver})
        ) as d on true
        group by own.point_id, own.obis
      ) as quantity group by point_id
    ) as energy using (point_id)
  ) as state`;
