import { digestOf, packDay, unpackArrivals, unpackDay } from "@energsys/metering";
import type { Queryable } from "./database.ts";
import type { ChannelDay, StoredRegister } from "./point-readings.ts";
import { instant, prepared, sql } from "./sql.ts";

/**
 * Days of a channel from `fromDay` to before `toDay` as they were known at an instant: of each day the version that counted then, and of
 * that only the intervals that had come. A day of which nothing was known is not among them.
 */
export async function listChannelDaysAt(
  db: Queryable,
  {
    channelId,
    fromDay,
    toDay,
    knownAtMs,
  }: { channelId: number; fromDay: string; toDay: string; knownAtMs: number },
): Promise<ChannelDay[]> {
  const { rows } = await db.query<
    ChannelDay & { kind: "delta" | "index" | "demand" | "instant"; past: boolean; arrivals: Buffer | null }
  >(
    prepared(
      "load-days-known-at",
      sql`
        select stored.day, stored.slots, stored.sum, stored.max, stored.max_at as "maxAt", stored.ok, channel.kind,
          old.ver is not null as past, coalesce(old.ver, stored.ver) as version,
          case when old.ver is null then stored.v else old.v end as v,
          case when old.ver is null then stored.q else old.q end as q,
          case when old.ver is null then stored.arrivals else old.arrivals end as arrivals
        from load_day as stored
        join channel using (channel_id)
        left join lateral (
          -- Versions count in the order of their numbers, whatever the clocks of their writers said.
          select ver, v, q, arrivals from load_day_hist as hist
          where hist.channel_id = stored.channel_id and hist.day = stored.day
            and hist.replaced_at > ${instant(knownAtMs)}::timestamptz
          order by ver limit 1
        ) as old on true
        where stored.channel_id = ${channelId}::int and stored.day >= ${fromDay}::date and stored.day < ${toDay}::date
        order by stored.day`,
    ),
  );
  return rows.flatMap(({ kind, past, arrivals, ...row }) => {
    const known = unpackArrivals(row.day, row.slots, arrivals);
    const late = known.some((atS) => atS * 1000 > knownAtMs);
    if (!past && !late) return [row];
    const { values, flags } = unpackDay(row.v, row.q, row.slots);
    let present = 0;
    for (let slot = 0; slot < row.slots; slot++) {
      if (known[slot]! * 1000 > knownAtMs) {
        values[slot] = Number.NaN;
        flags[slot] = 0;
      } else if (!Number.isNaN(values[slot])) present++;
    }
    if (present === 0) return [];
    const { sum, max, maxAt, ok } = digestOf(values, flags, kind);
    return [{ ...row, sum, max, maxAt, ok, ...(late ? packDay(values, flags) : {}) }];
  });
}

/**
 * Register readings of a point's meters as they were known at an instant, newest first: of each code and instant of measuring the last
 * version that had been received.
 */
export async function listRegisterReadingsAt(
  db: Queryable,
  { pointId, obis, limit, knownAtMs }: { pointId: number; obis?: string; limit: number; knownAtMs: number },
): Promise<StoredRegister[]> {
  const { rows } = await db.query<StoredRegister>(sql`
    select distinct on (r.measured_at, r.obis, r.meter_id) r.obis, r.value::text as value, r.unit, r.measured_at as "measuredAt",
      r.received_at as "receivedAt", r.flags, r.version, m.serial
    from installation as i
    join meter as m using (meter_id)
    join register_reading as r on r.meter_id = i.meter_id and i.during @> r.measured_at
    where i.point_id = ${pointId}::int and (${obis ?? null}::text is null or r.obis = ${obis ?? null}::text)
      and r.received_at <= ${instant(knownAtMs)}::timestamptz
    order by r.measured_at desc, r.obis, r.meter_id, r.version desc
    limit ${limit}`);
  return rows;
}
