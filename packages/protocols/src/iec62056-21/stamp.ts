import type { EpochMs } from "../io.ts";

/** What a stamp says of its own offset: zone digit 0, 1 or 2 (VDEW), or the `W` and `S` of P1. */
export type Season = "standard" | "daylight" | "utc";

/** A date and time as a meter writes it. */
export interface LocalStamp {
  /** Milliseconds since 1970 of the wall clock's reading, as if it were UTC. */
  readonly wallMs: number;
  readonly season?: Season;
}

/** Offset east of UTC in ms that a wall clock's reading has; `season` where the telegram tells it. */
export type ZoneOffset = (wallMs: number, season: Season | undefined) => number;

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days since 1970 of a date in the Gregorian calendar; `undefined` when there is no such date. */
function dayNumber(year: number, month: number, day: number): number | undefined {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const length = (monthLengths[month - 1] ?? 0) + (leap && month === 2 ? 1 : 0);
  if (day < 1 || day > length) return undefined;
  const before = year - 1;
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400);
  let days = before * 365 + leapDays - 719_162 + day - 1;
  for (let at = 0; at < month - 1; at++) days += monthLengths[at]!;
  return leap && month > 2 ? days + 1 : days;
}

const seasonOfDigit: readonly Season[] = ["standard", "daylight", "utc"];

/**
 * Parses a stamp: `zYYMMDDhhmmss` or `zYYMMDDhhmm` with the zone digit, `YYMMDDhhmm`, `YYMMDDhhmmss` with or without
 * `S` or `W` behind, and the same with `-`, `:`, `,` or blanks between. `undefined` when it is none; 24:00 is the
 * next midnight.
 */
export function findStamp(text: string): LocalStamp | undefined {
  const digits: number[] = [];
  let season: Season | undefined;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x30 && code <= 0x39) {
      if (digits.push(code - 0x30) > 13) return undefined;
    } else if (at === text.length - 1 && (code === 0x53 || code === 0x57)) {
      season = code === 0x53 ? "daylight" : "standard";
    } else if (code !== 0x2d && code !== 0x3a && code !== 0x2c && code !== 0x20) return undefined;
  }
  if (digits.length < 10) return undefined;
  const first = digits.length % 2;
  if (first === 1) {
    if (season) return undefined;
    season = seasonOfDigit[digits[0]!];
    if (!season) return undefined;
  }
  const pair = (index: number): number =>
    (digits[first + index * 2] ?? 0) * 10 + (digits[first + index * 2 + 1] ?? 0);
  const days = dayNumber(2000 + pair(0), pair(1), pair(2));
  const [hour, minute, second] = [pair(3), pair(4), pair(5)];
  if (days === undefined || hour > 24 || minute > 59 || second > 59) return undefined;
  if (hour === 24 && (minute > 0 || second > 0)) return undefined;
  const wallMs = days * dayMs + hour * hourMs + minute * 60_000 + second * 1000;
  return season ? { wallMs, season } : { wallMs };
}

/** The instant of a stamp. */
export function instantOf(stamp: LocalStamp, offset: ZoneOffset): EpochMs {
  return stamp.wallMs - offset(stamp.wallMs, stamp.season);
}

/**
 * Offsets of an IANA zone. Where the stamp names the season, that decides, as the clock of a meter may change on other
 * days than the zone; a zone without daylight saving then takes an hour. Otherwise the zone's rules decide: the first
 * of two equal readings in autumn.
 */
export function zoneOffset(zone: string): ZoneOffset {
  const seasons = new Map<number, { standard: number; daylight: number; utc: number }>();
  const seasonsOf = (year: number) => {
    const known = seasons.get(year);
    if (known) return known;
    const ends = [1, 7].map((month) => offsetOf(Temporal.PlainDateTime.from({ year, month, day: 1 })));
    const standard = Math.min(...ends);
    const daylight = Math.max(...ends) > standard ? Math.max(...ends) : standard + hourMs;
    const found = { standard, daylight, utc: 0 };
    seasons.set(year, found);
    return found;
  };
  const offsetOf = (wall: Temporal.PlainDateTime): number =>
    wall.toZonedDateTime(zone).offsetNanoseconds / 1e6;
  return (wallMs, season) => {
    const wall = Temporal.Instant.fromEpochMilliseconds(wallMs).toZonedDateTimeISO("UTC").toPlainDateTime();
    return season ? seasonsOf(wall.year)[season] : offsetOf(wall);
  };
}

const twoDigits = (value: number): string => String(value).padStart(2, "0");

/** ISO 8601 of a wall clock's reading, with the offset when one is given (in ms). */
export function formatWallTime(wallMs: number, offsetMs?: number): string {
  const local = Temporal.Instant.fromEpochMilliseconds(wallMs).toString().slice(0, 19);
  if (offsetMs === undefined) return local;
  if (offsetMs === 0) return `${local}Z`;
  const minutes = Math.abs(offsetMs) / 60_000;
  return `${local}${offsetMs < 0 ? "-" : "+"}${twoDigits(Math.trunc(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

/** A stamp of the form `zYYMMDDhhmmss`, as profiles and logs carry it. */
export function formatZonedStamp(stamp: LocalStamp): string {
  const digits = formatWallTime(stamp.wallMs).replaceAll("-", "").replaceAll(":", "").replace("T", "");
  return `${seasonOfDigit.indexOf(stamp.season ?? "standard")}${digits.slice(2)}`;
}
