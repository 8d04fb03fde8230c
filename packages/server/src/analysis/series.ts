import type { Series } from "@energsys/store";
import { iso } from "../instants.ts";
import type { Coverage } from "../schemas/analysis.ts";
import type { Named } from "./asked.ts";

const total = (list: Uint32Array): number => list.reduce((sum, count) => sum + count, 0);

export const coverageOf = ({ expected, present, good, estimated }: Series): Coverage => ({
  expected: total(expected),
  present: total(present),
  good: total(good),
  estimated: total(estimated),
});

/** A series as it is answered: integers, runs of quality, runs of intervals that lack a part. */
export function seriesAnswer({ of, name }: Named, series: Series) {
  const { values, flags, present, expected } = series;
  const quality: number[][] = [];
  const incomplete: number[][] = [];
  const answered: (number | null)[] = new Array(values.length);
  for (let slot = 0; slot < values.length; slot++) {
    const value = values[slot]!;
    const missing = Number.isNaN(value);
    answered[slot] = missing ? null : value;
    if (flags[slot] !== 0) {
      const last = quality.at(-1);
      if (last && last[2] === flags[slot] && last[0]! + last[1]! === slot) last[1]!++;
      else quality.push([slot, 1, flags[slot]!]);
    }
    if (missing || present[slot]! >= expected[slot]!) continue;
    const last = incomplete.at(-1);
    if (last && last[0]! + last[1]! === slot) last[1]!++;
    else incomplete.push([slot, 1]);
  }
  return {
    of,
    ...name,
    unit: series.unit,
    scale: series.scale,
    start: iso(series.startMs),
    stepSeconds: series.stepSeconds,
    days: series.days.map(({ day, first, slots }) => ({ day, firstIndex: first, slots })),
    values: answered,
    flags: quality,
    incomplete,
    coverage: coverageOf(series),
  };
}
