import { DecodeError } from "../errors.ts";
import type { EpochMs } from "../io.ts";

/** The 12 bytes of a COSEM date-time as they stand; `undefined` = not specified (IEC 62056-6-2, date-time). */
export interface DateTime {
  readonly year?: number;
  /** 1 to 12; 0xFE and 0xFD (start and end of summer time) are kept. */
  readonly month?: number;
  /** 1 to 31; 0xFE last, 0xFD last but one. */
  readonly day?: number;
  /** 1 = Monday; 0 is seen in the field. */
  readonly weekday?: number;
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly hundredths?: number;
  /** Minutes with UTC = local + deviation, as sent: Central European winter is -60. */
  readonly deviationMinutes?: number;
  readonly status?: number;
}

/** Bits of the clock status byte. */
export const clockStatus = {
  invalid: 0x01,
  doubtful: 0x02,
  otherBase: 0x04,
  invalidStatus: 0x08,
  dst: 0x80,
} as const;

/**
 * The offset of local time from UTC in minutes (Bucharest winter +120) for stamps that carry none. `dst` is the summer
 * time bit of the stamp, which tells the doubled hour apart; `undefined` when the status was not sent.
 */
export type ZoneOffset = (local: LocalTime, dst: boolean | undefined) => number;

/** Local time as milliseconds since 1970-01-01T00:00 of the same local scale. */
export type LocalTime = number;

export interface DateTimeRules {
  /** Some makers send +60 for Central European winter: UTC = local - deviation then. */
  readonly deviationSign?: "standard" | "turned";
  readonly zone?: ZoneOffset;
}

const dateTimeLength = 12;
const unspecifiedDeviation = -0x8000;

/** @throws DecodeError `date-time.length`, `date-time.field` */
export function decodeDateTime(bytes: Uint8Array): DateTime {
  if (bytes.length !== dateTimeLength) throw new DecodeError("date-time.length", 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, dateTimeLength);
  const year = view.getUint16(0);
  const deviation = view.getInt16(9);
  const byte = (index: number, from: number, to: number, special: readonly number[] = []) => {
    const value = bytes[index] as number;
    if (value === 0xff) return undefined;
    if ((value < from || value > to) && !special.includes(value))
      throw new DecodeError("date-time.field", index);
    return value;
  };
  return {
    ...(year !== 0xffff && { year }),
    ...named("month", byte(2, 1, 12, [0xfe, 0xfd])),
    ...named("day", byte(3, 1, 31, [0xfe, 0xfd])),
    ...named("weekday", byte(4, 0, 7)),
    ...named("hour", byte(5, 0, 23)),
    ...named("minute", byte(6, 0, 59)),
    ...named("second", byte(7, 0, 59)),
    ...named("hundredths", byte(8, 0, 99)),
    ...(deviation !== unspecifiedDeviation && { deviationMinutes: deviation }),
    ...((bytes[11] as number) !== 0xff && { status: bytes[11] as number }),
  };
}

const named = <Name extends string>(name: Name, value: number | undefined): { [Key in Name]?: number } =>
  (value === undefined ? {} : { [name]: value }) as { [Key in Name]?: number };

export function encodeDateTime(value: DateTime): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(dateTimeLength);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, value.year ?? 0xffff);
  const fields = [
    value.month,
    value.day,
    value.weekday,
    value.hour,
    value.minute,
    value.second,
    value.hundredths,
  ];
  fields.forEach((field, index) => {
    bytes[2 + index] = field ?? 0xff;
  });
  view.setInt16(9, value.deviationMinutes ?? unspecifiedDeviation);
  bytes[11] = value.status ?? 0xff;
  return bytes;
}

/** Days since 1970-01-01 of a date of the Gregorian calendar (no `Date`: this runs for every row of a profile). */
export function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export function daysOfMonth(year: number, month: number): number {
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return (monthLengths[month - 1] ?? 0) + (leap ? 1 : 0);
}

/**
 * The instant of a date-time in UTC, or `undefined` when it has wildcards or names a day that does not exist.
 * Missing seconds and hundredths count as 0. Without deviation the zone of `rules` decides; without that, `undefined`.
 */
export function toEpochMs(value: DateTime, rules: DateTimeRules = {}): EpochMs | undefined {
  const { year, month, day, hour, minute } = value;
  if (
    year === undefined ||
    month === undefined ||
    day === undefined ||
    hour === undefined ||
    minute === undefined
  ) {
    return undefined;
  }
  if (month > 12 || day < 1 || day > daysOfMonth(year, month)) return undefined;
  const days = daysFromCivil(year, month, day);
  const seconds = (days * 24 + hour) * 3600 + minute * 60 + (value.second ?? 0);
  const local = seconds * 1000 + (value.hundredths ?? 0) * 10;
  if (value.deviationMinutes !== undefined) {
    const sign = rules.deviationSign === "turned" ? -1 : 1;
    return local + sign * value.deviationMinutes * 60_000;
  }
  if (!rules.zone) return undefined;
  const dst = value.status === undefined ? undefined : (value.status & clockStatus.dst) !== 0;
  return local - rules.zone(local, dst) * 60_000;
}

/** The date-time of an instant for a device or a request; `offsetMinutes` is local minus UTC. */
export function dateTimeOf(instant: EpochMs, offsetMinutes: number, status?: number): DateTime {
  const local = instant + offsetMinutes * 60_000;
  const days = Math.floor(local / 86_400_000);
  const { year, month, day } = civilFromDays(days);
  const ms = local - days * 86_400_000;
  return {
    year,
    month,
    day,
    weekday: ((((days + 3) % 7) + 7) % 7) + 1,
    hour: Math.floor(ms / 3_600_000),
    minute: Math.floor(ms / 60_000) % 60,
    second: Math.floor(ms / 1000) % 60,
    hundredths: Math.floor(ms / 10) % 100,
    deviationMinutes: offsetMinutes === 0 ? 0 : -offsetMinutes,
    ...(status !== undefined && { status }),
  };
}

export function civilFromDays(days: number): { year: number; month: number; day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shiftedMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
  const day = dayOfYear - Math.floor((153 * shiftedMonth + 2) / 5) + 1;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
}
