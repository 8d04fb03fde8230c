import type { EpochMs } from "@energsys/protocols";
import { type DayKind, dayKindOf } from "../holidays.ts";
import type { MarketDay } from "../market-day.ts";
import { notGood, quality } from "../quality.ts";
import type { ChannelKind } from "../reading.ts";
import type { Outage } from "../validation/checked-day.ts";
import { fullyDark } from "../validation/v19-outage.ts";

/** A day of a channel as it was measured (and marked by validation), with what it is compared by. */
export interface SeriesDay {
  readonly date: string;
  readonly startMs: EpochMs;
  readonly kind: DayKind;
  /** 1 is Monday. */
  readonly weekday: number;
  readonly values: Float64Array;
  readonly flags: Uint16Array;
}

/** A day with the kind that its date has. */
export function seriesDay(
  { date, startMs }: MarketDay,
  { values, flags }: { readonly values: Float64Array; readonly flags: Uint16Array },
  kind: DayKind = dayKindOf(date),
): SeriesDay {
  return { date, startMs, kind, weekday: Temporal.PlainDate.from(date).dayOfWeek, values, flags };
}

/** What estimates are made from. Values are the channel's integers. */
export interface EstimationInput {
  readonly kind: ChannelKind;
  readonly periodSeconds: number;
  readonly zone: string;
  /** Consecutive days; those with gaps, and the days around them as far as a gap or a register step reaches. */
  readonly days: readonly SeriesDay[];
  /** Days before them, in any order; 60 days back are of use. */
  readonly history: readonly SeriesDay[];
  /** The point's register at borders of intervals, in the channel's integers, factors applied: only differences count. Ascending. */
  readonly registers?: readonly { readonly atMs: EpochMs; readonly value: number }[];
  readonly outages?: readonly Outage[];
  /** A check meter's values for the same days, and what they are multiplied with. */
  readonly check?: {
    readonly days: readonly { readonly values: Float64Array; readonly flags: Uint16Array }[];
    readonly ratio: { readonly top: number; readonly bottom: number };
  };
  /** Energy of a year that is expected, in the channel's integers, and how it spreads. */
  readonly profile?: {
    readonly annual: number;
    /** Weight of each interval of a day and the weight of a year, in one unit. */
    weightsOf(day: SeriesDay): { readonly weights: readonly bigint[]; readonly year: bigint };
  };
  /** Only intervals from and until here are estimated: the point had a meter, and the time is over. */
  readonly fromMs?: EpochMs;
  readonly toMs?: EpochMs;
  /** So many days after the last measured interval, or after a meter came, profiles and means guess no more; without it there is no such end. */
  readonly reachDays?: number;
}

/** What an interval must not have to count as measured and valid. */
const notMeasured = notGood | quality.estimated;
const powerBits = quality.powerDown | quality.powerUp;

/** A day that others may be estimated from: every interval measured and valid, no outage, nothing edited. */
export function isReference(day: SeriesDay): boolean {
  for (let slot = 0; slot < day.values.length; slot++) {
    if (Number.isNaN(day.values[slot])) return false;
    if ((day.flags[slot]! & (notMeasured | powerBits | quality.edited | quality.partial)) !== 0) return false;
  }
  return true;
}

/** A stretch of intervals to estimate within one day: [from, to) counted from the start of the series. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  /** The day, by its place in the series, and the slot of it that `from` is. */
  readonly day: number;
  readonly slot: number;
  /** The whole stretch, which may reach over midnights. */
  readonly wholeFrom: number;
  readonly wholeTo: number;
}

/** The days as one row of intervals. */
export class Series {
  readonly input: EstimationInput;
  readonly values: Float64Array;
  readonly flags: Uint16Array;
  readonly startMs: EpochMs;
  readonly periodMs: number;
  /** First interval of each day, and the number of all at the end. */
  readonly offsets: readonly number[];
  /** 1 where there is something to estimate, 2 where that interval was fully dark. */
  readonly need: Uint8Array;
  readonly #references = new Map<SeriesDay, boolean>();

  constructor(input: EstimationInput) {
    this.input = input;
    const offsets = [0];
    for (const { values } of input.days) offsets.push(offsets.at(-1)! + values.length);
    this.offsets = offsets;
    const total = offsets.at(-1)!;
    this.values = new Float64Array(total);
    this.flags = new Uint16Array(total);
    this.startMs = input.days[0]?.startMs ?? 0;
    this.periodMs = input.periodSeconds * 1000;
    input.days.forEach((day, nth) => {
      if (day.startMs !== this.startMs + offsets[nth]! * this.periodMs)
        throw new RangeError(`${day.date} does not follow the day before`);
      this.values.set(day.values, offsets[nth]);
      this.flags.set(day.flags, offsets[nth]);
    });
    this.need = new Uint8Array(total);
    for (let at = 0; at < total; at++) this.need[at] = this.#needAt(at);
  }

