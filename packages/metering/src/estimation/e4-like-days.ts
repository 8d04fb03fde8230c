import { type EstimationMethod, meanOf } from "./method.ts";

const days = 3;

/** The same intervals of the three nearest days of the same kind. */
export const likeDays: EstimationMethod = {
  code: "E4",
  about: "mean of the same intervals in the three nearest valid days of the same kind, up to 60 days back",
  estimate(gap, series) {
    const { kind } = series.dayOf(gap);
    const stretches: bigint[][] = [];
    const used: string[] = [];
    for (const day of series.referencesFor(gap)) {
      if (day.kind !== kind) continue;
      const stretch = series.sameTimes(gap, day);
      if (!stretch) continue;
      stretches.push(stretch);
      used.push(day.date);
      if (stretches.length === days) return meanOf(stretches, used);
    }
    return undefined;
  },
};
