import type { Queryable } from "../database.ts";
import { identifier, sql } from "../sql.ts";

/** Tables from which rows go only with their retention: after a restore there are at least as many as before the backup. */
const growing = [
  "load_day",
  "load_day_hist",
  "block",
  "register_reading",
  "event",
  "account",
  "point",
  "meter",
  "device",
];

/** Rows of the tables that grow: of each the role `backup` may read one column, its key. */
export async function countGrowing(db: Queryable): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of growing) {
    const { rows } = await db.query<{ count: number }>(
      sql`select count(*)::bigint as count from ${identifier(table)}`,
    );
    counts[table] = rows[0]?.count ?? 0;
  }
  return counts;
}

/** What a backup needs to know of its server; `user` is whom the cluster was made for, who may do everything in what is restored. */
export async function readServerFacts(
  db: Queryable,
): Promise<{ version: number; segmentBytes: number; database: string; user: string; nowMs: number }> {
  const { rows } = await db.query<{
    version: number;
    segment_bytes: number;
    database: string;
    user: string;
    now: number;
  }>(sql`
    select current_setting('server_version_num')::int as version,
      pg_size_bytes(current_setting('wal_segment_size'))::bigint as segment_bytes,
      current_database() as database, (select rolname from pg_roles where oid = 10) as user, clock_timestamp() as now`);
  const row = rows[0]!;
  return {
    version: row.version,
    segmentBytes: row.segment_bytes,
    database: row.database,
    user: row.user,
    nowMs: row.now,
  };
}
