import { needAssignee } from "../assignees.ts";
import { type ChangedFields, changedFields } from "../changed-fields.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { groupInScope } from "../groups/registry.ts";
import type { Scope } from "../scope.ts";
import { inScope } from "../scope.ts";
import { instant, sql, trusted } from "../sql.ts";

/** What somebody sets. A case that is open is in the field while it has an open field task. */
export const settableCaseStates = ["open", "closed"] as const;
export const caseStates = ["open", "in-field", "closed"] as const;
export type CaseState = (typeof caseStates)[number];
export const caseOutcomes = ["theft", "fault", "wrong-data", "nothing-found"] as const;
export type CaseOutcome = (typeof caseOutcomes)[number];

/** What somebody looks into because energy is lost there: at a point, or in a group as a whole. */
export interface LossCase {
  readonly caseId: number;
  readonly groupId: number;
  readonly group: string;
  readonly pointId: number | null;
  readonly state: CaseState;
  /** Of a closed one. */
  readonly outcome: CaseOutcome | null;
  readonly assigneeId: number | null;
  readonly assignee: string | null;
  readonly recoveredWh: number | null;
  /** What was suspected when it was opened, as the ranking said it; null when it was opened by hand. */
  readonly suspected: object | null;
  readonly openedAtMs: number;
  readonly openedBy: string;
  readonly changedAtMs: number;
}

/** A line of a case's history: what was changed, each field from what to what, and what was said. */
export interface CaseEntry {
  readonly at: number;
  readonly by: string;
  readonly note: string;
  readonly change: ChangedFields | null;
}

export interface CaseFilter {
  readonly states?: readonly CaseState[];
  readonly groupId?: number;
  readonly pointId?: number;
  readonly caseId?: number;
}

const stateOf = trusted(`
  case when c.state = 'open' and exists (
    select from field_task as t where t.loss_case_id = c.loss_case_id and t.state = 'open') then 'in-field' else c.state end`);

/** Who may see a group sees its cases: those of points need the point, too. */
const caseInScope = (scope: Scope) => sql`
  ${groupInScope(scope)} and (c.point_id is null or exists (
    select from point as p join location as l using (location_id) where p.point_id = c.point_id and ${inScope(scope)}))`;

/** Cases of the scope, what was changed last first. */
export async function listCases(
  db: Queryable,
  scope: Scope,
  filter: CaseFilter,
  limit: number,
): Promise<LossCase[]> {
  const { rows } = await db.query<LossCase>(sql`
    select c.loss_case_id as "caseId", c.group_id as "groupId", g.name as group, c.point_id as "pointId", ${stateOf} as state, c.outcome,
      c.assignee_id as "assigneeId", a.display_name as assignee, c.recovered_wh as "recoveredWh", c.suspected,
      c.opened_at as "openedAtMs", c.changed_at as "changedAtMs",
      (select made_by from loss_case_entry as e where e.loss_case_id = c.loss_case_id order by loss_case_entry_id limit 1) as "openedBy"
    from loss_case as c join point_group as g using (group_id) left join account as a on a.account_id = c.assignee_id
    where ${caseInScope(scope)}
      and (${filter.states ?? null}::text[] is null or ${stateOf} = any(${filter.states ?? null}::text[]))
      and (${filter.groupId ?? null}::int is null or c.group_id = ${filter.groupId ?? null}::int)
      and (${filter.pointId ?? null}::int is null or c.point_id = ${filter.pointId ?? null}::int)
      and (${filter.caseId ?? null}::int is null or c.loss_case_id = ${filter.caseId ?? null}::int)
    order by c.state = 'closed', c.changed_at desc, c.loss_case_id desc limit ${limit}`);
  return rows;
}

/** What was done in a case of the scope, in its order. @throws StoreError `case.not-found` */
export async function readCase(
  db: Queryable,
  scope: Scope,
  caseId: number,
): Promise<LossCase & { readonly entries: readonly CaseEntry[] }> {
  const [found] = await listCases(db, scope, { caseId }, 1);
  if (!found) throw new StoreError("case.not-found", `no case ${caseId}`);
  const { rows } = await db.query<CaseEntry>(sql`
    select at, made_by as by, note, change from loss_case_entry where loss_case_id = ${caseId}::int order by loss_case_entry_id`);
  return { ...found, entries: rows };
}

export interface NewCase {
  readonly groupId: number;
  readonly pointId?: number;
  readonly assigneeId?: number;
  readonly suspected?: object;
  readonly note: string;
}

