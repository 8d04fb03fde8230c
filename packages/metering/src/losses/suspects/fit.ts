import { type FirstLook, type PreparedCell, type PreparedMember, weighed, withUsable } from "./cell.ts";
import { findClocks } from "./clocks.ts";
import { fitJointly, type JointShare, varianceByTime } from "./joint.ts";
import { type Fit, leastSquares } from "./least-squares.ts";
import { usablePart, whileZero, type ZeroShape } from "./while-zero.ts";
import { followsItself } from "./whiten.ts";
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

/** A curve that was chosen, over days [from, to). */
interface Choice<Id> {
  readonly column: PreparedMember<Id>;
  readonly fromDay: number;
  readonly toDay: number;
  readonly gain: number;
  readonly columns: readonly Float64Array[];
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
  const shapes = shapesOf(cell);
  const first = fitJointly(cell, shapes);
  const bridged = standingOut(cell, shapes, first.stills);
  // What flowed then is the customer's own load, which nobody knows: these intervals say nothing of the others.
  const rest = bridged.length === 0 ? cell : withUsable(cell, outside(cell.usable, bridged));
  const { curves } =
    bridged.length === 0
      ? first
      : // The others that stand still feed back then, as far as it shows: out of the way of the rest.
        fitJointly(
          rest,
          shapes.map((shape, nth) => (bridged.some((one) => one.nth === nth) ? undefined : shape)),
        );
  const { explanations, unexplainedPart } = explainFlows(
    rest,
    curves,
    settings.explanationsMax - bridged.length,
    settings,
  );
  const zeros = bridged.map(({ nth, shape, still }) => describeZero(cell, cell.columns[nth]!, shape, still));
  return { explanations: [...zeros, ...explanations], unexplainedPart };
}

interface Bridged {
  readonly nth: number;
  readonly shape: ZeroShape;
  readonly still: JointShare;
}

function shapesOf<Id>(cell: PreparedCell<Id>): (ZeroShape | undefined)[] {
  const still = stillSlots(
    cell.columns.filter(({ inGroup }) => inGroup).map(({ wh }) => wh),
    cell.slots,
  );
  return cell.columns.map((column) => whileZero(column, cell, still));
}

/** Those that stand still while about as much is lost as they usually take then. */
function standingOut<Id>(
  { usable }: PreparedCell<Id>,
  shapes: readonly (ZeroShape | undefined)[],
  stills: readonly (JointShare | undefined)[],
): Bridged[] {
  return stills.flatMap((still, nth) => {
    const shape = shapes[nth];
    if (!still || !shape || still.strength < standsOutMin || still.ratio < 0.35 || still.ratio > 2.5)
      return [];
    return usablePart(shape, usable) < usablePartMin ? [] : [{ nth, shape, still }];
  });
}

/** The usable intervals without those in which one of the shapes stands still. */
function outside(usable: Uint8Array, bridged: readonly Bridged[]): Uint8Array {
  const left = usable.slice();
  for (const { shape } of bridged) for (const i of shape.at) left[i] = 0;
  return left;
}

