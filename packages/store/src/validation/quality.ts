import type { Severity } from "@energsys/metering";
import { readBranches } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { inScope, type Scope } from "../scope.ts";
import { sql } from "../sql.ts";

/** How a billing month stands. */
export interface MonthQuality {
  /** Points with a meter in that month. */
  readonly points: number;
  /** Of these, points of which every day that is over is whole, with nothing open and no edit waiting. */
  readonly billable: number;
  readonly waitingEdits: number;
  readonly byRule: readonly { readonly rule: string; readonly severity: Severity; readonly count: number }[];
  /** The branch that a point hangs on itself. */
  readonly byBranch: readonly {
    readonly branchId: number;
    readonly branch: readonly string[];
    readonly points: number;
    readonly billable: number;
    readonly open: number;
  }[];
  /** Open findings by how long they are open, in days. */
  readonly byAge: readonly { readonly from: number; readonly to: number | null; readonly count: number }[];
}

const ages = [
  { from: 0, to: 2 },
  { from: 2, to: 7 },
  { from: 7, to: 14 },
  { from: 14, to: null },
] as const;

/**
 * The quality of the days from `fromDay` to `toDay` (not included); days that are not over by `today` are not asked for. A point is
 * billable when each of its days has a value for every interval, measured, estimated or given by a person, when no finding about them
 * that refuses something is open, and no edit waits.
 */
export async function readMonthQuality(
  db: Queryable,
  scope: Scope,
  { fromDay, toDay, today }: { readonly fromDay: string; readonly toDay: string; readonly today: string },
): Promise<MonthQuality> {
  const end = toDay < today ? toDay : today;
  const branches = await readBranches(db);
  const { rows: places } = await db.query<{
    branchId: number;
    points: number;
    billable: number;
    open: number;
  }>(sql`
    with mine as (
      select p.point_id, l.branch_id from point as p join location as l using (location_id)
      where ${inScope(scope)} and exists (
        select from installation where installation.point_id = p.point_id and installation.during && tstzrange(
          ${fromDay}::date::timestamp at time zone market_zone(), ${end}::date::timestamp at time zone market_zone()))
    ), wanted as (
      select mine.point_id, channel.channel_id, count(*) as days
      from mine join channel using (point_id)
      join installation on installation.point_id = mine.point_id
      cross join lateral generate_series(
        greatest(${fromDay}::date, (lower(installation.during) at time zone market_zone())::date),
        least(${end}::date, coalesce((upper(installation.during) at time zone market_zone())::date, ${end}::date)) - 1,
        interval '1 day') as day
      group by mine.point_id, channel.channel_id
    ), whole as (
      select channel_id, count(*) as days from load_day
      where channel_id in (select channel_id from wanted) and day >= ${fromDay}::date and day < ${end}::date
        and flags >= 0 and flags & 256 = 0
      group by channel_id
    ), holed as (
      select distinct point_id from wanted left join whole using (channel_id)
      where coalesce(whole.days, 0) < wanted.days
    ), loud as (
      select channel.point_id, count(*) as open, bool_or(severity = 'F') as refuses
      from finding join channel using (channel_id)
      where finding.state = 'open' and severity <> 'I' and day >= ${fromDay}::date and day < ${end}::date
        and channel.point_id in (select point_id from mine)
      group by channel.point_id
    ), waiting as (
      select distinct channel.point_id from value_edit join channel using (channel_id)
      where state = 'waiting' and day >= ${fromDay}::date and day < ${toDay}::date
    )
    select mine.branch_id as "branchId", count(*)::int as points, coalesce(sum(loud.open), 0)::int as open,
      (count(*) filter (where wanted_points.point_id is not null and holed.point_id is null
        and not coalesce(loud.refuses, false) and waiting.point_id is null))::int as billable
    from mine left join (select distinct point_id from wanted) as wanted_points using (point_id)
    left join holed using (point_id) left join loud using (point_id) left join waiting using (point_id)
    group by mine.branch_id`);
  const { rows: byRule } = await db.query<{ rule: string; severity: Severity; count: number }>(sql`
    select rule, severity, count(*)::int as count
    from finding join channel using (channel_id)
    join point as p on p.point_id = channel.point_id join location as l on l.location_id = p.location_id
    where finding.state = 'open' and day >= ${fromDay}::date and day < ${toDay}::date and ${inScope(scope)}
    group by rule, severity order by count desc, rule, severity`);
  const { rows: byAge } = await db.query<{ age: number; count: number }>(sql`
    select greatest(0, ${today}::date - (since at time zone market_zone())::date) as age, count(*)::int as count
    from finding join channel using (channel_id)
    join point as p on p.point_id = channel.point_id join location as l on l.location_id = p.location_id
    where finding.state = 'open' and severity <> 'I' and day >= ${fromDay}::date and day < ${toDay}::date
      and ${inScope(scope)}
    group by age`);
  const { rows: edits } = await db.query<{ count: number }>(sql`
    select count(*)::int as count from value_edit join channel using (channel_id)
    join point as p on p.point_id = channel.point_id join location as l on l.location_id = p.location_id
    where value_edit.state = 'waiting' and ${inScope(scope)}`);
  const sum = (of: "points" | "billable") => places.reduce((total, row) => total + row[of], 0);
  return {
    points: sum("points"),
    billable: sum("billable"),
    waitingEdits: edits[0]?.count ?? 0,
    byRule,
    byBranch: places
      .map((row) => ({ ...row, branch: branches.get(row.branchId)?.path ?? [] }))
      .sort((a, b) => (a.branch.join() < b.branch.join() ? -1 : 1)),
    byAge: ages.map(({ from, to }) => ({
      from,
      to,
      count: byAge
        .filter(({ age }) => age >= from && (to === null || age < to))
        .reduce((total, { count }) => total + count, 0),
    })),
  };
}
