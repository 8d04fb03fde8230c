import type { LocalTime } from "../meter/local-time.ts";
import type { VirtualMeter } from "../meter/virtual-meter.ts";

const two = (value: number) => String(value).padStart(2, "0");

export const dateText = (time: LocalTime) =>
  `${two(time.year % 100)}${two(time.month)}${two(time.dayOfMonth)}`;
export const timeText = (time: LocalTime) => `${two(time.hour)}${two(time.minute)}${two(time.second)}`;
/** Zone digit: 0 standard time, 1 summer time. */
export const zoneDigit = (time: LocalTime) => (time.summer ? "1" : "0");
/** `zYYMMDDhhmmss` */
export const stampText = (time: LocalTime) => `${zoneDigit(time)}${dateText(time)}${timeText(time)}`;

/** The instant of `[z]YYMMDD` and `[z]hhmmss` of the meter's clock. `undefined` when they are none. */
export function findTime(date: string, time: string, meter: VirtualMeter): number | undefined {
  if (!/^\d{6,7}$/.test(date) || !/^\d{6,7}$/.test(time)) return undefined;
  const zone = time.length === 7 ? time[0] : date.length === 7 ? date[0] : "";
  return findInstant(`${zone}${date.slice(-6)}${time.slice(-6)}`, meter);
}

const pattern = /^(\d?)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?$/;

/**
 * The instant of a request's time: `zYYMMDDhhmm` or `YYMMDDhhmm`, with seconds or without; z = 2 is UTC. Without z it is the meter's
 * local time, the earlier one of an hour that comes twice. `undefined` when it is no time.
 */
export function findInstant(text: string, meter: VirtualMeter): number | undefined {
  // An even number of digits has no zone digit.
  const match = pattern.exec(text.length % 2 === 0 ? `3${text}` : text);
  if (!match) return undefined;
  const [, zone, ...digits] = match;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = digits.map((part) =>
    Number(part ?? 0),
  );
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59) return undefined;
  const shown = Date.UTC(2000 + year, month - 1, day, hour, minute, second);
  const winter = shown - meter.standardMinutes * 60_000;
  const summer = winter - 3_600_000;
  if (zone === "2") return shown;
  if (zone === "0") return winter;
  if (zone === "1") return summer;
  return meter.local(summer).summer ? summer : winter;
}
