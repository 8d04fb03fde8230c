import { findMeterModel, meterModels } from "@energsys/metering/models";
import { type InventoryPoint, Turns } from "@energsys/store";
import { type ImportColumnName, type ImportMapping, importColumnNames, importColumns } from "./columns.ts";

/** What is wrong with a cell, and what it could be instead when that is plain. */
export interface RowFault {
  /** Line of the file below its head, from 1. */
  readonly row: number;
  readonly column: ImportColumnName;
  readonly code:
    | "missing"
    | "blank-inside"
    | "twice"
    | "no-number"
    | "out-of-range"
    | "no-date"
    | "unknown-model"
    | "unknown-word"
    | "no-url"
    | "secret-inside"
    | "not-allowed"
    | "too-long"
    | "future"
    | "other-meter"
    | "other-ratio"
    | "elsewhere"
    | "not-installable"
    | "other-device";
  readonly value: string;
  readonly proposal: string | null;
}

export interface CheckedRow {
  readonly row: number;
  readonly point: InventoryPoint;
  /** Columns that have something in this line. */
  readonly given: ReadonlySet<ImportColumnName>;
}

/** Values of cells that somebody corrected, by line. */
export type Fixes = ReadonlyMap<number, Readonly<Partial<Record<ImportColumnName, string>>>>;

const flatten = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
const modelNames = Object.keys(meterModels);
/** The one model whose name is the same but for blanks, dashes and case. */
const nearModel = (text: string): string | null =>
  modelNames.find((name) => flatten(name) === flatten(text)) ??
  modelNames.find((name) => flatten(text).length >= 4 && flatten(name).includes(flatten(text))) ??
  null;

const directions: Readonly<Record<string, InventoryPoint["direction"]>> = {
  import: "import",
  consum: "import",
  export: "export",
  livrare: "export",
  both: "both",
  ambele: "both",
};
const phaseWords: Readonly<Record<string, 1 | 3>> = {
  1: 1,
  "1f": 1,
  mono: 1,
  monofazat: 1,
  3: 3,
  "3f": 3,
  tri: 3,
  trifazat: 3,
};
const schemes =
  /^(?:(?:dlms|dlms\+hdlc|iec62056-21|p1)\+tcp|dlms\+udp|(?:dlms\+hdlc|iec62056-21|p1)\+serial|(?:dlms\+hdlc|iec62056-21)\+modem(?:\+tcp)?):/;
const secretNames = /[?&](?:password|ek|ak|mk|dk)=/i;

/** Exact decimal of a cell with a comma or a point; null when it is none. */
function decimalOf(text: string): string | null {
  const plain = text.replace(",", ".");
  return /^-?\d{1,9}(\.\d{1,6})?$/.test(plain) ? plain : null;
}

/** What a number that is no decimal probably means: 1.234,5 has its thousands marked, 6,5 kW its unit. */
function nearDecimal(text: string): string | null {
  const bare = text.replaceAll(/[^\d.,-]/g, "");
  const [, whole, part] = /^(-?\d{1,3}(?:\.\d{3})+),(\d+)$/.exec(bare) ?? [];
  return whole === undefined ? decimalOf(bare) : decimalOf(`${whole.replaceAll(".", "")}.${part}`);
}

/** A day that a spreadsheet wrote as the number by which it counts days, from 2000 to 2099. */
function serialDay(text: string): string | null {
  const serial = Number(text);
  if (!/^\d{5}$/.test(text) || serial < 36_526 || serial >= 73_051) return null;
  return Temporal.PlainDate.from("1899-12-30").add({ days: serial }).toString();
}

/** Least and greatest value of a number, and decimals that it may have. */
type NumberRange = readonly [least: number, most: number, decimals: number];
const numberRanges = {
  approvedPower: [0.001, 1_000_000, 3],
  latitude: [-90, 90, 6],
  longitude: [-180, 180, 6],
  maxCurrent: [0.01, 10_000, 2],
  indexDigits: [4, 12, 0],
  ctRatio: [0.000_001, 100_000, 6],
  vtRatio: [0.000_001, 100_000, 6],
} as const satisfies Partial<Record<ImportColumnName, NumberRange>>;
/** Letters of a cell at most. */
const cellMax = 200;

