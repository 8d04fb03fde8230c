import { hasSlot, methodOf, type Severity } from "@energsys/metering";
import { branchWithin, readBranches } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { withPointNames } from "../personal/with-names.ts";
import { inScope, type Scope } from "../scope.ts";
import { sql } from "../sql.ts";
import { type FindingRow, type FindingState, type StoredFinding, toFinding } from "./findings.ts";
import { readOverlays } from "./overlays.ts";

/** A finding with where it is. */
export interface FindingRowOfList extends StoredFinding {
  readonly pointId: number;
  readonly pod: string;
  readonly name: string;
  readonly obis: string;
  readonly unit: string;
  readonly scale: number;
  readonly periodSeconds: number;
  readonly branch: readonly string[];
  /** How its intervals are estimated, when all of them are by one method. */
  readonly method: string | null;
  /** Sum of what is laid over its intervals, in the channel's integers; null where nothing is. */
  readonly estimate: number | null;
  /** Somebody goes there for it, or has been there since it was found. */
  readonly fieldTask: "waiting" | "back" | null;
}

export interface FindingFilter {
  readonly states: readonly FindingState[];
  readonly severities?: readonly Severity[];
  readonly rules?: readonly string[];
  readonly pointId?: number;
  /** This branch and all below it. */
  readonly branchId?: number;
  /** Name of who looks after it; null: nobody. */
  readonly assignedTo?: string | null;
  /** Whether it waits for a field task. */
  readonly waiting?: boolean;
  /** Only these. */
  readonly findingIds?: readonly number[];
  /** `fromDay` (included) to `toDay` (not included). */
  readonly fromDay: string;
  readonly toDay: string;
  readonly limit: number;
}

const places = sql`
  join channel using (channel_id)
  join point as p on p.point_id = channel.point_id join location as l on l.location_id = p.location_id`;

const waits = sql`exists (select from field_task_finding as f where f.finding_id = finding.finding_id and f.waiting)`;
const onlyWaiting = (waiting: boolean | undefined) =>
  waiting === undefined ? sql`true` : waiting ? waits : sql`not ${waits}`;
const back = sql`not ${waits} and exists (
  select from field_task_finding as f join field_task as t using (field_task_id)
  where f.finding_id = finding.finding_id and t.state = 'done' and t.closed_at >= finding.since)`;

/** The work list: what came back from the field first, then the worst, among these the newest day; `total` counts all that match. */
export async function listFindings(
  db: Queryable,
  scope: Scope,
  filter: FindingFilter,
): Promise<{ total: number; rows: FindingRowOfList[] }> {
  const {
    states,
    severities,
    rules,
    pointId,
    branchId,
    assignedTo,
    findingIds,
    waiting,
    fromDay,
    toDay,
    limit,
  } = filter;
  const branches = await readBranches(db);
  const { rows } = await db.query<
    FindingRow & {
      pointId: number;
      sealed: Buffer | null;
      obis: string;
      unit: string;
      scale: number;
      periodSeconds: number;
      branch_id: number;
      fieldTask: FindingRowOfList["fieldTask"];
      total: number;
    }
  >(sql`
    select finding.*, channel.point_id as "pointId", p.sealed, channel.obis, channel.unit, channel.scale,
      channel.period_s as "periodSeconds", l.branch_id, case when ${waits} then 'waiting' when ${back} then 'back' end as "fieldTask",
      (count(*) over ())::int as total
    from finding ${places}
    where finding.state = any(${[...states]}::text[]) and day >= ${fromDay}::date and day < ${toDay}::date
      and ${severities ? sql`severity = any(${[...severities]}::text[])` : sql`true`}
      and ${rules ? sql`rule = any(${[...rules]}::text[])` : sql`true`}
      and ${pointId === undefined ? sql`true` : sql`p.point_id = ${pointId}::int`}
      and ${branchId === undefined ? sql`true` : sql`l.branch_id in (${branchWithin(branchId)})`}
      and ${assignedTo === undefined ? sql`true` : sql`assigned_to is not distinct from ${assignedTo}::text`}
      and ${onlyWaiting(waiting)}
      and ${findingIds ? sql`finding_id = any(${[...findingIds]}::bigint[])` : sql`true`}
      and ${inScope(scope)}
    order by (${back}) desc, case severity when 'F' then 0 when 'W' then 1 else 2 end, day desc, finding_id limit ${limit}`);
  const named = await withPointNames(db, rows);
  const estimates = await estimatesOf(db, rows.map(toFinding));
  return {
    total: rows[0]?.total ?? 0,
    rows: named.map((row, nth) => ({
      ...toFinding(row as unknown as FindingRow),
      pointId: row.pointId,
      pod: row.pod ?? "",
      name: row.name ?? "",
      obis: row.obis,
      unit: row.unit,
      scale: row.scale,
      periodSeconds: row.periodSeconds,
      branch: branches.get(row.branch_id)?.path ?? [],
      fieldTask: row.fieldTask,
      ...estimates[nth]!,
    })),
  };
}

/** How the intervals of findings are estimated, and what that sums up to. */
async function estimatesOf(
  db: Queryable,
  findings: readonly StoredFinding[],
): Promise<{ method: string | null; estimate: number | null }[]> {
  const overlays = await readOverlays(
    db,
    findings.map(({ channelId, day }) => ({ channelId, date: day })),
  );
  return findings.map(({ slots }, nth) => {
    const overlay = overlays[nth];
    if (!overlay || !slots) return { method: null, estimate: null };
    const methods = new Set<string | undefined>();
    let sum = 0;
    let laid = false;
    overlay.values.forEach((value, slot) => {
      if (!hasSlot(slots, slot)) return;
      methods.add(methodOf(overlay.methods[slot]!));
      if (Number.isNaN(value)) return;
      laid = true;
      sum += value;
    });
    const [method = null] = methods.size === 1 ? methods : [];
    return { method, estimate: laid ? sum : null };
  });
}

/** Findings by rule and severity: open ones of any day unless told. */
export async function countFindings(
  db: Queryable,
  scope: Scope,
  {
    states = ["open"],
    fromDay = "-infinity",
    toDay = "infinity",
    waiting,
  }: Partial<Pick<FindingFilter, "states" | "fromDay" | "toDay" | "waiting">> = {},
): Promise<{ rule: string; severity: Severity; count: number }[]> {
  const { rows } = await db.query<{ rule: string; severity: Severity; count: number }>(sql`
    select rule, severity, count(*)::int as count
    from finding ${places}
    where state = any(${[...states]}::text[]) and day >= ${fromDay}::date and day < ${toDay}::date and ${onlyWaiting(waiting)}
      and ${inScope(scope)}
    group by rule, severity order by rule, severity`);
  return rows;
}

/** @throws StoreError `finding.not-found` when there is none, or none that the scope sees */
export async function findingInScope(
  db: Queryable,
  scope: Scope,
  findingId: number,
): Promise<StoredFinding & { readonly pointId: number }> {
  const { rows } = await db.query<FindingRow & { point_id: number }>(sql`
    select finding.*, channel.point_id from finding ${places}
    where finding_id = ${findingId}::bigint and ${inScope(scope)}`);
  if (!rows[0]) throw new StoreError("finding.not-found", `there is no finding ${findingId}`);
  return { ...toFinding(rows[0]), pointId: rows[0].point_id };
}
