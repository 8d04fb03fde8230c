import { branchWithin } from "../branches.ts";
import type { Database, Queryable } from "../database.ts";
import { repeatOnConflict } from "../deliveries.ts";
import { StoreError, sqlState } from "../errors.ts";
import { inScope, isEverywhere, type Scope } from "../scope.ts";
import { instant, sql, trusted } from "../sql.ts";
import { freezeEstimates } from "./freeze-estimates.ts";
import { type Month, type MonthValue, monthOfDate, readMonthValues } from "./month-values.ts";
import { pointReadiness } from "./readiness.ts";

/** Points in one transaction of a closing. */
const closedAtOnce = 500;

/** Which points a closing is for. */
export interface BillingPart {
  /** First day of the month. */
  readonly month: string;
  /** With all below it; null: the whole network. */
  readonly branchId: number | null;
}

/** What stands in the way of a month, before it is closed. */
export interface BillingOutlook {
  /** Points with a meter in the month. */
  readonly points: number;
  /** Of these, closed already for the month. */
  readonly closed: number;
  /** Of the others, whole by their intervals, with nothing open against them. */
  readonly ready: number;
  readonly neverRead: number;
  readonly gaps: number;
  readonly openFindings: number;
  readonly editsWaiting: number;
  /** With estimated intervals, which would be frozen. */
  readonly estimated: number;
  readonly byRule: readonly { readonly rule: string; readonly findings: number; readonly points: number }[];
}

const within = (branchId: number | null) =>
  branchId === null ? trusted("true") : sql`l.branch_id in (${branchWithin(branchId)})`;

const standsIn = (month: Month) => sql`
  exists (select from installation as i where i.point_id = p.point_id
    and i.during && tstzrange(${instant(month.startMs)}::timestamptz, ${instant(month.endMs)}::timestamptz))`;

/**
 * What a closing would meet, from the digests of the days (`pointReadiness`). The registers are looked at when the month is closed; with them more may be billable.
 */
export async function readBillingOutlook(
  db: Queryable,
  scope: Scope,
  part: BillingPart,
  zone: string,
): Promise<BillingOutlook> {
  const month = monthOfDate(part.month, zone);
  const points = sql`
    select p.point_id, exists (select from billing_value as v where v.point_id = p.point_id and v.month = ${month.date}::date
        and v.billable) as closed
    from point as p join location as l using (location_id)
    where ${inScope(scope)} and ${within(part.branchId)} and ${standsIn(month)}`;
  const { rows } = await db.query<Omit<BillingOutlook, "byRule">>(sql`
    with wanted as materialized (${points}),
    states as (select closed, state.* from wanted join (${pointReadiness(sql`select point_id from wanted`, month.date, month.next)}) as state
      using (point_id))
    select count(*)::int as points, count(*) filter (where closed)::int as closed,
      count(*) filter (where not closed and ready)::int as ready,
      count(*) filter (where not closed and never)::int as "neverRead",
      count(*) filter (where not closed and gap and not never)::int as gaps,
      count(*) filter (where not closed and refused)::int as "openFindings",
      count(*) filter (where not closed and waiting)::int as "editsWaiting",
      count(*) filter (where not closed and estimated)::int as estimated
    from states`);
  const { rows: byRule } = await db.query<BillingOutlook["byRule"][number]>(sql`
    with wanted as materialized (${points})
    select f.rule, count(*)::int as findings, count(distinct channel.point_id)::int as points
    from wanted join channel using (point_id) join finding as f using (channel_id)
    where not wanted.closed and f.severity = 'F' and f.state = 'open' and f.day >= ${month.date}::date and f.day < ${month.next}::date
    group by f.rule order by 2 desc, 1`);
  return { ...rows[0]!, byRule };
}

export type CloseState = "waiting" | "closing" | "closed" | "refused";

/** A closing of a month, as lists show it. Instants are epoch ms. */
export interface BillingClose extends BillingPart {
  readonly closeId: number;
  readonly reason: string;
  readonly state: CloseState;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly note: string;
  readonly closedAt: number | null;
  readonly points: number | null;
  readonly billable: number | null;
}

/** A closing is seen by who holds the right on all of its branch; one for the whole network by who holds it everywhere. */
const closeInScope = (scope: Scope) => {
  if (isEverywhere(scope)) return trusted("true");
  const branchIds = scope.parts.flatMap((each) => (each.supplierId === null ? (each.branchIds ?? []) : []));
  return sql`c.branch_id = any(${branchIds}::int[])`;
};

