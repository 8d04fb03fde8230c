import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

/** What a register of a point's meter stood at when a month ended, as it was last read within a day and a half before. */
export interface MonthEndIndex {
  /** First day of the month that begins then. */
  readonly day: string;
  readonly pointId: number;
  readonly serial: string;
  readonly obis: string;
  /** Exact decimal in `unit`. */
  readonly value: string;
  readonly unit: string;
  readonly measuredAtMs: number;
  /** Bits of quality of the reading. */
  readonly flags: number;
}

/** Active energy registers of these points at the ends of the months, [fromMonth, toMonth), the newest first. */
export async function readMonthEnds(
  db: Queryable,
  pointIds: readonly number[],
  { fromMonth, toMonth, zone }: { fromMonth: string; toMonth: string; zone: string },
): Promise<MonthEndIndex[]> {
  const { rows } = await db.query<MonthEndIndex>(sql`
    select ends.day::date::text as day, i.point_id as "pointId", m.serial, r.obis, r.value::text as value, r.unit,
           r.measured_at as "measuredAtMs", r.flags
    from generate_series(${fromMonth}::timestamp, ${toMonth}::timestamp, '1 month') as ends (day)
    join installation as i on i.point_id = any(${pointIds}::int[])
      and i.during && tstzrange((ends.day at time zone ${zone}) - interval '36 hours', ends.day at time zone ${zone}, '[]')
    join meter as m using (meter_id)
    cross join unnest(array['1-0:1.8.0*255', '1-0:2.8.0*255']) as wanted (obis)
    cross join lateral (
      select * from register_reading as read
      where read.meter_id = i.meter_id and read.obis = wanted.obis and i.during @> read.measured_at
        and read.measured_at between (ends.day at time zone ${zone}) - interval '36 hours' and ends.day at time zone ${zone}
      order by read.measured_at desc, read.version desc limit 1
    ) as r
    order by ends.day desc, i.point_id, r.obis`);
  return rows;
}
