import { formatScaled } from "./figures.ts";
import { rule } from "./rule.ts";
import { slotsWhere } from "./select.ts";
import { countSlots } from "./slot-set.ts";

/** A phase of the active part that is not connected, or a capacitor bank that is left on. */
export const reactivePower = rule({
  code: "V13",
  about: "reactive energy without active energy, or a very low power factor of the day",
  severity: "W",
  thresholds: {
    intervals: { default: 8, min: 1, max: 100 },
    cosPermille: { default: 300, min: 1, max: 999 },
    floorVarh: { default: 1000, min: 0, max: 1_000_000_000 },
  },
  offFor: ["producer"],
  check(day, facts, { intervals, cosPermille, floorVarh }, report) {
    const { reactive, values, energy, direction, scale } = day;
    if (!reactive || energy !== "active" || direction !== "import") return;
    if (facts.zeros >= intervals) {
      const slots = slotsWhere(values.length, (slot) => values[slot] === 0 && reactive[slot]! > 0);
      if (slots && countSlots(slots) >= intervals) report.add({ words: "reactive-without-active", slots });
    }
    let active = 0;
    let sum = 0;
    for (let slot = 0; slot < values.length; slot++) {
      if (Number.isNaN(values[slot]) || Number.isNaN(reactive[slot])) continue;
      active += values[slot]!;
      sum += reactive[slot]!;
    }
    if (active <= 0 || sum * 10 ** scale < floorVarh) return;
    // cos φ = P / √(P² + Q²) < c, squared and in integers
    const square = BigInt(cosPermille) ** 2n;
    if (BigInt(active) ** 2n * (1_000_000n - square) >= square * BigInt(sum) ** 2n) return;
    report.add({
      words: "low-power-factor",
      limit: { value: formatScaled(cosPermille, -3), unit: "1" },
      figures: { active: formatScaled(active, scale), reactive: formatScaled(sum, scale) },
    });
  },
});