/** Its job was cancelled before it began, or broke: somebody decides again, and it goes on where it was. */
const isLeft =
  trusted(`(c.state = 'closing' and not exists (select from job where kind = 'close-billing-month'
  and input -> 'closeId' = to_jsonb(c.billing_close_id) and job.state in ('queued', 'running')))`);

const closes = sql`
  select c.billing_close_id as "closeId", c.month, c.branch_id as "branchId", c.reason,
    case when ${isLeft} then 'waiting' else c.state end as state, c.requested_by as "requestedBy",
    c.requested_at as "requestedAt", c.decided_by as "decidedBy", c.decided_at as "decidedAt", c.note, c.closed_at as "closedAt",
    c.points, c.billable
  from billing_close as c`;

export async function listBillingCloses(
  db: Queryable,
  scope: Scope,
  filter: { readonly month?: string; readonly limit: number },
): Promise<BillingClose[]> {
  const { rows } = await db.query<BillingClose>(sql`
    ${closes} where ${closeInScope(scope)} and (${filter.month ?? null}::date is null or c.month = ${filter.month ?? null}::date)
    order by c.billing_close_id desc limit ${filter.limit}`);
  return rows;
}

/** @throws StoreError `billing.not-found` */
export async function findBillingClose(db: Queryable, scope: Scope, closeId: number): Promise<BillingClose> {
  const { rows } = await db.query<BillingClose>(sql`
    ${closes} where ${closeInScope(scope)} and c.billing_close_id = ${closeId}::int`);
  if (!rows[0]) throw new StoreError("billing.not-found", `there is no closing ${closeId}`);
  return rows[0];
}

/**
 * Asks to close a month; nothing is frozen until somebody else decides. @throws StoreError `billing.month-open` while the month is not over,
 * `billing.asked` when another closing of it waits
 */
export async function askBillingClose(
  db: Database,
  part: BillingPart,
  asked: { readonly by: string; readonly reason: string; readonly nowMs: number; readonly zone: string },
): Promise<number> {
  if (monthOfDate(part.month, asked.zone).endMs > asked.nowMs)
    throw new StoreError("billing.month-open", "the month is not over");
  try {
    const { rows } = await db.query<{ id: number }>(sql`
      insert into billing_close (month, branch_id, reason, requested_by, requested_at)
      values (${part.month}::date, ${part.branchId}::int, ${asked.reason}, ${asked.by}, ${instant(asked.nowMs)}::timestamptz)
      returning billing_close_id as id`);
    return rows[0]!.id;
  } catch (error) {
    if (sqlState(error) === "23505")
      throw new StoreError("billing.asked", "another closing of this month waits", error);
    throw error;
  }
}

/**
 * A second person decides. Approved, the month is to be frozen by `closeBillingMonth`. @throws StoreError `billing.not-found`, `billing.decided`,
 * `billing.own-request`
 */
export async function decideBillingClose(
  db: Queryable,
  scope: Scope,
  decision: {
    readonly closeId: number;
    readonly approve: boolean;
    readonly note: string;
    readonly by: string;
    readonly nowMs: number;
  },
): Promise<BillingClose> {
  const found = await findBillingClose(db, scope, decision.closeId);
  if (decision.approve && found.requestedBy === decision.by)
    throw new StoreError("billing.own-request", "somebody else has to close it");
  // One after the other: the job of whoever was first has to be seen.
  await db.query(sql`select from billing_close where billing_close_id = ${decision.closeId}::int for update`);
  const { rowCount } = await db.query(sql`
    update billing_close as c set state = ${decision.approve ? "closing" : "refused"}, decided_by = ${decision.by},
      decided_at = ${instant(decision.nowMs)}::timestamptz, note = ${decision.note}
    where billing_close_id = ${decision.closeId}::int and (state = 'waiting' or ${isLeft})
      -- What it has frozen is billed, and can only be gone on with.
      and (${decision.approve} or not exists (select from billing_value as v where v.billing_close_id = c.billing_close_id))`);
  if (rowCount === 0) throw new StoreError("billing.decided", `it is ${found.state}`);
  return found;
}

/**
 * Freezes what each point's month is, as far as nobody has before. Begun again after a crash it goes on where it was: a value that is there and
 * billable is never touched.
 */
