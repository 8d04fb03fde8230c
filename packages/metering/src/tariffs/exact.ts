/** An exact decimal of any length: `digits` × 10^−`decimals`. Money and prices are nothing else. */
export interface Exact {
  readonly digits: bigint;
  readonly decimals: number;
}

const decimalsMax = 30;

/**
 * Parses `0.350930` or `-12`; the decimals written are kept.
 * @throws RangeError for anything else, and for more than 30 decimals or 60 characters
 */
export function parseExact(text: string): Exact {
  const match = /^(-?\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[2] ?? "";
  if (!match || text.length > 60 || fraction.length > decimalsMax)
    throw new RangeError(`not a decimal: ${text.slice(0, 70)}`);
  return { digits: BigInt(`${match[1]}${fraction}`), decimals: fraction.length };
}

export function formatExact({ digits, decimals }: Exact): string {
  const [sign, size] = digits < 0n ? ["-", -digits] : ["", digits];
  const text = size.toString().padStart(decimals + 1, "0");
  const whole = text.length - decimals;
  return decimals === 0 ? `${sign}${text}` : `${sign}${text.slice(0, whole)}.${text.slice(whole)}`;
}

export const exact = (digits: bigint, decimals = 0): Exact => ({ digits, decimals });

export const timesExact = (a: Exact, b: Exact): Exact => exact(a.digits * b.digits, a.decimals + b.decimals);

export function plusExact(a: Exact, b: Exact): Exact {
  const decimals = Math.max(a.decimals, b.decimals);
  return exact(widen(a, decimals) + widen(b, decimals), decimals);
}

/** Rounds half away from zero, so that a credit is as large as the charge of the same amount. */
export function roundExact(value: Exact, decimals: number): Exact {
  if (value.decimals <= decimals) return exact(widen(value, decimals), decimals);
  return exact(divideRounded(value.digits, 10n ** BigInt(value.decimals - decimals)), decimals);
}

/** `a / b` rounded half away from zero; `b` is positive. */
export function divideRounded(a: bigint, b: bigint): bigint {
  const size = ((a < 0n ? -a : a) * 2n + b) / (2n * b);
  return a < 0n ? -size : size;
}

/** The greatest integer whose square is not more than `value` (Newton). */
export function squareRoot(value: bigint): bigint {
  if (value < 0n) throw new RangeError("no root of a negative number");
  if (value < 2n) return value;
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) return root;
    root = next;
  }
}

const widen = ({ digits, decimals }: Exact, wanted: number): bigint =>
  digits * 10n ** BigInt(wanted - decimals);
