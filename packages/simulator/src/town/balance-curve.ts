import { slotMs } from "../calendar.ts";
import type { LoadCurve } from "../load/curve.ts";

/** A quarter-hour of a network cell, from above: what went in is what came out and what was lost on the way, Wh. */
export interface CellDay {
  readonly startMs: number;
  readonly slots: number;
  /** Through the balance meter; negative: fed back. */
  readonly netWh: Float64Array;
  readonly lossWh: Float64Array;
  /** Of what went through: past the customers' meters. */
  readonly stolenWh: Float64Array;
}

export interface CellPart {
  /** Net of a day, primary, Wh, and what of it passed the meters. */
  day(index: number): Pick<CellDay, "startMs" | "slots" | "netWh" | "stolenWh">;
}

/** A customer as a part of a cell: what truly flowed, behind current transformers times their ratio. */
export function customerPart(curve: LoadCurve, ratio: number): CellPart {
  return {
    day(index) {
      const { day, importWh, exportWh, stolenWh } = curve.day(index);
      const stolen = Float64Array.from({ length: day.slots }, (_, i) => (stolenWh?.[i] ?? 0) * ratio);
      const netWh = stolen.map(
        (past, i) => past + ((importWh[i] as number) - (exportWh[i] as number)) * ratio,
      );
      return { startMs: day.startMs, slots: day.slots, netWh, stolenWh: stolen };
    },
  };
}

/**
 * A transformer or a feeder: its parts, and the technical loss that they cause, in whole Wh. The balance is exact: net = parts + loss in
 * every quarter-hour.
 */
export class Cell implements CellPart {
  readonly #parts: readonly CellPart[];
  readonly #loss: (netWh: number, startMs: number) => number;
  #latest: { readonly index: number; readonly day: CellDay } | undefined;

  constructor(parts: readonly CellPart[], loss: (netWh: number, startMs: number) => number) {
    this.#parts = parts;
    this.#loss = loss;
  }

  day(index: number): CellDay {
    if (this.#latest?.index !== index) this.#latest = { index, day: this.#compute(index) };
    return this.#latest.day;
  }

  #compute(index: number): CellDay {
    const days = this.#parts.map((part) => part.day(index));
    const { startMs = 0, slots = 0 } = days[0] ?? {};
    const netWh = new Float64Array(slots);
    const lossWh = new Float64Array(slots);
    const stolenWh = new Float64Array(slots);
    for (let i = 0; i < slots; i++) {
      let net = 0;
      for (const day of days) {
        net += day.netWh[i] as number;
        stolenWh[i] = (stolenWh[i] as number) + (day.stolenWh[i] as number);
      }
      lossWh[i] = Math.round(this.#loss(net, startMs + i * slotMs));
      netWh[i] = net + (lossWh[i] as number);
    }
    return { startMs, slots, netWh, lossWh, stolenWh };
  }
}