export async function closeBillingMonth(
  db: Database,
  closeId: number,
  context: { readonly zone: string; readonly nowMs: number },
  tell: (progress: { total?: number; done?: number }) => void = () => undefined,
  mustStop: () => boolean = () => false,
): Promise<{ readonly points: number; readonly billable: number }> {
  const { rows } = await db.query<BillingClose>(sql`
    ${closes} where c.billing_close_id = ${closeId}::int and c.state = 'closing'`);
  const [close] = rows;
  if (!close) throw new StoreError("billing.not-found", `closing ${closeId} is not to be made`);
  const month = monthOfDate(close.month, context.zone);
  const { rows: points } = await db.query<{ pointId: number }>(sql`
    select p.point_id as "pointId" from point as p join location as l using (location_id)
    where ${within(close.branchId)} and ${standsIn(month)} order by 1`);
  tell({ total: points.length });
  for (let start = 0; start < points.length && !mustStop(); start += closedAtOnce) {
    const ids = points.slice(start, start + closedAtOnce).map(({ pointId }) => pointId);
    await repeatOnConflict(db, async () => {
      const values = await readMonthValues(db, ids, month);
      await db.transaction(async (transaction) => {
        const frozen = await storeValues(transaction, closeId, month, values);
        await freezeEstimates(transaction, frozen, month, {
          by: close.decidedBy ?? "",
          nowMs: context.nowMs,
        });
      });
    });
    tell({ done: Math.min(points.length, start + closedAtOnce) });
  }
  if (mustStop()) return { points: points.length, billable: 0 };
  const { rows: done } = await db.query<{ billable: number }>(sql`
    update billing_close set state = 'closed', closed_at = ${instant(context.nowMs)}::timestamptz, points = ${points.length},
      billable = (select count(*) from billing_value where billing_close_id = ${closeId}::int and billable)
    where billing_close_id = ${closeId}::int returning billable`);
  return { points: points.length, billable: done[0]!.billable };
}

/** Channels whose values are frozen now. */
async function storeValues(
  db: Queryable,
  closeId: number,
  month: Month,
  values: readonly MonthValue[],
): Promise<number[]> {
  if (values.length === 0) return [];
  const { rows } = await db.query<{ channelId: number | null; billable: boolean }>(sql`
    insert into billing_value (billing_close_id, point_id, channel_id, month, energy, intervals, scale, expected, present, good, estimated,
      billable, basis, reason, obis, unit, register_from, register_to, seen)
    select ${closeId}::int, "pointId", "channelId", ${month.date}::date, energy, intervals, scale, expected, present, good, estimated,
      billable, basis, reason, obis, unit, "registerFrom", "registerTo", seen
    from jsonb_to_recordset(${JSON.stringify(values)}::jsonb) as given ("pointId" int, "channelId" int, energy bigint, intervals bigint,
      scale smallint, expected int, present int, good int, estimated int, billable boolean, basis text, reason text, obis text, unit text,
      "registerFrom" text, "registerTo" text, seen bigint)
    on conflict (month, point_id, obis) do update set
      billing_close_id = excluded.billing_close_id, channel_id = excluded.channel_id, energy = excluded.energy,
      intervals = excluded.intervals, scale = excluded.scale, expected = excluded.expected, present = excluded.present,
      good = excluded.good, estimated = excluded.estimated, billable = excluded.billable, basis = excluded.basis,
      reason = excluded.reason, unit = excluded.unit, register_from = excluded.register_from, register_to = excluded.register_to,
      seen = excluded.seen
    -- What was billed stays as it was.
    where not billing_value.billable
    returning channel_id as "channelId", billable`);
  return rows.flatMap(({ channelId, billable }) => (billable && channelId !== null ? [channelId] : []));
}

/** A frozen value, as lists show it. */
export interface BilledValue extends Omit<MonthValue, "seen"> {
  readonly closeId: number;
}

/** Values of a closing, in the order of points: of whoever sees the closing, all that it froze, wherever a point has gone since. */
export async function listBilledValues(
  db: Queryable,
  scope: Scope,
  filter: { readonly closeId: number; readonly afterPointId: number; readonly limit: number },
): Promise<BilledValue[]> {
  const { rows } = await db.query<BilledValue>(sql`
    select v.billing_close_id as "closeId", v.point_id as "pointId", channel_id as "channelId", obis, unit, scale, basis, v.reason,
      v.billable, energy, intervals, register_from as "registerFrom", register_to as "registerTo", expected, present, good, estimated
    from billing_value as v join billing_close as c using (billing_close_id)
    where v.billing_close_id = ${filter.closeId}::int and v.point_id > ${filter.afterPointId}::int and ${closeInScope(scope)}
    order by v.point_id, obis limit ${filter.limit}`);
  return rows;
}
