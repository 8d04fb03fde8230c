import { marketDayOf } from "@energsys/metering";
import { findEventName } from "@energsys/metering/models";
import {
  changeTask,
  type Database,
  type FieldTask,
  findPointsByPod,
  listAssignees,
  listTasks,
  openTask,
  readPointRows,
  readTask,
  type Scope,
  type TaskFilter,
  type TaskSource,
  taskBranches,
  taskStates,
} from "@energsys/store";
import type { Query } from "../contract.ts";
import { sendReport } from "../exports/send-report.ts";
import { tasksTable } from "../field-tasks/table.ts";
import type { Handlers } from "../handlers.ts";
import { entryAnswer } from "../history.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";
import { type FieldTaskRow, taskFields } from "../schemas/field-tasks.ts";
import { scopeOf } from "../security/rights.ts";
import type { Caller } from "../security/sessions.ts";
import type { Services } from "../services.ts";

/** Tasks on a screen; beyond it they are filtered, or taken as a file. */
const shownMax = 500;
const weekDays = 7;

type TasksQuery = Query<"listFieldTasks">;

function filterOf(query: TasksQuery, caller: Caller, { now, zone }: Services): TaskFilter {
  const { state = "open", kind, assignee, due, branch, point, gateway, finding } = query;
  const today = Temporal.PlainDate.from(marketDayOf(now(), zone).date);
  const dueBy = { overdue: today.subtract({ days: 1 }), today, week: today.add({ days: weekDays }) };
  return {
    ...(state === "all" ? {} : { states: [state] }),
    ...(kind === undefined ? {} : { kind }),
    ...(assignee === undefined ? {} : { assigneeId: assignee === "me" ? caller.account.accountId : null }),
    ...(due === undefined ? {} : { dueBy: dueBy[due].toString() }),
    ...(branch === undefined ? {} : { branchId: branch }),
    ...(point === undefined ? {} : { pointId: point }),
    ...(gateway === undefined ? {} : { gatewayId: gateway }),
    ...(query.case === undefined ? {} : { caseId: query.case }),
    ...(finding === undefined ? {} : { findingId: finding }),
  };
}

/** Tasks as they are shown; an address only of points that the caller sees as such. */
async function answers(
  { db, now, zone }: Services,
  { account, rights }: Caller,
  tasks: readonly FieldTask[],
): Promise<FieldTaskRow[]> {
  const pointIds = [...new Set(tasks.flatMap(({ pointId }) => pointId ?? []))];
  const points = await readPointRows(db, scopeOf(rights, "points.see"), pointIds);
  const addresses = new Map(points.map(({ pointId, address }) => [pointId, address]));
  const today = marketDayOf(now(), zone).date;
  return tasks.map((task) => ({
    taskId: task.taskId,
    kind: task.kind,
    pointId: task.pointId,
    pod: task.pod,
    name: task.name,
    address: addresses.get(task.pointId ?? 0) ?? null,
    serial: task.serial,
    gatewayId: task.gatewayId,
    gateway: task.gateway,
    groupId: task.groupId,
    group: task.group,
    branch: [...task.branch],
    priority: task.priority,
    dueDay: task.dueDay,
    overdue: task.state === "open" && task.dueDay !== null && task.dueDay < today,
    state: task.state,
    assigneeId: task.assigneeId,
    assignee: task.assignee,
    mine: task.assigneeId === account.accountId,
    findings: task.findings,
    caseId: task.caseId,
    alarm: task.alarm && { ...task.alarm, at: iso(task.alarm.at) },
    alarmName: task.alarm ? (findEventName(task.alarm.code) ?? null) : null,
    openedAt: iso(task.openedAt),
    openedBy: task.openedBy,
    changedAt: iso(task.changedAt),
    closedAt: iso(task.closedAt),
    closedBy: task.closedBy,
    outcome: task.outcome,
  }));
}

function needDay(field: string, day: string | null | undefined): void {
  if (typeof day !== "string") return;
  try {
    Temporal.PlainDate.from(day, { overflow: "reject" });
  } catch {
    throw new Problem("input.invalid", { fields: { [field]: "No such day" } });
  }
}

