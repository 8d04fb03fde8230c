import { type EstimationMethod, meanOf } from "./method.ts";

/** Weekdays (1 is Monday) that may stand for each weekday, the most alike first (AEMO, substitution type 14). */
const alike: Readonly<Record<number, readonly number[]>> = {
  1: [1],
  2: [2, 3, 4],
  3: [3, 2, 4],
  4: [4, 3, 2],
  5: [5],
  6: [6],
  7: [7],
};

/** One day that is most like it. A holiday is like a Sunday, and no day is like a holiday but a Sunday or another one. */
export const likeWeekday: EstimationMethod = {
  code: "E5",
  about: "the nearest equivalent weekday",
  estimate(gap, series) {
    const { kind, weekday } = series.dayOf(gap);
    const references = series.referencesFor(gap);
    const wanted = kind === "sunday" ? [7] : (alike[weekday] ?? []);
    for (const candidate of wanted) {
      for (const day of references) {
        const is = day.kind === "sunday" ? 7 : day.weekday;
        const stretch = is === candidate && day.kind === kind ? series.sameTimes(gap, day) : undefined;
        if (stretch) return meanOf([stretch], [day.date]);
      }
    }
    return undefined;
  },
};