/**
 * An instant: ISO 8601 with offset; or a day (2026-03-01, 01.03.2026), which begins at midnight of the zone, perhaps with a time on its clock. An
 * hour that does not come in spring, or comes twice in autumn, needs its offset.
 */
function instantOf(text: string, zone: string): string | null {
  const local =
    /^(?:(?<y>\d{4})-(?<m>\d{2})-(?<d>\d{2})|(?<d2>\d{1,2})[./](?<m2>\d{1,2})[./](?<y2>\d{4}))(?:[T ](?<h>\d{1,2}):(?<min>\d{2})(?::(?<s>\d{2}))?)?$/.exec(
      text,
    )?.groups;
  try {
    if (local) {
      const [year, month, day] = [local.y ?? local.y2, local.m ?? local.m2, local.d ?? local.d2].map(Number);
      const date = Temporal.PlainDate.from({ year: year!, month: month!, day: day! }, { overflow: "reject" });
      if (local.h === undefined) return new Date(date.toZonedDateTime(zone).epochMilliseconds).toISOString();
      const clock = { hour: Number(local.h), minute: Number(local.min), second: Number(local.s ?? 0) };
      const at = date.toPlainDateTime(Temporal.PlainTime.from(clock, { overflow: "reject" }));
      return new Date(at.toZonedDateTime(zone, { disambiguation: "reject" }).epochMilliseconds).toISOString();
    }
    return new Date(Temporal.Instant.from(text).epochMilliseconds).toISOString();
  } catch {
    return null;
  }
}

