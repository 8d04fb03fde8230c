import { crc16Arc } from "./checks.ts";
import { encodeBlock, encodeText } from "./frames.ts";
import { formatIdentification, type Identification } from "./identification.ts";
import { bracketText } from "./profile.ts";
import type { DataSet } from "./telegram.ts";

/** What an identification needs to be written; its line is made from it. */
export type IdentificationParts = Omit<Identification, "line" | "enhanced"> & {
  readonly enhanced?: readonly string[];
};

/** A data set as it stands on the line: `1.8.0(0033402.264*kWh)`. */
export function formatDataSet(dataSet: DataSet): string {
  let line = dataSet.address;
  for (const value of dataSet.values) line += `(${bracketText(value)})`;
  return line;
}

const formatLines = (dataSets: readonly DataSet[]): string =>
  dataSets.map((dataSet) => `${formatDataSet(dataSet)}\r\n`).join("");

/** The line with which a meter answers a sign-on. */
export function encodeIdentification(identification: IdentificationParts): Uint8Array {
  return encodeText(`${formatIdentification(identification)}\r\n`);
}

/** A data message of a readout, `STX` data sets, one on a line, `! CR LF ETX BCC` (6.3.13). */
export function encodeDataMessage(dataSets: readonly DataSet[]): Uint8Array {
  return encodeBlock(`${formatLines(dataSets)}!\r\n`);
}

/** Identification and data message, as modes A and B send them in one go and as files keep them. */
export function encodeReadout(identification: IdentificationParts, dataSets: readonly DataSet[]): Uint8Array {
  return join(encodeIdentification(identification), encodeDataMessage(dataSets));
}

/** The answer to a read command: one data set without a line end, several with (6.4.3). */
export function encodeAnswer(dataSets: readonly DataSet[], options: { last?: boolean } = {}): Uint8Array {
  const [only] = dataSets;
  const body =
    dataSets.length === 1 && only && options.last !== false ? formatDataSet(only) : formatLines(dataSets);
  return encodeBlock(body, options);
}

/** A stretch of a load profile under one header. All rows have as many values as there are columns. */
export interface ProfileAnswerBlock {
  /** `zYYMMDDhhmmss` of the end of the first row; the zone digit first (0 standard, 1 daylight saving, 2 UTC). */
  readonly stamp: string;
  /** Hexadecimal, 2 or 8 digits. */
  readonly status: string;
  readonly periodMinutes: number;
  readonly columns: readonly { readonly address: string; readonly unit: string }[];
  /** `undefined` leaves the bracket empty. */
  readonly rows: readonly (readonly (string | undefined)[])[];
}

function formatProfileBlock(address: string, block: ProfileAnswerBlock): string {
  const period = String(block.periodMinutes).padStart(2, "0");
  const columns = block.columns.map((column) => `(${column.address})(${column.unit})`).join("");
  const rows = block.rows.map((row) => `${row.map((value) => `(${value ?? ""})`).join("")}\r\n`).join("");
  return `${address}(${block.stamp})(${block.status})(${period})(${block.columns.length})${columns}\r\n${rows}`;
}

/** The answer to `R5 P.01(from;to)`; without blocks `P.01(ERROR)`, no values in that range (national use, VDEW). */
export function encodeProfileAnswer(address: string, blocks: readonly ProfileAnswerBlock[]): Uint8Array {
  if (blocks.length === 0) return encodeBlock(`${address}(ERROR)`);
  return encodeBlock(blocks.map((block) => formatProfileBlock(address, block)).join(""));
}

/** One entry of a log: `values` under the identifiers of `columns`. */
export interface LogAnswerEntry {
  readonly stamp: string;
  readonly status: string;
  readonly columns: readonly { readonly address: string; readonly unit: string }[];
  readonly values: readonly string[];
}

/** The answer to `R5 P.98(from;to)`: one line for each event. */
export function encodeLogAnswer(address: string, entries: readonly LogAnswerEntry[]): Uint8Array {
  if (entries.length === 0) return encodeBlock(`${address}(ERROR)`);
  const lines = entries.map((entry) => {
    const columns = entry.columns.map((column) => `(${column.address})(${column.unit})`).join("");
    const values = entry.values.map((value) => `(${value})`).join("");
    return `${address}(${entry.stamp})(${entry.status})()(${entry.columns.length})${columns}${values}\r\n`;
  });
  return encodeBlock(lines.join(""));
}

/** A P1 telegram with its CRC (DSMR 4 and later). */
export function encodeP1(identification: IdentificationParts, dataSets: readonly DataSet[]): Uint8Array {
  const body = encodeText(`${formatIdentification(identification)}\r\n\r\n${formatLines(dataSets)}!`);
  const crc = crc16Arc(body).toString(16).toUpperCase().padStart(4, "0");
  return join(body, encodeText(`${crc}\r\n`));
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
