import { addDays, addMonths, type Day, dayOf, startOfDay, wallOf } from "./zone.ts";

/** How far apart ticks stand, on the wall clock. */
export type TickStep = { readonly minutes: number } | { readonly days: number } | { readonly months: number };

export interface Ticks {
  readonly atMs: readonly number[];
  readonly step: TickStep;
}

const minuteSteps = [15, 30, 60, 180, 360, 720];
const daySteps = [1, 2, 7];
const monthSteps = [1, 3, 12];
const quarterMs = 900_000;
const dayMs = 86_400_000;

/**
 * Ticks of a time axis at wall-clock multiples (00, 03, 06 …; Mondays; firsts of months), at most `ticksMax` of them.
 * On a day with a clock change the distance between two ticks is shorter or longer, but their labels stay the usual ones.
 */
export function wallTicks(fromMs: number, toMs: number, zone: string, ticksMax: number): Ticks {
  const spanMs = Math.max(toMs - fromMs, 1);
  const most = Math.max(ticksMax, 2);
  for (const minutes of minuteSteps)
    if (spanMs / (minutes * 60_000) <= most)
      return { atMs: minuteTicks(fromMs, toMs, zone, minutes), step: { minutes } };
  for (const days of daySteps)
    if (spanMs / (days * dayMs) <= most) return { atMs: dayTicks(fromMs, toMs, zone, days), step: { days } };
  const months = monthSteps.find((step) => spanMs / (step * 30.44 * dayMs) <= most) ?? 12;
  return { atMs: monthTicks(fromMs, toMs, zone, months), step: { months } };
}

/** Every zone in use keeps quarter hours of UTC on its own quarter hours, so instants are walked and the wall asked. */
function minuteTicks(fromMs: number, toMs: number, zone: string, minutes: number): number[] {
  const ticks: number[] = [];
  for (let ms = Math.ceil(fromMs / quarterMs) * quarterMs; ms <= toMs; ms += quarterMs)
    if (wallOf(ms, zone).minuteOfDay % minutes === 0) ticks.push(ms);
  return ticks;
}

function dayTicks(fromMs: number, toMs: number, zone: string, days: number): number[] {
  let day = dayOf(fromMs, zone);
  if (days === 7) day = addDays(day, 1 - Temporal.PlainDate.from(day).dayOfWeek);
  else if (days > 1) day = addDays(day, -((Temporal.PlainDate.from(day).day - 1) % days));
  return walk(day, (at) => addDays(at, days), fromMs, toMs, zone);
}

function monthTicks(fromMs: number, toMs: number, zone: string, months: number): number[] {
  const first = Temporal.PlainDate.from(dayOf(fromMs, zone)).with({ day: 1 });
  const start = first.subtract({ months: (first.month - 1) % months }).toString();
  return walk(start, (at) => addMonths(at, months), fromMs, toMs, zone);
}

function walk(start: Day, next: (day: Day) => Day, fromMs: number, toMs: number, zone: string): number[] {
  const ticks: number[] = [];
  for (let day = start; ; day = next(day)) {
    const ms = startOfDay(day, zone);
    if (ms > toMs) return ticks;
    if (ms >= fromMs) ticks.push(ms);
  }
}
