import type { PreparedCell, PreparedMember } from "./cell.ts";
import { type Fit, leastSquares } from "./least-squares.ts";
import { stillSlots, type ZeroRun, zeroRuns } from "./zero-runs.ts";

/** A member whose curve explains a part of the residual. */
export interface Explanation<Id> {
  readonly column: PreparedMember<Id>;
  readonly shape: "follows" | "while-zero";
  /** Days [from, to) of the window in which it does. */
  readonly fromDay: number;
  readonly toDay: number;
  /** Wh of the residual by Wh that is counted (or, while it counts nothing, by Wh that is usual then). */
  readonly ratio: number;
  readonly ratioError: number;
  /** Energy that this explains, Wh; negative: counted too much. */
  readonly explainedWh: number;
  /** Part of the residual's movement that it explained when it was chosen, 0 to 1. */
  readonly partOfResidual: number;
  /** What is left before and after moves with its neighbours in time: the meter's clock is off. */
  readonly clockShifted: boolean;
  readonly runs: readonly ZeroRun[];
}

export interface FitSettings {
  readonly explanationsMax: number;
  /** Least ratio of what a choice explains to what stays unexplained by one degree of freedom. */
  readonly strengthMin: number;
  /** Least part of the residual's movement. */
  readonly partMin: number;
}

export const fitDefaults: FitSettings = { explanationsMax: 14, strengthMin: 45, partMin: 0.01 };

interface Choice<Id> {
  readonly column: PreparedMember<Id>;
  readonly shape: "follows" | "while-zero";
  readonly fromDay: number;
  readonly toDay: number;
  readonly gain: number;
  readonly partOfResidual: number;
  readonly columns: readonly Float64Array[];
  readonly runs: readonly ZeroRun[];
}

/** A part of the month must explain so much more than all of it to be believed. */
const windowGain = 1.06;

/**
 * Explains the residual by members, one after the other, the strongest first (orthogonal matching pursuit): after each choice all chosen are
 * fitted together again, so what one explains cannot count for another. Each is tried over every range of whole days, since people begin and end.
 */