/** Curves that go with the residual: those that stand out beside all others, then whatever explains most of what is left. */
function explainFlows<Id>(
  cell: PreparedCell<Id>,
  curves: readonly JointShare[],
  explanationsMax: number,
  settings: FitSettings,
): {
  readonly explanations: Explanation<Id>[];
  readonly unexplainedPart: number;
  readonly left: Float64Array;
} {
  const { centredResidual, centredSquare, usableSlots } = cell;
  const fitOf = (choices: readonly Choice<Id>[]) =>
    leastSquares(centredResidual, [centredSquare, ...choices.flatMap(({ columns }) => columns)], usableSlots);
  const chosen = standing(cell, curves, explanationsMax - 4);
  const first = fitOf([]).leftSquares;
  let fit = fitOf(chosen);
  /** An early choice may stand for two that were not known yet: each is tried again beside all the others. */
  function exchange(): void {
    for (let round = 0; round < roundsMax; round++) {
      let changed = false;
      for (let nth = 0; nth < chosen.length; nth++) {
        const old = chosen[nth]!;
        const others = chosen.filter((choice) => choice !== old);
        const without = fitOf(others);
        const better = strongest(cell, without.left, others);
        const isSame =
          better?.column === old.column && better.fromDay === old.fromDay && better.toDay === old.toDay;
        if (!better || isSame || better.gain < 1.02 * (without.leftSquares - fit.leftSquares)) continue;
        chosen[nth] = better;
        fit = fitOf(chosen);
        changed = true;
      }
      if (!changed) return;
    }
  }
  if (chosen.length > 0) exchange();
  let picked = false;
  while (chosen.length < explanationsMax && fit.leftSquares > 0) {
    const best = strongest(cell, fit.left, chosen);
    if (!best) break;
    const part = best.gain / fit.leftSquares;
    const strength = best.gain / ((fit.leftSquares - best.gain) / Math.max(1, usableSlots - 100));
    if (strength < settings.strengthMin || part < settings.partMin) break;
    chosen.push(best);
    fit = fitOf(chosen);
    picked = true;
  }
  if (picked) exchange();
  return {
    left: fit.left,
    explanations: chosen.map((choice) => describe(cell, choice, chosen, fit)),
    unexplainedPart: first === 0 ? 0 : fit.leftSquares / first,
  };
}

/** Of the intervals, for a first look: odd, so that every time of day is seen in turn. */
const firstLookStep = 3;
/** So many intervals for each member, or all are taken. */
const firstLookMin = 5;
/** What is left goes with itself one interval on by more than steps and chance, and for how many parts of the window is looked then. */
const goesOnMin = 0.15;
const begunMost = 10;

/** What all members fitted at once explain, before anything is looked at closely. */
export function lookFirst<Id>(cell: PreparedCell<Id>): FirstLook {
  const { columns, slots, timeOf, dayOf, weights } = cell;
  const shapes = shapesOf(cell);
  const enough = cell.usableSlots >= firstLookStep * firstLookMin * columns.length;
  const joint = fitJointly(cell, shapes, enough ? firstLookStep : 1);
  const { curves, stills } = joint;
  const bridged = standingOut(cell, shapes, stills);
  const usable = outside(cell.usable, bridged);
  const explainedWh = new Float64Array(slots);
  let { left } = joint;
  for (const [nth, share] of curves.entries()) {
    if (share.strength < certainty || !isPlausible(columns[nth]!, share)) continue;
    const { wh } = columns[nth]!;
    for (let i = 0; i < slots; i++) explainedWh[i] = explainedWh[i]! + share.ratio * wh[i]!;
  }
  if (followsItself(left, usable) > goesOnMin) {
    // Something goes on from one interval to the next that whole curves do not explain: a part of the window does, or nobody.
    const rest = bridged.length === 0 ? cell : withUsable(cell, usable);
    const flows = explainFlows(rest, curves, begunMost, fitDefaults);
    left = flows.left;
    explainedWh.fill(0);
    for (const { column, ratio, fromDay, toDay, clockShifted } of flows.explanations) {
      if (clockShifted) continue;
      for (let i = 0; i < slots; i++)
        if (dayOf[i]! >= fromDay && dayOf[i]! < toDay)
          explainedWh[i] = explainedWh[i]! + ratio * column.wh[i]!;
    }
  }
  const bridgedAt = new Uint8Array(slots);
  for (const { shape } of bridged) for (const i of shape.at) bridgedAt[i] = 1;
  const leftWh = left.map((value, i) => (usable[i] ? value / weights[timeOf[i]!]! : 0));
  return {
    explainedWh,
    bridgedAt,
    noiseByTime: varianceByTime(leftWh, timeOf, usable),
    clocks: findClocks({ ...cell, usable }, leftWh),
    noiseFollows: followsItself(left, usable),
  };
}

/** So many times its own error a ratio must be to count when all are fitted together. */
const certainty = 8;

