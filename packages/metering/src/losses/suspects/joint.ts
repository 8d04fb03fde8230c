import { centre, type PreparedCell, weighed } from "./cell.ts";
import { leastSquares } from "./least-squares.ts";
import type { ZeroShape } from "./while-zero.ts";

/** How much of the residual goes with one curve while all others are fitted beside it. */
export interface JointShare {
  readonly ratio: number;
  /** The ratio by its own error. */
  readonly strength: number;
}

export interface JointFit {
  readonly curves: readonly JointShare[];
  readonly stills: readonly (JointShare | undefined)[];
  /** What is left in every usable interval. */
  readonly left: Float64Array;
}

/**
 * All members fitted at once, each by its curve and, where it stands still at times, by what is usual for it then: where several are
 * guilty, or their days are alike, one after the other would take the first that looks like their sum. Nothing where there are too few intervals for so many.
 * @param step takes every so manieth interval only
 */
export function fitJointly<Id>(
  cell: PreparedCell<Id>,
  shapes: readonly (ZeroShape | undefined)[],
  step = 1,
): JointFit {
  const { columns, slots, timeOf, usable, centredResidual, centredSquare } = cell;
  const at = new Uint32Array(slots);
  let count = 0;
  for (let i = 0; i < slots; i += step) if (usable[i]) at[count++] = i;
  const zeros = shapes.filter((shape) => shape !== undefined);
  if (count < 2 * (columns.length + zeros.length)) return { curves: [], stills: [], left: centredResidual };
  const picked = (values: Float64Array) => {
    const own = new Float64Array(count);
    for (let n = 0; n < count; n++) own[n] = values[at[n]!]!;
    return own;
  };
  const all = [
    centredSquare,
    ...columns.map(({ centred }) => centred),
    ...zeros.map((shape) => weighed(centre(spread(shape, slots), timeOf, usable), cell)),
  ];
  const fit = leastSquares(picked(centredResidual), all.map(picked), count);
  const left = centredResidual.slice();
  for (const [nth, column] of all.entries()) {
    const by = fit.coefficients[nth]!;
    for (let i = 0; i < slots; i++) left[i] = left[i]! - by * column[i]!;
  }
  const width = fit.coefficients.length;
  const share = (nth: number): JointShare => {
    const ratio = fit.coefficients[nth]!;
    const error = Math.sqrt(fit.covariance[nth * width + nth]!);
    return { ratio, strength: error > 0 ? Math.abs(ratio) / error : 0 };
  };
  /** Who counts right while it counts has no loss that goes with what it counts: as if that had not been fitted. */
  const shareWithoutCurve = (nth: number, curve: number): JointShare => {
    const at = (a: number, b: number) => fit.covariance[a * width + b]!;
    const by = at(curve, curve) > 0 ? at(nth, curve) / at(curve, curve) : 0;
    const ratio = fit.coefficients[nth]! - by * fit.coefficients[curve]!;
    const variance = at(nth, nth) - by * at(nth, curve);
    return { ratio, strength: variance > 0 ? Math.abs(ratio) / Math.sqrt(variance) : 0 };
  };
  let next = columns.length + 1;
  return {
    curves: columns.map((_, nth) => share(nth + 1)),
    left,
    stills: shapes.map((shape, nth) => (shape ? shareWithoutCurve(next++, nth + 1) : undefined)),
  };
}

function spread({ at, usual }: ZeroShape, slots: number): Float64Array {
  const values = new Float64Array(slots);
  for (let n = 0; n < at.length; n++) values[at[n]!] = usual[n]!;
  return values;
}

/** Variance of what is left by time of day, Wh². */
export function varianceByTime(left: Float64Array, timeOf: Uint16Array, usable: Uint8Array): Float64Array {
  const squares = new Float64Array(100);
  const counts = new Uint32Array(100);
  for (let i = 0; i < left.length; i++) {
    if (!usable[i]) continue;
    squares[timeOf[i]!] = squares[timeOf[i]!]! + left[i]! * left[i]!;
    counts[timeOf[i]!] = counts[timeOf[i]!]! + 1;
  }
  return squares.map((sum, time) => (counts[time] ? sum / counts[time]! : 0));
}