export function explain<Id>(
  cell: PreparedCell<Id>,
  settings: FitSettings = fitDefaults,
): {
  readonly explanations: Explanation<Id>[];
  readonly unexplainedPart: number;
  readonly explainedWh: Float64Array;
} {
  const { columns, slots, usable } = cell;
  let target = cell.centredResidual;
  let squareColumn = cell.centredSquare;
  const still = stillSlots(
    columns.filter(({ inGroup }) => inGroup).map(({ wh }) => wh),
    slots,
  );
  const shapes = columns.map((column) => whileZero(column, cell, still));
  const noZeroShapes = columns.map(() => undefined);
  const usableNow = usable.slice();
  let observations = cell.usableSlots;
  const chosen: Choice<Id>[] = [];
  let fit = leastSquares(target, [squareColumn], observations);
  const first = fit.leftSquares;
  function take(choice: Choice<Id>): void {
    chosen.push(choice);
    if (choice.shape !== "while-zero") return;
    // What flowed then is the customer's own load, which nobody knows: these intervals say nothing of the others.
    target = target.slice();
    squareColumn = squareColumn.slice();
    for (const { from, to } of choice.runs) {
      for (let i = from; i < to; i++) {
        if (usableNow[i]) observations--;
        usableNow[i] = 0;
        target[i] = 0;
        squareColumn[i] = 0;
      }
    }
  }
  /** An early choice may stand for two that were not known yet: each is tried again beside all the others. */
  function exchange(): void {
    for (let round = 0; round < 2; round++) {
      let changed = false;
      for (let nth = 0; nth < chosen.length; nth++) {
        const old = chosen[nth]!;
        if (old.shape !== "follows") continue;
        const others = chosen.filter((choice) => choice !== old);
        const columns = masked([squareColumn, ...followers(others)], usableNow);
        const without = leastSquares(target, columns, observations);
        const better = strongest(cell, without.left, usableNow, noZeroShapes, others);
        const isSame =
          better?.column === old.column && better.fromDay === old.fromDay && better.toDay === old.toDay;
        if (!better || isSame || better.gain < 1.02 * (without.leftSquares - fit.leftSquares)) continue;
        chosen[nth] = { ...better, partOfResidual: Math.min(1, better.gain / without.leftSquares) };
        refit();
        changed = true;
      }
      if (!changed) return;
    }
  }
  const refit = () => {
    const columns = masked([squareColumn, ...followers(chosen)], usableNow);
    fit = leastSquares(target, columns, observations);
  };
  for (const column of columns) {
    const shape = shapes[columns.indexOf(column)];
    if (!shape || !standsOut(fit.left, usableNow, shape, fit.leftSquares / Math.max(1, observations)))
      continue;
    take(zeroChoice(cell, column, shape, zeroGain(fit.left, usableNow, shape)));
  }
  if (chosen.length > 0) refit();
  for (const choice of allAtOnce(cell, target, squareColumn, observations, settings)) chosen.push(choice);
  if (chosen.length > 0) {
    refit();
    exchange();
  }
  while (chosen.length < settings.explanationsMax && fit.leftSquares > 0) {
    const best = strongest(cell, fit.left, usableNow, shapes, chosen);
    if (!best) break;
    const part = best.gain / fit.leftSquares;
    const strength = best.gain / ((fit.leftSquares - best.gain) / Math.max(1, observations - 100));
    if (strength < settings.strengthMin || part < settings.partMin) break;
    take({ ...best, partOfResidual: Math.min(1, part) });
    refit();
    exchange();
  }
  const explanations = chosen.map((choice) => describe(cell, choice, chosen, fit));
  return {
    explanations,
    explainedWh: explainedOf(cell, explanations),
    unexplainedPart: first === 0 ? 0 : fit.leftSquares / first,
  };
}

/** What the explanations say was lost in each interval, with its mean. */
function explainedOf<Id>(
  { slots, dayOf }: PreparedCell<Id>,
  explanations: readonly Explanation<Id>[],
): Float64Array {
  const sum = new Float64Array(slots);
  for (const { shape, column, ratio, fromDay, toDay } of explanations) {
    if (shape !== "follows") continue;
    for (let i = 0; i < slots; i++)
      if (dayOf[i]! >= fromDay && dayOf[i]! < toDay) sum[i] = sum[i]! + ratio * column.wh[i]!;
  }
  return sum;
}

/** So many times its own error a ratio must be to count when all are fitted together. */
const certainty = 8;

/**
 * All members fitted at once: where several are guilty, or their days are alike, one after the other would take the first that looks like their sum.
 */
function allAtOnce<Id>(
  cell: PreparedCell<Id>,
  target: Float64Array,
  squareColumn: Float64Array,
  observations: number,
  { explanationsMax }: FitSettings,
): Choice<Id>[] {
  if (observations < 3 * cell.columns.length) return [];
  const columns = cell.columns.map(({ centred }) => centred.map((value, i) => (cell.usable[i] ? value : 0)));
  const fit = leastSquares(target, [squareColumn, ...columns], observations);
  const width = fit.coefficients.length;
  return cell.columns
    .map((column, nth) => {
      const ratio = fit.coefficients[nth + 1]!;
      const error = Math.sqrt(fit.covariance[(nth + 1) * width + nth + 1]!);
      return { column, ratio, strength: error > 0 ? Math.abs(ratio) / error : 0 };
    })
    .filter(
      ({ column, ratio, strength }) =>
        strength > certainty && isPlausible(column, { ratio }) && Math.abs(ratio) > 0.06,
    )
    .sort((a, b) => b.strength - a.strength)
    .slice(0, explanationsMax - 4)
    .map(({ column }) => ({
      column,
      shape: "follows",
      fromDay: 0,
      toDay: cell.days,
      gain: 0,
      partOfResidual: 0,
      columns: columnsOf(cell, column, 0, cell.days),
      runs: [],
    }));
}

