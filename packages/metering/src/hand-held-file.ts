import { findObis } from "@energsys/protocols";

/** One reading of a hand-held, as its file has it. */
export interface HandHeldRow {
  /** From 1, the head line included. */
  readonly line: number;
  readonly serial: string;
  readonly obis: string;
  readonly measuredAtMs: number;
  /** Exact decimal. */
  readonly value: string;
  readonly unit: string;
}

/** A line that cannot be used, and why (docs/reading.md). */
export interface RefusedLine {
  readonly line: number;
  readonly reason: HandHeldFault;
  readonly text: string;
}
export type HandHeldFault =
  | "columns"
  | "serial"
  | "register"
  | "time"
  | "time-ahead"
  | "value"
  | "unit"
  | "twice"
  | "unknown-meter"
  | "two-meters";

const columns = {
  serial: ["serial", "serie", "meter"],
  obis: ["obis", "register", "registru"],
  time: ["time", "date", "data", "moment"],
  value: ["value", "valoare", "index"],
  unit: ["unit", "unitate"],
} as const;
type Column = keyof typeof columns;

/** Registers of energy and what they are counted in, where the file does not say. */
const usualUnits: readonly (readonly [pattern: RegExp, unit: string])[] = [
  [/^\d+-\d+:[12]\.8\./, "kWh"],
  [/^\d+-\d+:[345678]\.8\./, "kvarh"],
];
const units = new Set(["Wh", "kWh", "varh", "kvarh", "W", "kW", "var", "kvar", "V", "A", "Hz", "m3"]);
const linesMax = 200_000;
const futureMs = 5 * 60_000;

/** Whether a file begins as one of a hand-held does. */
export const isHandHeldFile = (text: string): boolean =>
  headOf(text.split(/\r?\n/, 1)[0] ?? "") !== undefined;

function headOf(line: string): { separator: string; places: ReadonlyMap<Column, number> } | undefined {
  const separator = [";", "\t", ","].find((each) => line.includes(each));
  if (!separator) return undefined;
  const names = fieldsOf(line.replace(/^\uFEFF/, ""), separator).map((name) => name.toLowerCase());
  const places = new Map<Column, number>();
  for (const [column, aliases] of Object.entries(columns) as [Column, readonly string[]][]) {
    const place = names.findIndex((name) => aliases.includes(name));
    if (place >= 0) places.set(column, place);
  }
  return (["serial", "obis", "time", "value"] as const).every((column) => places.has(column))
    ? { separator, places }
    : undefined;
}

const fieldsOf = (line: string, separator: string): string[] =>
  line.split(separator).map((field) =>
    field
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .trim(),
  );

/** `2026-11-20T14:05:00Z`, with an offset, or without one in the zone of the market. Undefined: no instant. */
function instantOf(text: string, zone: string): number | undefined {
  const found = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?\s*(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (!found) return undefined;
  const [, date, time, seconds = ":00", offset] = found;
  try {
    if (offset) return Temporal.Instant.from(`${date}T${time}${seconds}${offset}`).epochMilliseconds;
    const local = Temporal.PlainDateTime.from(`${date}T${time}${seconds}`, { overflow: "reject" });
    // An hour that does not exist in spring, or comes twice in autumn, needs its offset.
    return local.toZonedDateTime(zone, { disambiguation: "reject" }).epochMilliseconds;
  } catch {
    return undefined;
  }
}

/**
 * Takes a file of a hand-held apart: a head line with the columns serial, obis, time, value and, where wanted, unit, in any order, separated by
 * semicolon, tab or comma. A line that cannot be used is refused alone. `undefined` for what is no such file.
 */
export function parseHandHeldFile(
  text: string,
  { nowMs, zone }: { readonly nowMs: number; readonly zone: string },
): { rows: HandHeldRow[]; refused: RefusedLine[] } | undefined {
  const lines = text.split(/\r?\n/);
  const head = headOf(lines[0] ?? "");
  if (!head || lines.length > linesMax) return undefined;
  const rows: HandHeldRow[] = [];
  const refused: RefusedLine[] = [];
  const seen = new Set<string>();
  lines.slice(1).forEach((text, index) => {
    if (text.trim() === "") return;
    const line = index + 2;
    const row = rowOf(text, head, line, { nowMs, zone });
    if (typeof row === "string") refused.push({ line, reason: row, text: text.slice(0, 120) });
    else if (seen.has(`${row.serial} ${row.obis} ${row.measuredAtMs}`))
      refused.push({ line, reason: "twice", text: text.slice(0, 120) });
    else {
      seen.add(`${row.serial} ${row.obis} ${row.measuredAtMs}`);
      rows.push(row);
    }
  });
  return { rows, refused };
}

function rowOf(
  text: string,
  { separator, places }: NonNullable<ReturnType<typeof headOf>>,
  line: number,
  { nowMs, zone }: { readonly nowMs: number; readonly zone: string },
): HandHeldRow | HandHeldFault {
  const fields = fieldsOf(text, separator);
  const field = (column: Column) => fields[places.get(column) ?? -1] ?? "";
  if (fields.length < places.size) return "columns";
  const serial = field("serial");
  if (serial === "" || serial.length > 100) return "serial";
  const obis = findObis(field("obis"));
  if (obis === undefined) return "register";
  const measuredAtMs = instantOf(field("time"), zone);
  if (measuredAtMs === undefined) return "time";
  if (measuredAtMs > nowMs + futureMs) return "time-ahead";
  const value = field("value").replace(",", ".");
  if (!/^\d{1,15}(\.\d{1,6})?$/.test(value)) return "value";
  const unit = field("unit") || usualUnits.find(([pattern]) => pattern.test(obis))?.[1] || "";
  if (!units.has(unit)) return "unit";
  return { line, serial, obis, measuredAtMs, value, unit };
}
