import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { openSubscribers, subscriberNumberHashes } from "../personal/subscriber-rows.ts";
import type { Scope } from "../scope.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { sql } from "../sql.ts";
import { type Contract, listContracts } from "./contracts.ts";
import { keepFormerName } from "./former-names.ts";
import {
  type NewSubscriber,
  readySubscriber,
  refuseKnownNumber,
  type SubscriberKind,
  subscriberInScope,
} from "./sealed-rows.ts";

/** A subscriber with all contracts that whoever asks may see, the newest first. */
export interface Subscriber extends NewSubscriber {
  readonly subscriberId: number;
  /** Another text after every change of the data. */
  readonly version: string;
  readonly contracts: readonly Contract[];
  /** When what named them was taken away, epoch ms: their data are empty texts since. */
  readonly erasedAtMs: number | null;
}

/** One subscriber, or `undefined` outside the scope. */
export async function findSubscriber(
  db: Queryable,
  scope: Scope,
  subscriberId: number,
): Promise<Subscriber | undefined> {
  const { rows } = await db.query<{
    kind: SubscriberKind;
    subscriberId: number;
    sealed: Buffer | null;
    erasedAtMs: number | null;
    version: string;
  }>(sql`
    select subscriber_id as "subscriberId", kind, sealed, erased_at as "erasedAtMs", changed_in::text as version from subscriber as s
    where subscriber_id = ${subscriberId}::int and ${subscriberInScope(scope)}`);
  const [row] = rows;
  if (!row) return undefined;
  const [data] = await openSubscribers(keyRingOf(db), rows);
  return {
    subscriberId,
    kind: row.kind,
    version: row.version,
    erasedAtMs: row.erasedAtMs,
    ...data!,
    contracts: await listContracts(db, scope, { subscriberId }),
  };
}

/** The subscriber with the operator's number, which is asked for as it was written. */
export async function findSubscriberByNumber(db: Queryable, number: string): Promise<number | undefined> {
  const hashes = await subscriberNumberHashes(keyRingOf(db), [number]);
  const { rows } = await db.query<{ subscriberId: number }>(
    sql`select subscriber_id as "subscriberId" from subscriber where number_hash = any(${hashes}::bytea[])`,
  );
  return rows[0]?.subscriberId;
}

/**
 * Writes other data of a subscriber. `false` when there is none within the scope.
 * @throws StoreError `subscriber.known` when the number is another's, `subscriber.erased`, `subscriber.changed` when it is no longer as it
 *   was `seen`
 */
export async function changeSubscriber(
  db: Database,
  scope: Scope,
  subscriberId: number,
  given: NewSubscriber,
  seen?: string,
): Promise<boolean> {
  const ring = keyRingOf(db);
  const row = await readySubscriber(db, given, subscriberId);
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{
      subscriberId: number;
      sealed: Buffer | null;
      erased: boolean;
      version: string;
    }>(sql`
      select subscriber_id as "subscriberId", sealed, erased_at is not null as erased, changed_in::text as version from subscriber as s
      where subscriber_id = ${subscriberId}::int and ${subscriberInScope(scope)} for update`);
    if (!rows[0]) return false;
    if (rows[0].erased) throw new StoreError("subscriber.erased", "their data are erased");
    if (seen !== undefined && seen !== rows[0].version)
      throw new StoreError("subscriber.changed", "somebody changed them meanwhile");
    await refuseKnownNumber(transaction, "subscriber", row);
    const [before] = await openSubscribers(ring, rows);
    if (before!.name !== given.name) await keepFormerName(transaction, ring, subscriberId, before!.name);
    await transaction.query(sql`
      update subscriber set kind = ${given.kind}, sealed = ${row.sealed}, number_hash = ${row.numberHashes[0]!},
        personal_hash = ${row.personalHash}
      where subscriber_id = ${subscriberId}::int`);
    return true;
  });
}