const followers = <Id>(chosen: readonly Choice<Id>[]) =>
  chosen.filter(({ shape }) => shape === "follows").flatMap(({ columns }) => columns);

const masked = (columns: readonly Float64Array[], usable: Uint8Array): Float64Array[] =>
  columns.map((column) => column.map((value, i) => (usable[i] ? value : 0)));

function strongest<Id>(
  cell: PreparedCell<Id>,
  left: Float64Array,
  usable: Uint8Array,
  shapes: readonly (ZeroShape | undefined)[],
  chosen: readonly Choice<Id>[],
): Choice<Id> | undefined {
  let best: { nth: number; gain: number; fromDay: number; toDay: number; zero: boolean } | undefined;
  cell.columns.forEach((column, nth) => {
    if (!chosen.some((choice) => choice.column === column)) {
      const found = bestWindow(cell, left, usable, column.centred);
      if (found && isPlausible(column, found) && (!best || found.gain > best.gain))
        best = { nth, zero: false, ...found };
    }
    const shape = shapes[nth];
    if (!shape || chosen.some((choice) => choice.column === column && choice.shape === "while-zero")) return;
    const gain = zeroGain(left, usable, shape);
    if (gain > (best?.gain ?? 0)) best = { nth, gain, fromDay: 0, toDay: cell.days, zero: true };
  });
  if (!best) return undefined;
  const { nth, gain, fromDay, toDay, zero } = best;
  const column = cell.columns[nth]!;
  if (zero) return zeroChoice(cell, column, shapes[nth]!, gain);
  return {
    column,
    shape: "follows",
    fromDay,
    toDay,
    gain,
    partOfResidual: 0,
    columns: columnsOf(cell, column, fromDay, toDay),
    runs: [],
  };
}

const zeroChoice = <Id>(
  { dayOf }: PreparedCell<Id>,
  column: PreparedMember<Id>,
  { runs }: ZeroShape,
  gain: number,
): Choice<Id> => ({
  column,
  shape: "while-zero",
  fromDay: dayOf[runs[0]!.from]!,
  toDay: dayOf[runs.at(-1)!.to - 1]! + 1,
  gain,
  partOfResidual: 0,
  columns: [],
  runs,
});

/** What a ratio of lost to counted energy can be at all: nobody gives back through a meter what he did not take. */
function isPlausible<Id>({ member, inGroup }: PreparedMember<Id>, { ratio }: { ratio: number }): boolean {
  if (!inGroup) return ratio > 0.5 && ratio < 1.6;
  if (member.indirect) return ratio > -1.3;
  // Small ones of either sign are clocks that are off and what line data leave: no suspects, but in the way of the others.
  return (ratio > -0.3 && ratio < 6) || (ratio > -1.4 && ratio < -0.7);
}

/**
 * The curve in a range of days, and the same one interval earlier and later: a clock that is off shows in those. Of a part of the window the curve is
 * taken without its mean there, and its usual day beside it: a loss that begins shifts the mean of both.
 */
function columnsOf<Id>(
  { dayOf, timeOf, days, slots, usable }: PreparedCell<Id>,
  { centred, usual }: PreparedMember<Id>,
  fromDay: number,
  toDay: number,
): Float64Array[] {
  const inside = (i: number) => dayOf[i]! >= fromDay && dayOf[i]! < toDay;
  const isWhole = fromDay === 0 && toDay === days;
  let mean = 0;
  let count = 0;
  for (let i = 0; !isWhole && i < slots; i++) {
    if (!usable[i] || !inside(i)) continue;
    mean += centred[i]!;
    count++;
  }
  if (count > 0) mean /= count;
  const shifted = (by: number) => {
    const column = new Float64Array(slots);
    for (let i = Math.max(0, -by); i < Math.min(slots, slots - by); i++)
      if (inside(i) && usable[i + by]) column[i] = centred[i + by]! - mean;
    return column;
  };
  const columns = [shifted(0), shifted(-1), shifted(1)];
  if (isWhole) return columns;
  const part = (toDay - fromDay) / days;
  columns.push(Float64Array.from(timeOf, (time, i) => usual[time]! * ((inside(i) ? 1 : 0) - part)));
  return columns;
}

