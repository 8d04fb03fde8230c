/** Intervals of a day as bits: slot s is bit s % 8 of byte s / 8. */
export type SlotSet = Uint8Array;

export const emptySlots = (slots: number): SlotSet => new Uint8Array((slots + 7) >> 3);

export function addSlot(set: SlotSet, slot: number): void {
  set[slot >> 3] = set[slot >> 3]! | (1 << (slot & 7));
}

export const hasSlot = (set: SlotSet, slot: number): boolean =>
  ((set[slot >> 3] ?? 0) & (1 << (slot & 7))) !== 0;

/** The slots of a set, ascending. */
export function slotsIn(set: SlotSet): number[] {
  const slots: number[] = [];
  for (let slot = 0; slot < set.length * 8; slot++) if (hasSlot(set, slot)) slots.push(slot);
  return slots;
}

export function countSlots(set: SlotSet): number {
  let count = 0;
  for (let byte of set) for (; byte !== 0; byte &= byte - 1) count++;
  return count;
}
