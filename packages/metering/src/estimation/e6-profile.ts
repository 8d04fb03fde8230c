import type { EstimationMethod } from "./method.ts";

/** No history: the energy of a year that is expected, spread by a standard profile. */
export const byProfile: EstimationMethod = {
  code: "E6",
  about: "expected energy of a year × standard profile",
  estimate(gap, series) {
    const { profile } = series.input;
    if (!profile || profile.annual < 0 || !series.isNearMeasured(gap)) return undefined;
    const { weights, year } = profile.weightsOf(series.dayOf(gap));
    const annual = BigInt(profile.annual);
    const tops = weights.slice(gap.slot, gap.slot + gap.to - gap.from).map((weight) => weight * annual);
    return tops.length === gap.to - gap.from ? { tops, bottom: year } : undefined;
  },
};
