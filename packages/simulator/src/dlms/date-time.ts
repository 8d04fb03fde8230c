import type { LocalTime } from "../meter/local-time.ts";
import type { VirtualMeter } from "../meter/virtual-meter.ts";

/** The 12 bytes of a COSEM date-time: local time, deviation = UTC minus local, status 80 in summer (IEC 62056-6-2, 4.1.6.1). */
export function dateTimeBytes(time: LocalTime): Uint8Array {
  const deviation = -time.aheadMinutes;
  return Uint8Array.of(
    time.year >> 8,
    time.year,
    time.month,
    time.dayOfMonth,
    time.dayOfWeek,
    time.hour,
    time.minute,
    time.second,
    0,
    deviation >> 8,
    deviation,
    time.summer ? 0x80 : 0,
  );
}

/**
 * The instant that a reader means by a date-time. Without a deviation it is the meter's local time; of an hour that comes
 * twice the one that the status names, else the earlier. Wildcards in the time of day count as 0. `undefined` when year, month
 * or day is a wildcard or impossible: a range from there cannot be told.
 */
export function instantOf(bytes: Uint8Array, meter: VirtualMeter): number | undefined {
  if (bytes.length !== 12) return undefined;
  const [, , month = 0xff, day = 0xff, , hour = 0xff, minute = 0xff, second = 0xff] = bytes;
  const year = ((bytes[0] as number) << 8) | (bytes[1] as number);
  if (year === 0xffff || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const plain = (value: number) => (value === 0xff ? 0 : value);
  const shown = Date.UTC(year, month - 1, day, plain(hour), plain(minute), plain(second));
  const deviation = (((bytes[9] as number) << 24) >> 16) | (bytes[10] as number);
  if (deviation !== -0x8000) return shown + deviation * 60_000;
  const summer = shown - (meter.standardMinutes + 60) * 60_000;
  const winter = shown - meter.standardMinutes * 60_000;
  if (!meter.local(summer).summer) return winter;
  const comesTwice = !meter.local(winter).summer;
  const status = bytes[11] as number;
  return comesTwice && status !== 0xff && (status & 0x80) === 0 ? winter : summer;
}
