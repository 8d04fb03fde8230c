import { formatScaled } from "./figures.ts";
import { rule } from "./rule.ts";
import { slotsWhere } from "./select.ts";

/** Energy behind a disconnector that is confirmed to be open: a bypass, or a switch that lies. */
export const consumptionWhileOpen = rule({
  code: "V15",
  about: "energy counted after a disconnection was confirmed",
  severity: "W",
  thresholds: { toleratedWh: { default: 50, min: 0, max: 100_000 } },
  check({ openSinceMs, values, startMs, periodSeconds, scale, energy }, _facts, { toleratedWh }, report) {
    if (openSinceMs === undefined || energy !== "active") return;
    const periodMs = periodSeconds * 1000;
    let sum = 0;
    const slots = slotsWhere(values.length, (slot) => {
      if (startMs + slot * periodMs < openSinceMs || !(values[slot]! > 0)) return false;
      sum += values[slot]!;
      return true;
    });
    if (!slots || sum * 10 ** scale <= toleratedWh) return;
    report.add({
      words: "consumption-while-open",
      slots,
      measured: { value: formatScaled(sum, scale), unit: "Wh" },
      limit: { value: toleratedWh.toString(), unit: "Wh" },
      figures: { urgent: "1" },
    });
  },
});
