import { rule } from "./rule.ts";
import { slotsWhere } from "./select.ts";

/** A market day has as many intervals as it has (92, 96, 100 quarter-hours); those that are over and not there are missing. */
export const gap = rule({
  code: "V03",
  about: "intervals of the day that are over and have no value",
  severity: "F",
  thresholds: { waitMinutes: { default: 60, min: 0, max: 10_080 } },
  check(day, { present }, { waitMinutes }, report) {
    const { values, startMs, periodSeconds, nowMs } = day;
    if (present === values.length) return;
    const periodMs = periodSeconds * 1000;
    const dueMs = nowMs - waitMinutes * 60_000;
    const fromMs = day.meteredFromMs ?? Number.NEGATIVE_INFINITY;
    const toMs = Math.min(day.meteredToMs ?? Number.POSITIVE_INFINITY, dueMs);
    const slots = slotsWhere(values.length, (slot) => {
      const slotMs = startMs + slot * periodMs;
      return Number.isNaN(values[slot]) && slotMs >= fromMs && slotMs + periodMs <= toMs;
    });
    if (!slots) return;
    report.add({
      words: present === 0 ? "day-missing" : "gap",
      slots,
      measured: { value: present.toString(), unit: "1" },
      limit: { value: values.length.toString(), unit: "1" },
    });
  },
});
