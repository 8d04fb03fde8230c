import type { TickStep } from "./ticks.ts";
import { clockLabel, type Day, dayOf, isRepeated, offsetLabel, offsetMsAt, wallOf } from "./zone.ts";

export type Language = "ro" | "en";
export const languages: readonly Language[] = ["ro", "en"];
export const locales: Record<Language, string> = { ro: "ro-RO", en: "en-GB" };

/** No value. A measured zero is `0`. */
export const noValue = "–";

export interface Formats {
  readonly zone: string;
  readonly locale: string;
  number(value: number, digits?: number): string;
  /** With its sign, for what lies before or behind: "+3", "−4.2". */
  signed(value: number, digits?: number): string;
  percent(value: number, digits?: number): string;
  /** An exact decimal with all the digits that it has. */
  decimal(text: string): string;
  day(day: Day): string;
  dayShort(day: Day): string;
  weekday(day: Day): string;
  /** A period of days, `to` exclusive: "1–31 oct. 2026". */
  days(from: Day, to: Day): string;
  /** Date and time with seconds, in the zone; the offset is there in the hour that is told twice. */
  instant(ms: number): string;
  time(ms: number): string;
  clock(ms: number): string;
  /** "12 oct. 2026, 14:15–14:30". */
  interval(startMs: number, stepSeconds: number): string;
  tick(ms: number, step: TickStep): string;
  month(ms: number): string;
  /** "42 min", "3 h 20 min", "5 days". */
  duration(ms: number): string;
  /** "3 min ago", "in 12 min". */
  ago(ms: number, nowMs: number): string;
  bytes(count: number): string;
}

const made = new Map<string, Formats>();

/** Formats of one language in one zone, made once: the Intl objects are dear. */
export function formatsOf(language: Language, zone: string): Formats {
  const key = `${language} ${zone}`;
  const known = made.get(key);
  if (known) return known;
  const formats = makeFormats(language, zone);
  made.set(key, formats);
  return formats;
}

function makeFormats(language: Language, zone: string): Formats {
  const locale = locales[language];
  const date = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { hourCycle: "h23", timeZone: zone, ...options });
  const plain = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options });
  const dayLong = plain({ day: "numeric", month: "short", year: "numeric" });
  const dayBrief = plain({ day: "numeric", month: "short" });
  const weekdayName = plain({ weekday: "short" });
  const full = date({
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
  });
  const seconds = date({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
  const monthName = date({ month: "short" });
  const monthYear = date({ month: "short", year: "numeric" });
  const dayTick = date({ day: "numeric", month: "short" });
  const relative = new Intl.RelativeTimeFormat(locale, { style: "short", numeric: "always" });
  const numbers = new Map<number, Intl.NumberFormat>();
  const numberOf = (digits: number) => {
    let format = numbers.get(digits);
    if (!format) {
      format = new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
        useGrouping: "always",
      } as Intl.NumberFormatOptions);
      numbers.set(digits, format);
    }
    return format;
  };
  const utcOf = (day: Day) => Date.parse(`${day}T00:00:00Z`);
  const day = (value: Day) => dayLong.format(utcOf(value));
  const offset = (ms: number) => (isRepeated(ms, zone) ? ` ${offsetLabel(offsetMsAt(ms, zone))}` : "");
  const clock = (ms: number) => clockLabel(ms, zone);
  const dayCount = new Intl.NumberFormat(locale, { style: "unit", unit: "day", unitDisplay: "long" });

  const duration = (ms: number): string => {
    const total = Math.max(0, Math.round(ms / 1000));
    if (total < 60) return `${total} s`;
    const minutes = Math.floor(total / 60);
    if (minutes < 60) return `${minutes} min`;
    const hours = Math.floor(minutes / 60);
    if (hours < 48)
      return minutes % 60 === 0 || hours >= 10 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
    return dayCount.format(Math.floor(hours / 24));
  };

  return {
    zone,
    locale,
    number: (value, digits = 0) => numberOf(digits).format(value),
    signed: (value, digits = 0) =>
      `${value > 0 ? "+" : value < 0 ? "−" : ""}${numberOf(digits).format(Math.abs(value))}`,
    percent: (value, digits = 1) => `${numberOf(digits).format(value)} %`,
    decimal: (text) => {
      const digits = text.includes(".") ? text.length - text.indexOf(".") - 1 : 0;
      // Intl takes decimal text of any length exactly; TypeScript's own signature knows it as a numeric string.
      return numberOf(digits).format(text as Intl.StringNumericLiteral);
    },
    day,
    dayShort: (value) => dayBrief.format(utcOf(value)),
    weekday: (value) => weekdayName.format(utcOf(value)),
    days: (from, to) => {
      const lastMs = utcOf(to) - 86_400_000;
      return lastMs <= utcOf(from) ? day(from) : dayLong.formatRange(utcOf(from), lastMs);
    },
    instant: (ms) => `${full.format(ms)}${offset(ms)}`,
    time: (ms) => `${seconds.format(ms)}${offset(ms)}`,
    clock,
    interval: (startMs, stepSeconds) =>
      `${day(dayOf(startMs, zone))}, ${clock(startMs)}–${clock(startMs + stepSeconds * 1000)}`,
    tick: (ms, step) => {
      const wall = wallOf(ms, zone);
      if ("months" in step) return wall.month === 1 ? String(wall.year) : monthName.format(ms);
      if ("minutes" in step && wall.minuteOfDay !== 0) return clock(ms);
      return dayTick.format(ms);
    },
    month: (ms) => monthYear.format(ms),
    duration,
    ago: (ms, nowMs) => {
      const seconds = Math.round((ms - nowMs) / 1000);
      const size = Math.abs(seconds);
      if (size < 60) return relative.format(seconds === 0 ? -0 : seconds, "second");
      if (size < 3600) return relative.format(Math.trunc(seconds / 60), "minute");
      if (size < 48 * 3600) return relative.format(Math.trunc(seconds / 3600), "hour");
      return relative.format(Math.trunc(seconds / 86_400), "day");
    },
    bytes: (count) => {
      if (count < 1_000) return `${numberOf(0).format(count)} B`;
      const [unit, size] = count >= 1e9 ? ["GB", 1e9] : count >= 1e6 ? ["MB", 1e6] : ["kB", 1e3];
      return `${numberOf(1).format(count / (size as number))} ${unit}`;
    },
  };
}
