import type { Severity } from "@energsys/metering";
import { pointReadiness } from "../billing/readiness.ts";
import { readBranches } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { inScope, type Scope } from "../scope.ts";
import { sql } from "../sql.ts";

/** How a billing month stands. */
export interface MonthQuality {
  /** Points with a meter in that month. */
  readonly points: number;
  /** Of these, points that are ready to be billed over the days that are over. */
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
 * The quality of the days from `fromDay` to `toDay` (not included); days that are not over by `today` are not asked for. What is
 * billable is what billing calls ready (`pointReadiness`).
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
    with mine as materialized (
      select p.point_id, l.branch_id from point as p join location as l using (location_id)
      where ${inScope(scope)} and exists (
        select from installation where installation.point_id = p.point_id and installation.during && tstzrange(
          ${fromDay}::date::timestamp at time zone (select market_zone()), ${end}::date::timestamp at time zone (select market_zone())))
    ), state as (${pointReadiness(sql`select point_id from mine`, fromDay, end)}
    ), loud as (
      select channel.point_id, count(*) as open
      from finding join channel using (channel_id)
      where finding.state = 'open' and severity <> 'I' and day >= ${fromDay}::date and day < ${end}::date
        and channel.point_id in (select point_id from mine)
      group by channel.point_id
    )
    select mine.branch_id as "branchId", count(*)::int as points, coalesce(sum(loud.open), 0)::int as open,
      count(*) filter (where state.ready)::int as billable
    from mine left join state using (point_id) left join loud using (point_id)
    group by mine.branch_id`);
  const { rows: byRule } = await db.query<{ rule: string; severity: Severity; count: number }>(sql`
    select rule, severity, count(*)::int as count
    from finding join channel using (channel_id)
    join point as p on p.point_id = channel.point_id join location as l on l.location_id = p.location_id
    where finding.state = 'open' and day >= ${fromDay}::date and day < ${toDay}::date and ${inScope(scope)}
    group by rule, severity order by count desc, rule, severity`);
  const { rows: byAge } = await db.query<{ age: number; count: number }>(sql`
    select greatest(0, ${today}::date - (since at time zone (select market_zone()))::date) as age, count(*)::int as count
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
