import { Readable } from "node:stream";
import { scaledText } from "@energsys/metering";
import type { Language } from "@energsys/store";
import type { FastifyReply } from "fastify";

/** Excel knows UTF-8 by it. */
export const byteOrderMark = "\uFEFF";

/** A number of a CSV: exact text, with the decimal mark of the language. */
export interface CsvNumber {
  readonly decimal: string;
}
/** Time on the wall, `2026-10-25T03:15:00`; its offset stands in a cell beside it. */
export interface CsvTime {
  readonly localTime: string;
}
/** A day of the calendar, `2026-10-25`. */
export interface CsvDay {
  readonly day: string;
}
export type CsvCell = string | CsvNumber | CsvTime | CsvDay | null;

export const decimal = (text: string): CsvNumber => ({ decimal: text });
export const localTime = (text: string): CsvTime => ({ localTime: text });
export const dayCell = (day: string): CsvDay => ({ day });
export const whole = (value: number): CsvNumber => ({ decimal: String(value) });

/** A spreadsheet takes such text for a formula and runs it (OWASP, CSV injection). */
const formula = /^[=+\-@\t\r\0＝＋－＠]/;

/** Exact text with the decimal mark of the language. */
export const formatNumber = ({ decimal }: CsvNumber, language: Language): string =>
  language === "ro" ? decimal.replace(".", ",") : decimal;

/** A cell as it stands in a file. Text that could be a formula gets a leading apostrophe; numbers stay numbers. */
export function formatCell(cell: CsvCell, language: Language): string {
  if (cell === null) return "";
  if (typeof cell !== "string" && "localTime" in cell) return cell.localTime;
  if (typeof cell !== "string" && "day" in cell) return cell.day;
  if (typeof cell !== "string") return formatNumber(cell, language);
  const guarded = formula.test(cell) ? `'${cell}` : cell;
  return /[";\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** One line (RFC 4180 with semicolons), ended. */
export const csvLine = (cells: readonly CsvCell[], language: Language): string =>
  `${cells.map((cell) => formatCell(cell, language)).join(";")}\r\n`;

export { scaledText };
export const scaled = (integer: number, scale: number): string => scaledText(BigInt(integer), scale);

/** Answers with a CSV file, line by line. */
export const sendCsv = (
  reply: FastifyReply,
  name: string,
  lines: AsyncIterable<string> | Iterable<string>,
): FastifyReply =>
  reply
    .header("content-type", "text/csv; charset=utf-8")
    .header("content-disposition", `attachment; filename="${name}.csv"`)
    .send(Readable.from(lines));
