/** The exact decimal `integer × 10^scale`: 33402264, -3 gives `33402.264`; 5, 2 gives `500`. */
export function formatScaled(integer: bigint, scale: number): string {
  if (scale >= 0) return (integer * 10n ** BigInt(scale)).toString();
  const negative = integer < 0n;
  const digits = (negative ? -integer : integer).toString().padStart(1 - scale, "0");
  const whole = digits.slice(0, scale);
  return `${negative ? "-" : ""}${whole}.${digits.slice(scale)}`;
}

export interface ExactDecimal {
  readonly integer: bigint;
  readonly decimals: number;
}

/** Parses `0033402.264`, `-1.5`, `24`; blanks at the ends do not count. `undefined` for everything else. */
export function findDecimal(text: string): ExactDecimal | undefined {
  const match = /^ *([+-]?)(\d{1,30})(?:\.(\d{0,15}))? *$/.exec(text);
  if (!match) return undefined;
  const fraction = match[3] ?? "";
  const integer = BigInt(`${match[2]}${fraction}`);
  return { integer: match[1] === "-" ? -integer : integer, decimals: fraction.length };
}

/** The decimal without zeros in front: `0033402.264` gives `33402.264`; its zeros at the end are kept, they are precision. */
export function formatDecimal(value: ExactDecimal): string {
  return formatScaled(value.integer, -value.decimals);
}

const prefixes: Readonly<Record<string, number>> = { k: 3, M: 6 };

/** A unit without its prefix and the prefix's power of ten: `kWh` is `Wh` × 10³. */
export function plainUnit(unit: string): { unit: string; power: number } {
  const power = prefixes[unit[0] ?? ""];
  return power !== undefined && unit.length > 1 ? { unit: unit.slice(1), power } : { unit, power: 0 };
}
