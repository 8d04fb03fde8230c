import { DecodeError } from "../errors.ts";
import type { EpochMs } from "../io.ts";
import { findObis, type ObisCode } from "../obis.ts";
import { decodeDataSets } from "./data-sets.ts";
import { findStamp, instantOf, type LocalStamp, type ZoneOffset } from "./stamp.ts";
import type { DataSet, DataValue } from "./telegram.ts";

/** A channel as the header of a profile or log names it. */
export interface IecColumn {
  readonly address: string;
  readonly obis?: ObisCode;
  readonly unit: string;
}

/** What follows one header: rows of equal structure, one per period, without a gap. */
export interface IecProfileBlock {
  /** End of the first period, as sent; `stamp` is its reading. */
  readonly stampText: string;
  readonly stamp: LocalStamp;
  /** Hexadecimal as sent, 2 or 8 digits; `statusBits` is its number (`profileStatusBits`). It holds for all rows. */
  readonly status: string;
  readonly statusBits: number;
  readonly periodSeconds: number;
  readonly columns: readonly IecColumn[];
  /** End of each row's period, UTC. */
  readonly rowEndsMs: readonly EpochMs[];
  /** Decimals as sent, in order of the columns; `undefined` where the meter has no value. */
  readonly rows: readonly (readonly (string | undefined)[])[];
}

export interface IecProfile {
  readonly address: string;
  /** The meter's error text: `ERROR` means that it has no values in the range. */
  readonly error?: string;
  readonly blocks: readonly IecProfileBlock[];
}

export interface ProfileOptions {
  /** Offset of the meter's clock; `zoneOffset("Europe/Bucharest")` for a market zone. */
  readonly offset: ZoneOffset;
}

/** Bits of a profile's status, the low byte, by VDEW practice. `10` and `04` differ between makers. */
export const profileStatusBits = [
  { bit: 0x80, name: "power-down" },
  { bit: 0x40, name: "power-up" },
  { bit: 0x20, name: "clock-set" },
  { bit: 0x10, name: "reset" },
  { bit: 0x08, name: "season-change" },
  { bit: 0x04, name: "disturbed" },
  { bit: 0x02, name: "reserve-exhausted" },
  { bit: 0x01, name: "device-error" },
] as const;

/** A bracket's text as it was before it was split at a unit. */
export function bracketText({ value, unit, separator }: DataValue): string {
  return unit === undefined ? value : `${value}${separator ?? "*"}${unit}`;
}

export function textAt(values: readonly DataValue[], index: number): string {
  const value = values[index];
  return value ? bracketText(value) : "";
}

/** A decimal number of few digits; `undefined` for any other text. */
export function findCount(text: string): number | undefined {
  if (text.length === 0 || text.length > 5) return undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return undefined;
  }
  return Number(text);
}

/** Status bits of a hexadecimal text; `undefined` for any other text. An empty one says nothing: 0. */
export function findStatus(text: string): number | undefined {
  if (text.length > 8) return undefined;
  for (const character of text) if (!"0123456789ABCDEFabcdef".includes(character)) return undefined;
  return text === "" ? 0 : Number.parseInt(text, 16);
}

/** `n` pairs of identifier and unit from `index` on; `undefined` when there are fewer. */
export function columnsAt(
  values: readonly DataValue[],
  index: number,
  count: number,
): IecColumn[] | undefined {
  if (values.length < index + 2 * count) return undefined;
  return Array.from({ length: count }, (_, column) => {
    const address = textAt(values, index + 2 * column);
    const obis = findObis(address);
    return { address, ...(obis && { obis }), unit: textAt(values, index + 2 * column + 1) };
  });
}

/** Where a meter has no value it leaves the bracket empty or writes dashes. */
function rowValue(value: DataValue | undefined): string | undefined {
  if (!value) return undefined;
  const text = value.value.trim();
  for (const character of text) if (character !== "-") return text;
  return undefined;
}

const isErrorText = (values: readonly DataValue[]): boolean =>
  values.length === 1 && values[0]!.value.startsWith("ER");

/** Text of an answer that is an error, such as `P.01(ERROR)`. */
export function errorTextOf(dataSets: readonly DataSet[]): string | undefined {
  const [only] = dataSets;
  return only && dataSets.length === 1 && isErrorText(only.values) ? only.values[0]!.value : undefined;
}

type OpenBlock = Omit<IecProfileBlock, "rows" | "rowEndsMs"> & {
  readonly startMs: EpochMs;
  readonly rows: (string | undefined)[][];
  readonly rowEndsMs: EpochMs[];
};

function headerOf({ values }: DataSet, index: number, options: ProfileOptions): OpenBlock {
  const refuse = (what: string) =>
    new DecodeError("iec.profile-header", index, `${what} in data set ${index}`);
  const stampText = textAt(values, 0);
  const stamp = findStamp(stampText);
  if (!stamp) throw refuse("no stamp");
  const status = textAt(values, 1);
  const statusBits = findStatus(status);
  if (statusBits === undefined) throw refuse("no status");
  const periodMinutes = findCount(textAt(values, 2));
  if (!periodMinutes) throw refuse("no period");
  const count = findCount(textAt(values, 3));
  const columns = count ? columnsAt(values, 4, count) : undefined;
  if (!columns || values.length !== 4 + 2 * columns.length) throw refuse("wrong number of channels");
  const startMs = instantOf(stamp, options.offset);
  const periodSeconds = periodMinutes * 60;
  return { stampText, stamp, status, statusBits, periodSeconds, columns, startMs, rows: [], rowEndsMs: [] };
}

function rowOf({ values }: DataSet, columns: number, index: number): (string | undefined)[] {
  const lone = values.length === 1 && rowValue(values[0]) === undefined;
  if (values.length !== columns && !lone) {
    throw new DecodeError("iec.profile-row", index, `${values.length} values for ${columns} channels`);
  }
  return Array.from({ length: columns }, (_, column) => rowValue(values[column]));
}

/**
 * Decodes the answer to `R5 P.01(…)` or `P.02` (VDEW practice): a header wherever status, time or structure changes,
 * then a row per period. The header's stamp is the end of the first row's period; further rows follow by elapsed time,
 * so a change of the clock in between does no harm. A row that is missing as a whole (`()`) keeps its place.
 * @throws DecodeError `iec.profile-header`, `iec.profile-row`, `iec.bracket`; the offset counts data sets
 */
export function decodeProfile(source: readonly DataSet[] | string, options: ProfileOptions): IecProfile {
  const dataSets = typeof source === "string" ? decodeDataSets(source) : source;
  const address = dataSets[0]?.address ?? "";
  const error = errorTextOf(dataSets);
  if (error !== undefined) return { address, error, blocks: [] };
  const blocks: OpenBlock[] = [];
  dataSets.forEach((dataSet, index) => {
    if (dataSet.address !== "") {
      if (dataSet.address !== address) throw new DecodeError("iec.profile-header", index, "another address");
      blocks.push(headerOf(dataSet, index, options));
      return;
    }
    const block = blocks.at(-1);
    if (!block) throw new DecodeError("iec.profile-header", index, "a row before any header");
    block.rowEndsMs.push(block.startMs + block.rows.length * block.periodSeconds * 1000);
    block.rows.push(rowOf(dataSet, block.columns.length, index));
  });
  if (blocks.length === 0) throw new DecodeError("iec.profile-header", 0, "no header");
  return { address, blocks: blocks.map(({ startMs: _, ...block }) => block) };
}
