import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { instant, sql } from "../sql.ts";
import { eraseSubscriber } from "./erase.ts";

/** An erasure that was done, as it is kept outside of the database: what a backup from before has to be told of. */
export interface DoneErasure {
  readonly subscriberId: number;
  /** When the row was made, ISO 8601: numbers are given anew by a database that was restored to before. */
  readonly subscriberSince: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAt: string;
  readonly decidedBy: string;
  readonly decidedAt: string;
}

/** Erasures that were done, the first one first. */
export async function listDoneErasures(db: Queryable): Promise<DoneErasure[]> {
  const { rows } = await db.query<
    Pick<DoneErasure, "subscriberId" | "reason" | "requestedBy" | "decidedBy"> & {
      since: number;
      requested: number;
      decided: number;
    }
  >(sql`
    select subscriber_id as "subscriberId", s.created_at as since, reason, requested_by as "requestedBy",
      requested_at as requested, decided_by as "decidedBy", decided_at as decided
    from subscriber_erasure join subscriber as s using (subscriber_id)
    where state = 'erased' order by decided_at, subscriber_id`);
  const iso = (ms: number) => new Date(ms).toISOString();
  return rows.map(({ subscriberId, since, reason, requestedBy, requested, decidedBy, decided }) => ({
    subscriberId,
    subscriberSince: iso(since),
    reason,
    requestedBy,
    requestedAt: iso(requested),
    decidedBy,
    decidedAt: iso(decided),
  }));
}

/**
 * `unknown`: this database has no such subscriber, since the backup is of before they came. `contract-runs`: their contract had not ended
 * yet at the moment of the backup, so that somebody has to end it again first.
 */
export type ReplayOutcome = "erased" | "erased-already" | "unknown" | "contract-runs";

/** Does an erasure again that two people had decided on before the database was restored to an earlier moment. Repeating it changes nothing. */
export function replayErasure(db: Database, done: DoneErasure, nowMs: number): Promise<ReplayOutcome> {
  const ring = keyRingOf(db);
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ erased: boolean }>(sql`
      select erased_at is not null as erased from subscriber where subscriber_id = ${done.subscriberId}::int
        and date_trunc('milliseconds', created_at) = ${done.subscriberSince}::timestamptz`);
    if (!rows[0]) return "unknown";
    if (rows[0].erased) return "erased-already";
    try {
      await eraseSubscriber(transaction, ring, done.subscriberId, nowMs);
    } catch (error) {
      if (error instanceof StoreError && error.code === "subscriber.contract-runs") return "contract-runs";
      throw error;
    }
    // One that was asked for at the moment of the backup is this one, or gives way to it.
    await transaction.query(sql`
      delete from subscriber_erasure where subscriber_id = ${done.subscriberId}::int and state = 'asked'`);
    await transaction.query(sql`
      insert into subscriber_erasure (subscriber_id, reason, requested_by, requested_at, state, decided_by, decided_at, replayed_at)
      values (${done.subscriberId}::int, ${done.reason}, ${done.requestedBy}, ${done.requestedAt}::timestamptz, 'erased',
        ${done.decidedBy}, ${done.decidedAt}::timestamptz, ${instant(nowMs)})`);
    return "erased";
  });
}
