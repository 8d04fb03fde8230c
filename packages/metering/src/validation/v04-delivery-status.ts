import { quality } from "../quality.ts";
import { refusedByDevice } from "./checked-day.ts";
import { rule } from "./rule.ts";
import { slotsWhere } from "./select.ts";

/** What the device itself says of its values. Which bit means what is the meter model's (the mask of its status word). */
export const deliveryStatus = rule({
  code: "V04",
  about:
    "status bits of the device: critical error, clock invalid, data not valid; clock adjusted; power down",
  severity: "F",
  thresholds: {},
  arrival: {
    layer: "point",
    /** The value is kept, and not billed. */
    mark({ flags }) {
      let marked = 0;
      for (let slot = 0; slot < flags.length; slot++) {
        const bits = flags[slot]!;
        if ((bits & refusedByDevice) === 0 || (bits & quality.suspect) !== 0) continue;
        flags[slot] = bits | quality.suspect;
        marked++;
      }
      return marked;
    },
  },
  check({ values, flags }, { seen }, _at, report) {
    if ((seen & (refusedByDevice | quality.clockAdjusted | quality.powerDown)) === 0) return;
    const slots = values.length;
    const refused = slotsWhere(slots, (slot) => (flags[slot]! & refusedByDevice) !== 0);
    if (refused) report.add({ words: "refused-by-device", slots: refused });
    const adjusted = slotsWhere(slots, (slot) => (flags[slot]! & quality.clockAdjusted) !== 0);
    if (adjusted) report.add({ severity: "W", words: "clock-adjusted", slots: adjusted });
    const dark = slotsWhere(slots, (slot) => (flags[slot]! & quality.powerDown) !== 0);
    if (dark) report.add({ severity: "I", words: "power-down", slots: dark });
  },
});
