import type { Formats } from "../time/format.ts";

/** An axis of values, in the base unit of what is drawn. */
export interface ValueAxis {
  readonly low: number;
  readonly high: number;
  readonly marks: readonly number[];
  /** A mark in the unit that is shown. */
  text(value: number): string;
}

const spacesUsual = 4;
/** So that ten times a tenth is one. */
const sound = (value: number): number => Number(value.toPrecision(12));

/**
 * Zero and all that is drawn, between round marks that are 1, 2 or 5 times a power of ten apart. Of zeros alone it goes up to one of the
 * unit: marks at the same place would tell nothing.
 */
export function valueAxis(values: readonly number[], factor: number, f: Formats): ValueAxis {
  let [low, high] = [0, 0];
  for (const value of values) {
    if (value * factor < low) low = value * factor;
    if (value * factor > high) high = value * factor;
  }
  if (low === high) high = 1;
  const rough = (high - low) / spacesUsual;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = sound(([1, 2, 5].find((times) => times * power >= rough) ?? 10) * power);
  const first = Math.floor(sound(low / step));
  const last = Math.ceil(sound(high / step));
  const marks = Array.from({ length: last - first + 1 }, (_, nth) => sound((first + nth) * step));
  const digits = Math.max(0, Math.ceil(sound(-Math.log10(step))));
  return {
    low: marks[0]! / factor,
    high: marks.at(-1)! / factor,
    marks: marks.map((mark) => mark / factor),
    text: (value) => f.number(sound(value * factor) || 0, digits),
  };
}
