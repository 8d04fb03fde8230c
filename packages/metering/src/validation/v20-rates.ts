import { formatScaled } from "./figures.ts";
import { rule } from "./rule.ts";

/** The registers of the rates add up to the total, but for the last digit of each. */
export const rates = rule({
  code: "V20",
  about: "sum of the rates' registers against the total",
  severity: "W",
  thresholds: { digitsPerRate: { default: 1, min: 0, max: 100 } },
  check({ rates, scale }, _facts, { digitsPerRate }, report) {
    if (!rates) return;
    const off = rates.sum - rates.total;
    const tolerated = digitsPerRate * rates.count * rates.digit;
    if (Math.abs(off) <= tolerated) return;
    report.add({
      words: "rates-differ",
      measured: { value: formatScaled(off, scale), unit: "Wh" },
      limit: { value: formatScaled(tolerated, scale), unit: "Wh" },
      figures: { rates: rates.count.toString() },
    });
  },
});
