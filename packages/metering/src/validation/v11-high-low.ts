import type { CheckedDay } from "./checked-day.ts";
import { formatQuotient, productExceeds } from "./figures.ts";
import { rule } from "./rule.ts";

/** Mean of the day against the same weeks of last year or, where those are not known, against the days before. */
export const highLow = rule({
  code: "V11",
  about: "mean of the day against the same period of last year, else of the last month",
  severity: "W",
  thresholds: {
    highPercent: { default: 200, min: 101, max: 100_000 },
    lowPercent: { default: 25, min: 0, max: 99 },
    daysMin: { default: 7, min: 1, max: 30 },
  },
  check(day, { sum, present }, { highPercent, lowPercent, daysMin }, report) {
    const slots = day.values.length;
    // A day under way lacks its evening, and is no half of a day.
    if (present * 10 < slots * 9) return;
    const last = day.yearAgo && day.yearAgo.present >= daysMin * slots ? day.yearAgo : undefined;
    const reference = last ?? meanOf(day, daysMin);
    if (!reference || reference.sum <= 0) return;
    // sum / present against reference.sum / reference.present, without dividing
    const own = sum * reference.present;
    const other = reference.sum * present;
    const high = productExceeds(own, 100, other, highPercent);
    if (!high && !productExceeds(other, lowPercent, own, 100)) return;
    report.add({
      words: high ? "unusually-high" : "unusually-low",
      measured: { value: formatQuotient(BigInt(own) * 100n, BigInt(other), 1), unit: "%" },
      limit: { value: (high ? highPercent : lowPercent).toString(), unit: "%" },
      figures: { against: last ? "year-ago" : "days-before" },
    });
  },
});

/** Sum and intervals of the days before, of 30 at most; `undefined` when too few are known. */
function meanOf({ history }: CheckedDay, daysMin: number): { sum: number; present: number } | undefined {
  if (!history) return undefined;
  let sum = 0;
  let present = 0;
  let days = 0;
  const end = history.from + Math.min(history.count, 30);
  for (let nth = history.from; nth < end; nth++) {
    const ofDay = history.sums[nth]!;
    if (Number.isNaN(ofDay)) continue;
    sum += ofDay;
    present += history.present[nth]!;
    days++;
  }
  return days >= daysMin ? { sum, present } : undefined;
}
