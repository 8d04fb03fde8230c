import { DecodeError } from "../errors.ts";
import type { DataSet, DataValue, IecFault } from "./telegram.ts";

const open = 0x28;
const close = 0x29;
const star = 0x2a;
const mark = 0x21;

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isLetter = (code: number): boolean =>
  (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x25;

/** Index of the blank in `024562 kWh`, where a meter writes a blank instead of `*`; -1 elsewhere. */
function unitBlank(text: string): number {
  const blank = text.indexOf(" ");
  if (blank <= 0 || !isLetter(text.charCodeAt(blank + 1))) return -1;
  if (text.length - blank > 17 || text.includes(" ", blank + 1)) return -1;
  for (let at = 0; at < blank; at++) {
    const code = text.charCodeAt(at);
    if (!isDigit(code) && code !== 0x2e && code !== 0x2d && code !== 0x2b) return -1;
  }
  return blank;
}

function splitUnit(text: string, star: number): DataValue {
  if (star >= 0) return { value: text.slice(0, star), unit: text.slice(star + 1) };
  const blank = unitBlank(text);
  if (blank < 0) return { value: text };
  return { value: text.slice(0, blank), unit: text.slice(blank + 1), separator: " " };
}

export interface LexedDataSets {
  readonly dataSets: DataSet[];
  readonly faults: IecFault[];
}

/**
 * Splits 7-bit bytes of a data block into data sets, by structure and not by the lengths of the standard, which meters
 * exceed (IEC 62056-21, 6.5). A line end closes a data set, and also a bracket that was left open; what is neither
 * address nor bracket is reported as a fault. `text` is the same range `[start, end)` as characters.
 */
export function lexDataSets(
  bytes: Uint8Array,
  start: number,
  end: number,
  text: string,
  origin: number,
): LexedDataSets {
  const dataSets: DataSet[] = [];
  const faults: IecFault[] = [];
  let values: DataValue[] | undefined;
  let addressStart = start;
  let at = start;
  while (at < end) {
    const code = bytes[at]!;
    if (code === open) {
      if (values === undefined || addressStart < at) {
        values = [];
        dataSets.push({ address: text.slice(addressStart - start, at - start), values });
      }
      let separator = -1;
      const valueStart = ++at;
      let inside = -1;
      while (at < end) {
        inside = bytes[at]!;
        if (inside === close || inside < 0x20) break;
        if (inside === star && separator < 0) separator = at - valueStart;
        at++;
      }
      values.push(splitUnit(text.slice(valueStart - start, at - start), separator));
      if (at < end && inside === close) at++;
      else faults.push({ code: "iec.bracket", offset: origin + at });
      addressStart = at;
    } else if (code <= 0x20 || code === mark || code === 0x7f) {
      // A blank or a control character ends nothing but a line; text before it that met no bracket is stray.
      if (code !== 0x20 || addressStart === at) {
        if (addressStart < at) faults.push({ code: "iec.stray", offset: origin + addressStart });
        if (code !== 0x20) values = undefined;
        addressStart = at + 1;
      }
      at++;
    } else {
      at++;
    }
  }
  if (addressStart < end) faults.push({ code: "iec.stray", offset: origin + addressStart });
  return { dataSets, faults };
}

const ascii = new TextDecoder();

/** The data sets of a data block on its own, as an answer or a file has them. @throws DecodeError `iec.bracket` */
export function decodeDataSets(block: string | Uint8Array): DataSet[] {
  const bytes =
    typeof block === "string"
      ? Uint8Array.from(block, (character) => character.charCodeAt(0) & 0x7f)
      : block.map((byte) => byte & 0x7f);
  const text = ascii.decode(bytes);
  const { dataSets, faults } = lexDataSets(bytes, 0, bytes.length, text, 0);
  const broken = faults.find((fault) => fault.code === "iec.bracket");
  if (broken) throw new DecodeError(broken.code, broken.offset, "a bracket is not closed on its line");
  return dataSets;
}
