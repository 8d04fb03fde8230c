import type { PreparedCell } from "./cell.ts";
import { type Fit, leastSquares } from "./least-squares.ts";

/** How the curve of a member whose clock is off is put right: what is added of the next and of the former interval, at the window's begin and by its whole length. */
export interface ClockCorrection {
  readonly nth: number;
  readonly coefficients: Float64Array;
}

/** So much more than by chance what is left must move with a curve's neighbours in time (sum of two squares in units of its variance). */
const strengthMin = 40;
const correctedMost = 12;

/** One correction after another: both of the curve as it was counted. */
export const afterOneAnother = (
  first: readonly ClockCorrection[],
  second: readonly ClockCorrection[],
): ClockCorrection[] => [
  ...first.map(({ nth, coefficients }) => {
    const more = second.find((one) => one.nth === nth);
    return { nth, coefficients: coefficients.map((by, n) => by + (more?.coefficients[n] ?? 0)) };
  }),
  ...second.filter(({ nth }) => first.every((one) => one.nth !== nth)),
];

/**
 * Members whose clock runs away: what the joint fit leaves moves with their curve one interval on or back, more so from day to day. A curve that is a
 * few minutes off leaves more than the steps of all registers together, and hides whoever takes little.
 * @param left what the fit leaves at each usable interval
 */
export function findClocks<Id>(cell: PreparedCell<Id>, left: Float64Array): ClockCorrection[] {
  const { columns, slots, usable, usableSlots } = cell;
  const found: number[] = [];
  const shapes: Float64Array[] = [];
  let fit = leastSquares(left, [], usableSlots);
  while (found.length < correctedMost) {
    const nth = strongestShift(cell, fit, found);
    if (nth === undefined) break;
    found.push(nth);
    shapes.push(
      ...neighboursOf(columns[nth]!.wh, slots).map((shape) =>
        shape.map((value, i) => (usable[i] ? value : 0)),
      ),
    );
    fit = leastSquares(left, shapes, usableSlots);
  }
  return found.map((nth, n) => ({ nth, coefficients: fit.coefficients.slice(4 * n, 4 * n + 4) }));
}

/** The member with whose changes from one interval to the next, and those growing in the window, what is left goes most, if beyond chance. */
function strongestShift<Id>(
  { columns, slots, usable, usableSlots }: PreparedCell<Id>,
  { left, leftSquares }: Fit,
  found: readonly number[],
): number | undefined {
  const variance = leftSquares / Math.max(1, usableSlots - columns.length);
  let best: { readonly nth: number; readonly explained: number } | undefined;
  for (const { wh, inGroup, nth } of columns) {
    if (!inGroup || found.includes(nth)) continue;
    let [own, grown, both, leftOwn, leftGrown] = [0, 0, 0, 0, 0];
    for (let i = 1; i < slots - 1; i++) {
      if (!usable[i]) continue;
      const slope = wh[i + 1]! - wh[i - 1]!;
      const later = slope * (i / slots);
      own += slope * slope;
      grown += later * later;
      both += slope * later;
      leftOwn += slope * left[i]!;
      leftGrown += later * left[i]!;
    }
    const determinant = own * grown - both * both;
    if (determinant <= 1e-9 * own * grown) continue;
    const explained =
      (leftOwn * leftOwn * grown - 2 * leftOwn * leftGrown * both + leftGrown * leftGrown * own) /
      determinant;
    if (explained > strengthMin * variance && explained > (best?.explained ?? 0)) best = { nth, explained };
  }
  return best?.nth;
}

/** What is added to a curve whose clock is off. */
export function clockDifference({ coefficients }: ClockCorrection, wh: Float64Array): Float64Array {
  const shapes = neighboursOf(wh, wh.length);
  return wh.map((_, i) => shapes.reduce((sum, shape, n) => sum + coefficients[n]! * shape[i]!, 0));
}

/** The next and the former interval less this one, as they are and growing from 0 to 1 in the window. */
function neighboursOf(wh: Float64Array, slots: number): Float64Array[] {
  const by = (step: number, grows: boolean) =>
    wh.map((value, i) => ((wh[i + step] ?? value) - value) * (grows ? i / slots : 1));
  return [by(1, false), by(1, true), by(-1, false), by(-1, true)];
}
