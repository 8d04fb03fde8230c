import { notGood, quality } from "../quality.ts";
import type { EstimationMethod } from "./method.ts";

/** A second meter on the same line measured what is missing; its losses and class are in the ratio. */
export const checkMeter: EstimationMethod = {
  code: "E1",
  about: "values of a check meter × ratio",
  estimate(gap, { input }) {
    const { check } = input;
    const day = check?.days[gap.day];
    if (!check || !day) return undefined;
    const tops: bigint[] = [];
    for (let slot = gap.slot; slot < gap.slot + gap.to - gap.from; slot++) {
      const value = day.values[slot];
      if (value === undefined || Number.isNaN(value) || value < 0) return undefined;
      if ((day.flags[slot]! & (notGood | quality.estimated)) !== 0) return undefined;
      tops.push(BigInt(value) * BigInt(check.ratio.top));
    }
    return { tops, bottom: BigInt(check.ratio.bottom) };
  },
};
