import { lossLaw } from "@energsys/metering";
import type { DatedRating } from "../groups/ratings.ts";
import type { Side } from "../groups/rows.ts";
import type { Place } from "../query/frame.ts";
import { spanOf } from "../query/sum-sources.ts";
import type { LossSide } from "./figures.ts";
import type { SlotLoss } from "./read-losses.ts";

/** One quantity of one side of a group on one day. */
export interface DayRow {
  readonly side: Side;
  /** A−: what flows back. */
  readonly given: boolean;
  readonly scale: number;
  readonly values: ArrayLike<number>;
  readonly expected: Uint32Array;
  readonly present: Uint32Array;
  readonly good: Uint32Array;
  readonly estimated: Uint32Array;
}

/** A slot of which fewer of the members' values are there says nothing of the loss. */
const membersMin = 0.95;
const perHour = 4;

const noSide = (): LossSide => ({ energy: null, expected: 0, present: 0, good: 0, estimated: 0 });

interface Slots {
  readonly values: Float64Array;
  readonly expected: Uint32Array;
  readonly present: Uint32Array;
}

/**
 * The loss of one group on one day: both sides cut at the same instants. A quarter-hour counts when every balance meter and nearly all members have
 * their value in it; what the few others took is put at the mean of those.
 */
export class DayLoss {
  readonly slots: number;
  readonly balance: LossSide = noSide();
  readonly members: LossSide = noSide();
  alignedSlots = 0;
  /** Integers × 10^scale, net and without regard to the direction. */
  input = 0;
  counted = 0;
  inputGross = 0;
  countedGross = 0;
  missingWh = 0;
  ironWh = 0;
  copperWh = 0;
  lineWh = 0;
  technicalSlots = 0;
  readonly #place: Place;
  readonly #weight: number;
  readonly #in: Slots;
  readonly #out: Slots;
  readonly #laws: readonly {
    readonly from: number;
    readonly to: number;
    readonly constantW: number;
    readonly copperPerSquareW: number;
    readonly linePerSquareW: number;
  }[];

  constructor(place: Place, rows: readonly DayRow[], scale: number, ratings: readonly DatedRating[]) {
    this.#place = place;
    this.slots = place.slots;
    this.#weight = 10 ** scale;
    this.#in = this.#sideOf("balance", rows, scale);
    this.#out = this.#sideOf("members", rows, scale);
    this.#laws = ratings.flatMap((rating) => {
      const { from, to } = spanOf(rating, place.day, (place.day.endMs - place.day.startMs) / 900_000);
      if (from >= to) return [];
      const { transformer, line, cosPhi } = rating;
      const law = lossLaw(
        transformer
          ? {
              ratedKva: transformer.ratedVa / 1000,
              noLoadLossW: Number(transformer.noLoadLossW),
              loadLossW: Number(transformer.loadLossW),
            }
          : undefined,
        line ? { ohm: Number(line.ohm), volts: line.volts } : undefined,
        Number(cosPhi),
      );
      const { constantW, copperPerSquareW } = law;
      return [{ from, to, constantW, copperPerSquareW, linePerSquareW: law.perSquareW - copperPerSquareW }];
    });
    this.#reckon();
  }

  #sideOf(side: Side, rows: readonly DayRow[], scale: number): Slots {
    const { slots } = this;
    const values = new Float64Array(slots);
    const expected = new Uint32Array(slots);
    const present = new Uint32Array(slots);
    const total = this[side];
    for (const row of rows) {
      if (row.side !== side) continue;
      const weight = (row.given ? -1 : 1) * 10 ** (row.scale - scale);
      for (let slot = 0; slot < slots; slot++) {
        expected[slot] = expected[slot]! + row.expected[slot]!;
        present[slot] = present[slot]! + row.present[slot]!;
        total.expected += row.expected[slot]!;
        total.present += row.present[slot]!;
        total.good += row.good[slot]!;
        total.estimated += row.estimated[slot]!;
        const value = row.values[slot]!;
        if (Number.isNaN(value)) continue;
        values[slot] = values[slot]! + weight * value;
        total.energy = (total.energy ?? 0) + weight * value;
      }
    }
    return { values, expected, present };
  }

  #isAligned(slot: number): boolean {
    const [wanted, there] = [this.#in.expected[slot]!, this.#in.present[slot]!];
    return (
      wanted > 0 && there === wanted && this.#out.present[slot]! >= membersMin * this.#out.expected[slot]!
    );
  }

  #reckon(): void {
    for (let slot = 0; slot < this.slots; slot++) {
      if (!this.#isAligned(slot)) continue;
      const [input, counted] = [this.#in.values[slot]!, this.#out.values[slot]!];
      this.alignedSlots++;
      this.input += input;
      this.counted += counted;
      this.inputGross += Math.abs(input);
      this.countedGross += Math.abs(counted);
      const [wanted, there] = [this.#out.expected[slot]!, this.#out.present[slot]!];
      if (there > 0) this.missingWh += (Math.abs(counted) * this.#weight * (wanted - there)) / there;
      const technical = this.#technicalAt(slot);
      if (!technical) continue;
      this.technicalSlots++;
      this.ironWh += technical.ironWh;
      this.copperWh += technical.copperWh;
      this.lineWh += technical.lineWh;
    }
  }

  #technicalAt(slot: number) {
    const law = this.#laws.find(({ from, to }) => slot >= from && slot < to);
    if (!law) return undefined;
    const square = (this.#in.values[slot]! * this.#weight * perHour) ** 2;
    return {
      ironWh: law.constantW / perHour,
      copperWh: (law.copperPerSquareW * square) / perHour,
      lineWh: (law.linePerSquareW * square) / perHour,
    };
  }

  /** Puts the loss of each aligned slot where it belongs in a curve of the whole period. */
  writeSlots({ loss, technicalWh }: SlotLoss): void {
    for (let slot = 0; slot < this.slots; slot++) {
      if (!this.#isAligned(slot)) continue;
      loss[this.#place.first + slot] = this.#in.values[slot]! - this.#out.values[slot]!;
      const technical = this.#technicalAt(slot);
      if (technical)
        technicalWh[this.#place.first + slot] = technical.ironWh + technical.copperWh + technical.lineWh;
    }
  }
}