/** So many times its own error the loss while a meter stands still must be, and near what it usually counts, to be taken at once. */
const standsOutMin = 6;
/** Who stands still only while others feed back has panels, too. */
const usablePartMin = 0.1;

/** Those whose curve stands out while all are fitted together, the surest first. */
function standing<Id>(cell: PreparedCell<Id>, curves: readonly JointShare[], most: number): Choice<Id>[] {
  return curves
    .map((share, nth) => ({ column: cell.columns[nth]!, ...share }))
    .filter(
      ({ column, ratio, strength }) =>
        strength > certainty && isPlausible(column, { ratio }) && Math.abs(ratio) > 0.06,
    )
    .sort((a, b) => b.strength - a.strength)
    .slice(0, most)
    .map(({ column }) => ({
      column,
      fromDay: 0,
      toDay: cell.days,
      gain: 0,
      columns: columnsOf(cell, column, 0, cell.days),
    }));
}

function strongest<Id>(
  cell: PreparedCell<Id>,
  left: Float64Array,
  chosen: readonly Choice<Id>[],
): Choice<Id> | undefined {
  let best: { nth: number; gain: number; fromDay: number; toDay: number } | undefined;
  cell.columns.forEach((column, nth) => {
    if (!chosen.some((choice) => choice.column.member === column.member)) {
      const found = bestWindow(cell, left, column.centred);
      if (found && isPlausible(column, found) && (!best || found.gain > best.gain)) best = { nth, ...found };
    }
  });
  if (!best) return undefined;
  const { nth, gain, fromDay, toDay } = best;
  const column = cell.columns[nth]!;
  return { column, fromDay, toDay, gain, columns: columnsOf(cell, column, fromDay, toDay) };
}

const freedomOf = <Id>({ usableSlots }: PreparedCell<Id>) => Math.max(1, usableSlots - 100);

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
  cell: PreparedCell<Id>,
  { centred, usual }: PreparedMember<Id>,
  fromDay: number,
  toDay: number,
): Float64Array[] {
  const { dayOf, timeOf, days, slots, usable } = cell;
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
  const columns: Float64Array[] = [shifted(0), shifted(-1), shifted(1)];
  if (isWhole) return columns;
  const part = (toDay - fromDay) / days;
  const usualDay = Float64Array.from(timeOf, (time, i) =>
    usable[i] ? usual[time]! * ((inside(i) ? 1 : 0) - part) : 0,
  );
  columns.push(weighed(usualDay, cell));
  return columns;
}

/** Days over which a curve explains most, and how much of the squares. */
function bestWindow<Id>(
  { dayOf, days, slots, usable }: PreparedCell<Id>,
  left: Float64Array,
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

function describeZero<Id>(
  cell: PreparedCell<Id>,
  column: PreparedMember<Id>,
  { runs, usual }: ZeroShape,
  { ratio, strength }: JointShare,
): Explanation<Id> {
  return {
    column,
    shape: "while-zero",
    fromDay: cell.dayOf[runs[0]!.from]!,
    toDay: cell.dayOf[runs.at(-1)!.to - 1]! + 1,
    ratio,
    ratioError: strength > 0 ? ratio / strength : 0,
    explainedWh: ratio * usual.reduce((sum, wh) => sum + wh, 0),
    partOfResidual: strength ** 2 / (strength ** 2 + freedomOf(cell)),
    clockShifted: false,
    runs,
  };
}

function describe<Id>(
  cell: PreparedCell<Id>,
  choice: Choice<Id>,
  chosen: readonly Choice<Id>[],
  fit: Fit,
): Explanation<Id> {
  const { column, fromDay, toDay } = choice;
  // The first column is the load's square.
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
    column,
    shape: "follows",
    fromDay,
    toDay,
    runs: [],
    partOfResidual: strength / (strength + freedom),
    ratio,
    ratioError: Math.sqrt(Math.max(0, variance)),
    explainedWh: ratio * counted,
    clockShifted,
  };
}
