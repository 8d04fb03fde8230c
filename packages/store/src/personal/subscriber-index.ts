import { searchText } from "../search-text.ts";
import { sql } from "../sql.ts";
import { asCode, asWritten, indexesOf } from "./personal-index.ts";
import { openContracts, openSubscribers } from "./subscriber-rows.ts";

/** Orders of the list of subscribers. */
export const subscriberSorts = ["name", "number"] as const;
export type SubscriberSort = (typeof subscriberSorts)[number];

/** The index of a database's subscribers, brought up to date; a contract's number leads to its subscriber. */
export const subscriberIndexOf = indexesOf<
  { readonly number: string; readonly name: string; readonly text: string },
  SubscriberSort
>({
  orders: { name: asWritten, number: asCode },

  async changedSince(db, horizon) {
    const { rows } = await db.query<{ id: number }>(
      sql`select subscriber_id as id from subscriber where changed_in >= ${horizon}::xid8 or ${horizon} = '0'`,
    );
    return rows.map(({ id }) => id);
  },

  async open(db, ring, ids) {
    const [{ rows }, { rows: contracts }] = await Promise.all([
      db.query<{ subscriberId: number; sealed: Buffer | null }>(
        sql`select subscriber_id as "subscriberId", sealed from subscriber where subscriber_id = any(${ids}::int[])`,
      ),
      db.query<{ subscriberId: number; contractId: number; sealed: Buffer | null }>(sql`
        select subscriber_id as "subscriberId", contract_id as "contractId", sealed from contract
        where subscriber_id = any(${ids}::int[])`),
    ]);
    const [people, numbers] = await Promise.all([
      openSubscribers(ring, rows),
      openContracts(ring, contracts),
    ]);
    const numbersOf = new Map<number, string[]>();
    contracts.forEach(({ subscriberId }, nth) => {
      const known = numbersOf.get(subscriberId);
      if (known) known.push(numbers[nth]!);
      else numbersOf.set(subscriberId, [numbers[nth]!]);
    });
    return new Map(
      rows.map(({ subscriberId }, nth) => {
        const { number, name, phone, email, address } = people[nth]!;
        const own = numbersOf.get(subscriberId) ?? [];
        return [
          subscriberId,
          { number, name, text: searchText(number, name, phone, email, address, ...own) },
        ];
      }),
    );
  },
});