/** Opens a case. @throws StoreError `case.open` while one of the same is looked into, `assignee.not-found` */
export async function openCase(
  db: Database,
  scope: Scope,
  { groupId, pointId, assigneeId, suspected, note }: NewCase,
  by: { readonly name: string; readonly nowMs: number },
): Promise<number> {
  try {
    return await db.transaction(async (transaction) => {
      if (assigneeId !== undefined) await needAssignee(transaction, scope, assigneeId, by.nowMs);
      const { rows } = await transaction.query<{ caseId: number }>(sql`
        insert into loss_case (group_id, point_id, assignee_id, suspected, opened_at, changed_at)
        values (${groupId}::int, ${pointId ?? null}::int, ${assigneeId ?? null}::int,
          ${suspected ? JSON.stringify(suspected) : null}::jsonb, ${instant(by.nowMs)}::timestamptz, ${instant(by.nowMs)}::timestamptz)
        returning loss_case_id as "caseId"`);
      const { caseId } = rows[0]!;
      await enter(transaction, caseId, by, note, null);
      return caseId;
    });
  } catch (error) {
    if (sqlState(error) === "23505") throw new StoreError("case.open", "it is looked into already", error);
    throw error;
  }
}

/** What shall be different; absent stays. */
export interface CaseChange {
  readonly state?: (typeof settableCaseStates)[number];
  readonly outcome?: CaseOutcome | null;
  readonly assigneeId?: number | null;
  readonly recoveredWh?: number | null;
  readonly note: string;
}

/**
 * Changes a case and enters it into its history; a note alone is a change, too. A closed one has an outcome, and one that is opened again
 * loses it; one that is in the field is not closed.
 * @throws StoreError `case.not-found`, `case.outcome`, `case.open`, `case.in-field`, `assignee.not-found`
 */
export async function changeCase(
  db: Database,
  scope: Scope,
  caseId: number,
  change: CaseChange,
  by: { readonly name: string; readonly nowMs: number },
): Promise<void> {
  try {
    await db.transaction(async (transaction) => {
      await transaction.query(sql`select from loss_case where loss_case_id = ${caseId}::int for update`);
      const before = await readCase(transaction, scope, caseId);
      const { assigneeId = before.assigneeId } = change;
      if (assigneeId !== null && assigneeId !== before.assigneeId)
        await needAssignee(transaction, scope, assigneeId, by.nowMs);
      const was = before.state === "closed" ? "closed" : "open";
      const state = change.state ?? was;
      if (state === "closed" && before.state === "in-field")
        throw new StoreError("case.in-field", "somebody still goes there for this case");
      const outcome =
        state === "closed" ? (change.outcome === undefined ? before.outcome : change.outcome) : null;
      if (state === "closed" && outcome === null)
        throw new StoreError("case.outcome", "a closed case says what was found");
      const after = {
        state,
        outcome,
        assigneeId,
        recoveredWh: change.recoveredWh === undefined ? before.recoveredWh : change.recoveredWh,
      };
      await transaction.query(sql`
        update loss_case set state = ${after.state}, outcome = ${after.outcome}, assignee_id = ${after.assigneeId}::int,
          recovered_wh = ${after.recoveredWh}::bigint, changed_at = ${instant(by.nowMs)}::timestamptz
        where loss_case_id = ${caseId}::int`);
      const names = await transaction.query<{ id: number; name: string }>(
        sql`select account_id as id, display_name as name from account where account_id = any(${[before.assigneeId, after.assigneeId]}::int[])`,
      );
      const nameOf = (id: number | null) => names.rows.find((row) => row.id === id)?.name ?? null;
      const told = (which: Omit<typeof after, "state">) => ({
        outcome: which.outcome,
        assignee: nameOf(which.assigneeId),
        recoveredWh: which.recoveredWh,
      });
      const changed = changedFields({ state: was, ...told(before) }, { state, ...told(after) });
      if (changed || change.note !== "") await enter(transaction, caseId, by, change.note, changed);
    });
  } catch (error) {
    if (sqlState(error) === "23505") throw new StoreError("case.open", "it is looked into already", error);
    throw error;
  }
}

async function enter(
  db: Queryable,
  caseId: number,
  { name, nowMs }: { readonly name: string; readonly nowMs: number },
  note: string,
  change: object | null,
): Promise<void> {
  await db.query(sql`
    insert into loss_case_entry (loss_case_id, at, made_by, note, change)
    values (${caseId}::int, ${instant(nowMs)}::timestamptz, ${name}, ${note}, ${change ? JSON.stringify(change) : null}::jsonb)`);
}
