import type { Outage } from "./checked-day.ts";
import { rule } from "./rule.ts";
import { slotsWhere } from "./select.ts";

/** Whether an outage covers the whole of [from, to). */
export const fullyDark = (outages: readonly Outage[], fromMs: number, toMs: number): boolean =>
  outages.some((outage) => outage.fromMs <= fromMs && outage.toMs >= toMs);

/** Events of the supply against what was counted: energy in the dark, or a stretch of zeros that no event explains. */
export const outageCheck = rule({
  code: "V19",
  about: "energy in an interval without supply; zeros for a while without an event",
  severity: "W",
  thresholds: {
    zeroIntervals: { default: 4, min: 1, max: 100 },
    zeroShareMaxPercent: { default: 25, min: 1, max: 100 },
  },
  check(day, facts, { zeroIntervals, zeroShareMaxPercent }, report) {
    const { outages, values, startMs, periodSeconds, energy, direction } = day;
    if (!outages || energy !== "active") return;
    const periodMs = periodSeconds * 1000;
    if (outages.length > 0) {
      const lit = slotsWhere(values.length, (slot) => {
        const fromMs = startMs + slot * periodMs;
        return values[slot]! > 0 && fullyDark(outages, fromMs, fromMs + periodMs);
      });
      if (lit) report.add({ words: "energy-in-the-dark", slots: lit });
    }
    // Where zeros are usual (a holiday home, a roof at noon) a few more say nothing.
    if (direction !== "import" || facts.longestZeros < zeroIntervals) return;
    if (facts.zeros * 100 > zeroShareMaxPercent * values.length) return;
    const touched = (slot: number) => {
      const fromMs = startMs + slot * periodMs;
      return outages.some((outage) => outage.fromMs < fromMs + periodMs && outage.toMs > fromMs);
    };
    const slots = slotsWhere(values.length, (slot) => {
      if (values[slot] !== 0 || touched(slot)) return false;
      let from = slot;
      while (from > 0 && values[from - 1] === 0) from--;
      let to = slot + 1;
      while (to < values.length && values[to] === 0) to++;
      return to - from >= zeroIntervals;
    });
    if (!slots) return;
    report.add({
      words: "zero-without-event",
      slots,
      measured: { value: facts.longestZeros.toString(), unit: "1" },
      limit: { value: zeroIntervals.toString(), unit: "1" },
    });
  },
  offFor: ["prosumer", "producer"],
});
