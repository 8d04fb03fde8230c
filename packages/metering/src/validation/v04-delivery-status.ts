import { quality } from "../quality.ts";
import type { ArrivalRule } from "./rule.ts";

const refused = quality.criticalError | quality.clockInvalid | quality.notValid;

/** The device itself says that the value is not valid: it is kept, and not billed. */
export const deliveryStatus: ArrivalRule = {
  code: "V04",
  layer: "point",
  about: "status bits of the device: critical error, clock invalid, data not valid",
  mark({ flags }) {
    let marked = 0;
    for (let slot = 0; slot < flags.length; slot++) {
      const bits = flags[slot]!;
      if ((bits & refused) === 0 || (bits & quality.suspect) !== 0) continue;
      flags[slot] = bits | quality.suspect;
      marked++;
    }
    return marked;
  },
};
