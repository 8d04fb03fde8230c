import type { Severity } from "@energsys/metering";
import type { EventKey } from "../alarms.ts";
import { branchWithin, readBranches } from "../branches.ts";
import type { ChangedFields } from "../changed-fields.ts";
import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { groupInScope } from "../groups/registry.ts";
import { withPointNames } from "../personal/with-names.ts";
import { gatewayInScope, pointInScope, type Scope } from "../scope.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { type Sql, sql } from "../sql.ts";
import type { FindingState } from "../validation/findings.ts";
import { openNotes } from "./notes.ts";

export const taskKinds = ["look", "read", "exchange", "communication", "seal", "other"] as const;
export type TaskKind = (typeof taskKinds)[number];
export const taskPriorities = ["high", "normal", "low"] as const;
export type TaskPriority = (typeof taskPriorities)[number];
export const taskStates = ["open", "done", "cancelled"] as const;
export type TaskState = (typeof taskStates)[number];

/** Something for which somebody goes there: to a point, to a concentrator, or for a case of a group to the group. Instants are epoch ms. */
export interface FieldTask {
  readonly taskId: number;
  readonly kind: TaskKind;
  readonly pointId: number | null;
  readonly pod: string | null;
  readonly name: string | null;
  /** Of the meter that stands there now. */
  readonly serial: string | null;
  readonly gatewayId: number | null;
  /** Its name, or else its identity. */
  readonly gateway: string | null;
  readonly groupId: number | null;
  readonly group: string | null;
  readonly branch: readonly string[];
  readonly priority: TaskPriority;
  readonly dueDay: string | null;
  readonly state: TaskState;
  readonly assigneeId: number | null;
  readonly assignee: string | null;
  /** Where it came from. */
  readonly findings: number;
  readonly caseId: number | null;
  readonly alarm: EventKey | null;
  readonly openedAt: number;
  readonly openedBy: string;
  readonly changedAt: number;
  readonly closedAt: number | null;
  readonly closedBy: string | null;
  /** In the words of who closed it; empty when they were erased. */
  readonly outcome: string | null;
}

export interface TaskEntry {
  readonly at: number;
  readonly by: string;
  readonly note: string;
  readonly change: ChangedFields | null;
}

/** A finding that a task is about. */
export interface TaskFinding {
  readonly findingId: number;
  readonly rule: string;
  readonly words: string;
  readonly severity: Severity;
  readonly state: FindingState;
  readonly day: string;
  readonly obis: string;
  readonly count: number;
}

export interface TaskFilter {
  readonly taskId?: number;
  readonly states?: readonly TaskState[];
  readonly kind?: TaskKind;
  /** null: nobody's. */
  readonly assigneeId?: number | null;
  /** This branch and all below it. */
  readonly branchId?: number;
  /** Due on this day or before. */
  readonly dueBy?: string;
  readonly pointId?: number;
  readonly gatewayId?: number;
  readonly caseId?: number;
  readonly findingId?: number;
}

/** Condition on `field_task as t`. */
export const taskInScope = (scope: Scope): Sql => sql`
  case when t.point_id is not null then ${pointInScope(scope, "t.point_id")}
    when t.gateway_id is not null then exists (select from gateway as g where g.gateway_id = t.gateway_id and ${gatewayInScope(scope)})
    else exists (select from point_group as g where g.group_id = t.group_id and ${groupInScope(scope)}) end`;

type Row = Omit<FieldTask, "pod" | "name" | "branch" | "alarm" | "outcome"> & {
  readonly sealed: Buffer | null;
  readonly branchId: number | null;
  readonly alarmDeviceId: number | null;
  readonly alarmAt: number;
  readonly alarmCode: string;
  readonly alarmSeq: number;
  readonly lastEntryId: number | null;
  readonly lastSealed: Buffer | null;
  readonly total: number;
};

