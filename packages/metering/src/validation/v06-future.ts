import { quality } from "../quality.ts";
import type { ArrivalRule } from "./rule.ts";

const flaggedAfterMs = 60_000;
const suspectAfterMs = 300_000;

/** An interval that has not begun by our clock: flagged from one minute ahead, suspect from five. */
export const future: ArrivalRule = {
  code: "V06",
  layer: "meter",
  about: "start of the interval more than 60 s ahead of the receiver's clock",
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
};