interface GivenSource {
  readonly findingIds?: readonly number[];
  readonly alarm?: {
    readonly deviceId: number;
    readonly at: string;
    readonly code: string;
    readonly seq: number;
  };
  readonly caseId?: number;
  readonly pointId?: number;
  readonly pod?: string;
  readonly gatewayId?: number;
}

/** For what somebody goes: exactly one thing. */
async function sourceOf(db: Database, scope: Scope, given: GivenSource): Promise<TaskSource> {
  const { findingIds, alarm, caseId, pointId, pod, gatewayId } = given;
  const found: (TaskSource | { readonly pod: string })[] = [
    ...(findingIds === undefined ? [] : [{ findingIds }]),
    ...(alarm === undefined ? [] : [{ alarm: { ...alarm, at: Date.parse(alarm.at) } }]),
    ...(caseId === undefined ? [] : [{ caseId }]),
    ...(pointId === undefined ? [] : [{ pointId }]),
    ...(pod === undefined ? [] : [{ pod: pod.trim() }]),
    ...(gatewayId === undefined ? [] : [{ gatewayId }]),
  ];
  const [source] = found;
  if (source === undefined || found.length > 1)
    throw new Problem("input.invalid", {
      fields: { "/": "Give one of findingIds, alarm, caseId, pointId, pod and gatewayId" },
    });
  if (!("pod" in source)) return source;
  const known = (await findPointsByPod(db, scope, [source.pod])).get(source.pod);
  if (known === undefined) throw new Problem("point.not-found");
  return { pointId: known };
}

export const fieldTaskHandlers: Handlers<
  | "listFieldTasks"
  | "exportFieldTasks"
  | "listFieldAssignees"
  | "openFieldTask"
  | "getFieldTask"
  | "changeFieldTask"
> = {
  async listFieldTasks({ query, scope, caller, services }) {
    const { db } = services;
    const filter = filterOf(query, caller, services);
    const { total, rows } = await listTasks(db, scope, filter, shownMax);
    const branches = await taskBranches(db, scope, filter.states ?? taskStates);
    return {
      total,
      branches: branches.map(({ branchId, branch }) => ({ branchId, branch: [...branch] })),
      rows: await answers(services, caller, rows),
    };
  },

  async exportFieldTasks(call) {
    const { query, scope, services, caller } = call;
    const { db, limits, zone } = services;
    const { rows } = await listTasks(db, scope, filterOf(query, caller, services), limits.exportRowsMax);
    const { language } = caller.account;
    return sendReport(
      call,
      tasksTable(await answers(services, caller, rows), { zone, language }),
      rows.length,
    );
  },

  async listFieldAssignees({ scope, services: { db, now } }) {
    return { rows: await listAssignees(db, scope, now()) };
  },

  async openFieldTask({ body, scope, caller, services: { db, now } }) {
    const { kind, priority = "normal", dueDay, assigneeId, note, ...given } = body;
    needDay("/dueDay", dueDay);
    const source = await sourceOf(db, scope, given);
    return orProblem(
      openTask(
        db,
        scope,
        {
          source,
          kind,
          priority,
          ...(dueDay === undefined ? {} : { dueDay }),
          ...(assigneeId === undefined ? {} : { assigneeId }),
          note: note.trim(),
        },
        { name: caller.account.name, nowMs: now() },
      ),
    );
  },

  async getFieldTask({ params: { taskId }, scope, caller, services }) {
    const found = await orProblem(readTask(services.db, scope, taskId));
    const [row] = await answers(services, caller, [found]);
    return {
      ...row!,
      about: found.about.map((of) => ({ ...of })),
      entries: found.entries.map((entry) => entryAnswer(entry, taskFields)),
    };
  },

  async changeFieldTask({ params: { taskId }, body, scope, caller, services: { db, now } }) {
    needDay("/dueDay", body.dueDay);
    const by = { name: caller.account.name, nowMs: now() };
    await orProblem(changeTask(db, scope, taskId, { ...body, note: body.note.trim() }, by));
    return undefined;
  },
};
