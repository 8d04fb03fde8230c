import type { Database, Queryable } from "../database.ts";
import { openSubscribers } from "../personal/subscriber-rows.ts";
import type { Scope } from "../scope.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { sql } from "../sql.ts";
import { type Contract, listContracts } from "./contracts.ts";
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
  readonly contracts: readonly Contract[];
}

/** One subscriber, or `undefined` outside the scope. */
export async function findSubscriber(
  db: Queryable,
  scope: Scope,
  subscriberId: number,
): Promise<Subscriber | undefined> {
  const { rows } = await db.query<{ kind: SubscriberKind; subscriberId: number; sealed: Buffer }>(sql`
    select subscriber_id as "subscriberId", kind, sealed from subscriber as s
    where subscriber_id = ${subscriberId}::int and ${subscriberInScope(scope)}`);
  const [row] = rows;
  if (!row) return undefined;
  const [data] = await openSubscribers(keyRingOf(db), rows);
  return {
    subscriberId,
    kind: row.kind,
    ...data!,
    contracts: await listContracts(db, scope, { subscriberId }),
  };
}

/**
 * Writes other data of a subscriber. `false` when there is none within the scope.
 * @throws StoreError `subscriber.known` when the number is another's
 */
export async function changeSubscriber(
  db: Database,
  scope: Scope,
  subscriberId: number,
  given: NewSubscriber,
): Promise<boolean> {
  const row = await readySubscriber(db, given, subscriberId);
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query(sql`
      select from subscriber as s
      where subscriber_id = ${subscriberId}::int and ${subscriberInScope(scope)} for update`);
    if (rows.length === 0) return false;
    await refuseKnownNumber(transaction, "subscriber", row);
    await transaction.query(sql`
      update subscriber set kind = ${given.kind}, sealed = ${row.sealed}, number_hash = ${row.numberHashes[0]!},
        personal_hash = ${row.personalHash}
      where subscriber_id = ${subscriberId}::int`);
    return true;
  });
}
