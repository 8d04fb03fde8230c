import { notGood, quality } from "./quality.ts";

/**
 * A day of one channel as it is stored: `v` holds the values, `q` what is not plain about them (docs/storage.md).
 *
 * `v`: one codec byte, then the values of the slots that have one.
 *   1  zigzag varints: the first value, then the difference to the one before
 *   2  64-bit integers, least significant byte first: for days with a step of 2^52 or more
 * `q`: runs of three varints (slots skipped since the last run's end, length, quality); absent on a day that is whole and good.
 *   Bit 15 of a quality says that the slots of the run have no value.
 */
export interface PackedDay {
  readonly v: Uint8Array;
  readonly q: Uint8Array | null;
}

/** Values of a day by slot, NaN where there is none, and their quality. */
export interface DaySlots {
  readonly values: Float64Array;
  readonly flags: Uint16Array;
}

/** Every slot has a value, and one that counts as good. */
export function isGood({ values, flags }: DaySlots): boolean {
  for (let slot = 0; slot < values.length; slot++)
    if (Number.isNaN(values[slot]) || (flags[slot]! & notGood) !== 0) return false;
  return true;
}

/** In a run's quality and in the digest's flags: there is no value. Never in `DaySlots.flags`, where NaN says it. */
export const missingBit = 0x8000;

export const codecDeltas = 1;
export const codecPlain = 2;

/** Slots of a day of 25 hours at one second, and some. */
const slotsMax = 100_000;

let scratch = new Uint8Array(4096);
let runs = new Uint8Array(4096);

/** Varint of an integer from 0 to 2^53. */
function putVarint(target: Uint8Array, at: number, value: number): number {
  while (value >= 0x8000_0000) {
    target[at++] = (value % 128) | 0x80;
    value = Math.floor(value / 128);
  }
  while (value >= 0x80) {
    target[at++] = (value & 0x7f) | 0x80;
    value >>>= 7;
  }
  target[at++] = value;
  return at;
}

/**
 * Packs a day. Values are integers from −2^53 to 2^53, NaN for none.
 * The same values and flags always give the same bytes, so that equal days are equal rows.
 */
export function packDay(values: Float64Array, flags: Uint16Array): PackedDay {
  const slots = values.length;
  if (scratch.length < 1 + slots * 8) scratch = new Uint8Array(1 + slots * 8);
  const target = scratch;
  target[0] = codecDeltas;
  let at = 1;
  let previous = 0;
  let plain = true;
  for (let slot = 0; slot < slots; slot++) {
    const value = values[slot]!;
    if (flags[slot] !== 0) plain = false;
    const step = value - previous;
    if (step >= -0x4000_0000 && step < 0x4000_0000 && (step | 0) === step) {
      let zigzag = (step << 1) ^ (step >> 31);
      // The usual steps of a quarter-hour are one or two bytes long.
      while (zigzag >= 0x80) {
        target[at++] = (zigzag & 0x7f) | 0x80;
        zigzag >>>= 7;
      }
      target[at++] = zigzag;
      previous = value;
    } else if (Number.isNaN(value)) {
      plain = false;
    } else {
      if (!Number.isSafeInteger(value))
        throw new RangeError(`slot ${slot}: ${value} is not an integer of a channel`);
      if (Math.abs(step) >= 2 ** 52) return packPlain(values, flags);
      at = putVarint(target, at, step < 0 ? -step * 2 - 1 : step * 2);
      previous = value;
    }
  }
  return { v: target.slice(0, at), q: plain ? null : packRuns(values, flags) };
}

function packPlain(values: Float64Array, flags: Uint16Array): PackedDay {
  const bytes = new Uint8Array(1 + values.length * 8);
  const view = new DataView(bytes.buffer);
  bytes[0] = codecPlain;
  let at = 1;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    view.setBigInt64(at, BigInt(value), true);
    at += 8;
  }
  return { v: bytes.subarray(0, at), q: packRuns(values, flags) };
}

function packRuns(values: Float64Array, flags: Uint16Array): Uint8Array | null {
  const slots = values.length;
  // At worst each slot is a run: two short varints and one of up to three bytes.
  if (runs.length < slots * 9) runs = new Uint8Array(slots * 9);
  let at = 0;
  let end = 0;
  for (let slot = 0; slot < slots; ) {
    const code = codeAt(values, flags, slot);
    if (code === 0) {
      slot++;
      continue;
    }
    const from = slot;
    do slot++;
    while (slot < slots && codeAt(values, flags, slot) === code);
    at = putVarint(runs, at, from - end);
    at = putVarint(runs, at, slot - from);
    at = putVarint(runs, at, code);
    end = slot;
  }
  return at === 0 ? null : runs.slice(0, at);
}

const codeAt = (values: Float64Array, flags: Uint16Array, slot: number): number =>
  flags[slot]! | (Number.isNaN(values[slot]) ? missingBit : 0);

/** Bytes that are not a packed day: a fault of the disk or of ours, never of a meter. */
export class PackedDayError extends Error {
  override readonly name = "PackedDayError";
  readonly code = "load-day.garbled";
}

