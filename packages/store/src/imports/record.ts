import { createHash } from "node:crypto";
import type { Database, Queryable } from "../database.ts";
import { meterInScope } from "../meters/in-scope.ts";
import { everywhere, gatewayInScope, isEverywhere, type Scope } from "../scope.ts";
import { type Sql, sql, trusted } from "../sql.ts";
import { noteForValidation } from "../validation/change-list.ts";

export type ImportKind = "concentrator-dump" | "hand-held" | "load-curves";

/** Which days of which meters a file can change; dates are market days, both included. */
export interface MeterSpan {
  readonly meterId: number;
  readonly fromDay: string;
  readonly toDay: string;
}

/** What tells one import from another: the file, and which meters of it are written, since people of two branches may bring one file. */
export const fileHash = (file: Uint8Array, meterIds: readonly number[]): Buffer =>
  createHash("sha256")
    .update(file)
    .update([...new Set(meterIds)].sort((a, b) => a - b).join(","))
    .digest();

/** The import of this very file and these meters that was not taken back. */
export async function findImportOf(db: Queryable, sha256: Buffer): Promise<number | undefined> {
  const { rows } = await db.query<{ id: number }>(
    sql`select reading_import_id as id from reading_import where sha256 = ${sha256} and undone_at is null`,
  );
  return rows[0]?.id;
}

/** Opens an import, and keeps the days that it may change as they are now: it can then be taken back, however it ends. */
export async function beginImport(
  db: Database,
  given: {
    readonly sha256: Buffer;
    readonly fileName: string;
    readonly kind: ImportKind;
    readonly gatewayId?: number;
    readonly first?: number;
    readonly last?: number;
    readonly refused: number;
    readonly by: string;
    readonly spans: readonly MeterSpan[];
  },
): Promise<number> {
  const { spans } = given;
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ id: number }>(sql`
      insert into reading_import (sha256, file_name, kind, gateway_id, first_entry, last_entry, refused, meters, imported_by)
      values (${given.sha256}, ${given.fileName.slice(0, 200)}, ${given.kind}, ${given.gatewayId ?? null}::int,
        ${given.first ?? null}::bigint, ${given.last ?? null}::bigint, ${given.refused}::int, ${spans.length}::int, ${given.by})
      returning reading_import_id as id`);
    const { id } = rows[0]!;
    if (spans.length > 0)
      await transaction.query(sql`
        insert into reading_import_day (reading_import_id, channel_id, day, slots, ver_before, v_before, q_before)
        select ${id}::int, d.channel_id, d.day, d.slots, d.ver, d.v, d.q
        from ${spansOf(spans)} join channel as c on c.meter_id = span.meter_id
        join load_day as d on d.channel_id = c.channel_id and d.day between span.from_day and span.to_day`);
    return id;
  });
}

const spansOf = (spans: readonly MeterSpan[]): Sql => sql`
  unnest(${spans.map(({ meterId }) => meterId)}::int[], ${spans.map(({ fromDay }) => fromDay)}::date[],
    ${spans.map(({ toDay }) => toDay)}::date[]) as span (meter_id, from_day, to_day)`;

/**
 * Keeps what became of those days; days that stayed as they were are let go. One that is finished stays as it is: only where it broke off, the
 * same file goes on with it.
 */
export async function finishImport(
  db: Database,
  importId: number,
  spans: readonly MeterSpan[],
  counts: { readonly intervals: number; readonly registers: number; readonly events: number },
): Promise<void> {
  await db.transaction(async (transaction) => {
    const { rows } = await transaction.query(sql`
      select from reading_import where reading_import_id = ${importId}::int and finished_at is null for update`);
    if (rows.length === 0) return;
    await keepDaysAfter(transaction, importId, spans);
    await transaction.query(sql`
      update reading_import set finished_at = now(), intervals = ${counts.intervals}::int, registers = ${counts.registers}::int,
        events = ${counts.events}::int
      where reading_import_id = ${importId}::int`);
  });
}

/**
 * Declares the values of an import final. Its days are validated again: what was found before, that they came twice, holds no longer.
 */
export async function declareFinal(db: Database, importId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await transaction.query(
      sql`update reading_import set is_final = true where reading_import_id = ${importId}::int`,
    );
    const { rows } = await transaction.query<{ channelId: number; date: string }>(sql`
      select distinct its.channel_id as "channelId", kept.day as date
      from reading_import_day as kept join channel as read on read.channel_id = kept.channel_id
      join installation on installation.meter_id = read.meter_id
      join channel as its on its.point_id = installation.point_id
      where kept.reading_import_id = ${importId}::int`);
    await noteForValidation(transaction, { days: rows });
  });
}

