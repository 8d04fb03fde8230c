/** Waits between calls (section 1 of the agreement). */
export const callAgain = { firstMs: 5_000, longestMs: 15 * 60_000 } as const;

/**
 * How long to wait before the next call: 5 s, then twice as long each time up to 15 min, each drawn between half and the whole, so that
 * concentrators that lost their centre together do not come back together.
 * @param failures calls that failed one after the other, from 1
 */
export function waitBeforeCall(failures: number, random: () => number): number {
  const whole = Math.min(callAgain.firstMs * 2 ** Math.min(failures - 1, 20), callAgain.longestMs);
  return whole * (0.5 + random() / 2);
}