/** Reads varints; the position stays with the object, since a function cannot give back two numbers cheaply. */
class Varints {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  next(): number {
    let value = 0;
    let weight = 1;
    for (;;) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined || weight > 2 ** 49) throw new PackedDayError("a number runs past its end");
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
      weight *= 128;
    }
  }
}

/** The slots of a packed day. @throws PackedDayError `load-day.garbled` */
export function unpackDay(v: Uint8Array, q: Uint8Array | null, slots: number): DaySlots {
  if (!(slots >= 0 && slots <= slotsMax)) throw new PackedDayError(`a day of ${slots} slots`);
  const day = { values: new Float64Array(slots), flags: new Uint16Array(slots) };
  unpackDayInto(v, q, day.values, day.flags);
  return day;
}

/** As `unpackDay`, into arrays that the caller has; their length is the number of slots. */
export function unpackDayInto(
  v: Uint8Array,
  q: Uint8Array | null,
  values: Float64Array,
  flags: Uint16Array,
): void {
  const slots = values.length;
  flags.fill(0);
  let missing = 0;
  if (q) {
    values.fill(0);
    missing = unpackRuns(q, values, flags);
  }
  const codec = v[0];
  if (codec === codecDeltas) unpackDeltas(v, values, missing > 0);
  else if (codec === codecPlain) unpackPlain(v, values, slots - missing);
  else throw new PackedDayError(`codec ${codec} is not known here`);
}

function unpackRuns(q: Uint8Array, values: Float64Array, flags: Uint16Array): number {
  const numbers = new Varints(q, 0);
  let slot = 0;
  let missing = 0;
  while (numbers.at < q.length) {
    slot += numbers.next();
    const end = slot + numbers.next();
    const code = numbers.next();
    if (end > values.length || code > 0xffff) throw new PackedDayError("a run reaches past the day");
    flags.fill(code & ~missingBit, slot, end);
    if (code & missingBit) {
      values.fill(Number.NaN, slot, end);
      missing += end - slot;
    }
    slot = end;
  }
  return missing;
}

/** Slots without a value, and estimated ones, as the runs of a packed day tell. @throws PackedDayError `load-day.garbled` */
export function countRuns(q: Uint8Array): { readonly missing: number; readonly estimated: number } {
  const numbers = new Varints(q, 0);
  let missing = 0;
  let estimated = 0;
  while (numbers.at < q.length) {
    numbers.next();
    const length = numbers.next();
    const code = numbers.next();
    if ((code & missingBit) !== 0) missing += length;
    else if ((code & quality.estimated) !== 0) estimated += length;
  }
  return { missing, estimated };
}

function unpackDeltas(v: Uint8Array, values: Float64Array, gaps: boolean): void {
  let at = 1;
  let value = 0;
  for (let slot = 0; slot < values.length; slot++) {
    if (gaps && Number.isNaN(values[slot])) continue;
    const byte = v[at]!;
    if (byte < 0x80) {
      value += (byte >>> 1) ^ -(byte & 1);
      at++;
    } else if (v[at + 1]! < 0x80) {
      const zigzag = (byte & 0x7f) | (v[at + 1]! << 7);
      value += (zigzag >>> 1) ^ -(zigzag & 1);
      at += 2;
    } else {
      const numbers = new Varints(v, at);
      const zigzag = numbers.next();
      value += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
      at = numbers.at;
    }
    values[slot] = value;
  }
  if (at !== v.length) throw new PackedDayError("values and slots differ in number");
}

/**
 * Adds a whole and good day (no `q`) to sums, straight from where its bytes lie: `v` is `bytes` from `from` to `to`. Returns
 * false, and has added nothing, for a codec that has to be unpacked first.
 * @throws PackedDayError `load-day.garbled`
 */
export function addWholeDay(
  bytes: Uint8Array,
  from: number,
  to: number,
  sums: Float64Array,
  weight: number,
): boolean {
  if (bytes[from] !== codecDeltas) return false;
  let at = from + 1;
  let value = 0;
  for (let slot = 0; slot < sums.length; slot++) {
    const byte = bytes[at]!;
    if (byte < 0x80) {
      value += (byte >>> 1) ^ -(byte & 1);
      at++;
    } else if (bytes[at + 1]! < 0x80) {
      const zigzag = (byte & 0x7f) | (bytes[at + 1]! << 7);
      value += (zigzag >>> 1) ^ -(zigzag & 1);
      at += 2;
    } else {
      const numbers = new Varints(bytes, at);
      const zigzag = numbers.next();
      value += zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
      at = numbers.at;
    }
    sums[slot] = sums[slot]! + value * weight;
  }
  if (at !== to) throw new PackedDayError("values and slots differ in number");
  return true;
}

function unpackPlain(v: Uint8Array, values: Float64Array, present: number): void {
  if (v.length !== 1 + present * 8) throw new PackedDayError("values and slots differ in number");
  const view = new DataView(v.buffer, v.byteOffset, v.byteLength);
  let at = 1;
  for (let slot = 0; slot < values.length; slot++) {
    if (Number.isNaN(values[slot])) continue;
    values[slot] = Number(view.getBigInt64(at, true));
    at += 8;
  }
}
