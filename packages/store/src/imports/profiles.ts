import { createHash } from "node:crypto";
import type { HistoryMapping } from "@energsys/metering";
import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

const hashOf = (header: readonly string[]): Buffer => createHash("sha256").update(header.join("\0")).digest();

/** How a file with this head line was mapped the last time. */
export async function findHistoryProfile(
  db: Queryable,
  header: readonly string[],
): Promise<HistoryMapping | undefined> {
  const { rows } = await db.query<{ mapping: HistoryMapping }>(
    sql`select mapping from history_profile where head = ${hashOf(header)}`,
  );
  return rows[0]?.mapping;
}

/** Keeps a mapping for the next file with this head line. */
export async function saveHistoryProfile(
  db: Queryable,
  header: readonly string[],
  mapping: HistoryMapping,
  by: string,
): Promise<void> {
  await db.query(sql`
    insert into history_profile (head, mapping, saved_by) values (${hashOf(header)}, ${JSON.stringify(mapping)}::jsonb, ${by})
    on conflict (head) do update set mapping = excluded.mapping, saved_by = excluded.saved_by, saved_at = now()
    where history_profile.mapping <> excluded.mapping`);
}
