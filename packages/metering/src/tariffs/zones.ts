import type { MarketDay } from "../market-day.ts";
import { stateOf } from "../quality-code.ts";
import type { CompiledCalendar } from "./calendar.ts";
import type { Demand } from "./demand.ts";
import { divideRounded } from "./exact.ts";

/** A series of energies with the places of its days. */
export interface ZonedSeries {
  readonly stepSeconds: number;
  readonly days: readonly { readonly day: MarketDay; readonly first: number; readonly slots: number }[];
  /** Integers of one unit; NaN where no value is there. */
  readonly values: Float64Array;
  readonly flags: Uint16Array;
}

/** What one rate brought. */
export interface ZoneSum {
  readonly rate: string;
  readonly energy: bigint;
  /** Thousandths of the whole; undefined where the whole is nothing. */
  readonly shareMille: number | undefined;
  readonly max: Demand | undefined;
  readonly intervals: number;
  readonly missing: number;
  readonly estimated: number;
}

export interface ZoneSums {
  readonly zones: readonly ZoneSum[];
  /** Of all intervals, counted apart from the zones: what no calendar answers for is in it as well. */
  readonly total: bigint;
  /** Energy of days without a calendar. */
  readonly unrated: bigint;
  readonly unratedDays: readonly string[];
}

interface Tally {
  energy: bigint;
  /** Sum not yet in `energy`: kept small enough to be exact. */
  open: number;
  intervals: number;
  missing: number;
  estimated: number;
  best: number;
  bestMs: number;
}

/**
 * Adds a series up by rate. Each day is rated by its own calendar, so a version may change within the period; rates of one name are
 * one zone. Maximum by zone: of its single intervals, the earliest of equal ones, none that a rule refused.
 */
export function sumZones(
  series: ZonedSeries,
  calendarOn: (date: string) => CompiledCalendar | undefined,
): ZoneSums {
  const tallies = new Map<string, Tally>();
  const none = tally();
  const all = tally();
  const unratedDays: string[] = [];
  for (const { day, first, slots } of series.days) {
    const calendar = calendarOn(day.date);
    const rates = calendar?.ratesOf(day, series.stepSeconds);
    const ofRate = calendar?.rates.map((rate) => {
      const known = tallies.get(rate) ?? tally();
      tallies.set(rate, known);
      return known;
    });
    if (!calendar) unratedDays.push(day.date);
    for (let slot = 0; slot < slots; slot++) {
      const startMs = day.startMs + slot * series.stepSeconds * 1000;
      const zone = ofRate && rates ? ofRate[rates[slot]!]! : none;
      count(zone, series.values[first + slot]!, series.flags[first + slot]!, startMs);
      count(all, series.values[first + slot]!, series.flags[first + slot]!, startMs);
    }
    for (const each of ofRate ?? [none]) settle(each);
    settle(all);
  }
  const total = all.energy;
  const zones = [...tallies].map(([rate, found]) => ({
    rate,
    energy: found.energy,
    shareMille: total > 0n ? Number(divideRounded(found.energy * 1000n, total)) : undefined,
    max: Number.isFinite(found.best)
      ? { startMs: found.bestMs, energy: found.best, power: (found.best * 3600) / series.stepSeconds }
      : undefined,
    intervals: found.intervals,
    missing: found.missing,
    estimated: found.estimated,
  }));
  return { zones, total, unrated: none.energy, unratedDays };
}

const tally = (): Tally => ({
  energy: 0n,
  open: 0,
  intervals: 0,
  missing: 0,
  estimated: 0,
  best: Number.NEGATIVE_INFINITY,
  bestMs: 0,
});

function count(into: Tally, value: number, flags: number, startMs: number): void {
  const state = stateOf(value, flags);
  into.intervals++;
  if (state === "N") {
    into.missing++;
    return;
  }
  if (state === "E" || state === "M") into.estimated++;
  into.open += value;
  if (state !== "Q" && value > into.best) [into.best, into.bestMs] = [value, startMs];
}

/** A day has at most 300 intervals of less than 2^44 each: their sum is exact. */
function settle(into: Tally): void {
  into.energy += BigInt(into.open);
  into.open = 0;
}

/** One rate as we summed it beside the meter's own register of that rate. */
export interface RegisterComparison {
  readonly rate: string;
  readonly ours: bigint;
  readonly meters: bigint | undefined;
  readonly difference: bigint | undefined;
  /** More than what two readings of that resolution can differ by: an issue for validation. */
  readonly differs: boolean;
}

/**
 * The meter's own rate registers beside our zones, in one unit. A register is read as whole steps at both ends, so up to one step
 * of difference says nothing.
 */
export function compareRegisters(
  zones: readonly { readonly rate: string; readonly energy: bigint }[],
  registers: ReadonlyMap<string, { readonly energy: bigint; readonly step: bigint }>,
): RegisterComparison[] {
  return zones.map(({ rate, energy }) => {
    const register = registers.get(rate);
    const difference = register && energy - register.energy;
    const size = difference === undefined ? 0n : difference < 0n ? -difference : difference;
    return {
      rate,
      ours: energy,
      meters: register?.energy,
      difference,
      differs: register !== undefined && size > register.step,
    };
  });
}
