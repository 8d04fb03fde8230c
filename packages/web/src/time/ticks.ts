import { addDays, addMonths, type Day, dayOf, startOfDay, wallOf } from "./zone.ts";

/** How far apart ticks stand, on the wall clock. */
export type TickStep = { readonly minutes: number } | { readonly days: number } | { readonly months: number };

export interface Ticks {
  readonly atMs: readonly number[];
  readonly step: TickStep;
}

const minuteSteps = [15, 30, 60, 180, 360, 720];
const daySteps = [1, 2, 7, 14];
const monthSteps = [1, 3, 12];
const quarterMs = 900_000;
const dayMs = 86_400_000;
const ticksLeast = 3;
const steps: readonly { readonly step: TickStep; readonly lengthMs: number }[] = [
  ...minuteSteps.map((minutes) => ({ step: { minutes }, lengthMs: minutes * 60_000 })),
  ...daySteps.map((days) => ({ step: { days }, lengthMs: days * dayMs })),
  ...monthSteps.map((months) => ({ step: { months }, lengthMs: months * 30.44 * dayMs })),
];

/**
 * Ticks of a time axis at wall-clock multiples (00, 03, 06 …; Mondays; firsts of months), at most `ticksMax` of them.
 * On a day with a clock change the distance between two ticks is shorter or longer, but their labels stay the usual ones.
 */
export function wallTicks(fromMs: number, toMs: number, zone: string, ticksMax: number): Ticks {
  const spanMs = Math.max(toMs - fromMs, 1);
  const most = Math.max(ticksMax, 2);
  const fits = ({ lengthMs }: (typeof steps)[number], room: number) => spanMs / lengthMs <= room;
  const found = steps.findIndex((one) => fits(one, most));
  const at = found < 0 ? steps.length - 1 : found;
  const usual = ticksAt(fromMs, toMs, zone, steps[at]!.step);
  // One or two labels tell nothing about where in the period a value lies: rather a little closer.
  const finer = steps[at - 1];
  if (usual.length >= ticksLeast || !finer || !fits(finer, most * 1.5))
    return { atMs: usual, step: steps[at]!.step };
  return { atMs: ticksAt(fromMs, toMs, zone, finer.step), step: finer.step };
}

function ticksAt(fromMs: number, toMs: number, zone: string, step: TickStep): number[] {
  if ("minutes" in step) return minuteTicks(fromMs, toMs, zone, step.minutes);
  if ("days" in step) return dayTicks(fromMs, toMs, zone, step.days);
  return monthTicks(fromMs, toMs, zone, step.months);
}

/** Weeks are counted from here, so that fortnights stay where they are while a chart is moved. */
const firstMonday = "1970-01-05";

/** Every zone in use keeps quarter hours of UTC on its own quarter hours, so instants are walked and the wall asked. */
function minuteTicks(fromMs: number, toMs: number, zone: string, minutes: number): number[] {
  const ticks: number[] = [];
  for (let ms = Math.ceil(fromMs / quarterMs) * quarterMs; ms <= toMs; ms += quarterMs)
    if (wallOf(ms, zone).minuteOfDay % minutes === 0) ticks.push(ms);
  return ticks;
}

function dayTicks(fromMs: number, toMs: number, zone: string, days: number): number[] {
  let day = dayOf(fromMs, zone);
  if (days % 7 === 0) {
    const sinceMonday = Temporal.PlainDate.from(firstMonday).until(day).total("days");
    day = addDays(firstMonday, Math.floor(sinceMonday / days) * days);
  } else if (days > 1) day = addDays(day, -((Temporal.PlainDate.from(day).day - 1) % days));
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
