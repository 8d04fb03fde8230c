import type { FirstLook, PreparedCell, PreparedMember } from "./cell.ts";
import { fitJointly, type JointShare } from "./joint.ts";
import { type Fit, leastSquares } from "./least-squares.ts";
import { usablePart, whileZero, type ZeroShape } from "./while-zero.ts";
import { stillSlots, type ZeroRun } from "./zero-runs.ts";

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
  /** Of one that stands still: how much of what is usual is lost then. */
  readonly still?: JointShare;
}

/** So much of what the best days explain those must that last to the end of the window. */
const goesOnPart = 0.95;

/** How often each choice is tried again. */
const roundsMax = 2;
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
} {
  const { columns, slots, usable } = cell;
  let target = cell.centredResidual;
  let squareColumn = cell.centredSquare;
  const still = stillSlots(
    columns.filter(({ inGroup }) => inGroup).map(({ wh }) => wh),
    slots,
  );
  const shapes = columns.map((column) => whileZero(column, cell, still));
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
    for (let round = 0; round < roundsMax; round++) {
      let changed = false;
      for (let nth = 0; nth < chosen.length; nth++) {
        const old = chosen[nth]!;
        if (old.shape !== "follows") continue;
        const others = chosen.filter((choice) => choice !== old);
        const columns = [squareColumn, ...followers(others)];
        const without = leastSquares(target, columns, observations);
        const better = strongest(cell, without.left, usableNow, others);
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
    const columns = [squareColumn, ...followers(chosen)];
    fit = leastSquares(target, columns, observations);
  };
  const joint = fitJointly(cell, target, squareColumn, usableNow, shapes);
  joint.stills.forEach((still, nth) => {
    if (!still || still.strength < standsOutMin || still.ratio < 0.35 || still.ratio > 2.5) return;
    const shape = shapes[nth]!;
    if (usablePart(shape, cell.usable) < usablePartMin) return;
    take(zeroChoice(cell, columns[nth]!, shape, still));
  });
  // The others that stand still feed back then, as far as it shows: out of the way of the rest.
  const { curves } =
    chosen.length === 0
      ? joint
      : fitJointly(
          cell,
          target,
          squareColumn,
          usableNow,
          shapes.map((shape, nth) =>
            chosen.some(({ column }) => column === columns[nth]) ? undefined : shape,
          ),
        );
  for (const choice of standing(cell, curves, usableNow, settings)) chosen.push(choice);
  if (chosen.length > 0) {
    refit();
    exchange();
  }
  let picked = false;
  while (chosen.length < settings.explanationsMax && fit.leftSquares > 0) {
    const best = strongest(cell, fit.left, usableNow, chosen);
    if (!best) break;
    const part = best.gain / fit.leftSquares;
    const strength = best.gain / ((fit.leftSquares - best.gain) / Math.max(1, observations - 100));
    if (strength < settings.strengthMin || part < settings.partMin) break;
    chosen.push({ ...best, partOfResidual: Math.min(1, part) });
    refit();
    picked = true;
  }
  if (picked) exchange();
  const explanations = chosen.map((choice) => describe(cell, choice, chosen, fit));
  return {
    explanations,
    unexplainedPart: first === 0 ? 0 : fit.leftSquares / first,
  };
}

/** Of the intervals, for a first look: odd, so that every time of day is seen in turn. */
const firstLookStep = 3;

/** What all members fitted at once explain, before anything is looked at closely. */
export function lookFirst<Id>(cell: PreparedCell<Id>): FirstLook {
  const { columns, slots, usable } = cell;
  const { curves, noiseByTime } = fitJointly(
    cell,
    cell.centredResidual,
    cell.centredSquare,
    usable,
    columns.map(() => undefined),
    firstLookStep,
  );
  const explainedWh = new Float64Array(slots);
  for (const [nth, share] of curves.entries()) {
    if (share.strength < certainty || !isPlausible(columns[nth]!, share)) continue;
    const { wh } = columns[nth]!;
    for (let i = 0; i < slots; i++) explainedWh[i] = explainedWh[i]! + share.ratio * wh[i]!;
  }
  return { explainedWh, noiseByTime };
}

/** So many times its own error a ratio must be to count when all are fitted together. */
const certainty = 8;

/** So many times its own error the loss while a meter stands still must be, and near what it usually counts, to be taken at once. */
const standsOutMin = 6;
/** Who stands still only while others feed back has panels, too. */
const usablePartMin = 0.2;

/** Those whose curve stands out while all are fitted together, the surest first. */
function standing<Id>(
  cell: PreparedCell<Id>,
  curves: readonly JointShare[],
  usable: Uint8Array,
  { explanationsMax }: FitSettings,
): Choice<Id>[] {
  return curves
    .map((share, nth) => ({ column: cell.columns[nth]!, ...share }))
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
      columns: columnsOf(cell, column, usable, 0, cell.days),
      runs: [],
    }));
}

