import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { openContracts, openSubscribers } from "../personal/subscriber-rows.ts";
import { withPointNames } from "../personal/with-names.ts";
import { pointInScope, type Scope } from "../scope.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { instant, sql } from "../sql.ts";
import {
  type NewSubscriber,
  type ReadyRow,
  readyContract,
  readySubscriber,
  refuseKnownNumber,
  subscriberInScope,
} from "./sealed-rows.ts";

/** Who uses the energy of a point, for a time. Instants are epoch ms. */
export interface Contract {
  readonly contractId: number;
  readonly number: string;
  readonly subscriberId: number;
  /** The subscriber's name; empty once it is erased, as the number is. */
  readonly subscriber: string;
  readonly pointId: number;
  readonly pod: string;
  readonly from: number;
  /** Null while it runs. */
  readonly to: number | null;
}

export interface NewContract {
  readonly pointId: number;
  readonly number: string;
  readonly fromMs: number;
  /** Somebody who is known, or who is new with this contract. */
  readonly subscriber: number | NewSubscriber;
}

/** What a change did, so that it can be told of and taken back. */
export interface ContractChange {
  readonly contractId: number;
  readonly subscriberId: number;
  /** The contract that ended where the new one begins. */
  readonly endedContractId: number | null;
}

/** Contracts of a subscriber or of a point within the scope, the newest first. */
export async function listContracts(
  db: Queryable,
  scope: Scope,
  of: { readonly subscriberId: number } | { readonly pointId: number },
): Promise<Contract[]> {
  const { rows } = await db.query<
    Omit<Contract, "number" | "subscriber" | "pod"> & {
      contractSealed: Buffer | null;
      subscriberSealed: Buffer | null;
      sealed: Buffer | null;
    }
  >(sql`
    select contract_id as "contractId", contract.sealed as "contractSealed", subscriber_id as "subscriberId",
      subscriber.sealed as "subscriberSealed", point_id as "pointId", point.sealed, lower(during) as "from", upper(during) as "to"
    from contract join subscriber using (subscriber_id) join point using (point_id)
    where ${"pointId" in of ? sql`point_id = ${of.pointId}::int` : sql`subscriber_id = ${of.subscriberId}::int`}
      and ${pointInScope(scope, "point_id")}
    order by lower(during) desc, contract_id desc`);
  const ring = keyRingOf(db);
  const [numbers, people] = await Promise.all([
    openContracts(
      ring,
      rows.map(({ contractId, contractSealed }) => ({ contractId, sealed: contractSealed })),
    ),
    openSubscribers(
      ring,
      rows.map(({ subscriberId, subscriberSealed }) => ({ subscriberId, sealed: subscriberSealed })),
    ),
  ]);
  const named = await withPointNames(db, rows);
  return named.map(({ contractSealed: _, subscriberSealed: __, name: ___, pod, ...row }, nth) => ({
    ...row,
    pod: pod ?? "",
    number: numbers[nth]!,
    subscriber: people[nth]!.name,
  }));
}

/**
 * Somebody begins to use the energy of a point. The contract that runs there ends at that instant, in the same transaction: nobody's
 * time overlaps and none is lost.
 * @throws StoreError `point.not-found` outside the scope, `subscriber.not-found`, `subscriber.erased`, `subscriber.known` and `contract.known` for a number
 *   that is another's, `contract.same` when it is that subscriber's already, `contract.too-early` when a later one has begun
 */
export async function startContract(db: Database, scope: Scope, given: NewContract): Promise<ContractChange> {
  const { pointId, fromMs, subscriber } = given;
  const fresh =
    typeof subscriber === "number"
      ? undefined
      : { ...subscriber, row: await readySubscriber(db, subscriber) };
  const contract = await readyContract(db, given.number);
  return db.transaction(async (transaction) => {
    const { rows: points } = await transaction.query(sql`
      select from point where point_id = ${pointId}::int and ${pointInScope(scope, "point_id")} for no key update`);
    if (points.length === 0) throw new StoreError("point.not-found", "there is no such point");

    const { rows: later } = await transaction.query<{
      contractId: number;
      subscriberId: number;
      from: number;
    }>(sql`
      select contract_id as "contractId", subscriber_id as "subscriberId", lower(during) as "from" from contract
      where point_id = ${pointId}::int and (upper_inf(during) or upper(during) > ${instant(fromMs)}::timestamptz)
      order by lower(during)`);
    const running = later[0];
    if (later.some(({ from }) => from >= fromMs)) {
      throw new StoreError("contract.too-early", "a contract at this point begins at that instant or later");
    }
    if (running && running.subscriberId === subscriber) {
      throw new StoreError("contract.same", "the contract that runs at this point is this subscriber's");
    }
    if (fresh) await insertSubscriber(transaction, fresh);
    else await lockSubscriber(transaction, scope, subscriber as number);
    if (running) await setEnd(transaction, running.contractId, fromMs);
    const subscriberId = fresh?.row.id ?? (subscriber as number);
    const endedContractId = running?.contractId ?? null;
    await insertContract(transaction, contract, { subscriberId, pointId, fromMs, endedContractId });
    return { contractId: contract.id, subscriberId, endedContractId };
  });
}

