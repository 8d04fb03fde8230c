import { emptyOverlay, hasSlot, methodMark } from "@energsys/metering";
import type { Database } from "../database.ts";
import { StoreError } from "../errors.ts";
import type { Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { changeDay } from "./edits.ts";
import { findingInScope } from "./findings.ts";

/**
 * A person accepts a finding. Of one that refuses intervals the measured values stand from then on, as long as the meter says the same; of
 * any other it is noted that somebody looked.
 * @throws StoreError `finding.not-found`, `finding.not-open` when it was accepted or has cleared
 */
export async function acceptFinding(
  db: Database,
  scope: Scope,
  decision: { readonly findingId: number; readonly note: string; readonly by: string },
  context: { readonly nowMs: number; readonly zone: string },
): Promise<void> {
  const finding = await findingInScope(db, scope, decision.findingId);
  const { rows } = await db.query<{ point_id: number }>(
    sql`select point_id from channel where channel_id = ${finding.channelId}`,
  );
  const due = { channelId: finding.channelId, pointId: rows[0]?.point_id ?? 0, date: finding.day };
  await changeDay(db, due, context, async (transaction, { slots: measured }, stored) => {
    const at = sql`${instant(context.nowMs)}::timestamptz`;
    const { rowCount } = await transaction.query(sql`
      update finding set state = 'accepted', changed_at = ${at}, changed_by = ${decision.by}, note = ${decision.note}
      where finding_id = ${decision.findingId}::bigint and state not in ('accepted', 'cleared')`);
    if (rowCount === 0) throw new StoreError("finding.not-open", "it was accepted already, or has cleared");
    await transaction.query(sql`
      insert into finding_decision (finding_id, decided_at, decided_by, decision, note)
      values (${decision.findingId}::bigint, ${at}, ${decision.by}, 'accept', ${decision.note})`);
    const { severity, slots } = finding;
    if (severity !== "F" || !slots) return { write: undefined, result: undefined };
    const before = stored ?? emptyOverlay(measured.values.length);
    const overlay = { values: before.values.slice(), methods: before.methods.slice(), marks: before.marks };
    measured.values.forEach((value, slot) => {
      if (!hasSlot(slots, slot) || Number.isNaN(value)) return;
      overlay.values[slot] = value;
      overlay.methods[slot] = methodMark.verified;
    });
    return {
      write: {
        channelId: due.channelId,
        date: due.date,
        ver: (stored?.ver ?? 0) + 1,
        kind: "verify",
        by: decision.by,
        overlay,
      },
      result: undefined,
    };
  });
}
