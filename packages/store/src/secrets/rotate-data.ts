import type { Database } from "../database.ts";
import { identifier, sql, trusted } from "../sql.ts";
import type { KeyRing } from "./key-ring.ts";
import type { DataKeyKind, SealedColumn } from "./places.ts";

const batchMax = 500;

/** Every column that holds sealed values; a test compares it with the tables. */
export const sealedColumns: readonly SealedColumn[] = [
  { table: "meter_key", row: "meter_key_id", rowType: "bigint", column: "sealed", kind: "meter-key" },
  {
    table: "identity_source",
    row: "source_id",
    rowType: "int",
    column: "sealed_secret",
    kind: "integration-password",
  },
  {
    table: "key_recipient",
    row: "key_recipient_id",
    rowType: "int",
    column: "sealed",
    kind: "integration-password",
  },
  {
    table: "second_factor",
    row: "account_id",
    rowType: "int",
    column: "sealed_secret",
    kind: "second-factor",
  },
  {
    table: "switching_secret",
    row: "place",
    rowType: "text",
    column: "sealed",
    kind: "switching",
  },
  {
    table: "vpn_peer",
    row: "public_key",
    rowType: "text",
    column: "sealed_psk",
    kind: "integration-password",
  },
  {
    table: "device_authority",
    row: "fingerprint",
    rowType: "text",
    column: "sealed_key",
    kind: "integration-password",
  },
  {
    table: "delivery_setting",
    row: "delivery_setting_id",
    rowType: "int",
    column: "sealed_password",
    kind: "integration-password",
  },
  { table: "point", row: "point_id", rowType: "int", column: "sealed", kind: "personal" },
  { table: "location", row: "location_id", rowType: "int", column: "sealed", kind: "personal" },
  {
    table: "location_version",
    row: "location_id",
    rowType: "int",
    column: "sealed",
    kind: "personal",
    boundTo: "location",
  },
  {
    table: "field_task_entry",
    row: "field_task_entry_id",
    rowType: "bigint",
    column: "sealed",
    kind: "personal",
  },
  { table: "sim", row: "sim_id", rowType: "int", column: "sealed", kind: "personal" },
  { table: "sim", row: "sim_id", rowType: "int", column: "sealed_pin", kind: "device-password" },
  { table: "subscriber", row: "subscriber_id", rowType: "int", column: "sealed", kind: "personal" },
  {
    table: "subscriber_version",
    row: "subscriber_id",
    rowType: "int",
    column: "sealed",
    kind: "personal",
    boundTo: "subscriber",
  },
  {
    table: "points_import",
    row: "points_import_id",
    rowType: "int",
    column: "sealed",
    kind: "personal",
  },
  {
    table: "points_import_line",
    row: "points_import_line_id",
    rowType: "bigint",
    column: "sealed",
    kind: "personal",
  },
  { table: "contract", row: "contract_id", rowType: "int", column: "sealed", kind: "personal" },
  // The file itself stays as it is: it is under the key that lies here.
  { table: "data_export", row: "data_export_id", rowType: "int", column: "sealed_key", kind: "personal" },
  { table: "report_run", row: "report_run_id", rowType: "bigint", column: "sealed_key", kind: "personal" },
];

/** Kinds whose data keys are changed by `energsys keys rotate-data`; the dispatcher changes its own. */
export const rotatedKinds = [
  "meter-key",
  "device-password",
  "integration-password",
  "second-factor",
  "personal",
] as const;

export interface RotationProgress {
  readonly done: number;
  readonly total: number;
}

/** Data keys that a value was sealed by, read from its head: format byte, then four bytes. */
const keyNumber = (column: string) => sql`
  ('x' || encode(substring(${identifier(column)} from 2 for 4), 'hex'))::bit(32)::bigint`;

/**
 * Retires the data keys of a kind that are older than now, so that what is sealed next gets a new one. Sealed values stay
 * readable; `resealRetired` moves them over.
 */
export async function retireDataKeys(db: Database, kind: DataKeyKind): Promise<number> {
  const { rowCount } = await db.query(
    sql`update data_key set retired_at = now() where kind = ${kind} and retired_at is null`,
  );
  return rowCount;
}

/** How many values of a kind are still sealed by a retired data key. */
export async function countOnRetired(db: Database, kind: DataKeyKind): Promise<number> {
  let left = 0;
  for (const { table, column } of sealedColumns.filter((each) => each.kind === kind)) {
    const { rows } = await db.query<{ left: number }>(sql`
      select count(*)::int as "left" from ${identifier(table)} as sealed
      join data_key on data_key_id = ${keyNumber(column)}
      where data_key.kind = ${kind} and retired_at is not null`);
    left += rows[0]?.left ?? 0;
  }
  return left;
}

/**
 * Seals every value of a kind anew that a retired data key sealed, in batches of their own: it may be stopped anywhere and run
 * again, while others read and write. A value that somebody changed meanwhile is left as they wrote it.
 */
export async function resealRetired(
  db: Database,
  ring: KeyRing,
  kind: DataKeyKind,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (progress: RotationProgress) => void } = {},
): Promise<{ resealed: number; left: number }> {
  const total = await countOnRetired(db, kind);
  let done = 0;
  for (const { table, row, rowType, column, boundTo = table } of sealedColumns.filter(
    (each) => each.kind === kind,
  )) {
    // Goes on behind the last row: looking from the start each time would pass over everything that is done already.
    let after: number | string | null = null;
    for (;;) {
      if (options.signal?.aborted) return { resealed: done, left: await countOnRetired(db, kind) };
      const found: { rows: { row: number | string; sealed: Buffer }[] } = await db.query(sql`
        select sealed.${identifier(row)} as row, sealed.${identifier(column)} as sealed
        from ${identifier(table)} as sealed join data_key on data_key_id = ${keyNumber(column)}
        where data_key.kind = ${kind} and retired_at is not null
          and (${after}::${trusted(rowType)} is null or sealed.${identifier(row)} > ${after}::${trusted(rowType)})
        order by 1 limit ${batchMax}::int`);
      const { rows } = found;
      if (rows.length === 0) {
        // Rows of one place that a batch's end cut apart, or that were written meanwhile: once more from the start.
        if (after === null) break;
        after = null;
        continue;
      }
      after = rows.at(-1)!.row;
      const fields = [];
      for (const each of rows) {
        const place = { table: boundTo, row: each.row, kind };
        fields.push({ place, secret: (await ring.openBytes(place, each.sealed)).reveal() });
      }
      const fresh = await ring.sealFields(fields);
      for (const { secret } of fields) secret.fill(0);
      await db.query(sql`
        update ${identifier(table)} as target set ${identifier(column)} = fresh.sealed
        from unnest(${rows.map((each) => String(each.row))}::text[], ${rows.map((each) => each.sealed)}::bytea[],
          ${fresh}::bytea[]) as fresh (row, old, sealed)
        where target.${identifier(row)} = fresh.row::${trusted(rowType)} and target.${identifier(column)} = fresh.old`);
      done += rows.length;
      options.onProgress?.({ done, total });
    }
  }
  return { resealed: done, left: await countOnRetired(db, kind) };
}