/**
 * The contract ends at an instant, and nobody's begins: an empty flat.
 * @throws StoreError `contract.not-found` outside the scope, `contract.ended`, `contract.too-early` before it began
 */
export async function endContract(
  db: Database,
  scope: Scope,
  { contractId, atMs }: { readonly contractId: number; readonly atMs: number },
): Promise<void> {
  await db.transaction(async (transaction) => {
    const contract = await lockContract(transaction, scope, contractId);
    if (contract.to !== null) throw new StoreError("contract.ended", "the contract has an end already");
    if (atMs <= contract.from) throw new StoreError("contract.too-early", "the contract begins later");
    await setEnd(transaction, contractId, atMs);
  });
}

/**
 * Takes back the newest contract of a point, which was entered by mistake: it is as if it had never been, and the one that ended for
 * it goes on. A subscriber who has no other goes with it. The activity log keeps what was there.
 * @throws StoreError `contract.not-found` outside the scope, `contract.not-newest`, `subscriber.erased` when it was that of somebody
 *   erased, or would give one of theirs no end
 */
export async function takeBackContract(db: Database, scope: Scope, contractId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    const contract = await lockContract(transaction, scope, contractId);
    const { rows: newer } = await transaction.query(sql`
      select from contract where point_id = ${contract.pointId} and lower(during) > ${instant(contract.from)}::timestamptz`);
    if (newer.length > 0) throw new StoreError("contract.not-newest", "a later contract is at this point");
    const { rows: erased } = await transaction.query<{ erased: boolean }>(sql`
      select erased_at is not null as erased from subscriber
      where subscriber_id in (select subscriber_id from contract
        where contract_id in (${contractId}::int, ${contract.endedContractId}::int))
      order by subscriber_id for no key update`);
    if (erased.some((each) => each.erased))
      throw new StoreError("subscriber.erased", "a subscriber of these contracts is erased");
    await transaction.query(sql`delete from contract where contract_id = ${contractId}`);
    // Where the one before was ended for itself, at the very same instant perhaps, it stays ended.
    await transaction.query(sql`
      update contract set during = tstzrange(lower(during), null)
      where contract_id = ${contract.endedContractId}::int`);
    await transaction.query(sql`
      delete from subscriber where subscriber_id = ${contract.subscriberId}
        and not exists (select from contract where contract.subscriber_id = subscriber.subscriber_id)`);
  });
}

async function lockContract(transaction: Queryable, scope: Scope, contractId: number) {
  const { rows } = await transaction.query<{
    pointId: number;
    subscriberId: number;
    endedContractId: number | null;
    from: number;
    to: number | null;
  }>(sql`
    select point_id as "pointId", subscriber_id as "subscriberId", ended_contract_id as "endedContractId",
      lower(during) as "from", upper(during) as "to"
    from contract where contract_id = ${contractId}::int and ${pointInScope(scope, "point_id")} for update`);
  if (!rows[0]) throw new StoreError("contract.not-found", "there is no such contract");
  return rows[0];
}

const setEnd = (transaction: Queryable, contractId: number, atMs: number) =>
  transaction.query(sql`
    update contract set during = tstzrange(lower(during), ${instant(atMs)}::timestamptz)
    where contract_id = ${contractId}::int`);

async function lockSubscriber(transaction: Queryable, scope: Scope, subscriberId: number): Promise<void> {
  const { rows } = await transaction.query<{ erased: boolean }>(sql`
    select erased_at is not null as erased from subscriber as s
    where subscriber_id = ${subscriberId}::int and ${subscriberInScope(scope)} for no key update`);
  if (!rows[0]) throw new StoreError("subscriber.not-found", "there is no such subscriber");
  if (rows[0].erased) throw new StoreError("subscriber.erased", "their data are erased");
}

async function insertSubscriber(
  transaction: Queryable,
  { kind, row }: Pick<NewSubscriber, "kind"> & { readonly row: ReadyRow },
): Promise<void> {
  await refuseKnownNumber(transaction, "subscriber", row);
  await transaction.query(sql`
    insert into subscriber (subscriber_id, kind, sealed, number_hash, personal_hash) overriding system value
    values (${row.id}::int, ${kind}, ${row.sealed}, ${row.numberHashes[0]!}, ${row.personalHash})`);
}

async function insertContract(
  transaction: Queryable,
  row: ReadyRow,
  of: {
    readonly subscriberId: number;
    readonly pointId: number;
    readonly fromMs: number;
    readonly endedContractId: number | null;
  },
): Promise<void> {
  await refuseKnownNumber(transaction, "contract", row);
  await transaction.query(sql`
    insert into contract (contract_id, subscriber_id, point_id, during, ended_contract_id, sealed, number_hash, personal_hash)
    overriding system value
    values (${row.id}::int, ${of.subscriberId}::int, ${of.pointId}::int, tstzrange(${instant(of.fromMs)}::timestamptz, null),
      ${of.endedContractId}::int, ${row.sealed}, ${row.numberHashes[0]!}, ${row.personalHash})`);
  // The list finds a subscriber by the numbers of the contracts, too.
  await transaction.query(sql`
    update subscriber set changed_in = pg_current_xact_id() where subscriber_id = ${of.subscriberId}::int`);
}
