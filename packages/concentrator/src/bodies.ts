import type { EpochMs, ObisCode } from "@energsys/protocols";
import { encodeObis } from "@energsys/protocols";
import { units } from "@energsys/protocols/cosem";
import { type DataValue, data, encodeData } from "@energsys/protocols/dlms";
import { type Device, deviceStates } from "./edge.ts";
import type { LocalTime } from "./zone.ts";

/** Bits of the quality of an interval in the journal (section 3, body 1). */
export const intervalQuality = {
  missing: 0x01,
  powerFailed: 0x02,
  clockSet: 0x04,
  clockNotReliable: 0x08,
  doubtful: 0x10,
  rolledOver: 0x20,
  partial: 0x40,
  seasonChange: 0x80,
} as const;

/** By the enum of a column. */
export const columnKinds = { delta: 0, index: 1, demand: 2 } as const;

export interface BodyColumn {
  readonly obis: ObisCode;
  readonly kind: keyof typeof columnKinds;
  /** Power of ten. */
  readonly scaler: number;
  readonly unit: string;
  /** Integers, one per interval; 0 where the quality says missing. */
  readonly values: ArrayLike<number>;
}

export interface ProfileBody {
  readonly obis: ObisCode;
  readonly periodSeconds: number;
  readonly startMs: EpochMs;
  readonly columns: readonly BodyColumn[];
  /** `intervalQuality`, one per interval. */
  readonly quality: ArrayLike<number>;
}

/** An entry of the journal holds no more (section 3). */
export const intervalsPerEntry = 400;

const unitCodes = new Map(Object.entries(units).map(([code, unit]) => [unit, Number(code)]));
/** Powers of ten before the units that meters and models write them with. */
const prefixes: Readonly<Record<string, number>> = { k: 3, M: 6, G: 9, m: -3 };

/** The code of a unit and the power of ten in front of it: kWh is 30 and 3. An unknown unit is 254, other. */
export function unitCodeOf(unit: string): { readonly code: number; readonly scaler: number } {
  const known = unitCodes.get(unit);
  if (known !== undefined) return { code: known, scaler: 0 };
  const behind = unitCodes.get(unit.slice(1));
  const prefix = prefixes[unit[0] ?? ""];
  return behind !== undefined && prefix !== undefined && unit.length > 1
    ? { code: behind, scaler: prefix }
    : { code: 254, scaler: 0 };
}

const octets = (text: string) => data.octets(new TextEncoder().encode(text));

