import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { openSubscribers, subscriberNumberHashes } from "../personal/subscriber-rows.ts";
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
import { keepVersion, listVersions, type SubscriberVersion } from "./versions.ts";

/** A subscriber with the contracts that whoever asks may see, the newest first: all, or as it was those that held then. */
export interface Subscriber extends NewSubscriber {
  readonly subscriberId: number;
  /** Another text after every change of the data. */
  readonly version: string;
  readonly contracts: readonly Contract[];
  /** Since when these data hold, epoch ms; null: as long as they are known. */
  readonly from: number | null;
  /** What the data were before, the newest first; none once they are erased. */
  readonly versions: readonly SubscriberVersion[];
  /** When what named them was taken away, epoch ms: their data are empty texts since. */
  readonly erasedAtMs: number | null;
}

/** One subscriber, or `undefined` outside the scope. `onMs`: what the data were, and which contracts held then. */
export async function findSubscriber(
  db: Queryable,
  scope: Scope,
  subscriberId: number,
  { onMs }: { readonly onMs?: number | undefined } = {},
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
  const ring = keyRingOf(db);
  const [[present], versions, contracts] = await Promise.all([
    openSubscribers(ring, rows),
    listVersions(db, ring, subscriberId),
    listContracts(db, scope, { subscriberId }),
  ]);
  const known = { version: row.version, erasedAtMs: row.erasedAtMs, versions, contracts };
  const now = { subscriberId, kind: row.kind, ...present!, from: versions[0]?.to ?? null, ...known };
  if (onMs === undefined) return now;
  // Of all that ended later it is the one that ended first.
  const {
    to: _,
    endedBy: __,
    ...then
  } = versions.findLast(({ to }) => to > onMs) ?? { ...now, to: 0, endedBy: "" };
  return {
    ...now,
    ...then,
    contracts: contracts
      .filter(({ from, to }) => from <= onMs && (to === null || to > onMs))
      .map((contract) => ({ ...contract, subscriber: then.name })),
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

const fields = ["kind", "number", "name", "phone", "email", "address"] as const;

/**
 * Writes other data of a subscriber, and keeps what they were. `false` when there is none within the scope.
 * @throws StoreError `subscriber.known` when the number is another's, `subscriber.erased`, `subscriber.changed` when it is no longer as it
 *   was `seen`
 */
export async function changeSubscriber(
  db: Database,
  scope: Scope,
  subscriberId: number,
  given: NewSubscriber,
  { by, seen }: { readonly by: string; readonly seen?: string | undefined },
): Promise<boolean> {
  const ring = keyRingOf(db);
  const row = await readySubscriber(db, given, subscriberId);
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{
      subscriberId: number;
      kind: SubscriberKind;
      sealed: Buffer | null;
      erased: boolean;
      version: string;
    }>(sql`
      select subscriber_id as "subscriberId", kind, sealed, erased_at is not null as erased, changed_in::text as version from subscriber as s
      where subscriber_id = ${subscriberId}::int and ${subscriberInScope(scope)} for update`);
    if (!rows[0]) return false;
    if (rows[0].erased) throw new StoreError("subscriber.erased", "their data are erased");
    if (seen !== undefined && seen !== rows[0].version)
      throw new StoreError("subscriber.changed", "somebody changed them meanwhile");
    await refuseKnownNumber(transaction, "subscriber", row);
    const [data] = await openSubscribers(ring, rows);
    const before = { ...data!, kind: rows[0].kind };
    if (fields.every((field) => before[field] === given[field])) return true;
    await keepVersion(transaction, subscriberId, by);
    await transaction.query(sql`
      update subscriber set kind = ${given.kind}, sealed = ${row.sealed}, number_hash = ${row.numberHashes[0]!},
        personal_hash = ${row.personalHash}
      where subscriber_id = ${subscriberId}::int`);
    return true;
  });
}
