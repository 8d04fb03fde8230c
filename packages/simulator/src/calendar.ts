/** Length of one interval of every load curve here. */
export const slotMs = 900_000;

/** The first day with any load: registers stand still before it. */
const firstDate = "2024-01-01";

export interface LocalDay {
  readonly index: number;
  readonly startMs: number;
  /** Quarter-hours: 92, 96 or 100. */
  readonly slots: number;
  readonly date: string;
  readonly dayOfYear: number;
  readonly season: Season;
  readonly dayType: DayType;
  /** Minute of the local day at which each quarter-hour starts; 92 or 100 of them leave out or repeat an hour. */
  readonly minutes: Int32Array;
}

export const seasons = ["winter", "summer", "transition"] as const;
export type Season = (typeof seasons)[number];
export const dayTypes = ["workday", "saturday", "sunday"] as const;
export type DayType = (typeof dayTypes)[number];

/**
 * Days of one zone, counted from 2024-01-01. People follow the zone's clock, so the load does; a meter that does not
 * know summer time merely labels the same instants otherwise. Days are worked out once and shared by all meters.
 */
export class LocalCalendar {
  readonly zone: string;
  /** Minutes ahead of UTC outside of summer time. */
  readonly standardMinutes: number;
  readonly #days: LocalDay[] = [];
  #next: Temporal.PlainDate;
  #nextStartMs: number;

  constructor(zone: string) {
    this.zone = zone;
    this.#next = Temporal.PlainDate.from(firstDate);
    this.#nextStartMs = this.#startOf(this.#next);
    this.standardMinutes = Math.min(
      this.#offsetMinutes(Date.UTC(2024, 0, 15)),
      this.#offsetMinutes(Date.UTC(2024, 6, 15)),
    );
  }

  get firstMs(): number {
    return this.day(0).startMs;
  }

  day(index: number): LocalDay {
    while (this.#days.length <= index) this.#add();
    return this.#days[index] as LocalDay;
  }

  /** The day that holds an instant; -1 before the first one. */
  dayAt(ms: number): number {
    if (ms < this.firstMs) return -1;
    let index = Math.max(0, Math.floor((ms - this.firstMs) / 86_400_000) - 1);
    while (this.day(index + 1).startMs <= ms) index += 1;
    return index;
  }

  /** Minutes that the zone's clock is ahead of UTC, and whether that is summer time. */
  offsetAt(ms: number): { readonly minutes: number; readonly summer: boolean } {
    const day = this.day(Math.max(0, this.dayAt(ms)));
    // Within a day the offset changes at most once, by the hour that makes the day 92 or 100 quarter-hours long.
    const atMidnight = this.#offsetMinutes(day.startMs);
    const minutes = day.slots === 96 ? atMidnight : this.#offsetMinutes(ms);
    return { minutes, summer: minutes !== this.standardMinutes };
  }

  readonly #offsets = new Map<number, number>();
  // Zone rules change at whole quarter-hours only, so that is what is remembered.
  #offsetMinutes(ms: number): number {
    const quarter = Math.floor(ms / slotMs);
    let minutes = this.#offsets.get(quarter);
    if (minutes === undefined) {
      const zoned = Temporal.Instant.fromEpochMilliseconds(quarter * slotMs).toZonedDateTimeISO(this.zone);
      minutes = zoned.offsetNanoseconds / 60e9;
      if (this.#offsets.size > 10_000) this.#offsets.clear();
      this.#offsets.set(quarter, minutes);
    }
    return minutes;
  }

  #startOf(date: Temporal.PlainDate): number {
    return date.toZonedDateTime(this.zone).epochMilliseconds;
  }

  #minutesOf(startMs: number, slots: number): Int32Array {
    const before = this.#offsetMinutes(startMs);
    return Int32Array.from({ length: slots }, (_, i) => {
      return i * 15 + this.#offsetMinutes(startMs + i * slotMs) - before;
    });
  }

  #add(): void {
    const date = this.#next;
    const startMs = this.#nextStartMs;
    this.#next = date.add({ days: 1 });
    this.#nextStartMs = this.#startOf(this.#next);
    const slots = (this.#nextStartMs - startMs) / slotMs;
    this.#days.push({
      index: this.#days.length,
      startMs,
      slots,
      minutes: slots === 96 ? plainMinutes : this.#minutesOf(startMs, slots),
      date: date.toString(),
      dayOfYear: date.dayOfYear,
      season: seasonOf(date),
      dayType: dayTypeOf(date),
    });
  }
}

const plainMinutes = Int32Array.from({ length: 96 }, (_, i) => i * 15);

// Seasons of the 1999 profiles: winter 1 Nov to 20 Mar, summer 15 May to 14 Sep.
function seasonOf({ month, day }: Temporal.PlainDate): Season {
  const at = month * 100 + day;
  if (at >= 1101 || at <= 320) return "winter";
  return at >= 515 && at <= 914 ? "summer" : "transition";
}

// Holidays count as Sunday; 24 and 31 December as Saturday when they are workdays.
function dayTypeOf(date: Temporal.PlainDate): DayType {
  if (date.dayOfWeek === 7 || isHoliday(date)) return "sunday";
  const eve = date.month === 12 && (date.day === 24 || date.day === 31);
  return date.dayOfWeek === 6 || eve ? "saturday" : "workday";
}

const fixedHolidays = new Set([101, 102, 106, 107, 124, 501, 601, 815, 1130, 1201, 1225, 1226]);

/** Public holidays of Romania: the fixed ones, and those that follow Orthodox Easter. */
function isHoliday(date: Temporal.PlainDate): boolean {
  if (fixedHolidays.has(date.month * 100 + date.day)) return true;
  const sinceEaster = orthodoxEaster(date.year).until(date, { largestUnit: "days" }).days;
  return (
    sinceEaster === -2 || sinceEaster === 0 || sinceEaster === 1 || sinceEaster === 49 || sinceEaster === 50
  );
}

// Meeus' rule for the Julian calendar; 13 days bring it to the civil calendar until 2099.
function orthodoxEaster(year: number): Temporal.PlainDate {
  const d = (19 * (year % 19) + 15) % 30;
  const e = (2 * (year % 4) + 4 * (year % 7) - d + 34) % 7;
  const march = d + e + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(march / 31), day: (march % 31) + 1 }).add({
    days: 13,
  });
}

const calendars = new Map<string, LocalCalendar>();

/** The calendar of a zone, one for everybody in this process: a thousand days of quarter-hours are 700 kB. */
export function calendarOf(zone: string): LocalCalendar {
  const known = calendars.get(zone) ?? new LocalCalendar(zone);
  calendars.set(zone, known);
  return known;
}