/** Reads the lines of a file by its mapping: points that can be stored, and what is wrong with the other lines; other calls go on meanwhile. */
export async function checkRows(
  rows: readonly (readonly string[])[],
  mapping: ImportMapping,
  {
    fixes,
    zone,
    nowMs,
    isAllowed,
  }: { fixes: Fixes; zone: string; nowMs: number; isAllowed: (host: string, port: number) => boolean },
): Promise<{ checked: CheckedRow[]; faults: RowFault[] }> {
  const checked: CheckedRow[] = [];
  const faults: RowFault[] = [];
  const pods = new Map<string, number>();
  const meters = new Map<string, number>();
  const devices = new Map<string, number>();
  // Points of one file were installed on few days.
  const instants = new Map<string, string | null>();
  const turns = new Turns();
  for (const [at, cells] of rows.entries()) {
    if (turns.isLong) await turns.next();
    const row = at + 1;
    const found: RowFault[] = [];
    const wrong = (
      column: ImportColumnName,
      code: RowFault["code"],
      proposal: string | null = null,
      value = text(column),
    ) => void found.push({ row, column, code, value, proposal });
    const fixed = fixes.get(row);
    const text = (column: ImportColumnName): string => {
      const place = mapping[column];
      return (fixed?.[column] ?? (place === undefined ? "" : (cells[place] ?? ""))).trim();
    };
    for (const column of importColumnNames) {
      if (importColumns[column].required && text(column) === "") wrong(column, "missing");
      if (text(column).length > cellMax)
        wrong(column, "too-long", null, `${text(column).slice(0, cellMax)}…`);
    }
    const code = (column: "pod" | "serial" | "identity"): string => {
      const given = text(column);
      if (/\s/.test(given)) wrong(column, "blank-inside", given.replaceAll(/\s/g, ""));
      return given;
    };
    const number = (column: keyof typeof numberRanges): string | undefined => {
      const given = text(column);
      if (given === "") return undefined;
      const decimal = decimalOf(given);
      const [least, most, decimals] = numberRanges[column];
      if (decimal === null) wrong(column, "no-number", nearDecimal(given));
      else if (Number(decimal) < least || Number(decimal) > most) wrong(column, "out-of-range");
      else if ((decimal.split(".")[1]?.replace(/0+$/, "").length ?? 0) > decimals)
        wrong(column, "out-of-range");
      return decimal ?? undefined;
    };
    const word = <Value>(
      column: ImportColumnName,
      words: Readonly<Record<string, Value>>,
      usual: Value,
    ): Value => {
      const given = text(column).toLowerCase();
      if (given === "") return usual;
      const value = words[given];
      if (value === undefined) wrong(column, "unknown-word");
      return value ?? usual;
    };

    const pod = code("pod");
    const serial = code("serial");
    const manufacturer = text("manufacturer");
    const identity = code("identity") || serial;
    const earlier = pods.get(pod);
    if (pod !== "" && earlier !== undefined) wrong("pod", "twice", null, `${pod} (${earlier})`);
    else pods.set(pod, row);
    const meterKey = `${manufacturer}\0${serial}`;
    const earlierMeter = meters.get(meterKey);
    if (serial !== "" && earlierMeter !== undefined)
      wrong("serial", "twice", null, `${serial} (${earlierMeter})`);
    else meters.set(meterKey, row);
    const earlierDevice = devices.get(identity);
    if (identity !== "" && earlierDevice !== undefined && earlierMeter === undefined)
      wrong("identity", "twice", null, `${identity} (${earlierDevice})`);
    else devices.set(identity, row);
    const model = text("model");
    if (model !== "" && !findMeterModel(model)) wrong("model", "unknown-model", nearModel(model));
    const installed = text("installedAt");
    if (!instants.has(installed)) instants.set(installed, instantOf(installed, zone));
    const installedAt = instants.get(installed)!;
    if (installedAt === null && text("installedAt") !== "")
      wrong("installedAt", "no-date", serialDay(text("installedAt")));
    if (installedAt !== null && Date.parse(installedAt) > nowMs) wrong("installedAt", "future");
    const url = text("url");
    if (url !== "") {
      const parsed = URL.parse(url);
      if (!schemes.test(url) || !parsed) wrong("url", "no-url");
      else if (secretNames.test(url)) wrong("url", "secret-inside", null, url.slice(0, url.indexOf("?")));
      else if (parsed.hostname !== "" && !isAllowed(parsed.hostname, Number(parsed.port || 4059)))
        wrong("url", "not-allowed");
    }
    const phases = word("phases", phaseWords, 1 as const);
    const direction = word("direction", directions, "import" as const);
    const power = number("approvedPower");
    const latitude = number("latitude");
    const longitude = number("longitude");
    const maxCurrent = number("maxCurrent");
    const digits = number("indexDigits");
    const ctRatio = number("ctRatio");
    const vtRatio = number("vtRatio");
    const branch = text("branch")
      .split(/\s*[/›>]\s*/)
      .filter((part) => part !== "");
    if (found.length > 0) {
      faults.push(...found);
      continue;
    }
    checked.push({
      row,
      given: new Set(importColumnNames.filter((column) => text(column) !== "")),
      point: {
        pod,
        name: text("name"),
        address: text("address"),
        branch,
        phases,
        ...(direction === undefined ? {} : { direction }),
        ...(power === undefined ? {} : { approvedPowerW: Math.round(Number(power) * 1000) }),
        ...(latitude === undefined || longitude === undefined
          ? {}
          : { latitude: Number(latitude), longitude: Number(longitude) }),
        meter: {
          serial,
          manufacturer,
          model,
          phases,
          ...(maxCurrent === undefined ? {} : { maxCurrentA: Number(maxCurrent) }),
          ...(digits === undefined ? {} : { indexDigits: Number(digits) }),
        },
        installedAt: installedAt as string,
        ...(ctRatio === undefined ? {} : { ctRatio }),
        ...(vtRatio === undefined ? {} : { vtRatio }),
        device: {
          identity,
          model,
          url,
          direction: URL.parse(url)?.hostname === "" && !url.includes("+serial") ? "call-in" : "dial",
        },
      },
    });
  }
  return { checked, faults };
}
