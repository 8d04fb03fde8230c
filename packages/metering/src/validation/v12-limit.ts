import { quality } from "../quality.ts";
import { formatScaled } from "./figures.ts";
import { rule } from "./rule.ts";
import { slotsWhere } from "./select.ts";

/** More than the meter can measure is refused; more than the approved power is looked at. */
export const limit = rule({
  code: "V12",
  about:
    "energy of the interval above phases × 230 V × Imax × factor × 1.1, or above the approved power × 1.1",
  severity: "F",
  thresholds: { percent: { default: 110, min: 100, max: 500 } },
  arrival: {
    layer: "point",
    mark({ kind, values, flags, limit }) {
      if (limit === undefined || kind !== "delta") return 0;
      let marked = 0;
      for (let slot = 0; slot < values.length; slot++) {
        if (!(values[slot]! > limit)) continue;
        flags[slot] = flags[slot]! | quality.suspect;
        marked++;
      }
      return marked;
    },
  },
  check({ meterMax, approvedMax, values, scale, energy }, { max }, { percent }, report) {
    const ofMeter = mostOf(meterMax, percent);
    const approved = energy === "active" ? mostOf(approvedMax, percent) : Number.POSITIVE_INFINITY;
    if (!(max > Math.min(ofMeter, approved))) return;
    const impossible = slotsWhere(values.length, (slot) => values[slot]! > ofMeter);
    const unit = energy === "active" ? "Wh" : energy === "reactive" ? "varh" : "VAh";
    const measured = { value: formatScaled(max, scale), unit };
    if (impossible) {
      const most = { value: formatScaled(ofMeter, scale), unit };
      report.add({ words: "above-meter", slots: impossible, measured, limit: most });
    }
    const above = slotsWhere(values.length, (slot) => values[slot]! > approved && !(values[slot]! > ofMeter));
    if (!above) return;
    let highest = 0;
    for (const value of values) if (value > highest && value <= ofMeter) highest = value;
    report.add({
      severity: "W",
      words: "above-approved",
      slots: above,
      measured: { value: formatScaled(highest, scale), unit },
      limit: { value: formatScaled(approved, scale), unit },
    });
  },
});

/** Greatest integer that is still allowed; a billionth covers the binary error of a maximum current such as 63.1 A. */
const mostOf = (max: number | undefined, percent: number): number =>
  max === undefined ? Number.POSITIVE_INFINITY : Math.floor((max * percent) / 100 + 1e-9);
