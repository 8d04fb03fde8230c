import type { Database, Queryable } from "../database.ts";
import { openRows } from "../personal/sealed-rows.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { instant, sql } from "../sql.ts";

interface SealedNote {
  readonly entryId: number;
  readonly sealed: Buffer | null;
}

/** Notes of entries, in order: whoever goes somewhere writes down who opened the door. */
export const openNotes = async (ring: KeyRing, rows: readonly SealedNote[]): Promise<string[]> =>
  (
    await openRows(
      ring,
      "field_task_entry",
      rows.map(({ entryId, sealed }) => ({ row: entryId, sealed })),
      { note: "" },
    )
  ).map(({ note }) => note);

/** A key ring with which notes are sealed within transactions. */
export async function noteRing(db: Database): Promise<KeyRing> {
  const ring = keyRingOf(db);
  await ring.prepare(["personal"]);
  return ring;
}

/** Adds an entry to a task's history. */
export async function enterNote(
  transaction: Queryable,
  ring: KeyRing,
  taskId: number,
  { name, nowMs }: { readonly name: string; readonly nowMs: number },
  note: string,
  change: object | null,
): Promise<void> {
  const { rows } = await transaction.query<{ id: number }>(
    sql`select nextval(pg_get_serial_sequence('field_task_entry', 'field_task_entry_id'))::bigint as id`,
  );
  const { id } = rows[0]!;
  const sealed =
    note === ""
      ? null
      : await ring
          .within(transaction)
          .sealField({ table: "field_task_entry", row: id, kind: "personal" }, JSON.stringify({ note }));
  await transaction.query(sql`
    insert into field_task_entry (field_task_entry_id, field_task_id, at, made_by, sealed, change) overriding system value
    values (${id}::bigint, ${taskId}::int, ${instant(nowMs)}::timestamptz, ${name}, ${sealed},
      ${change ? JSON.stringify(change) : null}::jsonb)`);
}

/** Takes the notes of tasks at a subscriber's points away where one holds the name. */
export async function eraseNotes(
  transaction: Queryable,
  ring: KeyRing,
  subscriberId: number,
  names: (text: string) => boolean,
): Promise<void> {
  const { rows } = await transaction.query<SealedNote>(sql`
    select field_task_entry_id as "entryId", sealed from field_task_entry join field_task using (field_task_id)
    where sealed is not null and point_id in (select point_id from contract where subscriber_id = ${subscriberId}::int)`);
  const notes = await openNotes(ring, rows);
  const named = rows.filter((_, nth) => names(notes[nth]!)).map(({ entryId }) => entryId);
  if (named.length === 0) return;
  await transaction.query(
    sql`update field_task_entry set sealed = null where field_task_entry_id = any(${named}::bigint[])`,
  );
}
