import { rule } from "./rule.ts";

/** The head-end refuses such a delivery as a whole; what comes by other ways is refused here. */
export const identity = rule({
  code: "V02",
  about: "serial number that was read against the one that is expected",
  severity: "F",
  thresholds: {},
  check({ identity }, _facts, _at, report) {
    if (!identity || identity.expected === identity.read) return;
    report.add({ words: "other-serial", figures: { expected: identity.expected, read: identity.read } });
  },
});
