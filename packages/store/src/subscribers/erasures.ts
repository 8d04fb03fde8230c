import { readBranches } from "../branches.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { openSubscribers } from "../personal/subscriber-rows.ts";
import { inScope, type Scope } from "../scope.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { instant, sql } from "../sql.ts";
import { eraseSubscriber, refuseNaming, refuseRunning } from "./erase.ts";
import { subscriberInScope } from "./sealed-rows.ts";

/** That a subscriber's personal data be erased: one person asks, another confirms. Instants are epoch ms. */
export interface Erasure {
  readonly erasureId: number;
  readonly subscriberId: number;
  /** Empty once it is erased. */
  readonly subscriber: string;
  readonly reason: string;
  readonly requestedBy: string;
  readonly requestedAtMs: number;
  readonly state: "asked" | "withdrawn" | "refused" | "erased";
  readonly decidedBy: string | null;
  readonly decidedAtMs: number | null;
  readonly note: string;
  /** When it was done again in a database that came from a backup of before. */
  readonly replayedAtMs: number | null;
}

/** Who acts: the name of an account, or of the machine. */
interface By {
  readonly name: string;
  readonly nowMs: number;
}

/**
 * Asks for the erasure of a subscriber; nothing changes until somebody else confirms.
 * @throws StoreError `subscriber.not-found` outside the scope, `subscriber.erased`, `subscriber.contract-runs`, `erasure.asked`,
 *   `erasure.names-person` for a reason that holds what is to be erased, `erasure.other-branches` when the scope does not hold all of
 *   their contracts
 */
export async function requestErasure(
  db: Database,
  scope: Scope,
  subscriberId: number,
  { name, nowMs, reason }: By & { readonly reason: string },
): Promise<number> {
  const ring = keyRingOf(db);
  try {
    return await db.transaction(async (transaction) => {
      const { rows } = await transaction.query<{ erased: boolean }>(sql`
        select erased_at is not null as erased from subscriber as s
        where subscriber_id = ${subscriberId}::int and ${subscriberInScope(scope)} for no key update`);
      if (!rows[0]) throw new StoreError("subscriber.not-found", "there is no such subscriber");
      if (rows[0].erased) throw new StoreError("subscriber.erased", "their data are erased");
      await refuseBeyond(transaction, scope, subscriberId);
      await refuseRunning(transaction, subscriberId, nowMs);
      await refuseNaming(transaction, ring, subscriberId, reason);
      const { rows: added } = await transaction.query<{ id: number }>(sql`
        insert into subscriber_erasure (subscriber_id, reason, requested_by, requested_at)
        values (${subscriberId}::int, ${reason}, ${name}, ${instant(nowMs)}) returning subscriber_erasure_id as id`);
      return added[0]!.id;
    });
  } catch (error) {
    if (sqlState(error) === "23505")
      throw new StoreError("erasure.asked", "the erasure waits for its confirmation already", error);
    throw error;
  }
}

/**
 * What is erased is erased for all branches, so it takes a right in each in which a contract of theirs is or was.
 * @throws StoreError `erasure.other-branches`; the message names them
 */
async function refuseBeyond(transaction: Queryable, scope: Scope, subscriberId: number): Promise<void> {
  const { rows } = await transaction.query<{ branchId: number }>(sql`
    select distinct l.branch_id as "branchId" from contract as c join point as p using (point_id) join location as l using (location_id)
    where c.subscriber_id = ${subscriberId}::int and not (${inScope(scope)})`);
  if (rows.length === 0) return;
  const branches = await readBranches(transaction);
  const names = rows.map(({ branchId }) => branches.get(branchId)?.path.join(" › ") ?? `${branchId}`).sort();
  throw new StoreError("erasure.other-branches", names.join(", "));
}

interface Open {
  readonly subscriberId: number;
  readonly requestedBy: string;
  readonly reason: string;
  readonly state: Erasure["state"];
  /** Who decides gave who asks a right within the last day. */
  readonly gaveRights: boolean;
}

/** The request, locked, within the scope. @throws StoreError `erasure.unknown`, `erasure.decided` */
async function lockErasure(transaction: Queryable, scope: Scope, erasureId: number, by: By): Promise<Open> {
  const { rows } = await transaction.query<Open>(sql`
    select e.subscriber_id as "subscriberId", e.requested_by as "requestedBy", e.reason, e.state,
      exists (select from role_grant as g join account as asked on asked.account_id = g.account_id
        join account as giver on giver.account_id = g.granted_by
        where asked.name = e.requested_by and giver.name = ${by.name}
          and g.granted_at > ${instant(by.nowMs - 86_400_000)}) as "gaveRights"
    from subscriber_erasure as e join subscriber as s using (subscriber_id)
    where e.subscriber_erasure_id = ${erasureId}::int and ${subscriberInScope(scope)} for update of e`);
  const [request] = rows;
  if (!request) throw new StoreError("erasure.unknown", "there is no such request");
  if (request.state !== "asked") throw new StoreError("erasure.decided", `it is ${request.state}`);
  return request;
}

