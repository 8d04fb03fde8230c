import type { EnergySeries } from "../api/client.ts";
import { type Curve, type CurveDay, partly } from "../parts/curve.ts";
import { addDays, wallOf } from "../time/zone.ts";
import type { Resolution } from "./search.ts";

/** A series as charts show it. An interval to which some point did not bring its value is marked. */
export function curveOfSeries(series: EnergySeries, zone: string): Curve {
  const scale = 10 ** series.scale;
  const values = Float64Array.from(series.values, (value) => (value === null ? Number.NaN : value * scale));
  const flags = new Uint16Array(values.length);
  for (const [from = 0, count = 0, bits = 0] of series.flags) flags.fill(bits, from, from + count);
  for (const [from = 0, count = 0] of series.incomplete)
    for (let index = from; index < from + count; index += 1) flags[index] = flags[index]! | partly;
  return {
    startMs: Date.parse(series.start),
    stepMs: series.stepSeconds * 1000,
    values,
    flags,
    days: series.days,
    due: values.length,
    unit: series.unit,
    zone,
  };
}

/** The same curve at another resolution: hours are summed (of power: averaged), longer buckets keep least, largest and mean. */
export function atResolution(curve: Curve, resolution: Resolution | undefined, power: boolean): Curve {
  if (resolution === undefined) return curve;
  if (resolution === "raw") return { ...curve, resolution: "raw" };
  if (resolution === "hour") return { ...hourly(curve, power), resolution: "raw" };
  return { ...curve, days: buckets(curve.days, resolution), resolution: "buckets" };
}

/** Hours from the first one on; one that lacks a part has no value. */
function hourly(curve: Curve, power: boolean): Curve {
  const parts = 3_600_000 / curve.stepMs;
  if (parts <= 1 || !Number.isInteger(parts)) return curve;
  const count = Math.ceil(curve.values.length / parts);
  const values = new Float64Array(count);
  const flags = new Uint16Array(count);
  for (let hour = 0; hour < count; hour += 1) {
    for (let part = hour * parts; part < (hour + 1) * parts; part += 1) {
      values[hour] = values[hour]! + (curve.values[part] ?? Number.NaN);
      flags[hour] = flags[hour]! | (curve.flags[part] ?? 0);
    }
    if (power) values[hour] = values[hour]! / parts;
  }
  const days = curve.days.map(({ day, firstIndex, slots }) => ({
    day,
    firstIndex: Math.round(firstIndex / parts),
    slots: Math.ceil(slots / parts),
  }));
  return { ...curve, stepMs: 3_600_000, values, flags, days, due: count };
}

function buckets(days: readonly CurveDay[], resolution: Exclude<Resolution, "raw" | "hour">): CurveDay[] {
  if (resolution === "day") return [...days];
  const keyOf = ({ day }: CurveDay): string => {
    if (resolution === "week") return addDays(day, 1 - Temporal.PlainDate.from(day).dayOfWeek);
    return day.slice(0, resolution === "month" ? 7 : 4);
  };
  const made: CurveDay[] = [];
  let key = "";
  for (const day of days) {
    const own = keyOf(day);
    const last = made.at(-1);
    if (last && own === key) made[made.length - 1] = { ...last, slots: last.slots + day.slots };
    else made.push(day);
    key = own;
  }
  return made;
}

/**
 * A former curve laid over the days of another one: the nth day upon the nth, each time of day upon the same time. What the former day
 * had not (an hour that was skipped) is missing; of an hour that came twice each pass meets its own where both days have it.
 */
export function laidOver(curve: Curve, former: Curve): Curve {
  const values = new Float64Array(curve.values.length).fill(Number.NaN);
  const flags = new Uint16Array(curve.values.length);
  for (const [nth, day] of curve.days.entries()) {
    const then = former.days[nth];
    if (!then) continue;
    const same = then.slots === day.slots && sameClock(curve, day, former, then);
    const byTime = same ? undefined : timesOf(former, then);
    for (let slot = 0; slot < day.slots; slot += 1) {
      const index = day.firstIndex + slot;
      const place = byTime
        ? byTime.get(wallOf(curve.startMs + index * curve.stepMs, curve.zone).minuteOfDay)
        : then.firstIndex + slot;
      if (place === undefined) continue;
      values[index] = former.values[place]!;
      flags[index] = former.flags[place]!;
    }
  }
  return { ...curve, values, flags, due: 0 };
}

const sameClock = (one: Curve, day: CurveDay, other: Curve, then: CurveDay): boolean => {
  const change = (curve: Curve, { firstIndex, slots }: CurveDay) =>
    wallOf(curve.startMs + (firstIndex + slots - 1) * curve.stepMs, curve.zone).offsetMs -
    wallOf(curve.startMs + firstIndex * curve.stepMs, curve.zone).offsetMs;
  return change(one, day) === change(other, then);
};

function timesOf(curve: Curve, { firstIndex, slots }: CurveDay): Map<number, number> {
  const places = new Map<number, number>();
  for (let slot = 0; slot < slots; slot += 1) {
    const { minuteOfDay } = wallOf(curve.startMs + (firstIndex + slot) * curve.stepMs, curve.zone);
    if (!places.has(minuteOfDay)) places.set(minuteOfDay, firstIndex + slot);
  }
  return places;
}

/** Values that are there, greatest first: how much of the time the load was at least that. */
export function durationOf(curve: Curve): Float64Array {
  return curve.values
    .filter((value) => !Number.isNaN(value))
    .sort()
    .reverse();
}
