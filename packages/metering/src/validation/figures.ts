/** A figure of a finding: an exact decimal and its unit, as people read it. */
export interface Figure {
  readonly value: string;
  readonly unit: string;
}

/** An integer × 10^scale as an exact decimal, without zeros that say nothing: (41270, -3) is `41.27`. */
export function formatScaled(integer: number | bigint, scale: number): string {
  const digits = BigInt(integer);
  if (scale >= 0) return (digits * 10n ** BigInt(scale)).toString();
  const negative = digits < 0n;
  const text = (negative ? -digits : digits).toString().padStart(1 - scale, "0");
  const whole = text.slice(0, text.length + scale);
  const fraction = text.slice(text.length + scale).replace(/0+$/, "");
  return `${negative ? "-" : ""}${whole}${fraction === "" ? "" : `.${fraction}`}`;
}

/** A quotient of integers rounded half away from zero to `decimals` places: (27000, 120, 1) is `225.0`. */
export function formatQuotient(numerator: bigint, denominator: bigint, decimals: number): string {
  const scaled = numerator * 10n ** BigInt(decimals) * 2n;
  const negative = scaled < 0n !== denominator < 0n && scaled !== 0n;
  const [top, bottom] = [scaled < 0n ? -scaled : scaled, denominator < 0n ? -denominator : denominator];
  const rounded = (top + bottom) / (bottom * 2n);
  const text = rounded.toString().padStart(decimals + 1, "0");
  const sign = negative && rounded !== 0n ? "-" : "";
  if (decimals === 0) return `${sign}${text}`;
  return `${sign}${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}

/**
 * Whether a × b > c × d, exactly: by doubles while both products are integers that they hold, by big integers beyond. The factors are
 * integers.
 */
export function productExceeds(a: number, b: number, c: number, d: number): boolean {
  const left = a * b;
  const right = c * d;
  if (Number.isSafeInteger(left) && Number.isSafeInteger(right)) return left > right;
  return BigInt(a) * BigInt(b) > BigInt(c) * BigInt(d);
}
