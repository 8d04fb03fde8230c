import { formatScaled } from "@energsys/metering";

/** An exact power: kW = `digits` × 10^`scale`. */
export interface Power {
  readonly digits: bigint;
  readonly scale: number;
}

/** Of a decimal such as `12.5`. */
export function parsePower(text: string): Power {
  const [whole = "", fraction = ""] = text.split(".");
  return { digits: BigInt(whole + fraction), scale: -fraction.length };
}

export const powerText = ({ digits, scale }: Power): string => formatScaled(digits, scale);

/** Mean power of a quarter-hour with an energy of value × 10^scale Wh. */
export const demandOf = (value: number, scale: number): Power => ({
  digits: BigInt(value) * 4n,
  scale: scale - 3,
});

export const percentOf = (power: Power, percent: string): Power => {
  const part = parsePower(percent);
  return { digits: power.digits * part.digits, scale: power.scale + part.scale - 2 };
};

/** The greatest energy of a quarter-hour, as an integer × 10^scale Wh, whose mean power is not above this. */
export function energyLimit({ digits, scale }: Power, energyScale: number): number {
  // kW to quarter-hour Wh: × 1000 / 4.
  const shift = scale + 3 - energyScale;
  const top = shift >= 0 ? digits * 10n ** BigInt(shift) : digits;
  const bottom = 4n * (shift >= 0 ? 1n : 10n ** BigInt(-shift));
  return Number(top / bottom);
}
