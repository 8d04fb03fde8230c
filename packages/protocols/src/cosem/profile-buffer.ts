import { Cursor } from "../dlms/cursor.ts";
import { dataTags } from "../dlms/data.ts";
import { decodeData, takeData } from "../dlms/data-decode.ts";
import { type DateTimeRules, daysFromCivil, daysOfMonth } from "../dlms/date-time.ts";
import { DecodeError } from "../errors.ts";
import { deviationUnspecified, type ProfileColumns, type ProfileOptions } from "./profile-columns.ts";
import { emptyColumns, profileFromData, putCell } from "./profile-rows.ts";

const array = dataTags.array;
const structure = dataTags.structure;
const octetString = dataTags["octet-string"];
const dateTime = dataTags["date-time"];

/**
 * A profile straight from the bytes of its buffer (the Data of attribute 2), without building a value for each cell.
 * Cells of the common types (stamps, integers up to 32 bits, null-data) are read in place; any other cell goes through the
 * general decoder, so both ways give the same columns.
 * @throws DecodeError `profile.buffer`, `profile.row` (another number of cells than columns), `profile.count`,
 * `profile.trailing`, `profile.truncated`, `profile.length` and those of `decodeData`
 */
export function decodeProfileBuffer(bytes: Uint8Array, options: ProfileOptions): ProfileColumns {
  if (bytes[0] !== array) return profileFromData(decodeData(bytes), options);
  const cursor = new Cursor(bytes, "profile", 1);
  const cells = options.columns.length;
  if (cells === 0 || cells > 0x7f) return profileFromData(decodeData(bytes), options);
  const rows = cursor.count(2 + cells);
  const columns = emptyColumns(rows, options);
  const stamps = new StampReader(bytes, options);
  const period = options.periodSeconds * 1000;

  for (let row = 0; row < rows; row++) {
    const start = cursor.offset;
    if (start + 2 > bytes.length || bytes[start] !== structure || bytes[start + 1] !== cells) {
      // A count in its long form is odd, not wrong.
      if (bytes[start] === structure && (bytes[start + 1] as number) >= 0x80) {
        return profileFromData(decodeData(bytes), options);
      }
      throw rowError(bytes, start);
    }
    let at = start + 2;
    for (let index = 0; index < cells; index++) {
      const column = columns[index] as (typeof columns)[number];
      if (at >= bytes.length) throw new DecodeError("profile.truncated", at);
      const tag = bytes[at] as number;
      if (column.kind === "clock") {
        const from = tag === octetString && bytes[at + 1] === 12 ? at + 2 : tag === dateTime ? at + 1 : 0;
        if (from > 0 && from + 12 <= bytes.length && stamps.read(from)) {
          column.times[row] = stamps.time;
          column.status[row] = bytes[from + 11] as number;
          column.deviations[row] = stamps.deviation;
          at = from + 12;
          continue;
        }
        if (tag === 0 && row > 0) {
          column.times[row] = (column.times[row - 1] as number) + period;
          column.deviations[row] = column.deviations[row - 1] as number;
          at++;
          continue;
        }
      } else {
        const size = widths[tag] as number;
        if (size > 0 && at + size < bytes.length) {
          column.values[row] = readInteger(bytes, at, tag);
          at += size + 1;
          continue;
        }
        if (tag === 0 && row > 0 && column.others.size === 0) {
          column.values[row] = column.values[row - 1] as number;
          at++;
          continue;
        }
      }
      cursor.offset = at;
      putCell(column, row, takeData(cursor, 2), options);
      at = cursor.offset;
    }
    cursor.offset = at;
  }
  cursor.done();
  return { rows, columns };
}

function rowError(bytes: Uint8Array, start: number): DecodeError {
  return new DecodeError(start + 2 > bytes.length ? "profile.truncated" : "profile.row", start);
}

/** Bytes of the integer types that are read in place; 0 = not one of them. */
const widths = new Uint8Array(256);
widths[dataTags.boolean] = 1;
widths[dataTags.int8] = 1;
widths[dataTags.uint8] = 1;
widths[dataTags.enum] = 1;
widths[dataTags.bcd] = 1;
widths[dataTags.int16] = 2;
widths[dataTags.uint16] = 2;
widths[dataTags.int32] = 4;
widths[dataTags.uint32] = 4;

function readInteger(bytes: Uint8Array, at: number, tag: number): number {
  const b1 = bytes[at + 1] as number;
  switch (tag) {
    case dataTags.uint32:
    case dataTags.int32: {
      const value =
        (b1 << 24) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 8) |
        (bytes[at + 4] as number);
      return tag === dataTags.uint32 ? value >>> 0 : value;
    }
    case dataTags.uint16:
      return (b1 << 8) | (bytes[at + 2] as number);
    case dataTags.int16:
      return (((b1 << 8) | (bytes[at + 2] as number)) << 16) >> 16;
    case dataTags.int8:
      return (b1 << 24) >> 24;
    case dataTags.boolean:
      return b1 === 0 ? 0 : 1;
    default:
      return b1;
  }
}

/** Stamps of 12 bytes, with the day of the row above kept: rows of one day are the rule. */
class StampReader {
  readonly #bytes: Uint8Array;
  readonly #rules: DateTimeRules;
  readonly #sign: number;
  #day = -1;
  #dayStart = 0;
  time = 0;
  deviation = 0;

  constructor(bytes: Uint8Array, rules: DateTimeRules) {
    this.#bytes = bytes;
    this.#rules = rules;
    this.#sign = rules.deviationSign === "turned" ? -1 : 1;
  }

  /** False for wildcards, impossible dates and what only the general way can judge. */
  read(at: number): boolean {
    const bytes = this.#bytes;
    const day =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
    if (day !== this.#day && !this.#newDay(at, day)) return false;
    const weekday = bytes[at + 4] as number;
    const hour = bytes[at + 5] as number;
    const minute = bytes[at + 6] as number;
    const second = bytes[at + 7] as number;
    const hundredths = bytes[at + 8] as number;
    if (hour > 23 || minute > 59) return false;
    if (second > 59 || hundredths > 99) {
      if ((second > 59 && second !== 0xff) || (hundredths > 99 && hundredths !== 0xff)) return false;
    }
    if (weekday > 7 && weekday !== 0xff) return false;
    const local =
      this.#dayStart +
      hour * 3_600_000 +
      minute * 60_000 +
      (second === 0xff ? 0 : second * 1000) +
      (hundredths === 0xff ? 0 : hundredths * 10);
    const deviation = (((bytes[at + 9] as number) << 24) | ((bytes[at + 10] as number) << 16)) >> 16;
    this.deviation = deviation;
    if (deviation !== deviationUnspecified) {
      this.time = local + this.#sign * deviation * 60_000;
      return true;
    }
    const { zone } = this.#rules;
    if (!zone) return false;
    const status = bytes[at + 11] as number;
    this.time = local - zone(local, status === 0xff ? undefined : (status & 0x80) !== 0) * 60_000;
    return true;
  }

  #newDay(at: number, key: number): boolean {
    const bytes = this.#bytes;
    const year = ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
    const month = bytes[at + 2] as number;
    const day = bytes[at + 3] as number;
    if (year === 0xffff || month < 1 || month > 12 || day < 1 || day > daysOfMonth(year, month)) return false;
    this.#day = key;
    this.#dayStart = daysFromCivil(year, month, day) * 86_400_000;
    return true;
  }
}
