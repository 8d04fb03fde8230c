import type { Queryable } from "../database.ts";
import { type SubscriberSort, subscriberIndexOf } from "../personal/subscriber-index.ts";
import { openSubscribers, type SubscriberData } from "../personal/subscriber-rows.ts";
import type { Scope } from "../scope.ts";
import { searchText } from "../search-text.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { sql } from "../sql.ts";
import { type SubscriberKind, subscriberInScope } from "./sealed-rows.ts";

/** One line of the list of subscribers. */
export interface SubscriberRow extends Omit<SubscriberData, "address"> {
  readonly subscriberId: number;
  readonly kind: SubscriberKind;
  /** Contracts that run now, at whichever points: a number only. */
  readonly running: number;
}

/** Subscribers within the scope, but those erased, whose number, name, telephone, mail, address or contract has all these words; all when none is given. */
async function matching(db: Queryable, scope: Scope, text: string | undefined): Promise<ReadonlySet<number>> {
  const words = searchText(text ?? "")
    .split(" ")
    .filter((word) => word.length > 0);
  const found = words.length === 0 ? null : (await subscriberIndexOf(db)).withWords(words);
  const { rows } = await db.query<{ numbers: string | null }>(sql`
    select string_agg(s.subscriber_id::text, ' ') as numbers from subscriber as s
    where s.erased_at is null and (${found}::int[] is null or s.subscriber_id = any(${found}::int[])) and ${subscriberInScope(scope)}`);
  return new Set(rows[0]?.numbers?.split(" ").map(Number) ?? []);
}

export async function countSubscribers(db: Queryable, scope: Scope, text?: string): Promise<number> {
  return (await matching(db, scope, text)).size;
}

/** A window of the subscribers that match, in an order of the language; equal ones by number. */
export async function findSubscriberIds(
  db: Queryable,
  scope: Scope,
  text: string | undefined,
  order: { readonly sort: SubscriberSort; readonly descending: boolean },
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Promise<number[]> {
  const wanted = await matching(db, scope, text);
  const sorted = (await subscriberIndexOf(db)).order(order.sort).filter((id) => wanted.has(id));
  if (order.descending) sorted.reverse();
  return sorted.slice(offset, offset + limit);
}

/** Rows of these subscribers, in the order of the ids. */
export async function readSubscribers(
  db: Queryable,
  scope: Scope,
  subscriberIds: readonly number[],
): Promise<SubscriberRow[]> {
  const { rows } = await db.query<{
    subscriberId: number;
    kind: SubscriberKind;
    sealed: Buffer;
    running: number;
  }>(sql`
    select s.subscriber_id as "subscriberId", s.kind, s.sealed,
      (select count(*)::int from contract where contract.subscriber_id = s.subscriber_id and contract.during @> now()) as running
    from unnest(${subscriberIds}::int[]) with ordinality as wanted (subscriber_id, place)
    join subscriber as s using (subscriber_id)
    where ${subscriberInScope(scope)} order by place`);
  const data = await openSubscribers(keyRingOf(db), rows);
  return rows.map(({ sealed: _, ...row }, nth) => {
    const { address: __, ...shown } = data[nth]!;
    return { ...row, ...shown };
  });
}
