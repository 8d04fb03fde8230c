import { emptyOverlay, hasSlot, isBilled, methodMark } from "@energsys/metering";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import type { Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { changeDay } from "./edits.ts";
import type { StoredFinding } from "./findings.ts";
import { findingInScope } from "./list-findings.ts";
import type { OverlayWrite } from "./overlays.ts";

/** What somebody decided about a finding. Instants are epoch ms. */
export interface FindingDecision {
  readonly decision: "accept" | "accept-estimate" | "undo" | "assign";
  readonly decidedBy: string;
  readonly decidedAt: number;
  readonly note: string;
}

export interface Acceptance {
  readonly findingId: number;
  /** What counts from then on: what was measured, or the estimate that stands there. */
  readonly stands: "measured" | "estimate";
  readonly note: string;
  readonly by: string;
}

interface DecisionContext {
  readonly nowMs: number;
  readonly zone: string;
}

/**
 * A person accepts a finding. `measured`: of one that refuses intervals the measured values stand from then on, as long as the meter says
 * the same; of any other it is noted that somebody looked. `estimate`: the estimate stands, until measured values come.
 * @throws StoreError `finding.not-found`, `finding.not-open` when it was accepted or has cleared, `finding.no-estimate`
 */
export async function acceptFinding(
  db: Database,
  scope: Scope,
  acceptance: Acceptance,
  context: DecisionContext,
): Promise<void> {
  const finding = await findingInScope(db, scope, acceptance.findingId);
  const due = { channelId: finding.channelId, pointId: finding.pointId, date: finding.day };
  await changeDay(db, due, context, async (transaction, { slots: measured }, stored) => {
    const estimate = acceptance.stands === "estimate";
    const state = estimate ? ["estimated"] : ["open", "estimated", "edited"];
    const { rowCount } = await transaction.query(sql`
      update finding set state = 'accepted', changed_at = ${instant(context.nowMs)}::timestamptz,
        changed_by = ${acceptance.by}, note = ${acceptance.note}
      where finding_id = ${acceptance.findingId}::bigint and state = any(${state}::text[])`);
    if (rowCount === 0) {
      const { state: now } = await findingInScope(transaction, scope, acceptance.findingId);
      throw estimate && (now === "open" || now === "edited")
        ? new StoreError("finding.no-estimate", "no estimate stands at all of its intervals")
        : new StoreError("finding.not-open", "it was accepted already, or has cleared");
    }
    await noteDecision(transaction, acceptance, estimate ? "accept-estimate" : "accept", context);
    const { severity, slots } = finding;
    if (estimate || severity !== "F" || !slots) return { write: undefined, result: undefined };
    const before = stored ?? emptyOverlay(measured.values.length);
    const overlay = { values: before.values.slice(), methods: before.methods.slice(), marks: before.marks };
    measured.values.forEach((value, slot) => {
      if (!hasSlot(slots, slot) || Number.isNaN(value)) return;
      overlay.values[slot] = value;
      overlay.methods[slot] = methodMark.verified;
    });
    const ver = (stored?.ver ?? 0) + 1;
    const write: OverlayWrite = { ...due, ver, kind: "verify", by: acceptance.by, overlay };
    return { write, result: undefined };
  });
}

/**
 * Takes an acceptance back: the finding is open again, and what was refused is refused again once the day is validated.
 * @throws StoreError `finding.not-found`, `finding.not-accepted`
 */
export async function reopenFinding(
  db: Database,
  scope: Scope,
  reopening: { readonly findingId: number; readonly note: string; readonly by: string },
  context: DecisionContext,
): Promise<void> {
  const finding = await findingInScope(db, scope, reopening.findingId);
  const due = { channelId: finding.channelId, pointId: finding.pointId, date: finding.day };
  await changeDay(db, due, context, async (transaction, _measured, stored) => {
    const estimated = (await lastAcceptance(transaction, finding)) === "accept-estimate";
    const { rowCount } = await transaction.query(sql`
      update finding set state = ${estimated ? "estimated" : "open"}, note = '',
        changed_at = ${instant(context.nowMs)}::timestamptz, changed_by = ${reopening.by}
      where finding_id = ${reopening.findingId}::bigint and state = 'accepted'`);
    if (rowCount === 0) throw new StoreError("finding.not-accepted", "it is not accepted");
    await noteDecision(transaction, reopening, "undo", context);
    const { slots } = finding;
    if (estimated || !slots || !stored) return { write: undefined, result: undefined };
    const overlay = { values: stored.values.slice(), methods: stored.methods.slice(), marks: stored.marks };
    let touched = false;
    overlay.methods.forEach((method, slot) => {
      if (!hasSlot(slots, slot) || (method & methodMark.verified) === 0 || isBilled(method)) return;
      overlay.values[slot] = Number.NaN;
      overlay.methods[slot] = methodMark.none;
      touched = true;
    });
    if (!touched) return { write: undefined, result: undefined };
    const write: OverlayWrite = { ...due, ver: stored.ver + 1, kind: "undo", by: reopening.by, overlay };
    return { write, result: undefined };
  });
}

/**
 * Says who looks after a finding; null: nobody in particular.
 * @throws StoreError `finding.not-found`, `finding.assignee-unknown`
 */
export async function assignFinding(
  db: Database,
  scope: Scope,
  assignment: { readonly findingId: number; readonly to: string | null; readonly by: string },
  context: { readonly nowMs: number },
): Promise<void> {
  await findingInScope(db, scope, assignment.findingId);
  await db.transaction(async (transaction) => {
    if (assignment.to !== null) {
      const { rows } = await transaction.query(
        sql`select from account where name = ${assignment.to} and not disabled`,
      );
      if (rows.length === 0) throw new StoreError("finding.assignee-unknown", "there is no such account");
    }
    const { rowCount } = await transaction.query(sql`
      update finding set assigned_to = ${assignment.to}
      where finding_id = ${assignment.findingId}::bigint and assigned_to is distinct from ${assignment.to}::text`);
    if (rowCount > 0)
      await noteDecision(transaction, { ...assignment, note: assignment.to ?? "" }, "assign", context);
  });
}

/** Decisions about a finding, the newest first. */
export async function listFindingDecisions(db: Queryable, findingId: number): Promise<FindingDecision[]> {
  const { rows } = await db.query<FindingDecision>(sql`
    select decision, decided_by as "decidedBy", decided_at as "decidedAt", note from finding_decision
    where finding_id = ${findingId}::bigint order by finding_decision_id desc limit 50`);
  return rows;
}

async function lastAcceptance(db: Queryable, { findingId }: StoredFinding): Promise<string | undefined> {
  const { rows } = await db.query<{ decision: string }>(sql`
    select decision from finding_decision
    where finding_id = ${findingId}::bigint and decision in ('accept', 'accept-estimate')
    order by finding_decision_id desc limit 1`);
  return rows[0]?.decision;
}

async function noteDecision(
  db: Queryable,
  { findingId, by, note }: { readonly findingId: number; readonly by: string; readonly note: string },
  decision: FindingDecision["decision"],
  { nowMs }: { readonly nowMs: number },
): Promise<void> {
  await db.query(sql`
    insert into finding_decision (finding_id, decided_at, decided_by, decision, note)
    values (${findingId}::bigint, ${instant(nowMs)}::timestamptz, ${by}, ${decision}, ${note})`);
}
