import type { DaySlots } from "./load-day.ts";
import { notGood } from "./quality.ts";

/**
 * Merges what was delivered into what is stored, slot by slot; `changed` counts the slots that differ afterwards.
 *
 * A delivered value takes the place of another one, unless the stored one is good and the delivered one is not; so a day
 * comes out the same in whatever order good and bad copies of it arrive. A slot without a value takes nothing away. The
 * stored arrays are written to.
 */
export function mergeDay(stored: DaySlots, incoming: DaySlots): number {
  let changed = 0;
  for (let slot = 0; slot < stored.values.length; slot++) {
    const value = incoming.values[slot]!;
    const quality = incoming.flags[slot]!;
    const before = stored.values[slot]!;
    const beforeQuality = stored.flags[slot]!;
    if (Number.isNaN(value)) {
      // Neither has a value: what either knows about the slot is kept.
      if (Number.isNaN(before) && (quality & ~beforeQuality) !== 0) {
        stored.flags[slot] = beforeQuality | quality;
        changed++;
      }
      continue;
    }
    if (value === before && quality === beforeQuality) continue;
    if (!Number.isNaN(before) && (beforeQuality & notGood) === 0 && (quality & notGood) !== 0) continue;
    stored.values[slot] = value;
    stored.flags[slot] = quality;
    changed++;
  }
  return changed;
}

/** True when `after` takes away or changes a value, or its quality, that `before` has; filling empty slots does not. */
export function replacesValues(before: DaySlots, after: DaySlots): boolean {
  for (let slot = 0; slot < before.values.length; slot++) {
    const value = before.values[slot]!;
    if (Number.isNaN(value)) continue;
    if (value !== after.values[slot] || before.flags[slot] !== after.flags[slot]) return true;
  }
  return false;
}