async function keepDaysAfter(db: Queryable, importId: number, spans: readonly MeterSpan[]): Promise<void> {
  if (spans.length === 0) return;
  // Days that were not there before: those that are kept are the others.
  await db.query(sql`
    insert into reading_import_day (reading_import_id, channel_id, day, slots, ver_before)
    select ${importId}::int, d.channel_id, d.day, d.slots, 0
    from ${spansOf(spans)} join channel as c on c.meter_id = span.meter_id
    join load_day as d on d.channel_id = c.channel_id and d.day between span.from_day and span.to_day
    on conflict do nothing`);
  await db.query(sql`
    delete from reading_import_day as kept using load_day as d
    where kept.reading_import_id = ${importId}::int and d.channel_id = kept.channel_id and d.day = kept.day
      and d.ver = kept.ver_before`);
  await db.query(sql`
    update reading_import_day as kept set v_after = d.v, q_after = d.q from load_day as d
    where kept.reading_import_id = ${importId}::int and d.channel_id = kept.channel_id and d.day = kept.day`);
}

/** One import, as lists and pages show it; instants are epoch ms. */
export interface ReadingImport {
  readonly importId: number;
  readonly kind: ImportKind;
  readonly fileName: string;
  readonly gatewayId: number | null;
  readonly gateway: string | null;
  readonly meters: number;
  readonly intervals: number;
  readonly registers: number;
  readonly events: number;
  readonly refused: number;
  /** Its values were declared final. */
  readonly isFinal: boolean;
  readonly importedBy: string;
  readonly importedAt: number;
  readonly finished: boolean;
  readonly undoneBy: string | null;
  readonly undoneAt: number | null;
  readonly undoReason: string;
  readonly undoneIntervals: number;
  readonly undoneRegisters: number;
  readonly undoKept: number;
}

/** Whose imports somebody sees: those of concentrators in the scope, and one's own. */
export interface ImportView {
  readonly scope: Scope;
  readonly by: string;
}

/** Every import: for the command on the server. */
export const everyImport = (by: string): ImportView => ({ scope: everywhere, by });

export const importInView = ({ scope, by }: ImportView): Sql =>
  isEverywhere(scope)
    ? trusted("true")
    : sql`(r.imported_by = ${by} or exists (select from gateway as g where g.gateway_id = r.gateway_id and ${gatewayInScope(scope)}))`;

/**
 * Whose imports somebody takes back: as they see them, but of one's own only what wrote to meters of the scope, since rights and meters
 * move to other branches.
 */
export const importUndoable = ({ scope, by }: ImportView): Sql =>
  isEverywhere(scope)
    ? trusted("true")
    : sql`(exists (select from gateway as g where g.gateway_id = r.gateway_id and ${gatewayInScope(scope)})
        or (r.imported_by = ${by} and not exists (
          select from meter as m where not (${meterInScope(scope)}) and m.meter_id in (
            select channel.meter_id from reading_import_day as day join channel using (channel_id)
            where day.reading_import_id = r.reading_import_id
            union select meter_id from reading_import_register as told where told.reading_import_id = r.reading_import_id))))`;

/** Imports, the newest first. */
export async function listImports(db: Queryable, view: ImportView, limit: number): Promise<ReadingImport[]> {
  const { rows } = await db.query<ReadingImport>(sql`
    select r.reading_import_id as "importId", r.kind, r.file_name as "fileName", r.gateway_id as "gatewayId",
           coalesce(nullif(g.name, ''), g.identity) as gateway, r.meters, r.intervals, r.registers, r.events, r.refused,
           r.is_final as "isFinal",
           r.imported_by as "importedBy", r.imported_at as "importedAt", r.finished_at is not null as finished,
           r.undone_by as "undoneBy", r.undone_at as "undoneAt", r.undo_reason as "undoReason",
           r.undone_intervals as "undoneIntervals", r.undone_registers as "undoneRegisters", r.undo_kept as "undoKept"
    from reading_import as r left join gateway as g using (gateway_id)
    where ${importInView(view)} order by r.imported_at desc, r.reading_import_id desc limit ${limit}::int`);
  return rows;
}
