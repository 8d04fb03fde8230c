import { quality } from "../quality.ts";
import type { ArrivalRule } from "./rule.ts";

/** More than the meter can measure (a tenth above its maximum current), or less than nothing. */
export const limit: ArrivalRule = {
  code: "V12",
  layer: "point",
  about: "energy of the interval above phases × 230 V × Imax × factor × 1.1",
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
};
