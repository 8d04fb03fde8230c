import { formatQuotient, formatScaled, productExceeds } from "./figures.ts";
import { rule } from "./rule.ts";
import { addSlot, emptySlots } from "./slot-set.ts";

/** The highest interval of a day against the third highest, so that one echo of the spike does not hide it. */
export const spike = rule({
  code: "V10",
  about: "highest interval of the day far above the third highest",
  severity: "W",
  thresholds: {
    excessPercent: { default: 180, min: 10, max: 10_000 },
    floorW: { default: 1000, min: 0, max: 100_000_000 },
  },
  byClass: { industry: { floorW: 10_000 }, balance: { floorW: 10_000 } },
  check({ values, scale, periodSeconds }, { max, maxAt, third, present }, { excessPercent, floorW }, report) {
    // The rule is about 24 hours: the night of a day under way makes a spike of every breakfast.
    if (present * 10 < values.length * 9) return;
    if (third < 0 || !Number.isFinite(third) || !productExceeds(max - third, 100, excessPercent, third))
      return;
    if (max * 10 ** scale * 3600 <= floorW * periodSeconds) return;
    const slots = emptySlots(values.length);
    addSlot(slots, maxAt);
    report.add({
      words: "spike",
      slots,
      ...(third > 0
        ? { measured: { value: formatQuotient(BigInt(max - third) * 100n, BigInt(third), 1), unit: "%" } }
        : {}),
      limit: { value: excessPercent.toString(), unit: "%" },
      figures: { highest: formatScaled(max, scale), third: formatScaled(third, scale) },
    });
  },
});
