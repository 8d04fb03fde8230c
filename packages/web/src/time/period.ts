import { addDays, addMonths, type Day, daysBetween } from "./zone.ts";

/** Days of the market zone, `to` exclusive. */
export interface Period {
  readonly from: Day;
  readonly to: Day;
}

export const presets = ["day", "week", "month", "year"] as const;
export type Preset = (typeof presets)[number];

/** Longest period the load curve is asked for, in days. */
export const periodDaysMax = 400;

export function isDay(text: unknown): text is Day {
  if (typeof text !== "string" || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    return Temporal.PlainDate.from(text, { overflow: "reject" }).toString() === text;
  } catch {
    return false;
  }
}

/** The calendar day, week (from Monday), month or year around a day. */
export function periodAround(preset: Preset, day: Day): Period {
  const date = Temporal.PlainDate.from(day);
  if (preset === "day") return { from: day, to: addDays(day, 1) };
  if (preset === "week") {
    const from = addDays(day, 1 - date.dayOfWeek);
    return { from, to: addDays(from, 7) };
  }
  if (preset === "month") {
    const from = date.with({ day: 1 }).toString();
    return { from, to: addMonths(from, 1) };
  }
  const from = date.with({ month: 1, day: 1 }).toString();
  return { from, to: addMonths(from, 12) };
}

/** Which preset a period is, if any. */
export function presetOf(period: Period): Preset | undefined {
  return presets.find((preset) => {
    const usual = periodAround(preset, period.from);
    return usual.from === period.from && usual.to === period.to;
  });
}

/** The period before (-1) or after (+1): calendar months and years step as such, anything else by its own length. */
export function stepPeriod(period: Period, direction: 1 | -1): Period {
  const preset = presetOf(period);
  if (preset === "month" || preset === "year") {
    const months = direction * (preset === "month" ? 1 : 12);
    const from = addMonths(period.from, months);
    return { from, to: addMonths(from, Math.abs(months)) };
  }
  const days = direction * daysBetween(period.from, period.to);
  return { from: addDays(period.from, days), to: addDays(period.to, days) };
}

/** A period as it may stand in an address: wrong or too long ones are put right, never passed on. */
export function soundPeriod(from: Day | undefined, to: Day | undefined): Period | undefined {
  if (!from || !to || !isDay(from) || !isDay(to) || from >= to) return undefined;
  return daysBetween(from, to) > periodDaysMax ? { from, to: addDays(from, periodDaysMax) } : { from, to };
}
