import type { Queryable } from "../database.ts";
import { openSubscribers, sealSubscribers } from "../personal/subscriber-rows.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { sql } from "../sql.ts";

/** Keeps, sealed, what a subscriber was called: what was written then is found by it when they are erased, and it goes with them. */
export async function keepFormerName(
  transaction: Queryable,
  ring: KeyRing,
  subscriberId: number,
  name: string,
): Promise<void> {
  const nameAlone = { number: "", name, phone: "", email: "", address: "" };
  const [row] = await sealSubscribers(ring.within(transaction), [{ ...nameAlone, subscriberId }]);
  await transaction.query(
    sql`insert into subscriber_former (subscriber_id, sealed) values (${subscriberId}::int, ${row!.sealed})`,
  );
}

/** What a subscriber was called before. */
export async function formerNames(db: Queryable, ring: KeyRing, subscriberId: number): Promise<string[]> {
  const { rows } = await db.query<{ subscriberId: number; sealed: Buffer }>(sql`
    select subscriber_id as "subscriberId", sealed from subscriber_former where subscriber_id = ${subscriberId}::int`);
  return (await openSubscribers(ring, rows)).map(({ name }) => name);
}
