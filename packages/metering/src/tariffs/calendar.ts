import { romanianHolidays } from "../holidays.ts";
import { type MarketDay, slotsOf } from "../market-day.ts";

/** From this minute of the local day on, this rate. */
export interface RateSwitch {
  /** 0 to 1439. */
  readonly minute: number;
  readonly rate: string;
}

/** A day's switching actions (COSEM class 20, day profile). */
export interface DayProfile {
  readonly id: string;
  readonly switches: readonly RateSwitch[];
}

/** Day profiles of Monday to Sunday. */
export interface WeekProfile {
  readonly id: string;
  readonly days: readonly string[];
}

/** From this day of each year (`MM-DD`) on, this week. Before the first season of a year the last one goes on. */
export interface Season {
  readonly from: string;
  readonly week: string;
}

/** One date (`2026-06-01`), or a day of every year (`06-01`); the date wins. */
export interface SpecialDay {
  readonly on: string;
  readonly day: string;
}

/** Which rate holds when: season → week → day profile → switches, special days before all (COSEM activity calendar). */
export interface RateCalendar {
  /** Rates in the order in which they are shown. */
  readonly rates: readonly string[];
  readonly dayProfiles: readonly DayProfile[];
  readonly weeks: readonly WeekProfile[];
  readonly seasons: readonly Season[];
  readonly specialDays: readonly SpecialDay[];
  /** Day profile of the public holidays of Romania, computed for each year; a special day wins over it. */
  readonly holidayProfile?: string | undefined;
}

/** All that can be wrong with a calendar. */
export const calendarFaultCodes = [
  "calendar.no-rate",
  "calendar.no-switch",
  "calendar.no-season",
  "calendar.no-name",
  "calendar.twice",
  "calendar.unknown-rate",
  "calendar.unknown-day",
  "calendar.unknown-week",
  "calendar.week-length",
  "calendar.bad-minute",
  "calendar.bad-date",
] as const;

/** What is wrong with a calendar, and with which part of it. */
export interface CalendarFault {
  readonly code: (typeof calendarFaultCodes)[number];
  /** The name or date in question. */
  readonly at: string;
  /** JSON pointer to it from the calendar: `/dayProfiles/0/switches/2/minute`. */
  readonly path: string;
}

/** All that makes a calendar unusable; an empty list is a calendar that answers for every instant. */
export function calendarFaults(calendar: RateCalendar): CalendarFault[] {
  const faults: CalendarFault[] = [];
  const add = (code: CalendarFault["code"], at: string, path: string) => faults.push({ code, at, path });
  const once = (keys: readonly string[], pathOf: (nth: number) => string, shown = (key: string) => key) => {
    const known = new Set<string>();
    for (const [nth, key] of keys.entries()) {
      if (known.has(key)) add("calendar.twice", shown(key), pathOf(nth));
      known.add(key);
    }
    return known;
  };
  const names = (list: readonly string[], pathOf: (nth: number) => string) => {
    for (const [nth, name] of list.entries()) if (name === "") add("calendar.no-name", "", pathOf(nth));
    return once(list, pathOf);
  };
  const ids = (list: readonly { readonly id: string }[]) => list.map(({ id }) => id);
  const rates = names(calendar.rates, (nth) => `/rates/${nth}`);
  const days = names(ids(calendar.dayProfiles), (nth) => `/dayProfiles/${nth}/id`);
  const weeks = names(ids(calendar.weeks), (nth) => `/weeks/${nth}/id`);
  const starts = calendar.seasons.map(({ from }) => from);
  once(starts, (nth) => `/seasons/${nth}/from`);
  const special = calendar.specialDays.map(({ on }) => on);
  once(special, (nth) => `/specialDays/${nth}/on`);
  if (rates.size === 0) add("calendar.no-rate", "", "/rates");
  if (calendar.seasons.length === 0) add("calendar.no-season", "", "/seasons");
  for (const [nth, { id, switches }] of calendar.dayProfiles.entries()) {
    const path = `/dayProfiles/${nth}/switches`;
    if (switches.length === 0) add("calendar.no-switch", id, path);
    const minutes = switches.map(({ minute }) => String(minute));
    once(
      minutes,
      (place) => `${path}/${place}/minute`,
      (minute) => `${id} ${minute}`,
    );
    for (const [place, { minute, rate }] of switches.entries()) {
      if (!Number.isInteger(minute) || minute < 0 || minute > 1439)
        add("calendar.bad-minute", id, `${path}/${place}/minute`);
      if (!rates.has(rate)) add("calendar.unknown-rate", rate, `${path}/${place}/rate`);
    }
  }
  for (const [nth, week] of calendar.weeks.entries()) {
    if (week.days.length !== 7) add("calendar.week-length", week.id, `/weeks/${nth}/days`);
    for (const [place, day] of week.days.entries())
      if (!days.has(day)) add("calendar.unknown-day", day, `/weeks/${nth}/days/${place}`);
  }
  for (const [nth, { from, week }] of calendar.seasons.entries()) {
    if (!isYearly(from)) add("calendar.bad-date", from, `/seasons/${nth}/from`);
    if (!weeks.has(week)) add("calendar.unknown-week", week, `/seasons/${nth}/week`);
  }
  for (const [nth, { on, day }] of calendar.specialDays.entries()) {
    if (!isYearly(on) && !isDate(on)) add("calendar.bad-date", on, `/specialDays/${nth}/on`);
    if (!days.has(day)) add("calendar.unknown-day", day, `/specialDays/${nth}/day`);
  }
  const { holidayProfile } = calendar;
  if (holidayProfile !== undefined && !days.has(holidayProfile))
    add("calendar.unknown-day", holidayProfile, "/holidayProfile");
  return faults;
}

