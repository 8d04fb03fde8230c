/** Units with their automatic prefix: one prefix per axis or column, never a mix. */

export interface DisplayUnit {
  /** "kWh". */
  readonly label: string;
  /** Value in the unit's base (Wh, W …) × this = value shown. */
  readonly factor: number;
  /** Digits after the point that still carry something. */
  readonly digits: number;
}

const prefixes = [
  ["", 1],
  ["k", 1e3],
  ["M", 1e6],
  ["G", 1e9],
  ["T", 1e12],
] as const;
const prefixed = new Set(["Wh", "varh", "VAh", "W", "var", "VA"]);

/** Prefix for values up to `largest` (absolute, in the base unit); units such as V, A, Hz keep their own. */
export function displayUnit(unit: string, largest: number): DisplayUnit {
  if (!prefixed.has(unit))
    return { label: unit, factor: 1, digits: largest >= 1000 || largest === 0 ? 0 : 1 };
  let chosen: (typeof prefixes)[number] = prefixes[0];
  for (const prefix of prefixes) if (largest >= prefix[1]) chosen = prefix;
  const shown = largest / chosen[1];
  return {
    label: chosen[0] + unit,
    factor: 1 / chosen[1],
    digits: chosen[1] === 1 ? 0 : shown >= 100 ? 1 : shown >= 10 ? 2 : 3,
  };
}

/** Energy of an interval as mean power: Wh in 900 s → W × 4. */
export function powerUnit(unit: string): string | undefined {
  const at = ["Wh", "varh", "VAh"].indexOf(unit);
  return ["W", "var", "VA"][at];
}
