import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

export type LogKind = "application" | "parametrisation";
/** An alarm asks for a look; `security` is what an incident is made of: refusals, sign-ins, changes of rights. */
export type LogSeverity = "normal" | "security" | "alarm";

/** An act for the activity log. Who acts says the database it is written through (`actingAs`). */
export interface LogAct {
  readonly kind?: LogKind;
  readonly severity?: LogSeverity;
  /** `view`, `export`, `sign-in`, `refused` … */
  readonly action: string;
  readonly objectType?: string;
  readonly objectId?: string | number;
  /** How many records it touched or showed; 1 unless told. */
  readonly records?: number;
  readonly before?: unknown;
  /** Never a secret, nor personal data: those go in as `***` or as a hash. */
  readonly after?: unknown;
  readonly reason?: string;
}

/**
 * Writes acts into the activity log, in the transaction of `db`: they come with its commit or not at all. Changes of configuration
 * need no call: triggers write them.
 */
export async function appendActs(db: Queryable, acts: readonly LogAct[]): Promise<void> {
  if (acts.length === 0) return;
  const entries = acts.map(({ kind, objectType, objectId, ...act }) => ({
    kind: kind ?? "application",
    ...act,
    ...(objectType === undefined ? {} : { object_type: objectType }),
    ...(objectId === undefined ? {} : { object_id: String(objectId) }),
  }));
  await db.query(sql`select audit.append(${JSON.stringify(entries)}::jsonb)`);
}
