import { rule } from "./rule.ts";

/** Both deliveries are kept as they came. A delivery that calls itself final corrects the one before, which needs no look. */
export const duplicate = rule({
  code: "V05",
  about: "one interval delivered twice with different values",
  severity: "W",
  thresholds: {},
  check({ duplicates }, _facts, _at, report) {
    if (duplicates) report.add({ words: "delivered-twice", slots: duplicates });
  },
});
