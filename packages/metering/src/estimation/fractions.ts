/** Exact estimates of a stretch of intervals: each is `tops[i]` / `bottom` of the channel's unit. */
export interface Fractions {
  readonly tops: readonly bigint[];
  /** Greater than zero. */
  readonly bottom: bigint;
}

export const sumOf = (tops: readonly bigint[]): bigint => tops.reduce((sum, top) => sum + top, 0n);

/** A quotient of numbers that are not negative, rounded half up. */
export const roundQuotient = (top: bigint, bottom: bigint): bigint => (2n * top + bottom) / (2n * bottom);

/**
 * Whole numbers of this sum in proportion to `tops` (rule R): each is rounded down, then the units that are missing go to the largest
 * remainders, of equal ones to the earlier. Where all weights are zero the sum is spread evenly.
 */
export function shareOut(tops: readonly bigint[], total: bigint): bigint[] {
  if (total < 0n || tops.some((top) => top < 0n)) throw new RangeError("energy to share out is not negative");
  if (tops.length === 0) return [];
  const sum = sumOf(tops);
  const weights = sum === 0n ? tops.map(() => 1n) : tops;
  const bottom = sum === 0n ? BigInt(tops.length) : sum;
  const shares = weights.map((weight) => (weight * total) / bottom);
  const remainders = weights.map((weight) => (weight * total) % bottom);
  const missing = Number(total - sumOf(shares));
  const order = remainders
    .map((remainder, index) => ({ remainder, index }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder > b.remainder ? -1 : 1));
  for (const { index } of order.slice(0, missing)) shares[index] = shares[index]! + 1n;
  return shares;
}

/** Whole numbers for estimates whose sum nobody knows: the sum is rounded, and shared out as above. */
export const roundOff = ({ tops, bottom }: Fractions): bigint[] =>
  shareOut(tops, roundQuotient(sumOf(tops), bottom));

/** Several stretches as one list of weights over a common denominator. */
export function together(parts: readonly Fractions[]): Fractions {
  const bottom = parts.reduce(
    (product, part) => (product % part.bottom === 0n ? product : product * part.bottom),
    1n,
  );
  return { tops: parts.flatMap((part) => part.tops.map((top) => (top * bottom) / part.bottom)), bottom };
}
