import type { Queryable } from "./database.ts";
import { StoreError } from "./errors.ts";
import { findPerson, listPeople } from "./people.ts";
import type { Scope } from "./scope.ts";

/** People whom work can be given to, by name: those who hold something within the scope. */
export async function listAssignees(
  db: Queryable,
  scope: Scope,
  nowMs: number,
): Promise<{ accountId: number; name: string }[]> {
  return (await listPeople(db, scope, nowMs))
    .filter(({ disabled }) => !disabled)
    .map(({ accountId, displayName }) => ({ accountId, name: displayName }));
}

/** @throws StoreError `assignee.not-found` when there is nobody of that number to give work to */
export async function needAssignee(
  db: Queryable,
  scope: Scope,
  accountId: number,
  nowMs: number,
): Promise<void> {
  const person = await findPerson(db, scope, { accountId, nowMs });
  if (!person || person.disabled)
    throw new StoreError("assignee.not-found", "there is nobody of that number");
}