/** Days over which a curve explains most, and how much of the squares. */
function bestWindow<Id>(
  { dayOf, days, slots }: PreparedCell<Id>,
  left: Float64Array,
  usable: Uint8Array,
  centred: Float64Array,
): { gain: number; ratio: number; fromDay: number; toDay: number } | undefined {
  const products = new Float64Array(days);
  const squares = new Float64Array(days);
  const own = new Float64Array(days);
  const lefts = new Float64Array(days);
  const counts = new Float64Array(days);
  let wholeProduct = 0;
  let wholeSquares = 0;
  for (let i = 0, day = 0; i < slots; day++) {
    let [product, square, sum, sumLeft, count] = [0, 0, 0, 0, 0];
    for (; i < slots && dayOf[i] === day; i++) {
      if (usable[i] === 0) continue;
      const value = centred[i]!;
      product += value * left[i]!;
      square += value * value;
      sum += value;
      sumLeft += left[i]!;
      count++;
    }
    [products[day], squares[day], own[day], lefts[day], counts[day]] = [product, square, sum, sumLeft, count];
    wholeProduct += product;
    wholeSquares += square;
  }
  if (wholeSquares === 0) return undefined;
  const whole = {
    gain: (wholeProduct * wholeProduct) / wholeSquares,
    ratio: wholeProduct / wholeSquares,
    fromDay: 0,
    toDay: days,
  };
  let best = whole;
  for (let fromDay = 0; fromDay < days - 2; fromDay++) {
    let [product, square, sum, sumLeft, count] = [0, 0, 0, 0, 0];
    for (let day = fromDay; day < days; day++) {
      product += products[day]!;
      square += squares[day]!;
      sum += own[day]!;
      sumLeft += lefts[day]!;
      count += counts[day]!;
      if (day - fromDay < 2 || count === 0) continue;
      const both = product - (sum * sumLeft) / count;
      const alone = square - (sum * sum) / count;
      if (alone <= 0) continue;
      const gain = (both * both) / alone;
      if (gain > best.gain) best = { gain, ratio: both / alone, fromDay, toDay: day + 1 };
    }
  }
  return best.gain > windowGain * whole.gain ? best : whole;
}

interface ZeroShape {
  readonly runs: readonly ZeroRun[];
  /** Intervals of the runs, and what is usual in each, less the mean of all: the residual is centred, too. */
  readonly at: Uint32Array;
  readonly usual: Float64Array;
}

/** What would usually flow while a meter stands still; absent where it never does. */
function whileZero<Id>(
  { wh, usual, member }: PreparedMember<Id>,
  { known, timeOf }: PreparedCell<Id>,
  still: Uint8Array,
): ZeroShape | undefined {
  if (member.indirect) return undefined;
  const runs = zeroRuns(wh, known, still);
  const slots = runs.reduce((sum, { from, to }) => sum + to - from, 0);
  // One that stands still half of the time is a holiday house, or does so by its nature.
  if (slots < 2 * 8 || slots > 0.6 * wh.length) return undefined;
  const at = new Uint32Array(slots);
  const expected = new Float64Array(slots);
  let n = 0;
  for (const { from, to } of runs) {
    for (let i = from; i < to; i++) {
      at[n] = i;
      expected[n] = usual[timeOf[i]!]!;
      n++;
    }
  }
  return { runs, at, usual: expected };
}

