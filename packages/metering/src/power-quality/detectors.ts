/** Voltages L1 to L3 of one sample. */
export type PhaseSample = readonly [number, number, number];

export type NeutralFinding = "neutral-lost" | "over-voltage" | "under-voltage" | "none";

export interface NeutralLimits {
  readonly highV: number;
  readonly lowV: number;
  readonly spreadV: number;
  /** Samples one after the other that must show it; neighbours of one cabinet that show it in the same sample do as well. */
  readonly samplesNeeded: number;
  readonly neighboursNeeded: number;
}

export const neutralLimits: NeutralLimits = {
  highV: 253,
  lowV: 207,
  spreadV: 34.5,
  samplesNeeded: 2,
  neighboursNeeded: 3,
};

/** Whether the star point has moved: one phase too high, one too low, far apart, in the same sample. */
export function starPointMoved(sample: PhaseSample, limits: NeutralLimits = neutralLimits): boolean {
  const [high, low] = [Math.max(...sample), Math.min(...sample)];
  return high > limits.highV && low < limits.lowV && high - low > limits.spreadV;
}

/** What samples of one three-phase meter, in order of time, say of its neutral. A lost one is urgent: it burns what is connected. */
export function findNeutralLoss(
  samples: readonly PhaseSample[],
  limits: NeutralLimits = neutralLimits,
  neighboursWithIt = 0,
): NeutralFinding {
  const inRow = (shows: (sample: PhaseSample) => boolean, needed: number) => {
    let row = 0;
    for (const sample of samples) {
      row = shows(sample) ? row + 1 : 0;
      if (row >= needed) return true;
    }
    return false;
  };
  const moved = (sample: PhaseSample) => starPointMoved(sample, limits);
  if (inRow(moved, limits.samplesNeeded)) return "neutral-lost";
  if (neighboursWithIt >= limits.neighboursNeeded && inRow(moved, 1)) return "neutral-lost";
  if (inRow((sample) => Math.max(...sample) > limits.highV, limits.samplesNeeded)) return "over-voltage";
  if (inRow((sample) => Math.min(...sample) < limits.lowV, limits.samplesNeeded)) return "under-voltage";
  return "none";
}

/** Phase without voltage while another has it, for two samples: its number from 1, or absent. */
export function findAbsentPhase(
  samples: readonly PhaseSample[],
  referenceV = 230,
  samplesNeeded = 2,
): 1 | 2 | 3 | undefined {
  for (const phase of [0, 1, 2] as const) {
    let row = 0;
    for (const sample of samples) {
      const others = Math.max(...sample.filter((_, nth) => nth !== phase));
      row = sample[phase] < 0.05 * referenceV && others > 0.8 * referenceV ? row + 1 : 0;
      if (row >= samplesNeeded) return (phase + 1) as 1 | 2 | 3;
    }
  }
  return undefined;
}
