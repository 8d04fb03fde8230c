import type { Formats } from "../time/format.ts";

/** How the integers of a channel are shown: energies in thousands of their unit, with all the digits that they have. */
export interface ExactUnit {
  readonly label: string;
  /** Digits after the point; one integer is one last digit, or 10^`scale` of them. */
  readonly digits: number;
  /** Channel's integer × this = shown. */
  readonly factor: number;
}

/** Unit for integers × 10^`scale` of `unit`. */
export function exactUnit(unit: string, scale: number): ExactUnit {
  const kilo = ["Wh", "varh", "VAh"].includes(unit) ? 3 : 0;
  return {
    label: kilo ? `k${unit}` : unit,
    digits: Math.max(0, kilo - scale),
    factor: 10 ** (scale - kilo),
  };
}

/** A channel's integer as people read it. */
export const shown = (value: number, { digits, factor }: ExactUnit, f: Formats): string =>
  f.number(value * factor, digits);

/**
 * What somebody typed or pasted as the channel's integer: a comma or a point before the decimals, blanks and the other sign between
 * thousands, the unit of the column behind it. `undefined` when it is no energy, of another unit, or finer than the channel.
 */
export function integerOf(text: string, { label, digits, factor }: ExactUnit): number | undefined {
  const said = text.trim();
  const number = said.endsWith(label) ? said.slice(0, -label.length) : said;
  const bare = number.replaceAll(/[\s\u00a0\u202f]/g, "");
  // Of two signs the last one stands before the decimals.
  const comma = bare.lastIndexOf(",") > bare.lastIndexOf(".");
  const plain = comma ? bare.replaceAll(".", "").replace(",", ".") : bare.replaceAll(",", "");
  const match = /^(\d{1,12})(?:\.(\d+))?$/.exec(plain);
  if (!match) return undefined;
  const decimals = (match[2] ?? "").replace(/0+$/, "");
  if (decimals.length > digits) return undefined;
  const value = Number(`${match[1]}${decimals.padEnd(digits, "0")}`) / Math.max(1, factor);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Cells of a pasted column; of several columns the last one. */
export const cellsOf = (pasted: string): string[] =>
  pasted
    .replace(/\r?\n$/, "")
    .split(/\r?\n/)
    .map((line) => line.split("\t").at(-1)?.trim() ?? "");