/** Tasks of the scope: open ones first, what is due first and urgent before that of the same day; then closed ones, the newest first. */
export async function listTasks(
  db: Queryable,
  scope: Scope,
  filter: TaskFilter,
  limit: number,
): Promise<{ total: number; rows: FieldTask[] }> {
  const { taskId, states, kind, assigneeId, branchId, dueBy, pointId, gatewayId, caseId, findingId } = filter;
  const only = (value: unknown, condition: Sql): Sql => (value === undefined ? sql`true` : condition);
  const { rows } = await db.query<Row>(sql`
    select t.field_task_id as "taskId", t.kind, t.point_id as "pointId", p.sealed, m.serial, t.gateway_id as "gatewayId",
      coalesce(nullif(gw.name, ''), gw.identity) as gateway, t.group_id as "groupId", pg.name as group,
      coalesce(l.branch_id, gw.branch_id, pg.branch_id) as "branchId", t.priority, t.due_day as "dueDay", t.state,
      t.assignee_id as "assigneeId", a.display_name as assignee,
      (select count(*)::int from field_task_finding as f where f.field_task_id = t.field_task_id) as findings,
      t.loss_case_id as "caseId", t.alarm_device_id as "alarmDeviceId", t.alarm_at as "alarmAt", t.alarm_code as "alarmCode",
      t.alarm_seq as "alarmSeq", t.opened_at as "openedAt",
      (select made_by from field_task_entry as e where e.field_task_id = t.field_task_id order by field_task_entry_id limit 1) as "openedBy",
      t.changed_at as "changedAt", t.closed_at as "closedAt", closing.made_by as "closedBy",
      closing.field_task_entry_id as "lastEntryId", closing.sealed as "lastSealed", (count(*) over ())::int as total
    from field_task as t
    left join point as p on p.point_id = t.point_id left join location as l on l.location_id = p.location_id
    left join installation as i on i.point_id = t.point_id and upper_inf(i.during)
    left join meter as m on m.meter_id = i.meter_id
    left join gateway as gw on gw.gateway_id = t.gateway_id left join point_group as pg on pg.group_id = t.group_id
    left join account as a on a.account_id = t.assignee_id
    left join lateral (
      select field_task_entry_id, made_by, sealed from field_task_entry as e
      where t.state <> 'open' and e.field_task_id = t.field_task_id and e.change ? 'state'
      order by field_task_entry_id desc limit 1) as closing on true
    where ${taskInScope(scope)}
      and ${only(taskId, sql`t.field_task_id = ${taskId ?? 0}::int`)}
      and ${only(states, sql`t.state = any(${states ?? []}::text[])`)}
      and ${only(kind, sql`t.kind = ${kind ?? ""}`)}
      and ${only(assigneeId, sql`t.assignee_id is not distinct from ${assigneeId ?? null}::int`)}
      and ${only(branchId, sql`coalesce(l.branch_id, gw.branch_id, pg.branch_id) in (${branchWithin(branchId ?? 0)})`)}
      and ${only(dueBy, sql`t.due_day <= ${dueBy ?? null}::date`)}
      and ${only(pointId, sql`t.point_id = ${pointId ?? 0}::int`)}
      and ${only(gatewayId, sql`t.gateway_id = ${gatewayId ?? 0}::int`)}
      and ${only(caseId, sql`t.loss_case_id = ${caseId ?? 0}::int`)}
      and ${only(
        findingId,
        sql`exists (
        select from field_task_finding as f where f.field_task_id = t.field_task_id and f.finding_id = ${findingId ?? 0}::bigint)`,
      )}
    order by t.state <> 'open', case when t.state = 'open' then t.due_day end nulls last,
      case when t.state = 'open' then array_position(${[...taskPriorities]}::text[], t.priority) end, t.closed_at desc, t.field_task_id desc
    limit ${limit}`);
  const branches = await readBranches(db);
  const named = await withPointNames(db, rows);
  const outcomes = await openNotes(
    keyRingOf(db),
    rows.map(({ lastEntryId, lastSealed }) => ({ entryId: lastEntryId ?? 0, sealed: lastSealed })),
  );
  return {
    total: rows[0]?.total ?? 0,
    rows: named.map((row, nth) => {
      const { branchId: of, lastEntryId, lastSealed: _, total: __, ...rest } = row;
      const { alarmDeviceId, alarmAt, alarmCode, alarmSeq, ...task } = rest;
      return {
        ...task,
        branch: branches.get(of ?? -1)?.path ?? [],
        alarm:
          alarmDeviceId === null
            ? null
            : { deviceId: alarmDeviceId, at: alarmAt, code: alarmCode, seq: alarmSeq },
        outcome: lastEntryId === null ? null : outcomes[nth]!,
      };
    }),
  };
}

/** Branches in which the scope has tasks of these states: what a list can be narrowed to. */
export async function taskBranches(
  db: Queryable,
  scope: Scope,
  states: readonly TaskState[],
): Promise<{ branchId: number; branch: readonly string[] }[]> {
  const { rows } = await db.query<{ branchId: number }>(sql`
    select distinct coalesce(l.branch_id, gw.branch_id, pg.branch_id) as "branchId"
    from field_task as t left join point as p on p.point_id = t.point_id left join location as l on l.location_id = p.location_id
    left join gateway as gw on gw.gateway_id = t.gateway_id left join point_group as pg on pg.group_id = t.group_id
    where t.state = any(${[...states]}::text[]) and ${taskInScope(scope)}`);
  const branches = await readBranches(db);
  return rows
    .flatMap(({ branchId }) => {
      const branch = branches.get(branchId)?.path;
      return branch ? [{ branchId, branch }] : [];
    })
    .sort((left, right) => left.branch.join("\0").localeCompare(right.branch.join("\0"), "ro"));
}

/** One task with its findings and its history. @throws StoreError `field-task.not-found` */
export async function readTask(
  db: Queryable,
  scope: Scope,
  taskId: number,
): Promise<FieldTask & { readonly about: readonly TaskFinding[]; readonly entries: readonly TaskEntry[] }> {
  const {
    rows: [found],
  } = await listTasks(db, scope, { taskId }, 1);
  if (!found) throw new StoreError("field-task.not-found", `there is no field task ${taskId}`);
  const [{ rows: about }, { rows: entries }] = [
    await db.query<TaskFinding>(sql`
      select finding_id as "findingId", rule, words, severity, finding.state, day, obis, count
      from field_task_finding join finding using (finding_id) join channel using (channel_id)
      where field_task_id = ${taskId}::int order by day desc, finding_id`),
    await db.query<Omit<TaskEntry, "note"> & { entryId: number; sealed: Buffer | null }>(sql`
      select field_task_entry_id as "entryId", at, made_by as by, sealed, change from field_task_entry
      where field_task_id = ${taskId}::int order by field_task_entry_id`),
  ];
  const notes = await openNotes(keyRingOf(db), entries);
  return {
    ...found,
    about,
    entries: entries.map(({ at, by, change }, nth) => ({ at, by, change, note: notes[nth]! })),
  };
}
