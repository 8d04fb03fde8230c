import type { EstimationMethod } from "./method.ts";

/** Without supply nothing flows: a zero that is as good as measured. What was dark in part keeps what was measured. */
export const outageZero: EstimationMethod = {
  code: "E2",
  about: "zero where an outage covers the whole interval",
  actual: true,
  estimate(gap, { need }) {
    if (need[gap.from] !== 2) return undefined;
    return { tops: new Array<bigint>(gap.to - gap.from).fill(0n), bottom: 1n };
  },
};
