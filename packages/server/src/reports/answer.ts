import { iso } from "../instants.ts";
import type { ReportResultAnswer } from "../schemas/reports.ts";
import type { ReportCell, ReportResult, ResultColumn } from "./result.ts";
import { textOf } from "./table.ts";

/** Rows on a screen; the file has them all. */
const rowsMax = 3_000;

const cellOf = (cell: ReportCell | null, column: ResultColumn): string | null => {
  if (cell === null || !Number.isFinite(cell.value)) return null;
  if (column.of === "instant") return iso(cell.value);
  if (column.of === "logical") return cell.value === 1 ? "true" : "false";
  return textOf(cell, column);
};

/** A result as the API answers it. */
export function resultAnswer(result: ReportResult, zone: string, durationMs: number): ReportResultAnswer {
  const { columns, rows, total, byInterval, step, coverage, divisionsByZero } = result;
  return {
    zone,
    from: result.fromDay,
    to: result.toDay,
    columns: columns.map(({ title, unit, of, decimals }, nth) => ({
      title,
      unit,
      of,
      decimals,
      byInterval: byInterval[nth]!,
    })),
    step,
    rows: rows.slice(0, rowsMax).map((row) => ({
      key: typeof row.key === "number" ? iso(row.key) : row.key,
      name: row.name?.name ?? "",
      detail: row.name?.detail ?? "",
      cells: row.cells.map((cell, nth) => cellOf(cell, columns[nth]!)),
      flags: row.cells.map(({ flags }) => flags & 0x7fff),
      coverage: { ...row.coverage },
    })),
    total: total?.map((cell, nth) => cellOf(cell, columns[nth]!)) ?? null,
    coverage: { ...coverage },
    divisionsByZero,
    more: Math.max(0, rows.length - rowsMax),
    durationMs: Math.round(durationMs),
  };
}
