import { quality } from "../quality.ts";
import { rule } from "./rule.ts";
import { slotsWhere } from "./select.ts";

const flaggedAfterMs = 60_000;
const suspectAfterMs = 300_000;

/** An interval that has not begun by our clock: flagged from one minute ahead, suspect from five. */
export const future = rule({
  code: "V06",
  about: "start of the interval ahead of our clock",
  severity: "F",
  thresholds: { aheadSeconds: { default: 60, min: 0, max: 3600 } },
  arrival: {
    layer: "meter",
    mark({ values, flags, startMs, periodSeconds, nowMs }) {
      const periodMs = periodSeconds * 1000;
      if (startMs + (values.length - 1) * periodMs <= nowMs + flaggedAfterMs) return 0;
      let marked = 0;
      for (let slot = values.length - 1; slot >= 0; slot--) {
        const aheadMs = startMs + slot * periodMs - nowMs;
        if (aheadMs <= flaggedAfterMs) break;
        if (Number.isNaN(values[slot])) continue;
        flags[slot] = flags[slot]! | quality.future | (aheadMs > suspectAfterMs ? quality.suspect : 0);
        marked++;
      }
      return marked;
    },
  },
  check({ values, startMs, periodSeconds, nowMs }, _facts, { aheadSeconds }, report) {
    const periodMs = periodSeconds * 1000;
    const latestMs = nowMs + aheadSeconds * 1000;
    if (startMs + (values.length - 1) * periodMs <= latestMs) return;
    const slots = slotsWhere(
      values.length,
      (slot) => !Number.isNaN(values[slot]) && startMs + slot * periodMs > latestMs,
    );
    if (!slots) return;
    const last = values.findLastIndex((value) => !Number.isNaN(value));
    const aheadMs = startMs + last * periodMs - nowMs;
    report.add({
      words: "in-the-future",
      slots,
      measured: { value: (aheadMs / 1000).toString(), unit: "s" },
      limit: { value: aheadSeconds.toString(), unit: "s" },
    });
  },
});
