import {
  fieldTaskSchema,
  NewTask,
  TaskEdit,
  TaskOpened,
  TaskParams,
  Tasks,
  TasksFileParams,
  TasksQuery,
} from "../schemas/field-tasks.ts";
import { Assignees } from "../schemas/losses.ts";
import { file, nothing, operation } from "./operation.ts";

/** Calls about what somebody goes somewhere for. */
export const fieldTaskOperations = {
  listFieldTasks: operation({
    method: "GET",
    url: "/field-tasks",
    action: "field-tasks.see",
    tag: "field-work",
    summary: "Field tasks: what somebody goes somewhere for, open ones unless told",
    query: TasksQuery,
    answer: Tasks,
  }),
  exportFieldTasks: operation({
    method: "GET",
    url: "/field-tasks.:format",
    action: "field-tasks.see",
    tag: "field-work",
    summary: "The same tasks as a file",
    params: TasksFileParams,
    query: TasksQuery,
    answer: file,
    media: "application/octet-stream",
    budget: "export",
  }),
  listFieldAssignees: operation({
    method: "GET",
    url: "/field-task-assignees",
    action: "field-tasks.change",
    tag: "field-work",
    summary: "People whom a field task can be given to",
    answer: Assignees,
  }),
  openFieldTask: operation({
    method: "POST",
    url: "/field-tasks",
    action: "field-tasks.change",
    tag: "field-work",
    summary:
      "Opens a task for findings of one point, an alarm, a loss case, a point or a concentrator; while one is open for the same finding, alarm or case, that one is answered",
    body: NewTask,
    answer: TaskOpened,
    problems: [404, 409],
  }),
  getFieldTask: operation({
    method: "GET",
    url: "/field-tasks/:taskId",
    action: "field-tasks.see",
    tag: "field-work",
    summary: "One task with its findings and its history",
    params: TaskParams,
    answer: fieldTaskSchema.reference,
    problems: [404],
  }),
  changeFieldTask: operation({
    method: "PATCH",
    url: "/field-tasks/:taskId",
    action: "field-tasks.change",
    tag: "field-work",
    summary:
      "Gives it to somebody, changes what and when, closes it with what it came to, opens it again, or notes something",
    params: TaskParams,
    body: TaskEdit,
    status: 204,
    answer: nothing,
    problems: [404, 409],
  }),
} as const;
