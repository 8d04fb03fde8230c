import { branchWithin } from "../branches.ts";
import { channelsBeside } from "../counting-days.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { inScope, type Scope } from "../scope.ts";
import { instant, sql, trusted } from "../sql.ts";
import { readHeldValues, takeLateValues } from "./freeze-estimates.ts";
import { monthOfDate, readMonthValues } from "./month-values.ts";

const lookedAtOnce = 500;

export type CorrectionState = "noted" | "waiting" | "taken" | "left";

/** What somebody did, or else values that came late. */
export type CorrectionCause = "edit" | "undo" | "ratio" | "exchange" | "meter-test" | "late-values";

/** What a billed month is afterwards. Energies are integers × 10^scale. */
export interface BillingCorrection {
  readonly correctionId: number;
  readonly month: string;
  readonly pointId: number;
  readonly obis: string;
  readonly kind: "changed" | "held";
  readonly state: CorrectionState;
  readonly oldEnergy: number;
  readonly newEnergy: number;
  readonly scale: number;
  readonly unit: string;
  readonly cause: CorrectionCause;
  readonly causedBy: string | null;
  readonly causeReason: string | null;
  readonly foundAt: number;
  readonly decidedBy: string | null;
  readonly decidedAt: number | null;
  readonly decisionNote: string;
}

interface Looked {
  readonly pointId: number;
  readonly channelId: number;
  readonly obis: string;
  /** As billed, or as the last correction says, in that one's scale. */
  readonly energy: number;
  readonly scale: number;
  /** When it was closed, or last found to have changed. */
  readonly since: number;
  readonly seen: number;
  /** What somebody left of late values, as the difference to what was billed, in `scale`; null: nobody has. */
  readonly left: number | null;
  /** Its days went with their time: the intervals that were brought again since are not the month. */
  readonly sumsOnly: boolean;
}

const inBranch = (branchId: number | null) =>
  branchId === null ? trusted("true") : sql`l.branch_id in (${branchWithin(branchId)})`;

/**
 * Compares billed months with what they are now, and lists what differs: old and new energy, and who or what made it so. Late values that a billed
 * estimate holds back wait for a person. Only points whose days or readings changed since the last look are worked out again.
 */