/** The values of one column without tags, in the shortest type that holds all of them. @throws RangeError beyond 64 bits */
export function shortestCompactArray(values: ArrayLike<number>): DataValue {
  let least = 0;
  let most = 0;
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no exact integer`);
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const type =
    least >= 0 && most <= 0xffff_ffff
      ? most <= 0xff
        ? "uint8"
        : most <= 0xffff
          ? "uint16"
          : "uint32"
      : least >= -0x80 && most <= 0x7f
        ? "int8"
        : least >= -0x8000 && most <= 0x7fff
          ? "int16"
          : least >= -0x8000_0000 && most <= 0x7fff_ffff
            ? "int32"
            : "int64";
  const items: DataValue[] = Array.from(values, (value) =>
    type === "int64" ? { type, value: BigInt(value) } : { type, value },
  );
  return { type: "compact-array", description: { type }, items };
}

/** Body of kind 1. @throws RangeError for more than 400 intervals, or columns of unequal length */
export function encodeProfileBody(body: ProfileBody, time: LocalTime): Uint8Array<ArrayBuffer> {
  const count = body.quality.length;
  if (count > intervalsPerEntry || body.columns.some(({ values }) => values.length !== count)) {
    throw new RangeError(`${count} intervals in an entry`);
  }
  return encodeData(
    data.structure(
      data.octets(encodeObis(body.obis)),
      data.uint16(body.periodSeconds),
      data.octets(time.dateTime(body.startMs)),
      data.array(
        ...body.columns.map(({ obis, kind, scaler, unit }) => {
          const { code, scaler: prefix } = unitCodeOf(unit);
          return data.structure(
            data.octets(encodeObis(obis)),
            data.enum(columnKinds[kind]),
            data.int8(scaler + prefix),
            data.enum(code),
          );
        }),
      ),
      data.array(...body.columns.map(({ values }) => shortestCompactArray(values))),
      data.array(
        ...qualityRuns(body.quality).map(([first, length, bits]) =>
          data.structure(data.uint16(first), data.uint16(length), data.uint32(bits)),
        ),
      ),
    ),
  );
}

/** Runs of equal quality that is not 0: first interval, how many, bits. */
export function qualityRuns(quality: ArrayLike<number>): (readonly [number, number, number])[] {
  const runs: (readonly [number, number, number])[] = [];
  for (let at = 0; at < quality.length; ) {
    const bits = quality[at] as number;
    let end = at + 1;
    while (end < quality.length && quality[end] === bits) end++;
    if (bits !== 0) runs.push([at, end - at, bits]);
    at = end;
  }
  return runs;
}

export interface BodyRegister {
  readonly obis: ObisCode;
  /** Exact decimal in `unit`; a negative one cannot stand in the journal and is left out by `encodeRegistersBody`. */
  readonly value: string;
  readonly unit: string;
}

/** Body of kind 2. What is no number, is negative or has more than 18 digits is left out. `doubtful`: the clock was not reliable. */
export function encodeRegistersBody(
  readMs: EpochMs,
  registers: readonly BodyRegister[],
  time: LocalTime,
  doubtful = false,
): Uint8Array<ArrayBuffer> {
  const rows = registers.flatMap(({ obis, value, unit }) => {
    const match = /^(\d{1,18})(?:\.(\d{1,12}))?$/.exec(value);
    if (!match) return [];
    const [, whole = "", part = ""] = match;
    const integer = BigInt(whole + part);
    const { code, scaler } = unitCodeOf(unit);
    if (integer >= 1n << 64n) return [];
    const number = integer <= 0xffff_ffffn ? data.uint32(Number(integer)) : data.uint64(integer);
    return [
      data.structure(data.octets(encodeObis(obis)), number, data.int8(scaler - part.length), data.enum(code)),
    ];
  });
  return encodeData(data.structure(data.octets(time.dateTime(readMs, doubtful)), data.array(...rows)));
}

export interface BodyEvent {
  readonly atMs: EpochMs;
  readonly code: number;
  /** Number in the device's own ring, or 0. */
  readonly sequence: number;
  readonly detail: string;
}

/** Body of kind 3. `doubtful`: the clock was not reliable when it happened. */
export function encodeEventsBody(
  events: readonly BodyEvent[],
  time: LocalTime,
  doubtful = false,
): Uint8Array<ArrayBuffer> {
  return encodeData(
    data.array(
      ...events.map(({ atMs, code, sequence, detail }) =>
        data.structure(
          data.octets(time.dateTime(atMs, doubtful)),
          data.uint16(code),
          data.uint32(sequence),
          octets(detail.slice(0, 200)),
        ),
      ),
    ),
  );
}

/** One row of 0-128:96.11.0*255 (section 4). */
export function deviceData(device: Device, time: LocalTime): DataValue {
  return data.structure(
    data.uint16(device.logicalDevice),
    octets(device.name),
    octets(device.model),
    octets(device.line),
    octets(device.address),
    data.uint16(device.module),
    data.uint8(device.input),
    data.enum(deviceStates[device.state]),
    data.octets(
      device.lastContactMs === 0 ? new Uint8Array(12).fill(0xff) : time.dateTime(device.lastContactMs),
    ),
  );
}

/** Body of kind 4. */
export function encodeDevicesBody(devices: readonly Device[], time: LocalTime): Uint8Array<ArrayBuffer> {
  return encodeData(data.array(...devices.map((device) => deviceData(device, time))));
}

export const outcomeCodes = { confirmed: 0, failed: 1, waiting: 2, superseded: 3 } as const;
export const orderCodes = { disconnect: 1, reconnect: 2 } as const;

/** Body of kind 5. */
export function encodeOutcomeBody(
  outcome: {
    readonly atMs: EpochMs;
    readonly kind: keyof typeof orderCodes;
    readonly outcome: keyof typeof outcomeCodes;
    readonly output: boolean;
    readonly detail: string;
  },
  time: LocalTime,
): Uint8Array<ArrayBuffer> {
  return encodeData(
    data.structure(
      data.octets(time.dateTime(outcome.atMs)),
      data.enum(orderCodes[outcome.kind]),
      data.enum(outcomeCodes[outcome.outcome]),
      data.boolean(outcome.output),
      octets(outcome.detail.slice(0, 200)),
    ),
  );
}
