import { findObis } from "@energsys/protocols";
import type { HandHeldFault } from "./hand-held-file.ts";
import { countedPulses } from "./pulses.ts";
import { quality } from "./quality.ts";

/** Load curve of one register of one meter, as a file of an older system has it; intervals in the order of time. */
export interface FileCurve {
  readonly serial: string;
  /** `1-0:1.29.0*255`: energy of an interval. */
  readonly obis: string;
  readonly periodSeconds: number;
  /** `Wh`, `varh`; `imp` and `imp-led` are pulses of the meter's output and of the light on its front: only its installation says what they stand for. */
  readonly unit: string;
  /** Power of ten of the integers. */
  readonly scale: number;
  readonly startsMs: Float64Array;
  readonly values: Float64Array;
  readonly flags: Uint16Array;
}

export interface CurveFileLine {
  readonly line: number;
  readonly reason: HandHeldFault | "period" | "off-grid" | "no-constant";
  readonly text: string;
}

const columns = {
  serial: ["serial", "serie", "meter", "contor"],
  start: ["start", "interval start", "inceput", "început", "inceput interval", "început interval", "from"],
  value: ["value", "valoare", "energy", "energie"],
  obis: ["obis", "register", "registru"],
  unit: ["unit", "unitate"],
  quality: ["quality", "calitate"],
} as const;
type Column = keyof typeof columns;

const linesMax = 500_000;
const usualObis = "1-0:1.29.0*255";
const periods: readonly number[] = [300, 600, 900, 1800, 3600];
const estimatedWords = new Set(["estimated", "estimat", "e", "substitute"]);
interface FileUnit {
  readonly unit: string;
  readonly kilo: number;
  /** The value is what a counter of so many bits showed when the interval began. */
  readonly counterBits?: 16 | 32;
}

const unitsOf: Readonly<Record<string, FileUnit>> = {
  Wh: { unit: "Wh", kilo: 0 },
  kWh: { unit: "Wh", kilo: 3 },
  MWh: { unit: "Wh", kilo: 6 },
  varh: { unit: "varh", kilo: 0 },
  kvarh: { unit: "varh", kilo: 3 },
  imp: { unit: "imp", kilo: 0 },
  imp16: { unit: "imp", kilo: 0, counterBits: 16 },
  imp32: { unit: "imp", kilo: 0, counterBits: 32 },
  "imp-led": { unit: "imp-led", kilo: 0 },
};
const isPulses = ({ unit }: { readonly unit: string }) => unit.startsWith("imp");

interface Head {
  readonly separator: string;
  readonly places: ReadonlyMap<Column, number>;
}

const fieldsOf = (line: string, separator: string): string[] =>
  line.split(separator).map((field) =>
    field
      .trim()
      .replace(/^"(.*)"$/, "$1")
      .trim(),
  );

function headOf(line: string): Head | undefined {
  const separator = [";", "\t", ","].find((each) => line.includes(each));
  if (!separator) return undefined;
  const names = fieldsOf(line.replace(/^\uFEFF/, ""), separator).map((name) => name.toLowerCase());
  const places = new Map<Column, number>();
  for (const [column, aliases] of Object.entries(columns) as [Column, readonly string[]][]) {
    const place = names.findIndex((name) => aliases.includes(name));
    if (place >= 0) places.set(column, place);
  }
  return (["serial", "start", "value"] as const).every((column) => places.has(column))
    ? { separator, places }
    : undefined;
}

/** Whether a file begins as one of load curves does: a serial number, the start of an interval, a value. */
export const isCurveFile = (text: string): boolean => headOf(text.split(/\r?\n/, 1)[0] ?? "") !== undefined;

interface Row extends FileUnit {
  readonly line: number;
  readonly text: string;
  readonly startMs: number;
  readonly digits: string;
  readonly decimals: number;
  readonly flags: number;
}

/**
 * Takes a file of load curves apart: one interval a line, with the start on the network's clock (or with an offset), energy in Wh, kWh or MWh (varh,
 * kvarh) or as pulses (`imp`, `imp-led`; `imp16` and `imp32` are states of a counter at the start), decimal point or comma, and where wanted the register and `estimated`. The second pass of an hour that comes twice in autumn is told by
 * its place after the first. A line that cannot be used is refused alone; `undefined` for what is no such file.
 */
