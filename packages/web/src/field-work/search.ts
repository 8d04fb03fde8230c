import type { FieldTaskQuery } from "../api/client.ts";

export const taskKinds = ["look", "read", "exchange", "communication", "seal", "other"] as const;
export const taskPriorities = ["high", "normal", "low"] as const;
export const taskStates = ["open", "done", "cancelled", "all"] as const;
export const owners = ["me", "nobody"] as const;
export const dues = ["overdue", "today", "week"] as const;

/** What of the list stands in the address; open tasks of everybody where nothing is said. */
export type FieldSearch = Pick<FieldTaskQuery, "state" | "kind" | "assignee" | "due" | "branch">;

/** Reads the address; what makes no sense is left out. */
export function fieldSearch(raw: Readonly<Record<string, unknown>>): FieldSearch {
  const state = taskStates.find((one) => one === raw.state);
  const kind = taskKinds.find((one) => one === raw.kind);
  const assignee = owners.find((one) => one === raw.assignee);
  const due = dues.find((one) => one === raw.due);
  const { branch } = raw;
  return {
    ...(state && state !== "open" ? { state } : {}),
    ...(kind ? { kind } : {}),
    ...(assignee ? { assignee } : {}),
    ...(due ? { due } : {}),
    ...(typeof branch === "number" && Number.isSafeInteger(branch) && branch > 0 ? { branch } : {}),
  };
}
