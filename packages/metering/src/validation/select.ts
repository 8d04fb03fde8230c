import { addSlot, emptySlots, type SlotSet } from "./slot-set.ts";

/** Slots that a test holds for; `undefined` for none. */
export function slotsWhere(slots: number, holds: (slot: number) => boolean): SlotSet | undefined {
  let set: SlotSet | undefined;
  for (let slot = 0; slot < slots; slot++) {
    if (!holds(slot)) continue;
    set ??= emptySlots(slots);
    addSlot(set, slot);
  }
  return set;
}