const followers = <Id>(chosen: readonly Choice<Id>[]) =>
  chosen.filter(({ shape }) => shape === "follows").flatMap(({ columns }) => columns);

function strongest<Id>(
  cell: PreparedCell<Id>,
  left: Float64Array,
  usable: Uint8Array,
  chosen: readonly Choice<Id>[],
): Choice<Id> | undefined {
  let best: { nth: number; gain: number; fromDay: number; toDay: number } | undefined;
  cell.columns.forEach((column, nth) => {
    if (!chosen.some((choice) => choice.column === column)) {
      const found = bestWindow(cell, left, usable, column.centred);
      if (found && isPlausible(column, found) && (!best || found.gain > best.gain)) best = { nth, ...found };
    }
  });
  if (!best) return undefined;
  const { nth, gain, fromDay, toDay } = best;
  const column = cell.columns[nth]!;
  return {
    column,
    shape: "follows",
    fromDay,
    toDay,
    gain,
    partOfResidual: 0,
    columns: columnsOf(cell, column, usable, fromDay, toDay),
    runs: [],
  };
}

const freedomOf = <Id>({ usableSlots }: PreparedCell<Id>) => Math.max(1, usableSlots - 100);

const zeroChoice = <Id>(
  cell: PreparedCell<Id>,
  column: PreparedMember<Id>,
  { runs }: ZeroShape,
  still: JointShare,
): Choice<Id> => ({
  column,
  shape: "while-zero",
  fromDay: cell.dayOf[runs[0]!.from]!,
  toDay: cell.dayOf[runs.at(-1)!.to - 1]! + 1,
  gain: 0,
  still,
  partOfResidual: still.strength ** 2 / (still.strength ** 2 + freedomOf(cell)),
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
  { dayOf, timeOf, days, slots }: PreparedCell<Id>,
  { centred, usual }: PreparedMember<Id>,
  usable: Uint8Array,
  fromDay: number,
  toDay: number,
): Float64Array[] {
  const inside = (i: number) => usable[i] !== 0 && dayOf[i]! >= fromDay && dayOf[i]! < toDay;
  const isWhole = fromDay === 0 && toDay === days;
  let mean = 0;
  let count = 0;
  for (let i = 0; !isWhole && i < slots; i++) {
    if (!inside(i)) continue;
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
  columns.push(
    Float64Array.from(timeOf, (time, i) => (usable[i] ? usual[time]! * ((inside(i) ? 1 : 0) - part) : 0)),
  );
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
  let goesOn = whole;
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
      if (day === days - 1 && gain > goesOn.gain)
        goesOn = { gain, ratio: both / alone, fromDay, toDay: days };
    }
  }
  // Who began seldom stops a day or two before the window does: the end must explain something to be believed.
  if (best.toDay >= days - 3 && goesOn.gain > goesOnPart * best.gain) best = goesOn;
  return best.gain > windowGain * whole.gain ? best : whole;
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
    const { ratio = 0, strength = 0 } = choice.still ?? {};
    let usual = 0;
    const shape = whileZero(column, cell, new Uint8Array(cell.slots));
    for (const wh of shape?.usual ?? []) usual += wh;
    return {
      ...common,
      ratio,
      ratioError: strength > 0 ? ratio / strength : 0,
      explainedWh: ratio * usual,
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