  #needAt(at: number): number {
    if (!Number.isNaN(this.values[at]) && (this.flags[at]! & notMeasured) === 0) return 0;
    const fromMs = this.startMs + at * this.periodMs;
    const toMs = fromMs + this.periodMs;
    const { input } = this;
    if (fromMs < (input.fromMs ?? Number.NEGATIVE_INFINITY)) return 0;
    if (toMs > (input.toMs ?? Number.POSITIVE_INFINITY)) return 0;
    return fullyDark(input.outages ?? [], fromMs, toMs) ? 2 : 1;
  }

  /** Measured, valid and with supply all the time: fit to be a neighbour of an interpolation. */
  fitAt(at: number): boolean {
    if (at < 0 || at >= this.values.length || Number.isNaN(this.values[at])) return false;
    if ((this.flags[at]! & (notMeasured | powerBits)) !== 0 || this.values[at]! < 0) return false;
    const fromMs = this.startMs + at * this.periodMs;
    return !(this.input.outages ?? []).some(
      (outage) => outage.fromMs < fromMs + this.periodMs && outage.toMs > fromMs,
    );
  }

  /** Stretches of one need, cut at midnight. */
  gaps(): Gap[] {
    const gaps: Gap[] = [];
    for (let at = 0; at < this.need.length; ) {
      const need = this.need[at]!;
      let to = at + 1;
      while (to < this.need.length && this.need[to] === need) to++;
      if (need !== 0) this.#cut(at, to, gaps);
      at = to;
    }
    return gaps;
  }

  #cut(wholeFrom: number, wholeTo: number, gaps: Gap[]): void {
    for (let day = 0; day < this.input.days.length; day++) {
      const from = Math.max(wholeFrom, this.offsets[day]!);
      const to = Math.min(wholeTo, this.offsets[day + 1]!);
      if (from < to) gaps.push({ from, to, day, slot: from - this.offsets[day]!, wholeFrom, wholeTo });
    }
  }

  dayOf(gap: Gap): SeriesDay {
    return this.input.days[gap.day]!;
  }

  /** Days before the one of a gap that it may be estimated from, the nearest first. */
  referencesFor(gap: Gap): SeriesDay[] {
    const { startMs } = this.dayOf(gap);
    const earliestMs = startMs - (referenceDaysMax + 0.5) * 86_400_000;
    return [...this.input.days.slice(0, gap.day), ...this.input.history]
      .filter((day) => day.startMs < startMs && day.startMs >= earliestMs && this.#fit(day))
      .sort((a, b) => b.startMs - a.startMs);
  }

  /** Whether the stretch began not too long before the day of a gap, or something was measured since then. */
  isNearMeasured(gap: Gap): boolean {
    const { reachDays } = this.input;
    if (reachDays === undefined) return true;
    const { startMs } = this.dayOf(gap);
    const earliestMs = startMs - (reachDays + 0.5) * 86_400_000;
    // A stretch that begins with the days that are looked at may have begun long before.
    if (gap.wholeFrom > 0 && this.startMs + gap.wholeFrom * this.periodMs >= earliestMs) return true;
    return [...this.input.days, ...this.input.history].some(
      (day) =>
        day.startMs <= startMs &&
        day.startMs >= earliestMs &&
        day.values.some((value, slot) => !Number.isNaN(value) && (day.flags[slot]! & notMeasured) === 0),
    );
  }

  #fit(day: SeriesDay): boolean {
    let fit = this.#references.get(day);
    if (fit === undefined) {
      fit = isReference(day);
      this.#references.set(day, fit);
    }
    return fit;
  }

  /** The values of another day at the clock times of a gap; `undefined` where that day's clock did not show one of them. */
  sameTimes(gap: Gap, other: SeriesDay): bigint[] | undefined {
    const day = this.dayOf(gap);
    const taken: bigint[] = [];
    const byClock = day.values.length === other.values.length ? undefined : this.#clockOf(other);
    const clock = byClock && this.#clockOf(day);
    for (let at = gap.from; at < gap.to; at++) {
      const slot = gap.slot + at - gap.from;
      const there = byClock && clock ? byClock.indexOf(clock[slot]!) : slot;
      const value = other.values[there];
      if (value === undefined || Number.isNaN(value) || value < 0) return undefined;
      taken.push(BigInt(value));
    }
    return taken;
  }

  /** Minute of the zone's clock at which each interval of a day starts: an hour that is repeated or left out shows in it. */
  #clockOf(day: SeriesDay): Int32Array {
    return Int32Array.from(day.values, (_, slot) => {
      const instant = Temporal.Instant.fromEpochMilliseconds(day.startMs + slot * this.periodMs);
      const { hour, minute } = instant.toZonedDateTimeISO(this.input.zone);
      return hour * 60 + minute;
    });
  }
}

/** How far back a day may lie that another one is estimated from. */
export const referenceDaysMax = 60;
