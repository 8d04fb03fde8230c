import type { EventKey } from "../alarms.ts";
import { needAssignee } from "../assignees.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { readCase } from "../losses/cases.ts";
import { deviceInScopeAt, gatewayInScope, pointInScope, type Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { enterNote, noteRing } from "./notes.ts";
import type { TaskKind, TaskPriority } from "./tasks.ts";

/** What a task comes from; it says what the task is about. */
export type TaskSource =
  /** Of one point. */
  | { readonly findingIds: readonly number[] }
  | { readonly alarm: EventKey }
  | { readonly caseId: number }
  | { readonly pointId: number }
  | { readonly gatewayId: number };

export interface NewTask {
  readonly source: TaskSource;
  readonly kind: TaskKind;
  readonly priority: TaskPriority;
  readonly dueDay?: string;
  readonly assigneeId?: number;
  readonly note: string;
}

interface Subject {
  readonly pointId?: number | null;
  readonly gatewayId?: number | null;
  readonly groupId?: number | null;
}

/**
 * Opens a task. While one is open for one of the same findings, the same alarm or the same case nothing is opened, and that one is given.
 * @throws StoreError `finding.not-found`, `field-task.findings`, `alarm.not-found`, `case.not-found`, `field-task.case-closed`,
 *   `point.not-found`, `gateway.not-found`, `assignee.not-found`
 */
export async function openTask(
  db: Database,
  scope: Scope,
  { source, kind, priority, dueDay, assigneeId, note }: NewTask,
  by: { readonly name: string; readonly nowMs: number },
): Promise<{ readonly taskId: number; readonly opened: boolean }> {
  const ring = await noteRing(db);
  const at = instant(by.nowMs);
  try {
    return await db.transaction(async (transaction) => {
      const { pointId, gatewayId, groupId } = await subjectOf(transaction, scope, source);
      const present = await openTaskOf(transaction, source);
      if (present !== undefined) return { taskId: present, opened: false };
      if (assigneeId !== undefined) await needAssignee(transaction, scope, assigneeId, by.nowMs);
      const alarm = "alarm" in source ? source.alarm : undefined;
      const { rows } = await transaction.query<{ taskId: number }>(sql`
        insert into field_task (kind, point_id, gateway_id, group_id, priority, due_day, assignee_id, loss_case_id, alarm_device_id,
          alarm_at, alarm_code, alarm_seq, opened_at, changed_at)
        values (${kind}, ${pointId ?? null}::int, ${gatewayId ?? null}::int, ${groupId ?? null}::int, ${priority},
          ${dueDay ?? null}::date, ${assigneeId ?? null}::int, ${"caseId" in source ? source.caseId : null}::int,
          ${alarm?.deviceId ?? null}::int, ${alarm ? instant(alarm.at) : null}::timestamptz, ${alarm?.code ?? null},
          ${alarm?.seq ?? null}::int, ${at}::timestamptz, ${at}::timestamptz)
        returning field_task_id as "taskId"`);
      const { taskId } = rows[0]!;
      if ("findingIds" in source) await attachFindings(transaction, taskId, source.findingIds);
      await enterNote(transaction, ring, taskId, by, note, null);
      return { taskId, opened: true };
    });
  } catch (error) {
    // Somebody else opened one at the same moment.
    const present = sqlState(error) === "23505" ? await openTaskOf(db, source) : undefined;
    if (present === undefined) throw error;
    return { taskId: present, opened: false };
  }
}

/** Gives the number of those that it was not for before. */
export async function attachFindings(
  transaction: Queryable,
  taskId: number,
  findingIds: readonly number[],
): Promise<number> {
  const { rows } = await transaction.query(sql`
    insert into field_task_finding (field_task_id, finding_id)
    select distinct ${taskId}::int, id from unnest(${findingIds}::bigint[]) as id
    on conflict (field_task_id, finding_id) do nothing returning 1`);
  return rows.length;
}

/** The point that all of the findings are of. @throws StoreError `finding.not-found`, `field-task.findings` */
export async function pointOfFindings(
  db: Queryable,
  scope: Scope,
  findingIds: readonly number[],
): Promise<number> {
  const { rows } = await db.query<{ findingId: number; pointId: number }>(sql`
    select finding_id as "findingId", point_id as "pointId" from finding join channel using (channel_id)
    where finding_id = any(${findingIds}::bigint[]) and ${pointInScope(scope, "channel.point_id")}`);
  if (rows.length === 0 || rows.length < new Set(findingIds).size)
    throw new StoreError("finding.not-found", "one of the findings is not there");
  const { pointId } = rows[0]!;
  if (rows.some((row) => row.pointId !== pointId))
    throw new StoreError("field-task.findings", "the findings are of several points");
  return pointId;
}

/** The case is open, and stays so until the transaction ends. @throws StoreError `case.not-found`, `field-task.case-closed` */
export async function lockOpenCase(transaction: Queryable, scope: Scope, caseId: number) {
  await transaction.query(sql`select from loss_case where loss_case_id = ${caseId}::int for update`);
  const found = await readCase(transaction, scope, caseId);
  if (found.state === "closed") throw new StoreError("field-task.case-closed", "the case is closed");
  return found;
}

async function subjectOf(transaction: Queryable, scope: Scope, source: TaskSource): Promise<Subject> {
  if ("findingIds" in source)
    return { pointId: await pointOfFindings(transaction, scope, source.findingIds) };
  if ("caseId" in source) {
    const { pointId, groupId } = await lockOpenCase(transaction, scope, source.caseId);
    return pointId === null ? { groupId } : { pointId };
  }
  if ("alarm" in source) return subjectOfAlarm(transaction, scope, source.alarm);
  if ("pointId" in source) {
    const { pointId } = source;
    const { rows } = await transaction.query(
      sql`select from point where point_id = ${pointId}::int and ${pointInScope(scope, "point.point_id")}`,
    );
    if (rows.length === 0) throw new StoreError("point.not-found", "there is no such point");
    return { pointId };
  }
  const { gatewayId } = source;
  const { rows } = await transaction.query(
    sql`select from gateway as g where gateway_id = ${gatewayId}::int and ${gatewayInScope(scope)}`,
  );
  if (rows.length === 0) throw new StoreError("gateway.not-found", "there is no such concentrator");
  return { gatewayId };
}

/** Where the meter stood then, or the concentrator whose event it is. */
async function subjectOfAlarm(
  db: Queryable,
  scope: Scope,
  { deviceId, at, code, seq }: EventKey,
): Promise<Subject> {
  const { rows } = await db.query<Subject>(sql`
    select i.point_id as "pointId", case when i.point_id is null then g.gateway_id end as "gatewayId"
    from event as e join device as d using (device_id)
    left join installation as i on i.meter_id = d.meter_id and i.during @> e.at
    left join gateway as g on g.device_id = e.device_id
    where (e.device_id, e.at, e.code, e.seq) = (${deviceId}::int, ${instant(at)}::timestamptz, ${code}, ${seq}::int)
      and (i.point_id is not null or g.gateway_id is not null)
      and (${deviceInScopeAt(scope, "e.device_id", "e.at")} or (g.gateway_id is not null and ${gatewayInScope(scope)}))`);
  if (!rows[0]) throw new StoreError("alarm.not-found", "there is no such alarm at a point or concentrator");
  return rows[0];
}

/** The open task of one of these findings, of the alarm or of the case; a point may have several for several reasons. */
async function openTaskOf(db: Queryable, source: TaskSource): Promise<number | undefined> {
  if ("findingIds" in source) {
    const { rows } = await db.query<{ taskId: number }>(sql`
      select field_task_id as "taskId" from field_task_finding
      where waiting and finding_id = any(${source.findingIds}::bigint[]) order by 1 limit 1`);
    return rows[0]?.taskId;
  }
  if (!("alarm" in source) && !("caseId" in source)) return undefined;
  const { rows } = await db.query<{ taskId: number }>(
    "caseId" in source
      ? sql`select field_task_id as "taskId" from field_task where state = 'open' and loss_case_id = ${source.caseId}::int`
      : sql`select field_task_id as "taskId" from field_task where state = 'open'
          and (alarm_device_id, alarm_at, alarm_code, alarm_seq) =
            (${source.alarm.deviceId}::int, ${instant(source.alarm.at)}::timestamptz, ${source.alarm.code}, ${source.alarm.seq}::int)`,
  );
  return rows[0]?.taskId;
}
