import { type Database, listHolders } from "@energsys/store";
import { Problem } from "../problem.ts";
import { type Right, readyRolesWith } from "./catalogue.ts";
import { can, type Target } from "./rights.ts";
import type { Caller } from "./sessions.ts";

/** As many names as a person can be told to ask. */
const namesMax = 5;

/** People who can give rights. */
export const whomToAsk = (db: Database, nowMs: number): Promise<string[]> =>
  listHolders(db, { action: "users.change", ready: readyRolesWith("users.change"), nowMs, limit: namesMax });

/**
 * Goes on when the caller may do it. @throws Problem `right.missing`, which says what is missing and whom to ask
 */
export async function demand(
  { db, now }: { readonly db: Database; readonly now: () => number },
  caller: Pick<Caller, "rights">,
  right: Right,
  target: Target,
): Promise<number> {
  const decision = can(caller.rights, right, target);
  if (decision.allow) return decision.grantId;
  throw new Problem("right.missing", {
    action: right,
    ask: await whomToAsk(db, now()),
    ...(decision.reason === "outside-branch"
      ? { detail: "The right is held, but not for this part of the network" }
      : {}),
  });
}
