import { type EpochMs, formatObis } from "@energsys/protocols";
import { unitOf } from "@energsys/protocols/cosem";
import { quality } from "../quality.ts";
import type { ChannelKind, DeviceEvent, ProfileReading, RegisterReading } from "../reading.ts";
import { JournalCursor } from "./cursor.ts";
import { findInstant, instantOf } from "./entries.ts";

const intervalsMax = 400;
const columnsMax = 64;
const rowBytesMin = 2;
const columnKinds: readonly ChannelKind[] = ["delta", "index", "demand"];
/** Bits of the status of a date-time: invalid value, doubtful value (IEC 62056-6-2). */
const unreliableStatus = 0x03;
const earliestMs = 631_152_000_000; // 1990
const latestMs = 4_102_444_800_000; // 2100

/** Bits of a run of the journal by our own, in order; bit 0, missing, takes the value away. */
const qualityBits = [
  0,
  quality.powerDown,
  quality.clockAdjusted,
  quality.clockInvalid,
  quality.notValid,
  quality.decreased,
  quality.partial,
  quality.daylightSaving,
] as const;

/** Number of bytes of the elements of a compact array by their tag, and whether they are signed. */
const elements: Readonly<Record<number, { readonly size: number; readonly signed: boolean }>> = {
  17: { size: 1, signed: false },
  18: { size: 2, signed: false },
  6: { size: 4, signed: false },
  15: { size: 1, signed: true },
  16: { size: 2, signed: true },
  5: { size: 4, signed: true },
  20: { size: 8, signed: true },
};

/** Body of kind 1. @throws DecodeError `journal.*` */
export function decodeProfileBody(body: Uint8Array): ProfileReading {
  const cursor = new JournalCursor(body);
  cursor.structure(6);
  const obis = formatObis(cursor.octets(6));
  const periodSeconds = cursor.number();
  if (periodSeconds === 0 || 86_400 % periodSeconds !== 0) throw cursor.fail("period");
  const startMs = instantOf(cursor.octets(12));
  if (startMs < earliestMs || startMs > latestMs || startMs % (periodSeconds * 1000) !== 0)
    throw cursor.fail("start");
  const columnCount = cursor.array(4);
  if (columnCount === 0 || columnCount > columnsMax) throw cursor.fail("columns");
  const columns: ProfileReading["columns"][number][] = [];
  for (let nth = 0; nth < columnCount; nth++) {
    cursor.structure(4);
    const columnObis = formatObis(cursor.octets(6));
    const kind = columnKinds[cursor.number()];
    if (kind === undefined) throw cursor.fail("column-kind");
    const scale = cursor.int8();
    columns.push({ obis: columnObis, kind, scale, unit: unitOf(cursor.number()) });
  }
  if (cursor.array(rowBytesMin) !== columnCount) throw cursor.fail("columns");
  const values = columns.map(() => takeColumn(cursor));
  const count = values[0]?.length ?? 0;
  if (count === 0 || count > intervalsMax || values.some((column) => column.length !== count))
    throw cursor.fail("intervals");
  const flags = takeRuns(cursor, values, count);
  if (cursor.left > 0) throw cursor.fail("trailing");
  const startsMs = new Float64Array(count);
  for (let row = 0; row < count; row++) startsMs[row] = startMs + row * periodSeconds * 1000;
  return { obis, periodSeconds, columns, startsMs, values, flags };
}

function takeColumn(cursor: JournalCursor): Float64Array {
  cursor.tag(19);
  const start = cursor.offset;
  const element = elements[cursor.uint8()];
  if (!element) throw cursor.fail("type", start);
  const bytes = cursor.take(cursor.length());
  const { size, signed } = element;
  const count = bytes.length / size;
  if (!Number.isInteger(count)) throw cursor.fail("length", start);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float64Array(count);
  for (let nth = 0; nth < count; nth++) {
    if (size === 1) values[nth] = signed ? view.getInt8(nth) : (bytes[nth] as number);
    else if (size === 2) values[nth] = signed ? view.getInt16(nth * 2) : view.getUint16(nth * 2);
    else if (size === 4) values[nth] = signed ? view.getInt32(nth * 4) : view.getUint32(nth * 4);
    else {
      const value = Number(view.getBigInt64(nth * 8));
      if (!Number.isSafeInteger(value)) throw cursor.fail("value", start);
      values[nth] = value;
    }
  }
  return values;
}

function takeRuns(cursor: JournalCursor, values: readonly Float64Array[], count: number): Uint16Array {
  const flags = new Uint16Array(count);
  const runs = cursor.array(8);
  for (let nth = 0; nth < runs; nth++) {
    cursor.structure(3);
    const first = cursor.number();
    const length = cursor.number();
    const bits = cursor.number();
    if (first + length > count) throw cursor.fail("run");
    let own = 0;
    qualityBits.forEach((bit, index) => {
      if ((bits & (1 << index)) !== 0) own |= bit;
    });
    for (let row = first; row < first + length; row++) {
      flags[row] = (flags[row] as number) | own;
      if ((bits & 1) !== 0) for (const column of values) column[row] = Number.NaN;
    }
  }
  return flags;
}

