import { needAssignee } from "../assignees.ts";
import { changedFields } from "../changed-fields.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import type { Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { enterNote, noteRing } from "./notes.ts";
import { attachFindings, lockOpenCase, pointOfFindings } from "./open.ts";
import { type FieldTask, type TaskKind, type TaskPriority, type TaskState, taskInScope } from "./tasks.ts";

/** What shall be different; absent stays. */
export interface TaskChange {
  readonly state?: TaskState;
  readonly kind?: TaskKind;
  readonly priority?: TaskPriority;
  readonly dueDay?: string | null;
  readonly assigneeId?: number | null;
  /** Further findings of the same point that wait for it, too. */
  readonly findingIds?: readonly number[];
  /** Of a task that is closed: what it came to. */
  readonly note: string;
}

/**
 * Changes a task and enters it into its history; a note alone is a change, too. Who closes one says what it came to, and its findings wait
 * no longer; one that is opened again has them wait again. A closed one is not changed otherwise.
 * @throws StoreError `field-task.not-found`, `field-task.outcome`, `field-task.closed`, `field-task.open`, `field-task.findings`,
 *   `field-task.case-closed`, `finding.not-found`, `assignee.not-found`
 */
export async function changeTask(
  db: Database,
  scope: Scope,
  taskId: number,
  change: TaskChange,
  by: { readonly name: string; readonly nowMs: number },
): Promise<void> {
  const ring = await noteRing(db);
  try {
    await db.transaction(async (transaction) => {
      const before = await lockTask(transaction, scope, taskId);
      const { kind, priority, dueDay, assigneeId, findingIds, note, ...rest } = change;
      const state = rest.state ?? before.state;
      const others = [kind, priority, dueDay, assigneeId, findingIds].some((value) => value !== undefined);
      if (state !== "open" && before.state !== "open" && others)
        throw new StoreError("field-task.closed", "the task is closed");
      if (state !== "open" && state !== before.state && note === "")
        throw new StoreError("field-task.outcome", "a task that is closed says what it came to");
      if (state === "open" && before.state !== "open" && before.caseId !== null)
        await lockOpenCase(transaction, scope, before.caseId);
      if (assigneeId !== undefined && assigneeId !== null && assigneeId !== before.assigneeId)
        await needAssignee(transaction, scope, assigneeId, by.nowMs);
      const after = {
        state,
        kind: kind ?? before.kind,
        priority: priority ?? before.priority,
        dueDay: dueDay === undefined ? before.dueDay : dueDay,
        assigneeId: assigneeId === undefined ? before.assigneeId : assigneeId,
      };
      const now = sql`${instant(by.nowMs)}::timestamptz`;
      await transaction.query(sql`
        update field_task set state = ${state}, kind = ${after.kind}, priority = ${after.priority}, due_day = ${after.dueDay}::date,
          assignee_id = ${after.assigneeId}::int, changed_at = ${now},
          closed_at = case when ${state} = 'open' then null when state = ${state} then closed_at else ${now} end
        where field_task_id = ${taskId}::int`);
      await transaction.query(
        sql`update field_task_finding set waiting = ${state === "open"} where field_task_id = ${taskId}::int`,
      );
      let added = 0;
      if (findingIds) {
        if ((await pointOfFindings(transaction, scope, findingIds)) !== before.pointId)
          throw new StoreError("field-task.findings", "the findings are of another point");
        added = await attachFindings(transaction, taskId, findingIds);
      }
      const changed = changedFields(
        { ...told(before), assignee: before.assignee, findings: before.findings },
        {
          ...told(after),
          assignee: await nameOf(transaction, after.assigneeId),
          findings: before.findings + added,
        },
      );
      if (changed || note !== "") await enterNote(transaction, ring, taskId, by, note, changed);
    });
  } catch (error) {
    if (sqlState(error) === "23505")
      throw new StoreError("field-task.open", "somebody goes there for it already", error);
    throw error;
  }
}

type Locked = Pick<
  FieldTask,
  | "taskId"
  | "pointId"
  | "caseId"
  | "state"
  | "kind"
  | "priority"
  | "dueDay"
  | "assigneeId"
  | "assignee"
  | "findings"
>;

/** @throws StoreError `field-task.not-found` */
async function lockTask(transaction: Queryable, scope: Scope, taskId: number): Promise<Locked> {
  const { rows } = await transaction.query<Locked>(sql`
    select field_task_id as "taskId", point_id as "pointId", loss_case_id as "caseId", state, kind, priority, due_day as "dueDay",
      assignee_id as "assigneeId", (select display_name from account where account_id = assignee_id) as assignee,
      (select count(*)::int from field_task_finding as f where f.field_task_id = t.field_task_id) as findings
    from field_task as t where field_task_id = ${taskId}::int and ${taskInScope(scope)} for update`);
  if (!rows[0]) throw new StoreError("field-task.not-found", `there is no field task ${taskId}`);
  return rows[0];
}

const told = ({
  state,
  kind,
  priority,
  dueDay,
}: Pick<FieldTask, "state" | "kind" | "priority" | "dueDay">) => ({
  state,
  kind,
  priority,
  dueDay,
});

async function nameOf(db: Queryable, accountId: number | null): Promise<string | null> {
  const { rows } = await db.query<{ name: string }>(
    sql`select display_name as name from account where account_id = ${accountId}::int`,
  );
  return rows[0]?.name ?? null;
}
