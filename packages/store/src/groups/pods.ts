import type { Queryable } from "../database.ts";
import { podHashes } from "../personal/place-of-point.ts";
import { inScope, type Scope } from "../scope.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { sql } from "../sql.ts";

/** Points of the scope by their codes, as a file names them; a code that is none is not in it. */
export async function findPointsByPod(
  db: Queryable,
  scope: Scope,
  pods: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (pods.length === 0) return new Map();
  const hashes = await podHashes(keyRingOf(db), pods);
  const { rows } = await db.query<{ pointId: number; hash: Buffer }>(sql`
    select p.point_id as "pointId", p.pod_hash as hash from point as p join location as l using (location_id)
    where p.pod_hash = any(${hashes}::bytea[]) and ${inScope(scope)}`);
  const byHash = new Map(rows.map(({ pointId, hash }) => [hash.toString("latin1"), pointId]));
  const found = new Map<string, number>();
  // There are as many hashes of each code as there are keys in use, one list after the other.
  hashes.forEach((hash, nth) => {
    const pointId = byHash.get(hash.toString("latin1"));
    if (pointId !== undefined) found.set(pods[nth % pods.length]!, pointId);
  });
  return found;
}
