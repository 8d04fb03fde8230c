import { formatScaled } from "./figures.ts";
import { rule } from "./rule.ts";
import { slotsWhere } from "./select.ts";

/** A pulse counter at its end has lost what came after; more than the meter can count is a bouncing contact. */
export const overflow = rule({
  code: "V07",
  about: "pulses of an interval at the end of their counter, or more than the meter can give",
  severity: "F",
  thresholds: { counterMax: { default: 65_535, min: 255, max: 4_294_967_295 } },
  check({ pulseWeight, meterMax, values, scale }, { max }, { counterMax }, report) {
    if (pulseWeight === undefined) return;
    const most = Math.min(
      Math.ceil(counterMax * pulseWeight) - 1,
      Math.floor(meterMax ?? Number.POSITIVE_INFINITY),
    );
    if (!(max > most)) return;
    const slots = slotsWhere(values.length, (slot) => values[slot]! > most);
    if (!slots) return;
    report.add({
      words: "counter-overflow",
      slots,
      measured: { value: formatScaled(max, scale), unit: "Wh" },
      limit: { value: formatScaled(most, scale), unit: "Wh" },
    });
  },
});
