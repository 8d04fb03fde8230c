import { rule } from "./rule.ts";
import { slotsWhere } from "./select.ts";

/** The clock of the device. Slewing is the head-end's work; here is what the difference does to the intervals. */
export const clock = rule({
  code: "V01",
  about: "clock of the device against ours when it was read",
  severity: "W",
  thresholds: {
    quietSeconds: { default: 10, min: 0, max: 3600 },
    slewSeconds: { default: 60, min: 1, max: 3600 },
  },
  check({ clockOffsetMs, periodSeconds, values }, _facts, { quietSeconds, slewSeconds }, report) {
    if (clockOffsetMs === undefined) return;
    const offMs = Math.abs(clockOffsetMs);
    if (offMs <= quietSeconds * 1000) return;
    const measured = { value: (clockOffsetMs / 1000).toString(), unit: "s" };
    if (offMs > periodSeconds * 1000) {
      const slots = slotsWhere(values.length, (slot) => !Number.isNaN(values[slot]));
      const limit = { value: periodSeconds.toString(), unit: "s" };
      if (slots) report.add({ severity: "F", words: "clock-off-an-interval", slots, measured, limit });
    } else if (offMs > slewSeconds * 1000) {
      report.add({ words: "clock-off", measured, limit: { value: slewSeconds.toString(), unit: "s" } });
    } else {
      report.add({
        severity: "I",
        words: "clock-slewed",
        measured,
        limit: { value: quietSeconds.toString(), unit: "s" },
      });
    }
  },
});
