import type { PreparedCell, PreparedMember } from "./cell.ts";
import { type ZeroRun, zeroRuns } from "./zero-runs.ts";

export interface ZeroShape {
  readonly runs: readonly ZeroRun[];
  /** Intervals of the runs, and what is usual at each one's time of day, outside of them. */
  readonly at: Uint32Array;
  readonly usual: Float64Array;
}

/** What would usually flow while a meter stands still; absent where it never does. */
export function whileZero<Id>(
  { wh, member }: PreparedMember<Id>,
  { known, timeOf }: PreparedCell<Id>,
  still: Uint8Array,
): ZeroShape | undefined {
  if (member.indirect) return undefined;
  const runs = zeroRuns(wh, known, still);
  const slots = runs.reduce((sum, { from, to }) => sum + to - from, 0);
  // One that stands still half of the time is a holiday house, or does so by its nature.
  if (slots < 2 * 8 || slots > 0.6 * wh.length) return undefined;
  const usual = usualOutside(wh, runs, known, timeOf);
  const at = new Uint32Array(slots);
  const expected = new Float64Array(slots);
  let n = 0;
  for (const { from, to } of runs) {
    for (let i = from; i < to; i++) {
      at[n] = i;
      expected[n] = usual[timeOf[i]!]!;
      n++;
    }
  }
  return { runs, at, usual: expected };
}

/** Part of the intervals in which it stands still that can be judged. */
export const usablePart = ({ at }: ZeroShape, usable: Uint8Array): number =>
  at.reduce((count, i) => count + usable[i]!, 0) / at.length;

/** Mean by time of day where it does not stand still. */
function usualOutside(
  wh: Float64Array,
  runs: readonly ZeroRun[],
  known: Uint8Array,
  timeOf: Uint16Array,
): Float64Array {
  const sums = new Float64Array(100);
  const counts = new Uint32Array(100);
  const inside = new Uint8Array(wh.length);
  for (const { from, to } of runs) inside.fill(1, from, to);
  for (let i = 0; i < wh.length; i++) {
    if (inside[i] || !known[i]) continue;
    sums[timeOf[i]!] = sums[timeOf[i]!]! + wh[i]!;
    counts[timeOf[i]!] = counts[timeOf[i]!]! + 1;
  }
  return sums.map((sum, time) => (counts[time] ? sum / counts[time]! : 0));
}
