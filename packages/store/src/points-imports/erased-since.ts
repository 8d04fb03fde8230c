import type { Queryable } from "../database.ts";
import { podHashes } from "../personal/place-of-point.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { instant, sql } from "../sql.ts";

/** Whether the personal data of somebody who had a contract at the point were erased since an instant. */
export async function isErasedSince(
  db: Queryable,
  given: { readonly pod: string; readonly keyRing: KeyRing; readonly sinceMs: number },
): Promise<boolean> {
  const [hash] = await podHashes(given.keyRing, [given.pod]);
  const { rows } = await db.query(sql`
    select from point join contract using (point_id) join subscriber using (subscriber_id)
    where pod_hash = ${hash!} and erased_at >= ${instant(given.sinceMs)}::timestamptz limit 1`);
  return rows.length > 0;
}
