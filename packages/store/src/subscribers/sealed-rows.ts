import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import {
  contractNumberHashes,
  type SubscriberData,
  sealContracts,
  sealSubscribers,
  subscriberNumberHashes,
} from "../personal/subscriber-rows.ts";
import { pointInScope, type Scope } from "../scope.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { identifier, type Sql, sql } from "../sql.ts";

export type SubscriberKind = "household" | "organisation";

export interface NewSubscriber extends SubscriberData {
  readonly kind: SubscriberKind;
}

/** A row of `subscriber` or `contract` that is ready to be written: sealed before its transaction, which the keys need not wait for. */
export interface ReadyRow {
  readonly id: number;
  readonly sealed: Buffer;
  readonly personalHash: Buffer;
  /** Under the key in use first, then under those that are being replaced. */
  readonly numberHashes: readonly Buffer[];
}

/**
 * Condition on `subscriber as s`: somebody whose contract, of today or of earlier, is at one of the scope's points. There is no
 * subscriber without a contract.
 */
export const subscriberInScope = (scope: Scope): Sql => sql`exists (
  select from contract where contract.subscriber_id = s.subscriber_id and ${pointInScope(scope, "contract.point_id")})`;

async function drawId(db: Queryable, table: "subscriber" | "contract"): Promise<number> {
  const { rows } = await db.query<{ id: number }>(
    sql`select nextval(pg_get_serial_sequence(${table}, ${`${table}_id`}))::int as id`,
  );
  return rows[0]!.id;
}

/** @param id of a row that is there; drawn when absent */
export async function readySubscriber(db: Queryable, given: SubscriberData, id?: number): Promise<ReadyRow> {
  const ring = keyRingOf(db);
  const subscriberId = id ?? (await drawId(db, "subscriber"));
  const [row] = await sealSubscribers(ring, [{ ...given, subscriberId }]);
  return { id: subscriberId, ...row!, numberHashes: await subscriberNumberHashes(ring, [given.number]) };
}

export async function readyContract(db: Queryable, number: string): Promise<ReadyRow> {
  const ring = keyRingOf(db);
  const contractId = await drawId(db, "contract");
  const [row] = await sealContracts(ring, [{ contractId, number }]);
  return { id: contractId, ...row!, numberHashes: await contractNumberHashes(ring, [number]) };
}

/**
 * Refuses a number that another row has; of two that are written at once the unique index refuses one.
 * @throws StoreError `subscriber.known`, `contract.known`
 */
export async function refuseKnownNumber(
  transaction: Queryable,
  table: "subscriber" | "contract",
  row: ReadyRow,
): Promise<void> {
  const { rows } = await transaction.query(sql`
    select from ${identifier(table)}
    where number_hash = any(${row.numberHashes}::bytea[]) and ${identifier(`${table}_id`)} <> ${row.id}::int`);
  if (rows.length > 0) throw new StoreError(`${table}.known`, `another ${table} has this number`);
}
