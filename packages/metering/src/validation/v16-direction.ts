import { formatScaled } from "./figures.ts";
import { rule } from "./rule.ts";
import { slotsWhere } from "./select.ts";

/** An interval holds an amount, which is never negative; feeding in needs a contract. */
export const direction = rule({
  code: "V16",
  about: "negative energy of an interval; energy fed in without a contract for it",
  severity: "F",
  thresholds: { toleratedWh: { default: 0, min: 0, max: 100_000 } },
  check(day, { min, sum, max }, { toleratedWh }, report) {
    const { values, scale, energy, exportContract } = day;
    const unit = energy === "active" ? "Wh" : energy === "reactive" ? "varh" : "VAh";
    if (min < 0) {
      const slots = slotsWhere(values.length, (slot) => values[slot]! < 0);
      if (slots) {
        report.add({
          words: "negative",
          slots,
          measured: { value: formatScaled(min, scale), unit },
          limit: { value: "0", unit },
        });
      }
    }
    if (day.direction !== "export" || energy !== "active" || exportContract !== false || !(max > 0)) return;
    if (sum * 10 ** scale <= toleratedWh) return;
    const slots = slotsWhere(values.length, (slot) => values[slot]! > 0);
    if (!slots) return;
    report.add({
      severity: "W",
      words: "export-without-contract",
      slots,
      measured: { value: formatScaled(sum, scale), unit },
      limit: { value: toleratedWh.toString(), unit },
    });
  },
});
