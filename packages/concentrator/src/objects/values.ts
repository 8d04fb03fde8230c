import { encodeObis, formatObis, type ObisCode } from "@energsys/protocols";
import {
  type DataValue,
  data,
  dateTimeOf,
  decodeDateTime,
  encodeDateTime,
  toEpochMs,
} from "@energsys/protocols/dlms";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export const octets = (bytes: Uint8Array): DataValue => data.octets(bytes);
export const text = (value: string): DataValue => data.octets(encoder.encode(value));
export const nameOctets = (obis: ObisCode): DataValue => data.octets(encodeObis(obis));

/** The text of any string type; `undefined` for another type. */
export function textIn(value: DataValue): string | undefined {
  return value.type === "octet-string" || value.type === "utf8-string" || value.type === "visible-string"
    ? decoder.decode(value.bytes)
    : undefined;
}

/** The code in an octet-string of six bytes. */
export const obisIn = (value: DataValue | undefined): ObisCode | undefined =>
  value?.type === "octet-string" && value.bytes.length === 6 ? formatObis(value.bytes) : undefined;

/** Bit 7 of the clock status: summer time is in force (IEC 62056-6-2, date-time). */
const summerBit = 0x80;
const hourMs = 3_600_000;

export interface LocalOffset {
  readonly minutes: number;
  readonly summer: boolean;
}

/**
 * Local minus UTC of a zone. A journal of thousands of entries asks for the same hours again and again, and the offset of a zone
 * changes at whole hours only, so the last hour's is kept.
 */
export function offsetIn(zone: string): (ms: number) => LocalOffset {
  let hour = Number.NaN;
  let known: LocalOffset = { minutes: 0, summer: false };
  return (ms) => {
    const asked = Math.floor(ms / hourMs);
    if (asked === hour) return known;
    const here = Temporal.Instant.fromEpochMilliseconds(asked * hourMs).toZonedDateTimeISO(zone);
    const minutes = here.offsetNanoseconds / 6e10;
    const ends = [1, 7].map((month) => here.with({ month, day: 1 }).offsetNanoseconds / 6e10);
    hour = asked;
    known = { minutes, summer: minutes > Math.min(...ends) };
    return known;
  };
}

/** The 12 bytes of a date-time in local time with its deviation (IEC 62056-6-2, 4.1.6.1). */
export function dateTimeBytes(ms: number, { minutes, summer }: LocalOffset): Uint8Array<ArrayBuffer> {
  return encodeDateTime(dateTimeOf(ms, minutes, summer ? summerBit : 0));
}

/** Of a moment that never was: all wildcards. */
export const noDateTime: Uint8Array = Uint8Array.of(
  255,
  255,
  255,
  255,
  255,
  255,
  255,
  255,
  255,
  0x80,
  0,
  255,
);

/**
 * The instant of an octet-string(12) or date-time; stamps without deviation are taken as local. `undefined` for anything else, wildcards
 * in the date included.
 */
export function instantIn(
  value: DataValue | undefined,
  offset: (ms: number) => LocalOffset,
): number | undefined {
  if ((value?.type !== "octet-string" && value?.type !== "date-time") || value.bytes.length !== 12)
    return undefined;
  try {
    return toEpochMs(decodeDateTime(value.bytes), { zone: (local) => offset(local).minutes });
  } catch {
    return undefined;
  }
}

/** A count or length as A-XDR has it: one byte below 80, else 81 LL, 82 LL LL or 84 and four. */
export function countBytes(count: number): Uint8Array {
  if (count < 0x80) return Uint8Array.of(count);
  if (count < 0x100) return Uint8Array.of(0x81, count);
  if (count < 0x1_0000) return Uint8Array.of(0x82, count >> 8, count);
  return Uint8Array.of(0x84, count >>> 24, count >> 16, count >> 8, count);
}