export interface ErasureDecision extends By {
  /** The data go; otherwise the request is refused. */
  readonly confirm: boolean;
  readonly note: string;
}

/**
 * Confirms an erasure, which is then done in the same transaction, or refuses it. Whoever asked cannot confirm, nor whoever gave them a
 * right within the last day.
 * @throws StoreError `erasure.unknown` outside the scope, `erasure.decided`, `erasure.own-request`, `erasure.names-person` for the note,
 *   `subscriber.contract-runs` when somebody moved in meanwhile, `erasure.other-branches` to confirm without the right for all of their
 *   contracts
 */
export async function decideErasure(
  db: Database,
  scope: Scope,
  erasureId: number,
  decision: ErasureDecision,
  /** The database whose writes say why, given what was asked for. */
  acting: (reason: string) => Database = () => db,
): Promise<{ readonly state: "erased" | "refused"; readonly points: number }> {
  const { name, nowMs, confirm, note } = decision;
  const ring = keyRingOf(db);
  // Read once without keeping the lock for the reason, which must be known before the transaction that writes begins.
  const first = await db.transaction(async (transaction) => {
    const request = await lockErasure(transaction, scope, erasureId, decision);
    await refuseNaming(transaction, ring, request.subscriberId, note);
    return request;
  });
  if (confirm && (first.requestedBy === name || first.gaveRights))
    throw new StoreError("erasure.own-request", "somebody else has to confirm");
  const because = `${first.reason} (asked for by ${first.requestedBy}${note ? `; ${note}` : ""})`;
  return acting(because).transaction(async (transaction) => {
    // The subscriber before the request: the order in which whoever asks locks them.
    if (confirm) await refuseBeyond(transaction, scope, first.subscriberId);
    const points = confirm ? await eraseSubscriber(transaction, ring, first.subscriberId, nowMs) : 0;
    await lockErasure(transaction, scope, erasureId, decision);
    const state = confirm ? "erased" : "refused";
    await transaction.query(sql`
      update subscriber_erasure set state = ${state}, decided_by = ${name}, decided_at = ${instant(nowMs)}, note = ${note}
      where subscriber_erasure_id = ${erasureId}::int`);
    return { state, points } as const;
  });
}

/** Takes one's own request back. @throws StoreError `erasure.unknown`, `erasure.decided`, `erasure.not-yours` */
export async function withdrawErasure(db: Database, scope: Scope, erasureId: number, by: By): Promise<void> {
  await db.transaction(async (transaction) => {
    const { requestedBy } = await lockErasure(transaction, scope, erasureId, by);
    if (requestedBy !== by.name) throw new StoreError("erasure.not-yours", "somebody else asked for it");
    await transaction.query(sql`
      update subscriber_erasure set state = 'withdrawn', decided_by = ${by.name}, decided_at = ${instant(by.nowMs)}
      where subscriber_erasure_id = ${erasureId}::int`);
  });
}

/** Requests within the scope, the newest first. */
export async function listErasures(
  db: Queryable,
  scope: Scope,
  filter: { readonly subscriberId?: number; readonly openOnly: boolean; readonly limit: number },
): Promise<Erasure[]> {
  const { rows } = await db.query<Omit<Erasure, "subscriber"> & { sealed: Buffer | null }>(sql`
    select subscriber_erasure_id as "erasureId", e.subscriber_id as "subscriberId", s.sealed, e.reason,
      e.requested_by as "requestedBy", e.requested_at as "requestedAtMs", e.state, e.decided_by as "decidedBy",
      e.decided_at as "decidedAtMs", e.note, e.replayed_at as "replayedAtMs"
    from subscriber_erasure as e join subscriber as s using (subscriber_id)
    where ${subscriberInScope(scope)} and (not ${filter.openOnly}::boolean or e.state = 'asked')
      and (${filter.subscriberId ?? null}::int is null or e.subscriber_id = ${filter.subscriberId ?? null}::int)
    order by subscriber_erasure_id desc limit ${filter.limit}::int`);
  const people = await openSubscribers(keyRingOf(db), rows);
  return rows.map(({ sealed: _, ...row }, nth) => ({ ...row, subscriber: people[nth]!.name }));
}
