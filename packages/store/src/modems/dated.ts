import type { Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { identifier, instant, sql } from "../sql.ts";

/** What is dated of modems and SIM cards: a row holds from its beginning until another takes its place or somebody ends it. */
export type DatedTable = "sim_state" | "sim_placement" | "modem_placement";

/**
 * Ends the row of `table` that holds for this thing, where one does. @throws StoreError `modem.too-early` when it began then or later,
 * or something that ended began later.
 */
export async function endHolding(
  transaction: Queryable,
  table: DatedTable,
  of: { readonly column: "sim_id" | "modem_id" | "gateway_id" | "meter_id"; readonly id: number },
  { atMs, by }: { readonly atMs: number; readonly by: string },
): Promise<boolean> {
  const { rows: later } = await transaction.query(sql`
    select from ${identifier(table)} where ${identifier(of.column)} = ${of.id}::int
      and (lower(during) >= ${instant(atMs)}::timestamptz or upper(during) > ${instant(atMs)}::timestamptz) limit 1`);
  if (later.length > 0)
    throw new StoreError("modem.too-early", "something began there at that instant or later");
  const { rowCount } = await transaction.query(sql`
    update ${identifier(table)} set during = tstzrange(lower(during), ${instant(atMs)}::timestamptz)${
      table === "sim_state" ? sql`` : sql`, ended_by = ${by}`
    }
    where ${identifier(of.column)} = ${of.id}::int and upper_inf(during)`);
  return rowCount > 0;
}

/** Rows with an end as they were at an instant: what began by then, and what ended later lasted. */
export const rowsOn = <Row extends { readonly from: number; readonly to: number | null }>(
  rows: readonly Row[],
  onMs: number,
): Row[] =>
  rows
    .filter(({ from }) => from <= onMs)
    .map((row) =>
      row.to === null || row.to <= onMs
        ? row
        : { ...row, to: null, ...("endedBy" in row ? { endedBy: null } : {}) },
    );

/** The one that lasts. */
export const lasting = <Row extends { readonly to: number | null }>(rows: readonly Row[]): Row | undefined =>
  rows.find(({ to }) => to === null);