function zeroFit(left: Float64Array, usable: Uint8Array, { at, usual }: ZeroShape) {
  let product = 0;
  let squares = 0;
  let own = 0;
  for (let n = 0; n < at.length; n++) {
    const i = at[n]!;
    if (!usable[i]) continue;
    product += usual[n]! * left[i]!;
    squares += usual[n]! * usual[n]!;
    own += left[i]! * left[i]!;
  }
  return { product, squares, own };
}

/** So many times its own error the loss while a meter stands still must be, and near what it usually counts, to be taken at once. */
const standsOutMin = 10;

function standsOut(left: Float64Array, usable: Uint8Array, shape: ZeroShape, variance: number): boolean {
  const { product, squares } = zeroFit(left, usable, shape);
  if (squares === 0 || variance === 0) return false;
  const ratio = product / squares;
  return ratio > 0.4 && ratio < 2.5 && product / Math.sqrt(squares * variance) > standsOutMin;
}

function zeroGain(left: Float64Array, usable: Uint8Array, shape: ZeroShape): number {
  const { product, squares, own } = zeroFit(left, usable, shape);
  if (squares === 0 || product <= 0) return 0;
  const ratio = product / squares;
  if (ratio < 0.25 || ratio > 4) return 0;
  // The load behind a bridge moves by itself: all movement in these intervals is its own, as far as the mean is.
  const gain = (product * product) / squares;
  return gain > 0.15 * own ? own : gain;
}

function describe<Id>(
  cell: PreparedCell<Id>,
  choice: Choice<Id>,
  chosen: readonly Choice<Id>[],
  fit: Fit,
): Explanation<Id> {
  const { column, shape, fromDay, toDay, runs, partOfResidual } = choice;
  const common = { column, shape, fromDay, toDay, runs, partOfResidual };
  if (shape === "while-zero") {
    let lost = 0;
    let outside = 0;
    let inside = 0;
    let usual = 0;
    const zero = new Uint8Array(cell.slots);
    for (const { from, to } of runs) zero.fill(1, from, to);
    // What is lost while it stands still above what is lost at other times.
    for (let i = 0; i < cell.slots; i++) {
      if (!cell.usable[i]) continue;
      if (zero[i]) {
        lost += cell.residualWh[i]!;
        inside++;
      } else outside += cell.residualWh[i]!;
    }
    const mean = outside / Math.max(1, cell.usableSlots - inside);
    for (const { from, to } of runs) for (let i = from; i < to; i++) usual += column.usual[cell.timeOf[i]!]!;
    const explainedWh = lost - mean * inside;
    return {
      ...common,
      ratio: usual === 0 ? 0 : explainedWh / usual,
      ratioError: 0,
      explainedWh,
      clockShifted: false,
    };
  }
  // The first column is the load's square; those of an occasion that stands still are none.
  const first = chosen.slice(0, chosen.indexOf(choice)).reduce((sum, { columns }) => sum + columns.length, 1);
  const [own = 0, earlier = 0, later = 0] = fit.coefficients.subarray(first, first + 3);
  const ratio = own + earlier + later;
  const width = fit.coefficients.length;
  let variance = 0;
  for (let a = first; a < first + 3; a++)
    for (let b = first; b < first + 3; b++) variance += fit.covariance[a * width + b]!;
  let counted = 0;
  for (let i = 0; i < cell.slots; i++) {
    if (cell.known[i] && cell.dayOf[i]! >= fromDay && cell.dayOf[i]! < toDay) counted += column.wh[i]!;
  }
  const clockShifted = Math.abs(ratio) < 0.5 * Math.max(Math.abs(earlier), Math.abs(later), Math.abs(own));
  // What the squares would grow by without it: the ratio by its error, squared, in units of what is left by one degree of freedom.
  const strength = variance > 0 ? (ratio * ratio) / variance : 0;
  const freedom = Math.max(1, cell.usableSlots - width);
  return {
    ...common,
    partOfResidual: strength / (strength + freedom),
    ratio,
    ratioError: Math.sqrt(Math.max(0, variance)),
    explainedWh: ratio * counted,
    clockShifted,
  };
}
