/** Ratios of current transformers that are on the market, of 5 A on the secondary side. */
export const usualRatios: readonly number[] = [10, 15, 20, 30, 40, 50, 60, 80, 100, 120, 160, 200, 240, 300];

export interface MultiplierFinding<Id> {
  readonly id: Id;
  /** What the entered factor would have to be. */
  readonly factor: number;
  /** Energy that this would explain, and what of the rise would be left, Wh. */
  readonly explainedWh: number;
  readonly leftWh: number;
}

/**
 * Which point's wrong multiplier explains a rise of the loss: the rise is (k − 1) × the energy as entered, k a usual ratio over the factor that
 * is entered. The best pairs first; those that leave more than `tolerance` of the rise are no explanation.
 */
export function findWrongMultiplier<Id>(
  riseWh: number,
  members: readonly { readonly id: Id; readonly enteredWh: number; readonly enteredFactor?: number }[],
  { ratios = usualRatios, tolerance = 0.02 }: { ratios?: readonly number[]; tolerance?: number } = {},
): MultiplierFinding<Id>[] {
  const found: MultiplierFinding<Id>[] = [];
  for (const { id, enteredWh, enteredFactor = 1 } of members) {
    for (const factor of ratios) {
      if (factor === enteredFactor) continue;
      const explainedWh = (factor / enteredFactor - 1) * enteredWh;
      const leftWh = riseWh - explainedWh;
      if (Math.abs(leftWh) <= tolerance * Math.abs(riseWh)) found.push({ id, factor, explainedWh, leftWh });
    }
  }
  return found.sort((a, b) => Math.abs(a.leftWh) - Math.abs(b.leftWh));
}

/** The usual ratio next to one that was worked out, when it is within `tolerance` of it. */
export function nearestUsualRatio(ratio: number, tolerance = 0.03): number | undefined {
  let best: number | undefined;
  for (const usual of [1, ...usualRatios]) {
    if (best === undefined || Math.abs(usual - ratio) < Math.abs(best - ratio)) best = usual;
  }
  return best !== undefined && Math.abs(best - ratio) <= tolerance * best ? best : undefined;
}
