import type { MarketDay } from "../market-day.ts";
import { notGood } from "../quality.ts";
import type { CompiledCalendar } from "./calendar.ts";
import type { Demand } from "./demand.ts";
import { divideRounded } from "./exact.ts";

/** A series of energies with the places of its days; the counts say how many values make up an interval. */
export interface ZonedSeries {
  readonly stepSeconds: number;
  readonly days: readonly { readonly day: MarketDay; readonly first: number; readonly slots: number }[];
  /** Integers of one unit; NaN where no value is there. */
  readonly values: Float64Array;
  readonly flags: Uint16Array;
  readonly expected: Uint32Array;
  readonly present: Uint32Array;
  readonly good: Uint32Array;
  readonly estimated: Uint32Array;
}

/** A series with the calendar of each day. */
export interface RatedSeries {
  readonly series: ZonedSeries;
  readonly calendarOn: (date: string) => CompiledCalendar | undefined;
}

/** Energy with what is known of it; null where nothing is there. */
export interface CountedEnergy {
  readonly energy: bigint | null;
  readonly expected: number;
  readonly present: number;
  readonly good: number;
  readonly estimated: number;
}

/** What one rate brought. */
export interface ZoneSum extends CountedEnergy {
  readonly rate: string;
  /** Thousandths of the whole; undefined where the whole is nothing. */
  readonly shareMille: number | undefined;
  readonly max: Demand | undefined;
}

/** One part of the period, by rate. */
export interface ZoneBucket {
  readonly key: string;
  readonly byRate: ReadonlyMap<string, CountedEnergy>;
  /** Of days without a calendar. */
  readonly unrated: CountedEnergy;
  readonly total: CountedEnergy;
}

export interface ZoneSums {
  readonly zones: readonly ZoneSum[];
  /** Of all intervals, counted apart from the zones: what no calendar answers for is in it as well. */
  readonly total: CountedEnergy;
  /** Energy of days without a calendar. */
  readonly unrated: CountedEnergy;
  readonly unratedDays: readonly string[];
  readonly buckets: readonly ZoneBucket[];
}

class Tally implements CountedEnergy {
  energy: bigint | null = null;
  /** Sum not yet in `energy`: kept small enough to be exact. */
  #open = 0;
  #has = false;
  expected = 0;
  present = 0;
  good = 0;
  estimated = 0;

  count(series: ZonedSeries, slot: number): void {
    this.expected += series.expected[slot]!;
    this.present += series.present[slot]!;
    this.good += series.good[slot]!;
    this.estimated += series.estimated[slot]!;
    const value = series.values[slot]!;
    if (Number.isNaN(value)) return;
    this.#open += value;
    this.#has = true;
  }

