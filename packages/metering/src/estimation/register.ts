import { shareOut, sumOf } from "./fractions.ts";

/**
 * Index at the borders between two readings, for a meter without a curve: the step is shared out by the weights of a profile. There is a
 * weight for each part between two borders; the result has one index less, never falls and never passes the second reading.
 */
export function estimateIndexes(before: number, after: number, weights: readonly bigint[]): number[] {
  if (after < before) throw new RangeError("the register went back: no index between can be told");
  const indexes: number[] = [];
  let index = before;
  for (const share of shareOut(weights, BigInt(after - before)).slice(0, -1)) {
    index += Number(share);
    indexes.push(index);
  }
  return indexes;
}

/** Index to expect after the last reading: forward only, by what a reference period of the same weights consumed. */
export function forwardIndex(
  last: number,
  reference: { readonly consumed: number; readonly weights: readonly bigint[] },
  ahead: readonly bigint[],
): number {
  const weight = sumOf(reference.weights);
  if (weight <= 0n || reference.consumed < 0)
    throw new RangeError("a reference that consumed nothing tells nothing");
  return last + Number((BigInt(reference.consumed) * sumOf(ahead)) / weight);
}
