/** Times in which a meter counted nothing though it usually does: [from, to) of the window's intervals. */
export interface ZeroRun {
  readonly from: number;
  readonly to: number;
}

/** Two hours. */
export const zeroRunMin = 8;

/** Runs of exact zeros of at least two hours, without the intervals in which many members stood still: those are outages. */
export function zeroRuns(wh: Float64Array, usable: Uint8Array, still: Uint8Array): ZeroRun[] {
  const runs: ZeroRun[] = [];
  let from = -1;
  for (let i = 0; i <= wh.length; i++) {
    const zero = i < wh.length && wh[i] === 0 && usable[i] === 1 && still[i] === 0;
    if (zero && from < 0) from = i;
    if (!zero && from >= 0) {
      if (i - from >= zeroRunMin) runs.push({ from, to: i });
      from = -1;
    }
  }
  return runs;
}

/** Intervals in which at least half of those that usually count something do not. */
export function stillSlots(curves: readonly Float64Array[], slots: number): Uint8Array {
  const still = new Uint8Array(slots);
  const active = curves.filter((wh) => wh.some((value) => value !== 0));
  for (let i = 0; i < slots; i++) {
    let zeros = 0;
    for (const wh of active) if (wh[i] === 0) zeros++;
    if (active.length > 0 && zeros * 2 >= active.length) still[i] = 1;
  }
  return still;
}
