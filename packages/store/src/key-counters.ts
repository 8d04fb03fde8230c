import { createHash } from "node:crypto";
import type { Queryable } from "./database.ts";
import { prepared, sql } from "./sql.ts";

/** Names a key in the counter tables without telling it: half of a SHA-256. */
export function keyIdOf(key: Uint8Array): string {
  return createHash("sha256").update("energsys key ").update(key).digest("hex").slice(0, 32);
}

/** The lowest counter that was never given out under a key; `undefined` when none was. */
export async function findSentCounter(db: Queryable, keyId: string): Promise<number | undefined> {
  const { rows } = await db.query<{ next: number }>(
    sql`select next from sent_counter where key_id = ${keyId}`,
  );
  return rows[0]?.next;
}

/**
 * Gives out `count` counters of a key and returns the first; none of them is below `from` (1 unless told: meters refuse 0). They are
 * given out for good when this resolves, so it must not run inside a transaction that could roll back.
 */
export async function reserveCounters(
  db: Queryable,
  keyId: string,
  { count, from = 1 }: { readonly count: number; readonly from?: number },
): Promise<number> {
  const { rows } = await db.query<{ first: number }>(
    prepared(
      "reserve-counters",
      sql`
        insert into sent_counter (key_id, next) values (${keyId}, ${from}::bigint + ${count}::bigint)
        on conflict (key_id) do update set next = greatest(sent_counter.next, ${from}::bigint) + ${count}::bigint
        returning next - ${count}::bigint as first`,
    ),
  );
  const [row] = rows;
  if (!row) throw new Error("an upsert returned no row");
  return row.first;
}

/** The highest counter that came from a device under a key; `undefined` when none did. */
export async function findHeardCounter(
  db: Queryable,
  deviceId: number,
  keyId: string,
): Promise<number | undefined> {
  const { rows } = await db.query<{ highest: number }>(
    sql`select highest from heard_counter where device_id = ${deviceId} and key_id = ${keyId}`,
  );
  return rows[0]?.highest;
}

/** Remembers a counter that came. False when one as high came before: the message is a repetition. */
export async function acceptCounter(
  db: Queryable,
  deviceId: number,
  keyId: string,
  counter: number,
): Promise<boolean> {
  const { rowCount } = await db.query(
    prepared(
      "accept-counter",
      sql`
        insert into heard_counter (device_id, key_id, highest) values (${deviceId}, ${keyId}, ${counter}::bigint)
        on conflict (device_id, key_id) do update set highest = excluded.highest
          where heard_counter.highest < excluded.highest`,
    ),
  );
  return rowCount > 0;
}

/** The invocation counter of a message whose tag agreed, and the key that it was made under. */
export interface HeardCounter {
  readonly keyId: string;
  readonly counter: number;
}

/**
 * Remembers the counters that deliveries came with, inside their transaction. One that is behind is no fault here: whether a message
 * is a repetition was decided before it was opened, and a batch whose COMMIT went unheard is stored twice.
 */
export async function acceptHeard(
  db: Queryable,
  deliveries: readonly { readonly deviceId: number; readonly heard?: HeardCounter }[],
): Promise<void> {
  const ciphered = deliveries.flatMap(({ deviceId, heard }) => (heard ? [{ deviceId, ...heard }] : []));
  // In one order, so that two batches never wait for each other.
  ciphered.sort((a, b) => a.deviceId - b.deviceId || (a.keyId < b.keyId ? -1 : 1));
  for (const { deviceId, keyId, counter } of ciphered) await acceptCounter(db, deviceId, keyId, counter);
}

/** Counters that may have been given out after the moment to which a database was restored, unless more is known. */
export const countersLostMax = 1_000_000;

/**
 * After a restore: what was given out since is not known here and must not be given out again. Raises the counter of every key by
 * `by`, also of keys that had sent nothing yet at that moment. Gives the number of keys.
 */
export async function raiseCounters(db: Queryable, by: number = countersLostMax): Promise<number> {
  const { rowCount } = await db.query(sql`
    insert into sent_counter (key_id, next)
    select counter_key, 1 + ${by}::bigint from meter_key where counter_key is not null
    union select key_id, next + ${by}::bigint from sent_counter
      where not exists (select from meter_key where counter_key = sent_counter.key_id)
    on conflict (key_id) do update set next = sent_counter.next + ${by}::bigint`);
  return rowCount;
}
