import type { DaySlots } from "./load-day.ts";
import { type MarketDay, marketDayOf, slotsOf } from "./market-day.ts";
import type { ProfileReading } from "./reading.ts";

/** Rows of a profile that fall into one market day, spread over its slots: one array per column, one for the flags. */
export interface ProfileDay {
  readonly day: MarketDay;
  readonly slots: number;
  /** Rows that the profile has for this day. */
  readonly rows: number;
  readonly values: readonly Float64Array[];
  readonly flags: Uint16Array;
}

/**
 * Splits a profile by market days. A whole day in order comes back as views of the reading's own arrays, so nobody may
 * write to them; a day with gaps is spread over new arrays. Of two rows for one slot the later one counts.
 */
export function splitByMarketDay(reading: ProfileReading, zone: string): ProfileDay[] {
  const { startsMs, periodSeconds } = reading;
  const periodMs = periodSeconds * 1000;
  const days: ProfileDay[] = [];
  for (let from = 0; from < startsMs.length; ) {
    const day = marketDayOf(startsMs[from]!, zone);
    let to = from + 1;
    let whole = startsMs[from] === day.startMs;
    for (; to < startsMs.length; to++) {
      const ms = startsMs[to]!;
      if (ms >= day.endMs || ms < day.startMs) break;
      if (ms !== startsMs[to - 1]! + periodMs) whole = false;
    }
    const slots = slotsOf(day, periodSeconds);
    days.push(
      whole && to - from === slots
        ? {
            day,
            slots,
            rows: slots,
            values: reading.values.map((column) => column.subarray(from, to)),
            flags: reading.flags.subarray(from, to),
          }
        : spread(reading, day, slots, from, to),
    );
    from = to;
  }
  return days;
}

function spread(
  reading: ProfileReading,
  day: MarketDay,
  slots: number,
  from: number,
  to: number,
): ProfileDay {
  const flags = new Uint16Array(slots);
  const values = reading.values.map(() => new Float64Array(slots).fill(Number.NaN));
  const periodMs = reading.periodSeconds * 1000;
  for (let row = from; row < to; row++) {
    const slot = Math.min(slots - 1, Math.floor((reading.startsMs[row]! - day.startMs) / periodMs));
    flags[slot] = reading.flags[row]!;
    values.forEach((column, index) => {
      column[slot] = reading.values[index]![row]!;
    });
  }
  return { day, slots, rows: to - from, values, flags };
}

/** True when no slot has a value: nothing to store. */
export const isEmpty = (day: DaySlots): boolean =>
  day.values.every(Number.isNaN) && day.flags.every((flag) => flag === 0);
