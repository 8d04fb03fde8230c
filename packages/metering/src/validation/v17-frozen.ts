import { formatScaled } from "./figures.ts";
import { rule } from "./rule.ts";
import { addSlot, emptySlots } from "./slot-set.ts";

/**
 * The same value again and again. That says something only of a channel that resolves a watt-hour (three decimals of a kWh), and of
 * values above what a standby load repeats by nature.
 */
export const frozen = rule({
  code: "V17",
  about: "one value other than zero in many intervals in a row, on a channel of at least three decimals",
  severity: "W",
  thresholds: {
    intervals: { default: 12, min: 3, max: 100 },
    decimals: { default: 3, min: 0, max: 6 },
    floorW: { default: 100, min: 0, max: 1_000_000 },
  },
  // Lamps burn evenly through the longest night, 16 hours; more is a day on which nobody switched them off.
  byClass: { lighting: { intervals: 68 } },
  check({ values, scale, periodSeconds }, { longestRun }, { intervals, decimals, floorW }, report) {
    if (longestRun < intervals || 3 - scale < decimals) return;
    const least = (floorW * periodSeconds) / 3600 / 10 ** scale;
    const slots = emptySlots(values.length);
    let longest = 0;
    let repeated = 0;
    for (let from = 0; from < values.length; ) {
      const value = values[from]!;
      let to = from + 1;
      while (to < values.length && values[to] === value) to++;
      if (to - from >= intervals && value > 0 && value >= least) {
        for (let slot = from; slot < to; slot++) addSlot(slots, slot);
        if (to - from > longest) {
          longest = to - from;
          repeated = value;
        }
      }
      from = to;
    }
    if (longest === 0) return;
    report.add({
      words: "frozen",
      slots,
      measured: { value: longest.toString(), unit: "1" },
      limit: { value: intervals.toString(), unit: "1" },
      figures: { value: formatScaled(repeated, scale) },
    });
  },
});
