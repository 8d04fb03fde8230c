import { notGood, quality } from "../quality.ts";

/** Highest measured interval of a stretch, and what is left out of it. */
export interface MaximumDemand {
  /** NaN and −1 when nothing was measured. */
  readonly max: number;
  readonly at: number;
  /** Intervals that are estimated, missing or refused: a demand is never made of them. */
  readonly leftOut: number;
  /** An estimated interval is higher than the highest measured one: a person confirms what is billed. */
  readonly toConfirm: boolean;
}

export function maximumDemand(values: Float64Array, flags: Uint16Array): MaximumDemand {
  let max = Number.NaN;
  let at = -1;
  let leftOut = 0;
  let highestEstimate = Number.NEGATIVE_INFINITY;
  for (let slot = 0; slot < values.length; slot++) {
    const value = values[slot]!;
    if (Number.isNaN(value) || (flags[slot]! & (notGood | quality.estimated)) !== 0) {
      leftOut++;
      if ((flags[slot]! & quality.estimated) !== 0 && value > highestEstimate) highestEstimate = value;
    } else if (!(value <= max)) {
      max = value;
      at = slot;
    }
  }
  return { max, at, leftOut, toConfirm: highestEstimate > max || (at === -1 && highestEstimate >= 0) };
}
