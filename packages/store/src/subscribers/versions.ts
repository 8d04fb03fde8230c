import type { Queryable } from "../database.ts";
import { openSubscribers } from "../personal/subscriber-rows.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { sql } from "../sql.ts";
import type { NewSubscriber, SubscriberKind } from "./sealed-rows.ts";

/** What a subscriber's data were before a change. Instants are epoch ms. */
export interface SubscriberVersion extends NewSubscriber {
  /** Null: as long as the subscriber is known. */
  readonly from: number | null;
  readonly to: number;
  /** Who made the change that ended it; empty when that was not kept. */
  readonly endedBy: string;
}

/** Keeps what a locked row holds, until now: what is written over it comes after. It is sealed already, and bound to that row. */
export async function keepVersion(
  transaction: Queryable,
  subscriberId: number,
  endedBy: string,
): Promise<void> {
  // The clock is read under the lock, and may have been set back since the change before.
  await transaction.query(sql`
    insert into subscriber_version (subscriber_id, during, kind, sealed, ended_by)
    select subscriber_id, tstzrange(since, greatest(date_trunc('milliseconds', clock_timestamp()), since + interval '1 millisecond')),
      kind, sealed, ${endedBy}
    from subscriber cross join lateral (
      select max(upper(during)) as since from subscriber_version as v where v.subscriber_id = subscriber.subscriber_id) as last
    where subscriber_id = ${subscriberId}::int`);
}

/** What a subscriber's data were, the newest first. */
export async function listVersions(
  db: Queryable,
  ring: KeyRing,
  subscriberId: number,
): Promise<SubscriberVersion[]> {
  const { rows } = await db.query<
    Pick<SubscriberVersion, "from" | "to" | "endedBy"> & {
      subscriberId: number;
      kind: SubscriberKind;
      sealed: Buffer;
    }
  >(sql`
    select subscriber_id as "subscriberId", kind, sealed, lower(during) as "from", upper(during) as "to", ended_by as "endedBy"
    from subscriber_version where subscriber_id = ${subscriberId}::int order by upper(during) desc`);
  const data = await openSubscribers(ring, rows);
  return rows.map(({ subscriberId: _, sealed: __, ...row }, nth) => ({ ...row, ...data[nth]! }));
}
