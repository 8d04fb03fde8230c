import type { EpochMs } from "@energsys/protocols";

/** One day of the market in its zone. `startMs` to `endMs` is 23, 24 or 25 hours where the clock changes by one. */
export interface MarketDay {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly startMs: EpochMs;
  /** Start of the next day. */
  readonly endMs: EpochMs;
}

const utcDayMs = 86_400_000;

/** Days of one zone, each computed once: by date, and by the UTC days that they touch. */
interface ZoneDays {
  readonly byDate: Map<string, MarketDay>;
  /** UTC day number → the market day at that day's first millisecond. */
  readonly byUtcDay: Map<number, MarketDay>;
  readonly after: Map<MarketDay, MarketDay>;
  readonly before: Map<MarketDay, MarketDay>;
}

const zones = new Map<string, ZoneDays>();
const daysMax = 20_000;

function daysOf(zone: string): ZoneDays {
  let days = zones.get(zone);
  if (!days || days.byDate.size > daysMax) {
    days = { byDate: new Map(), byUtcDay: new Map(), after: new Map(), before: new Map() };
    zones.set(zone, days);
  }
  return days;
}

/**
 * The day of this date in this zone. Where midnight does not exist, the day starts at the first instant that does.
 * @throws RangeError for a date or zone that does not exist
 */
export function marketDay(date: string, zone: string): MarketDay {
  const { byDate } = daysOf(zone);
  let day = byDate.get(date);
  if (!day) {
    const plain = Temporal.PlainDate.from(date);
    day = {
      date: plain.toString(),
      startMs: plain.toZonedDateTime(zone).epochMilliseconds,
      endMs: plain.add({ days: 1 }).toZonedDateTime(zone).epochMilliseconds,
    };
    byDate.set(date, day);
  }
  return day;
}

/** The market day that holds this instant. */
export function marketDayOf(ms: EpochMs, zone: string): MarketDay {
  const { byUtcDay } = daysOf(zone);
  const utcDay = Math.floor(ms / utcDayMs);
  let day = byUtcDay.get(utcDay);
  if (!day) {
    const instant = Temporal.Instant.fromEpochMilliseconds(utcDay * utcDayMs);
    day = marketDay(instant.toZonedDateTimeISO(zone).toPlainDate().toString(), zone);
    byUtcDay.set(utcDay, day);
  }
  while (ms >= day.endMs) day = dayAfter(day, zone);
  return day;
}

export function dayAfter(day: MarketDay, zone: string): MarketDay {
  const { after } = daysOf(zone);
  let next = after.get(day);
  if (!next) {
    next = marketDay(Temporal.PlainDate.from(day.date).add({ days: 1 }).toString(), zone);
    after.set(day, next);
  }
  return next;
}

export function dayBefore(day: MarketDay, zone: string): MarketDay {
  const { before } = daysOf(zone);
  let previous = before.get(day);
  if (!previous) {
    previous = marketDay(Temporal.PlainDate.from(day.date).subtract({ days: 1 }).toString(), zone);
    before.set(day, previous);
  }
  return previous;
}

/**
 * Intervals of a day: 92, 96 or 100 at 15 minutes where the clock moves by one hour. A period that does not divide the day (an
 * hour, where the clock moves by half an hour) is rounded; there is at least one.
 */
export const slotsOf = (day: MarketDay, periodSeconds: number): number =>
  Math.max(1, Math.round((day.endMs - day.startMs) / (periodSeconds * 1000)));
