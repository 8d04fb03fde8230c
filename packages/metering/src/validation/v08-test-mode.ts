import { rule } from "./rule.ts";
import { slotsWhere } from "./select.ts";
import { hasSlot } from "./slot-set.ts";

/** What a meter counts while it is tested is nobody's consumption. */
export const testMode = rule({
  code: "V08",
  about: "intervals measured while the meter was in test mode",
  severity: "F",
  thresholds: {},
  check({ testSlots, values }, _facts, _at, report) {
    if (!testSlots) return;
    const slots = slotsWhere(
      values.length,
      (slot) => hasSlot(testSlots, slot) && !Number.isNaN(values[slot]),
    );
    if (slots) report.add({ words: "test-mode", slots });
  },
});