/** A checked calendar of one zone that answers by day. Rates are places in `rates`. */
export interface CompiledCalendar {
  readonly rates: readonly string[];
  readonly zone: string;
  /** The day profile of a date. */
  dayProfileOf(date: string): string;
  /** The season of a date; before the first one of a year the last one goes on. */
  seasonOf(date: string): Season;
  /** Place of the rate that holds at this minute of the local clock on this date. */
  rateAt(date: string, minute: number): number;
  /**
   * Rate of each slot of a market day. By the local clock: the hour that comes twice has its rate both times.
   * @throws RangeError where a switch falls into a slot
   */
  ratesOf(day: MarketDay, stepSeconds: number): Uint8Array;
}

/** @throws RangeError when the calendar has faults; see `calendarFaults` */
export function compileCalendar(calendar: RateCalendar, zone: string): CompiledCalendar {
  const [fault] = calendarFaults(calendar);
  if (fault) throw new RangeError(`${fault.code}: ${fault.at}`);
  const place = new Map(calendar.rates.map((rate, nth) => [rate, nth]));
  const minutes = new Map(calendar.dayProfiles.map((profile) => [profile.id, minutesOf(profile, place)]));
  const switches = new Map(calendar.dayProfiles.map(({ id, switches }) => [id, switches]));
  const weeks = new Map(calendar.weeks.map(({ id, days }) => [id, days]));
  const special = new Map(calendar.specialDays.map(({ on, day }) => [on, day]));
  const seasons = [...calendar.seasons].sort((a, b) => (a.from < b.from ? -1 : 1));
  const { holidayProfile } = calendar;
  const profiles = new Map<string, string>();
  const usual = new Map<string, Uint8Array>();

  function dayProfileOf(date: string): string {
    let profile = profiles.get(date);
    if (profile === undefined) {
      profile = special.get(date) ?? special.get(date.slice(5)) ?? holiday(date) ?? ofWeek(date);
      if (profiles.size < daysKeptMax) profiles.set(date, profile);
    }
    return profile;
  }
  const holiday = (date: string) =>
    holidayProfile !== undefined && romanianHolidays(Number(date.slice(0, 4))).has(date)
      ? holidayProfile
      : undefined;
  const seasonOf = (date: string): Season =>
    seasons.findLast(({ from }) => from <= date.slice(5)) ?? seasons.at(-1)!;
  const ofWeek = (date: string): string =>
    weeks.get(seasonOf(date).week)![Temporal.PlainDate.from(date).dayOfWeek - 1]!;
  const rateAt = (date: string, minute: number) => minutes.get(dayProfileOf(date))![minute]!;

  function ratesOf(day: MarketDay, stepSeconds: number): Uint8Array {
    const profile = dayProfileOf(day.date);
    const whole = day.endMs - day.startMs === utcDayMs;
    const key = `${profile} ${stepSeconds}`;
    const known = whole ? usual.get(key) : undefined;
    if (known) return known;
    const rates = new Uint8Array(slotsOf(day, stepSeconds));
    const ofMinute = minutes.get(profile)!;
    const stepMinutes = stepSeconds / 60;
    for (const { minute } of switches.get(profile)!) {
      const before = ofMinute[(minute + 1439) % 1440];
      if (minute % stepMinutes !== 0 && before !== ofMinute[minute])
        throw new RangeError(
          `calendar.straddles: ${profile} switches within an interval of ${stepSeconds} s`,
        );
    }
    for (let slot = 0; slot < rates.length; slot++) {
      const minute = whole
        ? Math.floor(slot * stepMinutes)
        : localMinute(day.startMs + slot * stepSeconds * 1000, zone);
      rates[slot] = ofMinute[minute]!;
    }
    if (whole) usual.set(key, rates);
    return rates;
  }
  return { rates: calendar.rates, zone, dayProfileOf, seasonOf, rateAt, ratesOf };
}

const utcDayMs = 86_400_000;
const daysKeptMax = 20_000;

/** Before the first switch of a day its last one holds. */
function minutesOf({ switches }: DayProfile, place: ReadonlyMap<string, number>): Uint8Array {
  const sorted = [...switches].sort((a, b) => a.minute - b.minute);
  const rates = new Uint8Array(1440).fill(place.get(sorted.at(-1)!.rate)!);
  for (const { minute, rate } of sorted) rates.fill(place.get(rate)!, minute);
  return rates;
}

/** Minute of the day on the local clock. */
function localMinute(ms: number, zone: string): number {
  const local = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  return local.hour * 60 + local.minute;
}

const isDate = (text: string): boolean => {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString() === text;
  } catch {
    return false;
  }
};
/** 29 February is a day of the year, although not of every one. */
const isYearly = (text: string): boolean => /^\d\d-\d\d$/.test(text) && isDate(`2024-${text}`);