export async function runBillingCorrections(
  db: Database,
  scope: Scope,
  asked: {
    readonly month: string;
    readonly branchId: number | null;
    readonly by: string;
    readonly nowMs: number;
    readonly zone: string;
  },
): Promise<{ readonly lookedAt: number; readonly found: number }> {
  const month = monthOfDate(asked.month, asked.zone);
  const { rows: billed } = await db.query<Looked>(sql`
    select v.point_id as "pointId", v.channel_id as "channelId", v.obis, v.seen, coalesce(last.scale, v.scale) as scale,
      coalesce(last.new_energy, v.energy) as energy, coalesce(last.found_at, c.closed_at) as since,
      (decided.difference * 10::numeric ^ (decided.scale - coalesce(last.scale, v.scale)))::float8 as left,
      exists (select from kept_month as kept where kept.channel_id = v.channel_id and kept.month = v.month) as "sumsOnly"
    from billing_value as v join billing_close as c using (billing_close_id)
    left join lateral (
      select new_energy, scale, found_at from billing_correction as b
      where b.month = v.month and b.point_id = v.point_id and b.obis = v.obis and b.kind = 'changed'
      order by billing_correction_id desc limit 1) as last on true
    left join lateral (
      select new_energy - old_energy as difference, scale from billing_correction as b
      where b.month = v.month and b.point_id = v.point_id and b.obis = v.obis and b.state = 'left' and b.decided_by is not null
      order by billing_correction_id desc limit 1) as decided on true
    join point as p using (point_id) join location as l using (location_id)
    where v.month = ${asked.month}::date and v.billable and v.channel_id is not null and c.state = 'closed' and ${inScope(scope)}
      and ${inBranch(asked.branchId)}
    order by v.point_id`);
  const outcome = { lookedAt: 0, found: 0 };
  const { rows: runs } = await db.query<{ id: number }>(sql`
    insert into billing_run (month, run_at, run_by, looked_at, found)
    values (${asked.month}::date, ${instant(asked.nowMs)}::timestamptz, ${asked.by}, 0, 0) returning billing_run_id as id`);
  const runId = runs[0]!.id;
  for (let start = 0; start < billed.length; start += lookedAtOnce) {
    const part = billed.slice(start, start + lookedAtOnce);
    const now = await readMonthValues(db, [...new Set(part.map(({ pointId }) => pointId))], month);
    const byKey = new Map(now.map((value) => [`${value.pointId} ${value.obis}`, value]));
    const changed = part.flatMap((was) => {
      const value = byKey.get(`${was.pointId} ${was.obis}`);
      if (!value || value.seen === was.seen || (was.sumsOnly && value.basis !== "register")) return [];
      return [{ was, value }];
    });
    if (changed.length === 0) continue;
    const held = await readHeldValues(
      db,
      changed.map(({ was }) => was.channelId),
      month,
      asked,
    );
    const heldBy = new Map(held.map((each) => [`${each.pointId} ${each.obis}`, each]));
    for (const { was, value } of changed) {
      // A finer channel since then: the same energy in smaller integers.
      const finer = 10 ** (was.scale - value.scale);
      const old = was.energy * finer;
      await db.transaction(async (transaction) => {
        // Another look at the same time has found it already: its correction is the one that counts.
        const { rowCount: mine } = await transaction.query(sql`
          update billing_value set seen = ${value.seen}::bigint
          where month = ${asked.month}::date and point_id = ${was.pointId} and obis = ${was.obis} and seen = ${was.seen}::bigint`);
        if (mine === 0) return;
        outcome.lookedAt += 1;
        const note = async (kind: "changed" | "held", newEnergy: number) => {
          const cause =
            kind === "held"
              ? { cause: "late-values" as const, by: null, reason: null }
              : await causeOf(transaction, was, month);
          await transaction.query(sql`
            insert into billing_correction (billing_run_id, month, point_id, obis, kind, state, old_energy, new_energy, scale, unit, cause,
              caused_by, cause_reason, found_at)
            values (${runId}, ${asked.month}::date, ${was.pointId}, ${was.obis}, ${kind}, ${kind === "held" ? "waiting" : "noted"},
              ${old}::bigint, ${newEnergy}::bigint, ${value.scale}, ${value.unit}, ${cause.cause}, ${cause.by}, ${cause.reason},
              ${instant(asked.nowMs)}::timestamptz)
            on conflict (month, point_id, obis) where state = 'waiting' do update set new_energy = excluded.new_energy,
              old_energy = excluded.old_energy, scale = excluded.scale, found_at = excluded.found_at,
              billing_run_id = excluded.billing_run_id`);
          outcome.found += 1;
        };
        if (value.energy !== null && value.energy !== old) await note("changed", value.energy);
        const waits = heldBy.get(`${was.pointId} ${was.obis}`);
        const difference = value.basis === "intervals" ? (waits?.difference ?? 0) : 0;
        if (difference === 0) return withdrawHeld(transaction, was, asked);
        if (was.left === null || difference !== was.left * finer)
          await note("held", (value.energy ?? old) + difference);
      });
    }
  }
  await db.query(sql`
    update billing_run set looked_at = ${outcome.lookedAt}, found = ${outcome.found} where billing_run_id = ${runId}`);
  return outcome;
}

/** Nothing waits any more: what came late went again, or somebody gave values of their own. Nobody is asked, and nobody has decided. */
async function withdrawHeld(
  db: Queryable,
  { pointId, obis }: Looked,
  { month, nowMs }: { readonly month: string; readonly nowMs: number },
): Promise<void> {
  await db.query(sql`
    update billing_correction set state = 'left', decided_at = ${instant(nowMs)}::timestamptz
    where month = ${month}::date and point_id = ${pointId} and obis = ${obis} and state = 'waiting'`);
}

