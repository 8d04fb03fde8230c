import { stateOf } from "../quality-code.ts";

/** The greatest mean power: of the window that starts at `startMs`, which held this energy. */
export interface Demand {
  readonly startMs: number;
  readonly energy: number;
  /** Energy × 3600 / window: W where the energy is in Wh. */
  readonly power: number;
}

/** Energies by interval; NaN where none is there. */
export interface DemandSeries {
  readonly startMs: number;
  readonly stepSeconds: number;
  readonly values: Float64Array;
  readonly flags?: Uint16Array | undefined;
}

/**
 * Maximum demand: of the intervals themselves, or of a window that slides by one interval (ReadingType 71: 15 minutes by 5). The
 * earliest of equal ones. A window in which a value is missing or refused by a rule is nobody's maximum.
 * @throws RangeError where the window is not a multiple of the interval
 */
export function maxDemand(
  { startMs, stepSeconds, values, flags }: DemandSeries,
  windowSeconds = stepSeconds,
  counts: (slot: number) => boolean = () => true,
): Demand | undefined {
  const steps = windowSeconds / stepSeconds;
  if (!Number.isInteger(steps) || steps < 1)
    throw new RangeError(`a window of ${windowSeconds} s is no multiple of ${stepSeconds} s`);
  let [sum, good, best] = [0, 0, -1];
  let greatest = Number.NEGATIVE_INFINITY;
  for (let slot = 0; slot < values.length; slot++) {
    const state = stateOf(values[slot]!, flags?.[slot] ?? 0);
    if (state === "N" || state === "Q" || !counts(slot)) {
      [sum, good] = [0, 0];
      continue;
    }
    sum += values[slot]!;
    good++;
    if (good > steps) sum -= values[slot - steps]!;
    if (good >= steps && sum > greatest) [greatest, best] = [sum, slot - steps + 1];
  }
  if (best < 0) return undefined;
  return {
    startMs: startMs + best * stepSeconds * 1000,
    energy: greatest,
    power: (greatest * 3600) / windowSeconds,
  };
}
