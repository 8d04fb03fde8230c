import { marketDay } from "@energsys/metering";
import { numbers, words } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { energies } from "../query/energies.ts";
import { instant, type Sql, sql, trusted } from "../sql.ts";
import type { PeakCondition } from "./rules.ts";

export interface PointDay {
  readonly pointId: number;
  readonly day: string;
}

/**
 * Days of points on which a demand above the threshold is possible at all, by the digests of the days: no interval has a greater mean power
 * than the greatest one. A rule for all points has its candidates among 50,000 in a query, and only these are unpacked. The newest first.
 */
export async function findCandidates(
  db: Queryable,
  { watched, energy, threshold }: PeakCondition,
  days: { readonly pairs: readonly PointDay[] } | { readonly fromDay: string; readonly toDay: string },
  { zone, limit }: { readonly zone: string; readonly limit: number },
): Promise<PointDay[]> {
  if (threshold.basis === "former") throw new Error("a former maximum is known only when the curve is read");
  const dates = "pairs" in days ? days.pairs.map(({ day }) => day).sort() : [days.fromDay, days.toDay];
  const [first, last] = [dates[0], dates.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [fromMs, toMs] = [marketDay(first, zone).startMs, marketDay(last, zone).endMs];
  const among: Sql =
    "pairs" in days
      ? sql`join unnest(${numbers(days.pairs.map(({ pointId }) => pointId))}::int[],
              ${words(days.pairs.map(({ day }) => day))}::date[]) as pair (point_id, day)
            on pair.point_id = c.point_id and pair.day = d.day`
      : trusted("");
  const point = watched.kind === "point" ? sql`p.point_id = ${watched.pointId}::int` : trusted("true");
  /** The least that the threshold was on any of the days, kW. */
  const least: Sql =
    threshold.basis === "power"
      ? sql`${threshold.powerKw}::float8`
      : sql`least(p.approved_power_w, (
          select min(a.value::float8) from point_attribute as a
          where a.point_id = p.point_id and a.attribute = 'approved_power_w' and a.ended_by is null
            and a.during && tstzrange(${instant(fromMs)}::timestamptz, ${instant(toMs)}::timestamptz)
        )) * ${threshold.percent}::float8 / 100000`;
  const { rows } = await db.query<PointDay>(sql`
    with limits as (select p.point_id, ${least} * (1 - 1e-9) as kw from point as p where ${point})
    select distinct c.point_id as "pointId", d.day
    from limits join channel as c using (point_id) join load_day as d on d.channel_id = c.channel_id ${among}
    where limits.kw is not null and c.obis = ${energies[energy]} and c.kind = 'delta' and 900 % c.period_s = 0
      and d.day >= ${first}::date and d.day <= ${last}::date
      and d.max * power(10::float8, c.scale) * 3600 / c.period_s / 1000 > limits.kw
    order by d.day desc, c.point_id limit ${limit}`);
  return rows;
}
