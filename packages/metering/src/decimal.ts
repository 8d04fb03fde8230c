/** An exact decimal: `digits` × 10^−`decimals`. */
export interface Decimal {
  readonly digits: number;
  readonly decimals: number;
}

/**
 * Parses an exact decimal such as `20`, `0.5`, `1.333333`; zeros at the end are dropped, so that `20.000000` has no decimals.
 * @throws RangeError for anything else, or for more digits than 2^53 holds
 */
export function parseDecimal(text: string): Decimal {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text);
  if (!match) throw new RangeError(`not a decimal: ${text}`);
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  const digits = Number(`${match[1]}${match[2]}${fraction}`);
  if (!Number.isSafeInteger(digits)) throw new RangeError(`too many digits: ${text}`);
  return { digits, decimals: fraction.length };
}

/** Exact product of integers, or `undefined` where it passes 2^53. */
export function exactProduct(a: number, b: number): number | undefined {
  const product = a * b;
  return Number.isSafeInteger(product) ? product : undefined;
}

/** integer × 10^scale as exact decimal text. */
export function scaledText(integer: bigint, scale: number): string {
  if (scale >= 0) return (integer * 10n ** BigInt(scale)).toString();
  const digits = (integer < 0n ? -integer : integer).toString().padStart(1 - scale, "0");
  const sign = integer < 0n ? "-" : "";
  return `${sign}${digits.slice(0, scale)}.${digits.slice(scale)}`;
}
