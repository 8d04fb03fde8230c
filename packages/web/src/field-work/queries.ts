import { queryOptions } from "@tanstack/react-query";
import { api, type FieldTaskQuery } from "../api/client.ts";

export const tasksQuery = (query: FieldTaskQuery) =>
  queryOptions({
    queryKey: ["field-tasks", query],
    queryFn: ({ signal }) => api.fieldTasks(query, signal),
    refetchInterval: 60_000,
  });

export const taskQuery = (taskId: number) =>
  queryOptions({
    queryKey: ["field-tasks", taskId],
    queryFn: ({ signal }) => api.fieldTask(taskId, signal),
  });

/** What shows field tasks or depends on them. */
export const touched = [["field-tasks"], ["validation"], ["alarms"], ["loss-cases"], ["losses"]] as const;