  /** After each day: it has at most 300 intervals of less than 2^44 each, whose sum is exact. */
  settle(): void {
    if (!this.#has) return;
    this.energy = (this.energy ?? 0n) + BigInt(this.#open);
    [this.#open, this.#has] = [0, false];
  }
}

/** Intervals of one rate, of all series together, to find its greatest. */
class RatePeaks {
  readonly #values: Float64Array;
  readonly #bad: Uint8Array;
  constructor(slots: number) {
    this.#values = new Float64Array(slots).fill(Number.NaN);
    this.#bad = new Uint8Array(slots);
  }

  add({ values, flags, expected, present }: ZonedSeries, slot: number): void {
    const value = values[slot]!;
    if (present[slot]! < expected[slot]! || (flags[slot]! & notGood) !== 0) this.#bad[slot] = 1;
    if (Number.isNaN(value)) return;
    const known = this.#values[slot]!;
    this.#values[slot] = Number.isNaN(known) ? value : known + value;
  }

  /** The earliest of equal ones; none that lacks a part or that a rule refused. */
  greatest({ days, stepSeconds }: ZonedSeries): Demand | undefined {
    let best: { startMs: number; energy: number } | undefined;
    for (const { day, first, slots } of days) {
      for (let slot = first; slot < first + slots; slot++) {
        const energy = this.#values[slot]!;
        if (Number.isNaN(energy) || this.#bad[slot] === 1 || (best && energy <= best.energy)) continue;
        best = { startMs: day.startMs + (slot - first) * stepSeconds * 1000, energy };
      }
    }
    return best && { ...best, power: (best.energy * 3600) / stepSeconds };
  }
}

/**
 * Adds series up by rate, over all and by bucket. Each day is rated by its own calendar, so a version may change within the period; rates of
 * one name are one zone, whichever series they come from. All series have the same days and intervals.
 * @throws RangeError where a switch falls into an interval, or the series differ
 */
export function sumZones(
  parts: readonly RatedSeries[],
  bucketOf: (date: string) => string = () => "",
): ZoneSums {
  const [model] = parts;
  const slots = model?.series.values.length ?? 0;
  const rates = new Map<string, { tally: Tally; peaks: RatePeaks }>();
  const [unrated, total] = [new Tally(), new Tally()];
  const unratedDays = new Set<string>();
  const buckets = new Map<string, { byRate: Map<string, Tally>; unrated: Tally; total: Tally }>();
  const rateOf = (rate: string) => {
    const known = rates.get(rate) ?? { tally: new Tally(), peaks: new RatePeaks(slots) };
    rates.set(rate, known);
    return known;
  };
  const bucketAt = (date: string) => {
    const key = bucketOf(date);
    const known = buckets.get(key) ?? {
      byRate: new Map<string, Tally>(),
      unrated: new Tally(),
      total: new Tally(),
    };
    buckets.set(key, known);
    return known;
  };
  for (const { series, calendarOn } of parts) {
    if (series.values.length !== slots || series.stepSeconds !== model!.series.stepSeconds)
      throw new RangeError("series of other intervals cannot be added up");
    for (const { day, first, slots: count } of series.days) {
      const calendar = calendarOn(day.date);
      const places = calendar?.ratesOf(day, series.stepSeconds);
      const bucket = bucketAt(day.date);
      const zones = (calendar?.rates ?? []).map((rate) => {
        const ofBucket = bucket.byRate.get(rate) ?? new Tally();
        bucket.byRate.set(rate, ofBucket);
        return { ...rateOf(rate), ofBucket };
      });
      let used = false;
      for (let nth = 0; nth < count; nth++) {
        const slot = first + nth;
        const zone = places && zones[places[nth]!]!;
        used ||= series.expected[slot]! + series.present[slot]! > 0;
        if (zone) {
          zone.tally.count(series, slot);
          zone.ofBucket.count(series, slot);
          zone.peaks.add(series, slot);
        } else {
          unrated.count(series, slot);
          bucket.unrated.count(series, slot);
        }
        total.count(series, slot);
        bucket.total.count(series, slot);
      }
      if (!calendar && used) unratedDays.add(day.date);
      for (const { tally, ofBucket } of zones) {
        tally.settle();
        ofBucket.settle();
      }
      for (const each of [unrated, total, bucket.unrated, bucket.total]) each.settle();
    }
  }
  const whole = total.energy ?? 0n;
  const zones = [...rates].map(([rate, { tally, peaks }]) => ({
    rate,
    ...counted(tally),
    shareMille: whole > 0n ? Number(divideRounded((tally.energy ?? 0n) * 1000n, whole)) : undefined,
    max: model && peaks.greatest(model.series),
  }));
  return {
    zones,
    total: counted(total),
    unrated: counted(unrated),
    unratedDays: [...unratedDays].sort(),
    buckets: [...buckets].map(([key, bucket]) => ({
      key,
      byRate: new Map([...bucket.byRate].map(([rate, tally]) => [rate, counted(tally)])),
      unrated: counted(bucket.unrated),
      total: counted(bucket.total),
    })),
  };
}

const counted = ({ energy, expected, present, good, estimated }: CountedEnergy): CountedEnergy => ({
  // Where nothing is expected, nothing is known: a day without this rate.
  energy: energy ?? (expected === 0 ? 0n : null),
  expected,
  present,
  good,
  estimated,
});

/** One rate as we summed it beside the meter's own register of that rate. */
export interface RegisterComparison {
  readonly rate: string;
  readonly ours: bigint | null;
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
  zones: readonly { readonly rate: string; readonly energy: bigint | null }[],
  registers: ReadonlyMap<string, { readonly energy: bigint; readonly step: bigint }>,
): RegisterComparison[] {
  return zones.map(({ rate, energy }) => {
    const register = registers.get(rate);
    const difference = register && energy !== null ? energy - register.energy : undefined;
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
