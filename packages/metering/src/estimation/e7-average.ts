import { type EstimationMethod, meanOf } from "./method.ts";

const daysMax = 30;

/** Whatever valid days there are, of any kind; without any, the mean of what the days themselves have. */
export const average: EstimationMethod = {
  code: "E7",
  about:
    "mean of the same intervals in the last 30 valid days, else the mean of the measured intervals around",
  estimate(gap, series) {
    const stretches: bigint[][] = [];
    const used: string[] = [];
    for (const day of series.referencesFor(gap)) {
      const stretch = stretches.length < daysMax ? series.sameTimes(gap, day) : undefined;
      if (!stretch) continue;
      stretches.push(stretch);
      used.push(day.date);
    }
    if (stretches.length > 0) return meanOf(stretches, used);
    if (!series.isNearMeasured(gap)) return undefined;
    let sum = 0n;
    let count = 0n;
    for (let at = 0; at < series.values.length; at++) {
      if (!series.fitAt(at)) continue;
      sum += BigInt(series.values[at]!);
      count++;
    }
    return count === 0n ? undefined : { tops: new Array<bigint>(gap.to - gap.from).fill(sum), bottom: count };
  },
};
