import { rule } from "./rule.ts";

/** A day of zeros while the point has supply, and as many days of zeros before it as the class allows. */
export const zero = rule({
  code: "V14",
  about: "nothing counted for so many days while the point has supply",
  severity: "W",
  thresholds: { days: { default: 7, min: 1, max: 31 } },
  byClass: { business: { days: 3 }, lighting: { days: 3 }, industry: { days: 1 }, balance: { days: 1 } },
  check({ values, energy, direction, energised, history }, { zeros }, { days }, report) {
    if (zeros < values.length || energy !== "active" || direction !== "import" || energised === false) return;
    let run = 1;
    if (history) {
      const end = history.from + history.count;
      for (let nth = history.from; nth < end && history.sums[nth] === 0; nth++) run++;
    }
    if (run < days) return;
    report.add({
      words: "zero-days",
      measured: { value: run.toString(), unit: "d" },
      limit: { value: days.toString(), unit: "d" },
    });
  },
});
