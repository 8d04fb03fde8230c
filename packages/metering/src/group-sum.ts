import { addWholeDay, type DaySlots } from "./load-day.ts";
import { notGood, quality } from "./quality.ts";

/** What is known of a group's quantity on one day, by slot. */
export interface GroupSlots extends DaySlots {
  /** Members that should have a value. */
  readonly expected: Uint32Array;
  readonly present: Uint32Array;
  /** Present and good. */
  readonly good: Uint32Array;
  readonly estimated: Uint32Array;
}

/** Adds days of members up: values with their signs, how many should be there, are there, are good, are estimated. */
export class GroupSum {
  readonly slots: number;
  readonly #sums: Float64Array;
  readonly #flags: Uint16Array;
  readonly #expected: Uint32Array;
  readonly #present: Uint32Array;
  readonly #good: Uint32Array;
  readonly #estimated: Uint32Array;
  /** Days that have every slot, good, counted once instead of in each slot; and those of them that nobody expected. */
  #whole = 0;
  #wholeBesides = 0;
  #any = false;

  constructor(slots: number) {
    this.slots = slots;
    this.#sums = new Float64Array(slots);
    this.#flags = new Uint16Array(slots);
    this.#expected = new Uint32Array(slots);
    this.#present = new Uint32Array(slots);
    this.#good = new Uint32Array(slots);
    this.#estimated = new Uint32Array(slots);
  }

  /** A member that should have values in the slots [from, to). */
  expect(from: number, to: number): void {
    for (let slot = from; slot < to; slot++) this.#expected[slot] = this.#expected[slot]! + 1;
  }

  /**
   * A whole and good day of a member, packed: false, and nothing was added, when it has to be unpacked first. What is there
   * `besides` the expected is expected by being there.
   */
  addWhole(bytes: Uint8Array, from: number, to: number, weight: number, besides: boolean): boolean {
    if (!addWholeDay(bytes, from, to, this.#sums, weight)) return false;
    this.#whole++;
    if (besides) this.#wholeBesides++;
    return true;
  }

  /** The slots [from, to) of a member's day, each value times `weight`: its sign and its scale. */
  add({ values, flags }: DaySlots, weight: number, from: number, to: number, besides: boolean): void {
    for (let slot = from; slot < to; slot++) {
      const value = values[slot]!;
      if (Number.isNaN(value)) continue;
      const bits = flags[slot]!;
      this.#any = true;
      this.#sums[slot] = this.#sums[slot]! + value * weight;
      this.#flags[slot] = this.#flags[slot]! | bits;
      this.#present[slot] = this.#present[slot]! + 1;
      if (besides) this.#expected[slot] = this.#expected[slot]! + 1;
      if ((bits & notGood) === 0) this.#good[slot] = this.#good[slot]! + 1;
      if ((bits & quality.estimated) !== 0) this.#estimated[slot] = this.#estimated[slot]! + 1;
    }
  }

  get hasValues(): boolean {
    return this.#any || this.#whole > 0;
  }

  /** Slots in which no member has a value have none. */
  finish(): GroupSlots {
    const plus = (counts: Uint32Array, whole: number) => counts.map((count) => count + whole);
    const present = plus(this.#present, this.#whole);
    // Minus zero is a number to JavaScript, and to nobody else.
    const values = this.#sums.map((sum, slot) => (present[slot] === 0 ? Number.NaN : sum + 0));
    return {
      values,
      flags: this.#flags,
      expected: plus(this.#expected, this.#wholeBesides),
      present,
      good: plus(this.#good, this.#whole),
      estimated: this.#estimated,
    };
  }
}

/** The day of a channel with shorter intervals as quarter-hours: one that lacks a part has no value. */
export function toQuarterHours({ values, flags }: DaySlots, slots: number): DaySlots {
  if (values.length === slots) return { values, flags };
  const parts = values.length / slots;
  const quarters = { values: new Float64Array(slots), flags: new Uint16Array(slots) };
  for (let slot = 0; slot < slots; slot++) {
    for (let part = slot * parts; part < (slot + 1) * parts; part++) {
      quarters.values[slot] = quarters.values[slot]! + values[part]!;
      quarters.flags[slot] = quarters.flags[slot]! | flags[part]!;
    }
  }
  return quarters;
}
