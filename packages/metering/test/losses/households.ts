import { type LossCell, type LossMember, lossLaw } from "@energsys/metering";

/** Numbers from a seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

export const days = 30;
export const daySlots = Array.from({ length: days }, () => 96);

/** What a household truly takes: an evening, and appliances whenever. */
export function household(seed: number): Float64Array {
  const random = randomFrom(seed);
  return Float64Array.from({ length: days * 96 }, (_, i) => {
    const evening = 40 + 80 * Math.exp(-(((i % 96) - 78) ** 2) / 120);
    return Math.round(evening * (0.5 + random()) + (random() < 0.08 ? 300 * random() : 0));
  });
}

export const member = (
  id: number,
  netWh: Float64Array,
  more: Partial<LossMember<number>> = {},
): LossMember<number> => ({
  id,
  netWh,
  factor: 1,
  indirect: false,
  phases: 1,
  ...more,
});

const law = lossLaw({ ratedKva: 100, noLoadLossW: 210, loadLossW: 1750 }, { ohm: 0.015, volts: 400 });

/** A transformer with 30 households: what truly flows, what `counted` makes of it. */
export function cellOf(
  seed: number,
  counted: (truth: Float64Array, id: number) => Float64Array,
  change: (members: LossMember<number>[]) => LossMember<number>[] = (members) => members,
): LossCell<number> {
  const truths = Array.from({ length: 30 }, (_, id) => household(seed * 1000 + id));
  const balanceWh = Float64Array.from({ length: days * 96 }, (_, i) => {
    const sum = truths.reduce((total, truth) => total + truth[i]!, 0);
    return Math.round(sum + (law.constantW + law.perSquareW * (sum * 4) ** 2) / 4);
  });
  return {
    daySlots,
    startMs: 0,
    balanceWh,
    members: change(truths.map((truth, id) => member(id, counted(truth, id)))),
    technical: law,
  };
}
export const honest = (truth: Float64Array) => truth;