/** Body of kind 2. @throws DecodeError `journal.*` */
export function decodeRegistersBody(body: Uint8Array): RegisterReading[] {
  const cursor = new JournalCursor(body);
  cursor.structure(2);
  const stamp = cursor.octets(12);
  const measuredAtMs = instantOf(stamp);
  // A clock that was not reliable says so in its status.
  const flags = ((stamp[11] as number) & unreliableStatus) !== 0 ? quality.clockInvalid : 0;
  const count = cursor.array(10);
  const registers: RegisterReading[] = [];
  for (let nth = 0; nth < count; nth++) {
    cursor.structure(4);
    const obis = formatObis(cursor.octets(6));
    const value = takeInteger(cursor);
    const scale = cursor.int8();
    registers.push({
      obis,
      measuredAtMs,
      value: scaled(value, scale),
      unit: unitOf(cursor.number()),
      flags,
    });
  }
  if (cursor.left > 0) throw cursor.fail("trailing");
  return registers;
}

function takeInteger(cursor: JournalCursor): bigint {
  const start = cursor.offset;
  const tag = cursor.uint8();
  if (tag === 6) return BigInt(cursor.unsigned(4));
  if (tag !== 21) throw cursor.fail("type", start);
  const high = cursor.unsigned(4);
  return (BigInt(high) << 32n) | BigInt(cursor.unsigned(4));
}

/** An integer × 10^scale as an exact decimal. */
function scaled(value: bigint, scale: number): string {
  const digits = value.toString();
  if (scale >= 0) return value === 0n ? "0" : digits + "0".repeat(scale);
  const padded = digits.padStart(1 - scale, "0");
  return `${padded.slice(0, scale)}.${padded.slice(scale)}`;
}

/** Table of events of concentrators, modules and inputs; a meter's own codes stand in its log's name. */
export const concentratorTable = "energsys-mc";

/**
 * Body of kind 3. A code of the concentrator's own list is `energsys-mc:<code>`; one of a meter, whose detail begins with its log, is
 * `log:<log>:<code>`: what it means is known by whoever knows the meter's model.
 * @throws DecodeError `journal.*`
 */
export function decodeEventsBody(body: Uint8Array): DeviceEvent[] {
  const cursor = new JournalCursor(body);
  const count = cursor.array(8);
  const events: DeviceEvent[] = [];
  for (let nth = 0; nth < count; nth++) {
    cursor.structure(4);
    const atMs = instantOf(cursor.octets(12));
    const code = cursor.number();
    const seq = cursor.number();
    const text = cursor.text().slice(0, 500);
    const log = /^\d+-\d+:99\.98\.\d+/.exec(text)?.[0];
    events.push({
      atMs,
      code: log ? `log:${log}:${code}` : `${concentratorTable}:${code}`,
      // The column is an int of 32 bits; a ring's number may be longer.
      seq: seq & 0x7fff_ffff,
      ...(text === "" ? {} : { detail: { text } }),
    });
  }
  if (cursor.left > 0) throw cursor.fail("trailing");
  return events;
}

export const meterStates = ["new", "known", "missing", "moved", "exchanged", "removed"] as const;
export type GatewayMeterState = (typeof meterStates)[number];

/** A meter or module as the concentrator lists it (section 4, 0-128:96.11.0). */
export interface ListedMeter {
  readonly logicalDevice: number;
  readonly name: string;
  readonly model: string;
  readonly line: string;
  readonly address: string;
  /** Logical device of its module; null: on the line by itself. */
  readonly module: number | null;
  readonly input: number | null;
  readonly state: GatewayMeterState;
  readonly lastContactMs: EpochMs | undefined;
}

/** Body of kind 4, and the value of 0-128:96.11.0. @throws DecodeError `journal.*` */
export function decodeMetersBody(body: Uint8Array): ListedMeter[] {
  const cursor = new JournalCursor(body);
  const count = cursor.array(20);
  const meters: ListedMeter[] = [];
  for (let nth = 0; nth < count; nth++) {
    cursor.structure(9);
    const logicalDevice = cursor.number();
    const name = cursor.text();
    const model = cursor.text();
    const line = cursor.text();
    const address = cursor.text();
    const module = cursor.number();
    const input = cursor.number();
    const state = meterStates[cursor.number()];
    if (state === undefined || logicalDevice < 16 || logicalDevice > 4095 || name.length > 64)
      throw cursor.fail("meter");
    meters.push({
      logicalDevice,
      name,
      model: model.slice(0, 64),
      line: line.slice(0, 64),
      address: address.slice(0, 64),
      module: module >= 16 && module <= 4095 ? module : null,
      input: input === 0 ? null : input,
      state,
      lastContactMs: findInstant(cursor.octets()),
    });
  }
  if (cursor.left > 0) throw cursor.fail("trailing");
  return meters;
}

export interface OrderOutcome {
  readonly atMs: EpochMs;
  readonly action: "disconnect" | "reconnect" | "arm";
  readonly outcome: "confirmed" | "failed" | "waiting" | "superseded";
  readonly outputClosed: boolean;
  readonly detail: string;
}

const actions = ["disconnect", "reconnect", "arm"] as const;
const outcomes = ["confirmed", "failed", "waiting", "superseded"] as const;

/** Body of kind 5. @throws DecodeError `journal.*` */
export function decodeOutcomeBody(body: Uint8Array): OrderOutcome {
  const cursor = new JournalCursor(body);
  cursor.structure(5);
  const atMs = instantOf(cursor.octets(12));
  const action = actions[cursor.number() - 1];
  const outcome = outcomes[cursor.number()];
  if (!action || !outcome) throw cursor.fail("outcome");
  const outputClosed = cursor.boolean();
  const detail = cursor.text().slice(0, 500);
  if (cursor.left > 0) throw cursor.fail("trailing");
  return { atMs, action, outcome, outputClosed, detail };
}