/** The newest thing that somebody did to the month since it was last looked at; else values that came late. */
async function causeOf(
  db: Queryable,
  { channelId, pointId, obis, since: sinceMs }: Looked,
  month: { readonly date: string; readonly next: string; readonly startMs: number; readonly endMs: number },
): Promise<{ cause: CorrectionCause; by: string | null; reason: string | null }> {
  const since = instant(sinceMs);
  const during = sql`tstzrange(${instant(month.startMs)}::timestamptz, ${instant(month.endMs)}::timestamptz)`;
  const { rows } = await db.query<{ cause: CorrectionCause; by: string; reason: string }>(sql`
    select 'undo' as cause, undone_by as by, undo_comment as reason, undone_at as at from value_edit
    where channel_id in (${channelsBeside([channelId])}) and day >= ${month.date}::date and day < ${month.next}::date and overlay_ver is not null
      and undone_at >= ${since}::timestamptz
    union all
    select 'edit', coalesce(decided_by || ', ', '') || requested_by, reason || ': ' || comment, decided_at from value_edit
    where channel_id in (${channelsBeside([channelId])}) and day >= ${month.date}::date and day < ${month.next}::date and overlay_ver is not null
      and decided_at >= ${since}::timestamptz
    union all
    select 'ratio', d.name || ', ' || a.name, r.reason, r.decided_at from ratio_request as r
    join account as a on a.account_id = r.requested_by join account as d on d.account_id = r.decided_by
    where r.point_id = ${pointId} and r.state = 'approved' and r.decided_at >= ${since}::timestamptz
      and r.from_at < ${instant(month.endMs)}::timestamptz
    union all
    select 'edit', decided_by, 'late values taken: ' || decision_note, decided_at from billing_correction
    where point_id = ${pointId} and month = ${month.date}::date and obis = ${obis} and state = 'taken'
      and decided_at >= ${since}::timestamptz
    union all
    select 'exchange', coalesce(undone_by, made_by), coalesce(undo_reason, reason), coalesce(undone_at, made_at) from meter_exchange
    where point_id = ${pointId} and at <@ ${during} and coalesce(undone_at, made_at) >= ${since}::timestamptz
    union all
    select 'meter-test', coalesce(withdrawn_by, made_by), coalesce(withdrawn_why, t.reason), coalesce(withdrawn_at, made_at)
    from meter_test as t join installation as i using (meter_id)
    where i.point_id = ${pointId} and not isempty(t.during * i.during * ${during})
      and coalesce(withdrawn_at, made_at) >= ${since}::timestamptz
    order by 4 desc limit 1`);
  return rows[0] ?? { cause: "late-values", by: null, reason: null };
}

/** Corrections of a month within the scope, the newest first. */
export async function listBillingCorrections(
  db: Queryable,
  scope: Scope,
  filter: {
    readonly month: string;
    /** With all below it; null: all of the scope. */
    readonly branchId: number | null;
    readonly state?: CorrectionState;
    readonly limit: number;
  },
): Promise<BillingCorrection[]> {
  const { rows } = await db.query<BillingCorrection>(sql`
    select billing_correction_id as "correctionId", b.month, b.point_id as "pointId", obis, kind, state, old_energy as "oldEnergy",
      new_energy as "newEnergy", scale, unit, cause, caused_by as "causedBy", cause_reason as "causeReason", found_at as "foundAt",
      decided_by as "decidedBy", decided_at as "decidedAt", decision_note as "decisionNote"
    from billing_correction as b join point as p using (point_id) join location as l using (location_id)
    where b.month = ${filter.month}::date and ${inScope(scope)} and ${inBranch(filter.branchId)}
      and (${filter.state ?? null}::text is null or state = ${filter.state ?? null}::text)
    order by billing_correction_id desc limit ${filter.limit}`);
  return rows;
}

/**
 * A person lets late values count instead of billed estimates, or leaves the estimates. @throws StoreError `billing.correction-not-found`,
 * `billing.decided`
 */
export async function decideHeldValues(
  db: Database,
  scope: Scope,
  decision: {
    readonly correctionId: number;
    readonly take: boolean;
    readonly note: string;
    readonly by: string;
    readonly nowMs: number;
    readonly zone: string;
  },
): Promise<void> {
  const { rows } = await db.query<{ state: string; pointId: number; channelId: number; month: string }>(sql`
    select b.state, b.point_id as "pointId", v.channel_id as "channelId", b.month
    from billing_correction as b join billing_value as v using (month, point_id, obis)
    join point as p using (point_id) join location as l using (location_id)
    where billing_correction_id = ${decision.correctionId}::bigint and kind = 'held' and ${inScope(scope)}`);
  const [found] = rows;
  if (!found) throw new StoreError("billing.correction-not-found", "there is no such correction");
  const decide = async (transaction: Queryable) => {
    const { rowCount } = await transaction.query(sql`
      update billing_correction set state = ${decision.take ? "taken" : "left"}, decided_by = ${decision.by},
        decided_at = ${instant(decision.nowMs)}::timestamptz, decision_note = ${decision.note}
      where billing_correction_id = ${decision.correctionId}::bigint and state = 'waiting'`);
    if (rowCount === 0) throw new StoreError("billing.decided", `it is ${found.state}`);
  };
  if (!decision.take) return decide(db);
  await takeLateValues(db, found.channelId, monthOfDate(found.month, decision.zone), { ...decision, decide });
}
