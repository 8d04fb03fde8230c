import type { MarketDay } from "../market-day.ts";
import { type Exact, exact, parseExact, plusExact, squareRoot, timesExact } from "./exact.ts";

/** The Romanian rule for inductive reactive energy as dated settings: the sources disagree on its numbers. */
export interface ReactiveSettings {
  /** Power factor down to which reactive energy is free: 0.90. */
  readonly neutralFactor: string;
  /** Power factor below which it costs `multiplier` times as much: 0.65. */
  readonly secondFactor: string;
  readonly multiplier: string;
  /** `marginal`: what lies beyond the second factor is multiplied; `whole`: all above the free quantity is, once it is passed. */
  readonly mode: "marginal" | "whole";
  readonly basePeriod: "quarter" | "hour" | "month";
}

/** Quantities in varh, unrounded. */
export interface ReactiveCharge {
  readonly free: Exact;
  readonly limit: Exact;
  readonly q1: Exact;
  readonly q3: Exact;
  /** To be multiplied by the price. */
  readonly charged: Exact;
}

const tangentDecimals = 18;
const cosineDecimals = 12;

/**
 * tg(acos f) = √(1 − f²) / f, cut off after 18 decimals.
 * @throws RangeError unless 0 < f ≤ 1
 */
export function tangentOf(factor: string): Exact {
  const { digits, decimals } = parseExact(factor);
  const one = 10n ** BigInt(decimals);
  if (digits <= 0n || digits > one) throw new RangeError(`not a power factor: ${factor}`);
  const squared = ((one * one - digits * digits) * 10n ** BigInt(2 * tangentDecimals)) / (digits * digits);
  return exact(squareRoot(squared), tangentDecimals);
}

/** cos φ = Wa / √(Wa² + Wr²); undefined where there was neither. */
export function cosPhi(active: bigint, reactive: bigint): Exact | undefined {
  const apparent = active * active + reactive * reactive;
  if (apparent === 0n) return undefined;
  return exact(squareRoot((active * active * 10n ** BigInt(2 * cosineDecimals)) / apparent), cosineDecimals);
}

/** Settings with their tangents computed once. */
export interface ReactiveRule {
  readonly neutral: Exact;
  readonly second: Exact;
  readonly multiplier: Exact;
  readonly mode: ReactiveSettings["mode"];
}

export function reactiveRule(settings: ReactiveSettings): ReactiveRule {
  const [neutral, second] = [tangentOf(settings.neutralFactor), tangentOf(settings.secondFactor)];
  if (second.digits < neutral.digits) throw new RangeError("the second factor is below the neutral one");
  return { neutral, second, multiplier: parseExact(settings.multiplier), mode: settings.mode };
}

/** What one base period is charged for; Wh and varh. Without active energy all reactive energy is beyond the second factor. */
export function reactiveCharge(active: bigint, reactive: bigint, rule: ReactiveRule): ReactiveCharge {
  const free = timesExact(exact(active), rule.neutral);
  const limit = timesExact(exact(active), rule.second);
  const used = exact(reactive * 10n ** BigInt(tangentDecimals), tangentDecimals);
  const above = (value: Exact, edge: Exact) =>
    exact(value.digits > edge.digits ? value.digits - edge.digits : 0n, tangentDecimals);
  const q3 = above(used, limit);
  const q1 = above(q3.digits > 0n ? limit : used, free);
  const charged =
    rule.mode === "marginal" || q3.digits === 0n
      ? plusExact(q1, timesExact(q3, rule.multiplier))
      : timesExact(plusExact(q1, q3), rule.multiplier);
  return { free, limit, q1, q3, charged };
}

/** An energy by interval: Wh or varh = integer × 10^scale, NaN where nothing is. */
export interface ScaledEnergy {
  readonly values: Float64Array;
  readonly scale: number;
}

/** Two energies by the same intervals with the places of their days. */
export interface ReactiveSeries {
  readonly stepSeconds: number;
  readonly days: readonly { readonly day: MarketDay; readonly first: number; readonly slots: number }[];
  readonly active: ScaledEnergy;
  readonly reactive: ScaledEnergy;
}

export interface ReactiveSum {
  readonly q1: Exact;
  readonly q3: Exact;
  readonly charged: Exact;
  readonly periods: number;
  /** Periods that are not charged because a value of theirs is missing. */
  readonly missing: number;
}

/**
 * Sums the charges of all base periods; a month is the whole series. Never computed on netted totals when the base is shorter. Exact at any
 * scale: the charge grows with its energies, so it is computed in the finest unit that either of them has.
 * @throws RangeError where intervals are longer than the base period, or the two energies do not have the same ones
 */
export function sumReactive(series: ReactiveSeries, settings: ReactiveSettings): ReactiveSum {
  const rule = reactiveRule(settings);
  const perPeriod =
    settings.basePeriod === "month"
      ? Number.POSITIVE_INFINITY
      : (settings.basePeriod === "hour" ? 3600 : 900) / series.stepSeconds;
  if (perPeriod < 1)
    throw new RangeError(`intervals of ${series.stepSeconds} s are longer than the base period`);
  if (series.active.values.length !== series.reactive.values.length)
    throw new RangeError("active and reactive energy do not have the same intervals");
  const finest = Math.min(series.active.scale, series.reactive.scale, 0);
  const timesActive = 10n ** BigInt(series.active.scale - finest);
  const timesReactive = 10n ** BigInt(series.reactive.scale - finest);
  let [q1, q3, charged] = [exact(0n), exact(0n), exact(0n)];
  let [periods, missing] = [0, 0];
  let [active, reactive, open, gaps] = [0n, 0n, 0, false];
  const close = () => {
    if (open === 0) return;
    periods++;
    if (gaps) missing++;
    else {
      const each = reactiveCharge(active, reactive, rule);
      [q1, q3, charged] = [plusExact(q1, each.q1), plusExact(q3, each.q3), plusExact(charged, each.charged)];
    }
    [active, reactive, open, gaps] = [0n, 0n, 0, false];
  };
  for (const { first, slots } of series.days) {
    for (let slot = first; slot < first + slots; slot++) {
      const [wa, wr] = [series.active.values[slot]!, series.reactive.values[slot]!];
      open++;
      if (Number.isNaN(wa) || Number.isNaN(wr)) gaps = true;
      else [active, reactive] = [active + BigInt(wa) * timesActive, reactive + BigInt(wr) * timesReactive];
      if (open >= perPeriod) close();
    }
    if (perPeriod !== Number.POSITIVE_INFINITY) close();
  }
  close();
  const whole = ({ digits, decimals }: Exact) => exact(digits, decimals - finest);
  return { q1: whole(q1), q3: whole(q3), charged: whole(charged), periods, missing };
}
