import { numbers, words } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { channelKey, type Network } from "../network.ts";
import { instant, prepared, sql } from "../sql.ts";
import { channelOf, keyOf } from "./measured-days.ts";

/** What a transaction brought that validation has to look at. */
export interface Brought {
  readonly days: readonly { readonly channelId: number; readonly date: string }[];
  /** Registers and events: they concern the days of the meter's point around that instant. */
  readonly instants?: readonly { readonly meterId: number; readonly atMs: number }[];
}

/** Days, and instants, in one row at most: a round takes whole rows. */
const perRowMax = 1000;

/** Notes it in one row, or a few; the days are looked at after the commit, by somebody else. */
export async function noteForValidation(db: Queryable, { days, instants = [] }: Brought): Promise<void> {
  const rows = Math.ceil(Math.max(days.length, instants.length) / perRowMax);
  for (let row = 0; row < rows; row++) {
    const part = days.slice(row * perRowMax, (row + 1) * perRowMax);
    const said = instants.slice(row * perRowMax, (row + 1) * perRowMax);
    await db.query(
      prepared(
        "validation-noted",
        sql`
          insert into validation_change (channel_ids, days, meter_ids, instants)
          values (${numbers(part.map(({ channelId }) => channelId))}::int[], ${words(part.map(({ date }) => date))}::date[],
            ${numbers(said.map(({ meterId }) => meterId))}::int[],
            ${said.map(({ atMs }) => instant(atMs))}::timestamptz[])`,
      ),
    );
  }
}

/** A day of a point's channel. */
export interface DueDay {
  readonly channelId: number;
  readonly pointId: number;
  readonly date: string;
}

/** Days and instants in one round, and rows: a push brings a row for a day or two, an import one for a thousand. */
const takenMax = 4000;
const takenRowsMax = 2000;

/** The oldest rows of the change list, and the days that they concern by themselves. */
export async function readChanges(db: Queryable): Promise<{ ids: number[]; days: DueDay[] }> {
  const { rows: changes } = await db.query<{ change_id: number }>(
    sql`
      select change_id from (
        select change_id, sum(size) over (order by change_id) - size as before from (
          select change_id, cardinality(channel_ids) + cardinality(meter_ids) as size
          from validation_change order by change_id limit ${takenRowsMax}
        ) as oldest
      ) as counted where before < ${takenMax}`,
  );
  const ids = changes.map(({ change_id }) => change_id);
  if (ids.length === 0) return { ids, days: [] };
  // A register at midnight ends one day and begins the next; an installation that ended then is one of both.
  const { rows: days } = await db.query<DueDay>(sql`
    select channel_id as "channelId", point_id as "pointId", day as date from (
      select written.channel_id, written.day
      from validation_change cross join unnest(channel_ids, days) as written (channel_id, day)
      where change_id = any(${ids}::bigint[])
      union
      select channel.channel_id, (said.at at time zone (select market_zone()))::date - before
      from validation_change cross join unnest(meter_ids, instants) as said (meter_id, at)
      join installation using (meter_id)
      join channel using (point_id)
      cross join unnest(array[0, 1]) as before
      where change_id = any(${ids}::bigint[])
        and installation.during && tstzrange(said.at - interval '1 day', said.at, '[]')
    ) as touched join channel using (channel_id) where channel.point_id is not null`);
  return { ids, days };
}

/** How many days after a changed one rules still look at it (V11, V14), and around the same date a year later (V11). */
const laterDays = 31;

/**
 * Days that used one of these: estimated from it, compared with it by a rule, or the last of its month, where the month's sum is checked; a day
 * is not named twice, and may be one of those given. The points of the days must be known.
 */