export function parseCurveFile(
  text: string,
  { nowMs, zone }: { readonly nowMs: number; readonly zone: string },
): { curves: FileCurve[]; refused: CurveFileLine[] } | undefined {
  const lines = text.split(/\r?\n/);
  const head = headOf(lines[0] ?? "");
  if (!head || lines.length > linesMax) return undefined;
  const refused: CurveFileLine[] = [];
  const series = new Map<string, { serial: string; obis: string; rows: Map<number, Row> }>();
  const read = (text: string, line: number): CurveFileLine["reason"] | undefined => {
    const fields = fieldsOf(text, head.separator);
    const field = (column: Column) => fields[head.places.get(column) ?? -1] ?? "";
    const serial = field("serial");
    if (serial === "" || serial.length > 100) return "serial";
    const obis = field("obis") === "" ? usualObis : findObis(field("obis"));
    if (obis === undefined || !/^1-\d+:[1-8]\.29\.0\*255$/.test(obis)) return "register";
    const number = /^(\d{1,12})(?:[.,](\d{1,6}))?$/.exec(field("value"));
    if (!number) return "value";
    const active = /:[12]\.29/.test(obis);
    const given = unitsOf[field("unit") || (active ? "kWh" : "kvarh")];
    if (!given || (given.unit === "varh") === active) return "unit";
    if (isPulses(given) && number[2] !== undefined) return "value";
    if (given.counterBits && Number(number[1]) >= 2 ** given.counterBits) return "value";
    const starts = instantsOf(field("start"), zone);
    if (starts.length === 0) return "time";
    const key = [serial, obis, given.unit, given.counterBits ?? ""].join("\0");
    const own = series.get(key) ?? { serial, obis, rows: new Map() };
    series.set(key, own);
    const startMs = starts.find((ms) => !own.rows.has(ms));
    if (startMs === undefined) return "twice";
    if (startMs > nowMs) return "time-ahead";
    const [, whole = "", part = ""] = number;
    own.rows.set(startMs, {
      line,
      text: text.slice(0, 120),
      startMs,
      digits: whole + part,
      decimals: part.length,
      ...given,
      flags: estimatedWords.has(field("quality").toLowerCase()) ? quality.estimated : 0,
    });
    return undefined;
  };
  for (const [nth, text] of lines.entries()) {
    if (nth === 0 || text.trim() === "") continue;
    const reason = read(text, nth + 1);
    if (reason) refused.push({ line: nth + 1, reason, text: text.slice(0, 120) });
  }
  const curves = [...series.values()].flatMap(({ serial, obis, rows }) => {
    const ordered = [...rows.values()].sort((a, b) => a.startMs - b.startMs);
    const curve = curveOf(serial, obis, ordered, refused);
    return curve ? [curve] : [];
  });
  return { curves, refused: refused.sort((a, b) => a.line - b.line) };
}

/** The instants that a text can mean: two in the hour that comes twice, none in the one that does not come. */
function instantsOf(text: string, zone: string): number[] {
  const iso = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?\s*(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  const dotted = /^(\d{2})[./](\d{2})[./](\d{4}) (\d{2}:\d{2})(:\d{2})?$/.exec(text);
  // A whole day of a spreadsheet is its midnight.
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00` : undefined;
  try {
    if (iso?.[4])
      return [Temporal.Instant.from(`${iso[1]}T${iso[2]}${iso[3] ?? ":00"}${iso[4]}`).epochMilliseconds];
    const local = iso
      ? `${iso[1]}T${iso[2]}${iso[3] ?? ":00"}`
      : dotted
        ? `${dotted[3]}-${dotted[2]}-${dotted[1]}T${dotted[4]}${dotted[5] ?? ":00"}`
        : day;
    if (local === undefined) return [];
    const plain = Temporal.PlainDateTime.from(local, { overflow: "reject" });
    const at = (disambiguation: "earlier" | "later") => plain.toZonedDateTime(zone, { disambiguation });
    const [earlier, later] = [at("earlier"), at("later")];
    const instants = [earlier, later]
      .filter((instant) => instant.toPlainDateTime().equals(plain))
      .map(({ epochMilliseconds }) => epochMilliseconds);
    return [...new Set(instants)];
  } catch {
    return [];
  }
}

function curveOf(
  serial: string,
  obis: string,
  rows: readonly Row[],
  refused: CurveFileLine[],
): FileCurve | undefined {
  if (rows.length === 0) return undefined;
  let stepMs = Number.POSITIVE_INFINITY;
  for (let nth = 1; nth < rows.length; nth++)
    stepMs = Math.min(stepMs, rows[nth]!.startMs - rows[nth - 1]!.startMs);
  const periodSeconds = Number.isFinite(stepMs) ? stepMs / 1000 : 900;
  if (!periods.includes(periodSeconds)) {
    refused.push({ line: rows[0]!.line, reason: "period", text: `${serial} ${obis}` });
    return undefined;
  }
  const kept = rows.filter(({ line, startMs, text }) => {
    const onGrid = startMs % (periodSeconds * 1000) === 0;
    if (!onGrid) refused.push({ line, reason: "off-grid", text });
    return onGrid;
  });
  if (kept[0]?.counterBits) return countedCurve(serial, obis, periodSeconds, kept[0].counterBits, kept);
  if (kept.length === 0) return undefined;
  const scale = Math.min(...kept.map(({ kilo, decimals }) => kilo - decimals), 0);
  return {
    serial,
    obis,
    periodSeconds,
    unit: kept[0]!.unit,
    scale,
    startsMs: Float64Array.from(kept, ({ startMs }) => startMs),
    values: Float64Array.from(kept, ({ digits, kilo, decimals }) =>
      Number(BigInt(digits) * 10n ** BigInt(kilo - decimals - scale)),
    ),
    flags: Uint16Array.from(kept, ({ flags }) => flags),
  };
}

/** What a counter counted between its states one interval apart; beside a gap nothing is told. */
function countedCurve(
  serial: string,
  obis: string,
  periodSeconds: number,
  bits: 16 | 32,
  rows: readonly Row[],
): FileCurve | undefined {
  const counted = rows.flatMap((row, nth) => {
    const next = rows[nth + 1];
    return next && next.startMs - row.startMs === periodSeconds * 1000
      ? [{ ...row, pulses: countedPulses(Number(row.digits), Number(next.digits), bits) }]
      : [];
  });
  if (counted.length === 0) return undefined;
  return {
    serial,
    obis,
    periodSeconds,
    unit: "imp",
    scale: 0,
    startsMs: Float64Array.from(counted, ({ startMs }) => startMs),
    values: Float64Array.from(counted, ({ pulses }) => pulses),
    flags: Uint16Array.from(counted, ({ flags }) => flags),
  };
}
