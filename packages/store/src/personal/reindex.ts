import type { Database } from "../database.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { identifier, type Sql, sql } from "../sql.ts";
import { locationHashes, openLocations, openPoints, podHashes, pointHashes } from "./place-of-point.ts";
import {
  contractHashes,
  contractNumberHashes,
  openContracts,
  openSubscribers,
  subscriberHashes,
  subscriberNumberHashes,
} from "./subscriber-rows.ts";

const batchMax = 1_000;

/** Number of the index key at the head of a hash. */
const keyOf = (column: string): Sql =>
  sql`('x' || encode(substring(${identifier(column)} from 1 for 4), 'hex'))::bit(32)::bigint`;
const onRetired = (column: string): Sql => sql`${keyOf(column)} in (
  select data_key_id from data_key where kind = 'personal-index' and retired_at is not null)`;

/**
 * Hashes by which personal data is found, under a new key: retires the key in use unless an earlier run has left rows on a retired
 * one, hashes row by row anew, and at the end throws the old keys away, so that hashes in old dumps can be compared with nothing.
 * It may be stopped anywhere and run again; meanwhile others find rows by both keys.
 */
export async function reindexPersonal(
  db: Database,
  ring: KeyRing,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number) => void } = {},
): Promise<{ reindexed: number; left: number }> {
  const { rows: before } = await db.query(
    sql`select from data_key where kind = 'personal-index' and retired_at is not null limit 1`,
  );
  if (before.length === 0) {
    await db.query(sql`
      update data_key set retired_at = now() where kind = 'personal-index' and retired_at is null`);
  }
  let reindexed = 0;
  for (const batch of [reindexPoints, reindexLocations, reindexSubscribers, reindexContracts]) {
    for (;;) {
      if (options.signal?.aborted) return { reindexed, left: await countLeft(db) };
      const count = await batch(db, ring);
      if (count === 0) break;
      reindexed += count;
      options.onProgress?.(reindexed);
    }
  }
  const left = await countLeft(db);
  if (left === 0) {
    await db.query(sql`delete from data_key where kind = 'personal-index' and retired_at is not null`);
  }
  return { reindexed, left };
}

async function countLeft(db: Database): Promise<number> {
  const { rows } = await db.query<{ left: number }>(sql`
    select ((select count(*) from point where ${onRetired("pod_hash")} or ${onRetired("personal_hash")})
      + (select count(*) from location where ${onRetired("personal_hash")})
      + (select count(*) from subscriber where ${onRetired("number_hash")} or ${onRetired("personal_hash")})
      + (select count(*) from contract where ${onRetired("number_hash")} or ${onRetired("personal_hash")}))::int as "left"`);
  return rows[0]!.left;
}

const reindexPoints = (db: Database, ring: KeyRing): Promise<number> =>
  db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ pointId: number; sealed: Buffer | null }>(sql`
      select point_id as "pointId", sealed from point
      where ${onRetired("pod_hash")} or ${onRetired("personal_hash")}
      order by point_id limit ${batchMax}::int for update`);
    if (rows.length === 0) return 0;
    const names = (await openPoints(ring, rows)).map((each, nth) => ({
      ...each,
      pointId: rows[nth]!.pointId,
    }));
    const hashes = await pointHashes(ring, names);
    const codes = await podHashes(
      ring,
      names.map(({ pod }) => pod),
    );
    await transaction.query(sql`
      update point set personal_hash = fresh.personal_hash, pod_hash = fresh.pod_hash
      from unnest(${names.map(({ pointId }) => pointId)}::int[], ${hashes}::bytea[],
        ${codes.slice(0, names.length)}::bytea[]) as fresh (point_id, personal_hash, pod_hash)
      where point.point_id = fresh.point_id`);
    return rows.length;
  });

const reindexLocations = (db: Database, ring: KeyRing): Promise<number> =>
  db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ locationId: number; sealed: Buffer | null }>(sql`
      select location_id as "locationId", sealed from location where ${onRetired("personal_hash")}
      order by location_id limit ${batchMax}::int for update`);
    if (rows.length === 0) return 0;
    const places = (await openLocations(ring, rows)).map((each, nth) => ({
      ...each,
      locationId: rows[nth]!.locationId,
    }));
    await transaction.query(sql`
      update location set personal_hash = fresh.personal_hash
      from unnest(${places.map(({ locationId }) => locationId)}::int[],
        ${await locationHashes(ring, places)}::bytea[]) as fresh (location_id, personal_hash)
      where location.location_id = fresh.location_id`);
    return rows.length;
  });

const reindexSubscribers = (db: Database, ring: KeyRing): Promise<number> =>
  db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ subscriberId: number; sealed: Buffer }>(sql`
      select subscriber_id as "subscriberId", sealed from subscriber
      where ${onRetired("number_hash")} or ${onRetired("personal_hash")}
      order by subscriber_id limit ${batchMax}::int for update`);
    if (rows.length === 0) return 0;
    const people = (await openSubscribers(ring, rows)).map((each, nth) => ({
      ...each,
      subscriberId: rows[nth]!.subscriberId,
    }));
    const hashes = await subscriberHashes(ring, people);
    const numbers = await subscriberNumberHashes(
      ring,
      people.map(({ number }) => number),
    );
    await transaction.query(sql`
      update subscriber set personal_hash = fresh.personal_hash, number_hash = fresh.number_hash
      from unnest(${people.map(({ subscriberId }) => subscriberId)}::int[], ${hashes}::bytea[],
        ${numbers.slice(0, people.length)}::bytea[]) as fresh (subscriber_id, personal_hash, number_hash)
      where subscriber.subscriber_id = fresh.subscriber_id`);
    return rows.length;
  });

const reindexContracts = (db: Database, ring: KeyRing): Promise<number> =>
  db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ contractId: number; sealed: Buffer }>(sql`
      select contract_id as "contractId", sealed from contract
      where ${onRetired("number_hash")} or ${onRetired("personal_hash")}
      order by contract_id limit ${batchMax}::int for update`);
    if (rows.length === 0) return 0;
    const contracts = (await openContracts(ring, rows)).map((number, nth) => ({
      number,
      contractId: rows[nth]!.contractId,
    }));
    const hashes = await contractHashes(ring, contracts);
    const numbers = await contractNumberHashes(
      ring,
      contracts.map(({ number }) => number),
    );
    await transaction.query(sql`
      update contract set personal_hash = fresh.personal_hash, number_hash = fresh.number_hash
      from unnest(${contracts.map(({ contractId }) => contractId)}::int[], ${hashes}::bytea[],
        ${numbers.slice(0, contracts.length)}::bytea[]) as fresh (contract_id, personal_hash, number_hash)
      where contract.contract_id = fresh.contract_id`);
    return rows.length;
  });