export async function readDependents(
  db: Queryable,
  network: Network,
  days: readonly DueDay[],
  { nowMs, zone }: { readonly nowMs: number; readonly zone: string },
): Promise<DueDay[]> {
  if (days.length === 0) return [];
  const dates = days.map(({ date }) => date).sort();
  const channels = numbers(days.map(({ channelId }) => channelId));
  const changed = words(days.map(({ date }) => date));
  const beside = activeBeside(network, days);
  // Most are of the same channel, whose point is known; the table of channels is not looked through for them.
  const { rows } = await db.query<Omit<DueDay, "pointId"> & { pointId: number | null }>(sql`
    with changed as materialized (select * from unnest(${channels}::int[], ${changed}::date[]) as changed (channel_id, day)),
    spans as materialized (select channel_id, min(day) as first, max(day) as last from changed group by channel_id)
    select estimate_source.channel_id as "channelId", null::int as "pointId", estimate_source.day as date
    from changed join estimate_source on estimate_source.channel_id = changed.channel_id
      and estimate_source.source_day = changed.day
    union
    -- one look through the index for all channels of the same days
    select later.channel_id, null, later.day
    from (select first, last, array_agg(channel_id) as channel_ids from spans group by first, last) as alike
    cross join lateral (
      select channel_id, day from load_day where channel_id = any(alike.channel_ids)
        and day > alike.first and day <= alike.last + ${laterDays}::int
        and day > ${dates[0]}::date and day <= ${dates.at(-1)}::date + ${laterDays}::int
    ) as later
    union
    -- what the changed day's point checks
    select its.channel_id, its.point_id, changed.day from changed join channel as checking using (channel_id)
      join point on point.check_point_id = checking.point_id
      join channel as its on its.point_id = point.point_id and its.obis = checking.obis and its.period_s = checking.period_s
    union
    select active.channel_id, active.point_id, active.day
    from unnest(${numbers(beside.map(({ channelId }) => channelId))}::int[],
      ${numbers(beside.map(({ pointId }) => pointId))}::int[], ${words(beside.map(({ date }) => date))}::date[])
      as active (channel_id, point_id, day)
    where exists (select from load_day where load_day.channel_id = active.channel_id and load_day.day = active.day)
    union
    select load_day.channel_id, null, load_day.day from changed join load_day using (channel_id)
    where load_day.day between changed.day + 350 and changed.day + 378
      and load_day.day between ${dates[0]}::date + 350 and ${dates.at(-1)}::date + 378`);
  const pointOf = new Map(days.map(({ channelId, pointId }) => [channelId, pointId]));
  const today = Temporal.Instant.fromEpochMilliseconds(nowMs).toZonedDateTimeISO(zone).toPlainDate();
  return [
    ...rows.map(({ channelId, pointId, date }) => ({
      channelId,
      pointId: pointId ?? pointOf.get(channelId)!,
      date,
    })),
    ...lastOfMonths(days, today.toString()),
  ];
}

/** The active energy beside reactive energy that alone is changed: V13 says there what it finds about both. */
function activeBeside(network: Network, days: readonly DueDay[]): DueDay[] {
  const changed = new Set(days.map(({ channelId, date }) => keyOf(channelId, date)));
  return days.flatMap(({ channelId, pointId, date }) => {
    const reactive = channelOf(network, { channelId, pointId });
    if (!reactive || !/^1-\d+:3\./.test(reactive.obis)) return [];
    const { obis, periodSeconds, kind } = reactive;
    const active = network.points
      .get(pointId)
      ?.channels.get(channelKey(obis.replace(":3.", ":1."), periodSeconds, kind));
    return active && !changed.has(keyOf(active.channelId, date))
      ? [{ channelId: active.channelId, pointId, date }]
      : [];
  });
}

/** The last days of months that are over: the sum of the month is checked there. */
function lastOfMonths(days: readonly DueDay[], today: string): DueDay[] {
  const ends = new Map<string, string>();
  return days.flatMap((day) => {
    const month = day.date.slice(0, 7);
    let date = ends.get(month);
    if (date === undefined) {
      const first = Temporal.PlainDate.from(`${month}-01`);
      date = first.add({ days: first.daysInMonth - 1 }).toString();
      ends.set(month, date);
    }
    return date < today ? [{ ...day, date }] : [];
  });
}

/** Takes rows off the list. @returns how many were still there */
export async function takeChanges(db: Queryable, ids: readonly number[]): Promise<number> {
  const { rowCount } = await db.query(
    sql`delete from validation_change where change_id = any(${numbers(ids)}::bigint[])`,
  );
  return rowCount;
}
