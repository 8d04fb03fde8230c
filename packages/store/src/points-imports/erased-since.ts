import type { Queryable } from "../database.ts";
import { podHashes } from "../personal/place-of-point.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { instant, sql } from "../sql.ts";

/** Those of some points at which somebody had a contract whose personal data were erased since an instant, by their codes. */
export async function findErasedSince(
  db: Queryable,
  given: { readonly pods: readonly string[]; readonly keyRing: KeyRing; readonly sinceMs: number },
): Promise<ReadonlySet<string>> {
  if (given.pods.length === 0) return new Set();
  const { rows } = await db.query<{ nth: number }>(sql`
    select distinct nth::int as nth
    from unnest(${await podHashes(given.keyRing, given.pods)}::bytea[]) with ordinality as asked (pod_hash, nth)
    join point using (pod_hash) join contract using (point_id) join subscriber using (subscriber_id)
    where erased_at >= ${instant(given.sinceMs)}::timestamptz`);
  return new Set(rows.map(({ nth }) => given.pods[nth - 1]!));
}
