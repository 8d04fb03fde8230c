import { type Fractions, roundOff, shareOut, together } from "./fractions.ts";
import type { BaseEstimate } from "./method.ts";
import { estimationMethods, type MethodCode, methodCodes, methodMark } from "./methods.ts";
import { type EstimationInput, type Gap, Series } from "./series.ts";

/** Estimates of one day: values where one was made (NaN elsewhere) and how, by slot. */
export interface EstimatedDay {
  readonly date: string;
  readonly values: Float64Array;
  /** `methodMark` */
  readonly methods: Uint8Array;
}

export interface Estimation {
  /** One for each day of the input. */
  readonly days: readonly EstimatedDay[];
  /** Dates of the days, by each day that was estimated from them. */
  readonly used: ReadonlyMap<string, ReadonlySet<string>>;
  /** Intervals for which no method applied. */
  readonly left: number;
}

interface Piece {
  readonly gap: Gap;
  readonly method: MethodCode;
  readonly base: BaseEstimate;
}

/**
 * Estimates what is missing or refused: the first method that applies to each stretch, scaled to the register where its step over the
 * stretch is known, rounded so that sums stay exact. Measured values are never touched, nothing is negative, a demand is left alone.
 * `order` is for who compares methods.
 */
export function estimate(input: EstimationInput, order: readonly MethodCode[] = methodCodes): Estimation {
  const series = new Series(input);
  const values = new Float64Array(series.values.length).fill(Number.NaN);
  const methods = new Uint8Array(series.values.length);
  const used = new Map<string, Set<string>>();
  const pieces: Piece[] = [];
  let left = 0;
  for (const gap of input.kind === "delta" ? series.gaps() : []) {
    const piece = firstThatApplies(gap, series, order);
    if (!piece) {
      left += gap.to - gap.from;
      continue;
    }
    const { date } = series.dayOf(gap);
    for (const other of piece.base.used ?? []) used.set(date, (used.get(date) ?? new Set()).add(other));
    pieces.push(piece);
  }
  const actual = pieces.filter(({ method }) => estimationMethods[method].actual);
  for (const { gap, method } of actual) {
    values.fill(0, gap.from, gap.to);
    methods.fill(numberOf(method), gap.from, gap.to);
  }
  const guessed = pieces.filter((piece) => !actual.includes(piece));
  const scaled = scaleToRegisters(guessed, series, methods, (at, value, method) => {
    values[at] = value;
    methods[at] = numberOf(method) | methodMark.scaled;
  });
  // A stretch is rounded as a whole, over its midnights too.
  for (const stretch of byStretch(guessed)) {
    const rest = stretch.flatMap(({ gap, method, base }) =>
      base.tops.flatMap((top, nth) =>
        scaled[gap.from + nth] ? [] : [{ at: gap.from + nth, method, top, bottom: base.bottom }],
      ),
    );
    const weights = together(rest.map(({ top, bottom }) => ({ tops: [top], bottom })));
    roundOff(weights).forEach((value, nth) => {
      const { at, method } = rest[nth]!;
      values[at] = Number(value);
      methods[at] = numberOf(method);
    });
  }
  return {
    days: input.days.map(({ date }, nth) => ({
      date,
      values: values.slice(series.offsets[nth], series.offsets[nth + 1]),
      methods: methods.slice(series.offsets[nth], series.offsets[nth + 1]),
    })),
    used,
    left,
  };
}

const numberOf = (method: MethodCode): number => methodCodes.indexOf(method) + 1;

function firstThatApplies(gap: Gap, series: Series, order: readonly MethodCode[]): Piece | undefined {
  for (const method of order) {
    const base = estimationMethods[method].estimate(gap, series);
    if (base) return { gap, method, base };
  }
  return undefined;
}

function byStretch(pieces: readonly Piece[]): Piece[][] {
  const stretches = new Map<number, Piece[]>();
  for (const piece of pieces)
    stretches.set(piece.gap.wholeFrom, [...(stretches.get(piece.gap.wholeFrom) ?? []), piece]);
  return [...stretches.values()];
}

/**
 * Rule S: between two readings of the register, what the measured intervals do not explain is shared out over the estimates there.
 * Where the register says less than was measured, the estimates are zero. Returns which intervals are settled.
 */
function scaleToRegisters(
  pieces: readonly Piece[],
  series: Series,
  actual: Uint8Array,
  settle: (at: number, value: number, method: MethodCode) => void,
): Uint8Array {
  const settled = new Uint8Array(series.values.length);
  const registers = series.input.registers ?? [];
  for (let nth = 1; nth < registers.length; nth++) {
    const from = slotAt(series, registers[nth - 1]!.atMs);
    const to = slotAt(series, registers[nth]!.atMs);
    if (from === undefined || to === undefined || from >= to) continue;
    const step = registers[nth]!.value - registers[nth - 1]!.value;
    const measured = measuredBetween(series, from, to);
    if (step < 0 || measured === undefined) continue;
    const weights: { at: number; method: MethodCode; part: Fractions }[] = [];
    for (const { gap, method, base } of pieces) {
      for (let at = Math.max(gap.from, from); at < Math.min(gap.to, to); at++)
        weights.push({ at, method, part: { tops: [base.tops[at - gap.from]!], bottom: base.bottom } });
    }
    // With an interval that no method applied to, the others cannot be told apart from it.
    if (weights.length === 0 || weights.length < neededBetween(series, actual, from, to)) continue;
    const total = BigInt(Math.max(0, step - measured));
    shareOut(together(weights.map(({ part }) => part)).tops, total).forEach((value, share) => {
      const { at, method } = weights[share]!;
      settle(at, Number(value), method);
      settled[at] = 1;
    });
  }
  return settled;
}

/** The interval that starts at an instant, or `undefined` where none does. */
function slotAt({ startMs, periodMs, values }: Series, atMs: number): number | undefined {
  const at = (atMs - startMs) / periodMs;
  return Number.isInteger(at) && at >= 0 && at <= values.length ? at : undefined;
}

/** Intervals to estimate there, but for those that an outage explains. */
function neededBetween({ need }: Series, actual: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at++) if (need[at] !== 0 && actual[at] === 0) count++;
  return count;
}

/** Sum of what was measured there, `undefined` where an interval is neither measured nor to be estimated. */
function measuredBetween({ values, need }: Series, from: number, to: number): number | undefined {
  let sum = 0;
  for (let at = from; at < to; at++) {
    if (need[at] !== 0) continue;
    if (Number.isNaN(values[at])) return undefined;
    sum += values[at]!;
  }
  return sum;
}
