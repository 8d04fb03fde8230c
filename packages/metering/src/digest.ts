import { missingBit } from "./load-day.ts";
import { notGood } from "./quality.ts";
import type { ChannelKind } from "./reading.ts";

/** What a report needs of a day without unpacking it. */
export interface DayDigest {
  /**
   * Sum of the values that are there, null when there is none, when the sum means nothing (index, instant), or when it would pass
   * 2^53.
   */
  readonly sum: number | null;
  readonly max: number | null;
  /** Slot of the first maximum. */
  readonly maxAt: number | null;
  /** Present and good. */
  readonly ok: number;
  /** Every bit of quality seen, or-ed; `missingBit` when a slot has no value. */
  readonly flags: number;
}

export function digestOf(values: Float64Array, flags: Uint16Array, kind: ChannelKind): DayDigest {
  let sum = 0;
  let max = Number.NEGATIVE_INFINITY;
  let maxAt = -1;
  let present = 0;
  let bad = 0;
  let seen = 0;
  for (let slot = 0; slot < values.length; slot++) {
    const value = values[slot]!;
    const quality = flags[slot]!;
    seen |= quality;
    if (Number.isNaN(value)) continue;
    present++;
    if ((quality & notGood) !== 0) bad++;
    sum += value;
    if (value > max) {
      max = value;
      maxAt = slot;
    }
  }
  if (present < values.length) seen |= missingBit;
  const summed = present > 0 && (kind === "delta" || kind === "demand") && Number.isSafeInteger(sum);
  return {
    sum: summed ? sum : null,
    max: present > 0 ? max : null,
    maxAt: present > 0 ? maxAt : null,
    ok: present - bad,
    flags: seen,
  };
}
