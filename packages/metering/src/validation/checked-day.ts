import type { EpochMs } from "@energsys/protocols";
import { quality } from "../quality.ts";
import type { SlotSet } from "./slot-set.ts";

/** Time without supply that a pair of power-fail and restore events covers, [from, to). */
export interface Outage {
  readonly fromMs: EpochMs;
  readonly toMs: EpochMs;
}

/** Step of the point's register over the day, in the channel's integers, factors applied. */
export interface RegisterStep {
  readonly step: number;
  /** One last digit of the index × factor, in the channel's integers. */
  readonly digit: number;
  readonly rolledOver: boolean;
  /** The register went back and no roll-over explains it: `step` means nothing. */
  readonly decreased: boolean;
}

/** Days before the one in question, from the digests: entry `from` is yesterday, `from + 1` the day before that. */
export interface DayHistory {
  /** Sum of a day in the channel's integers, NaN where there is none. */
  readonly sums: Float64Array;
  /** Slots of that day that have a value. */
  readonly present: Uint16Array;
  from: number;
  count: number;
}

/**
 * Both sides of a group on one whole day, for its balance meter: integers × 10^scale Wh, net of what flows back, but `gross`, what flowed in
 * either direction.
 */
export interface GroupBalance {
  readonly groupId: number;
  readonly name: string;
  readonly scale: number;
  readonly input: number;
  readonly counted: number;
  readonly gross: number;
  /** What must be lost, by transformers and lines; null where nobody entered them. */
  readonly technical: number | null;
  /** What the meters of both sides may be off by, and what of them is only estimated. */
  readonly uncertainty: number;
  /** A member feeds in what its meter does not count: more is counted than came in, and nothing is wrong. */
  readonly feedsUncounted: boolean;
}

/**
 * One day of one channel of a point as rules see it. Values are the channel's integers, NaN where there is none. What is absent is
 * not known, and a rule that needs it says nothing. The object may be used again for the next day, so nothing may keep it.
 */
export interface CheckedDay {
  channelId: number;
  energy: "active" | "reactive" | "apparent";
  direction: "import" | "export";
  /** Value in Wh (varh, VAh) = integer × 10^scale. */
  scale: number;
  periodSeconds: number;
  startMs: EpochMs;
  nowMs: EpochMs;
  values: Float64Array;
  flags: Uint16Array;

  /** Most that the meter can count in an interval: phases × 230 V × Imax × factor. */
  meterMax?: number | undefined;
  /** Most that the approved power gives in an interval. */
  approvedMax?: number | undefined;
  /** Energy of one pulse where intervals are counted pulses. */
  pulseWeight?: number | undefined;
  register?: RegisterStep | undefined;
  /** Index steps of the rates over the day against the step of the total. */
  rates?:
    | { readonly sum: number; readonly count: number; readonly total: number; readonly digit: number }
    | undefined;
  history?: DayHistory | undefined;
  /** The same weeks a year ago. */
  yearAgo?: { readonly sum: number; readonly present: number } | undefined;
  /** Reactive energy of the same intervals, in its own integers at the same scale. */
  reactive?: Float64Array | undefined;
  /** Outages of the day; absent when the events of the day were not read. */
  outages?: readonly Outage[] | undefined;
  /** False while the point is known to be without supply for good (switched off, not connected yet). */
  energised?: boolean | undefined;
  /** Since when a disconnection is confirmed. */
  openSinceMs?: EpochMs | undefined;
  exportContract?: boolean | undefined;
  /** Clock of the device minus ours when the day was read. */
  clockOffsetMs?: number | undefined;
  identity?: { readonly expected: string; readonly read: string } | undefined;
  /** Slots that came twice with different values, of which the newer one was not declared final. */
  duplicates?: SlotSet | undefined;
  testSlots?: SlotSet | undefined;
  /** Energy of the day that a check meter says. */
  partner?: { readonly sum: number; readonly limitPermille: number } | undefined;
  /** Groups that this balance meter speaks for. */
  groups?: readonly GroupBalance[] | undefined;
  /** The point had a meter from and until, where that is not the whole day. */
  meteredFromMs?: EpochMs | undefined;
  meteredToMs?: EpochMs | undefined;
}

/** What one look at the day's values tells, so that rules of a good day need not look again. */
export class DayFacts {
  present = 0;
  /** Every bit of quality seen, or-ed. */
  seen = 0;
  /** Sum of the values that are there. */
  sum = 0;
  min = Number.POSITIVE_INFINITY;
  max = Number.NEGATIVE_INFINITY;
  maxAt = -1;
  /** Third highest value, −∞ when fewer are there. */
  third = Number.NEGATIVE_INFINITY;
  zeros = 0;
  /** Longest run of one value other than zero. */
  longestRun = 0;
  /** Longest run of zeros. */
  longestZeros = 0;

  /** Looks at a day; the object is filled anew. */
  look({ values, flags }: { readonly values: Float64Array; readonly flags: Uint16Array }): this {
    let present = 0;
    let seen = 0;
    let sum = 0;
    let min = Number.POSITIVE_INFINITY;
    let max = Number.NEGATIVE_INFINITY;
    let second = Number.NEGATIVE_INFINITY;
    let third = Number.NEGATIVE_INFINITY;
    let maxAt = -1;
    let zeros = 0;
    let run = 0;
    let longestRun = 0;
    let longestZeros = 0;
    let previous = Number.NaN;
    for (let slot = 0; slot < values.length; slot++) {
      const value = values[slot]!;
      seen |= flags[slot]!;
      // NaN differs from itself: a slot without a value ends a run.
      run = value === previous ? run + 1 : 1;
      previous = value;
      if (Number.isNaN(value)) continue;
      present++;
      sum += value;
      if (value === 0) {
        zeros++;
        if (run > longestZeros) longestZeros = run;
      } else if (run > longestRun) longestRun = run;
      if (value < min) min = value;
      if (value <= third) continue;
      if (value > max) {
        third = second;
        second = max;
        max = value;
        maxAt = slot;
      } else if (value > second) {
        third = second;
        second = value;
      } else third = value;
    }
    this.present = present;
    this.seen = seen;
    this.sum = sum;
    this.min = min;
    this.max = max;
    this.maxAt = maxAt;
    this.third = third;
    this.zeros = zeros;
    this.longestRun = longestRun;
    this.longestZeros = longestZeros;
    return this;
  }
}

/** Bits with which the device itself refuses a value. */
export const refusedByDevice = quality.criticalError | quality.clockInvalid | quality.notValid;
