import { dayAfter, type MarketDay, marketDay, slotsOf } from "@energsys/metering";

/** A time in market days, as a report asks for it, and the instant until which something can be known. */
export interface Period {
  readonly fromDay: string;
  /** Not included. */
  readonly toDay: string;
  readonly zone: string;
  readonly nowMs: number;
}

/** Where a day lies in the arrays of a series; `slots` are those that have ended. */
export interface Place {
  readonly day: MarketDay;
  readonly first: number;
  readonly slots: number;
}

/** Days of a period as far as their slots have ended: what has not ended is neither there nor missing. */
export function endedDays({ fromDay, toDay, zone, nowMs }: Period, slotSeconds: number): Place[] {
  const days: Place[] = [];
  let first = 0;
  for (
    let day = marketDay(fromDay, zone);
    day.date < toDay && day.startMs < nowMs;
    day = dayAfter(day, zone)
  ) {
    const ended = Math.floor((nowMs - day.startMs) / (slotSeconds * 1000));
    const slots = Math.min(slotsOf(day, slotSeconds), ended);
    if (slots === 0) break;
    days.push({ day, first, slots });
    first += slots;
  }
  return days;
}
