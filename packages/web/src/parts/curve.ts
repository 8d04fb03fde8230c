import type { LoadCurve } from "../api/client.ts";

/** Bits of an interval's quality, as the API gives them (packages/metering, quality.ts). */
const bits = {
  suspect: 0x0100 | 0x0001 | 0x0002 | 0x0004 | 0x0200 | 0x2000,
  estimated: 0x0800,
  edited: 0x1000,
};

/** Not of the server: the interval of a sum of which not every part is there and good. */
export const partly = 0x8000;

export const qualities = ["measured", "estimated", "edited", "suspect", "missing"] as const;
export type Quality = (typeof qualities)[number];
export const qualityShapes: Record<Quality, string> = {
  measured: "●",
  estimated: "◌",
  edited: "✎",
  suspect: "▲",
  missing: "–",
};

/** The worst that the bits say: what is doubtful stays so after an edit. */
export function qualityOf(flags: number): Exclude<Quality, "missing"> {
  if (flags & bits.suspect) return "suspect";
  if (flags & bits.edited) return "edited";
  if (flags & bits.estimated) return "estimated";
  return "measured";
}

export interface CurveDay {
  readonly day: string;
  readonly firstIndex: number;
  readonly slots: number;
}

/** A load curve as charts, maps and tables show it: `values` in the base unit, NaN where there is none. */
export interface Curve {
  readonly startMs: number;
  readonly stepMs: number;
  readonly values: Float64Array;
  readonly flags: Uint16Array;
  readonly days: readonly CurveDay[];
  /** Intervals from the start that have ended: only these can be missing. */
  readonly due: number;
  readonly unit: string;
  readonly zone: string;
  /** How it is drawn: by itself a long view goes by day; `raw` never does, `buckets` always goes by what is in `days`. */
  readonly resolution?: "raw" | "buckets";
}

export function curveOf(answer: LoadCurve): Curve {
  const scale = 10 ** answer.scale;
  const values = new Float64Array(answer.values.length);
  for (const [index, value] of answer.values.entries())
    values[index] = value === null ? Number.NaN : value * scale;
  const flags = new Uint16Array(values.length);
  for (const run of answer.flags) flags.fill(run[2]!, run[0]!, run[0]! + run[1]!);
  return {
    startMs: Date.parse(answer.start),
    stepMs: answer.stepSeconds * 1000,
    values,
    flags,
    days: answer.days,
    due: Math.min(answer.coverage.expected, values.length),
    unit: answer.unit,
    zone: answer.zone,
  };
}

/** The same curve in another unit: energy of the interval as mean power. */
export function scaled(curve: Curve, factor: number, unit: string): Curve {
  return { ...curve, values: curve.values.map((value) => value * factor), unit };
}

export function qualityAt(curve: Curve, index: number): Quality {
  return Number.isNaN(curve.values[index] ?? Number.NaN) ? "missing" : qualityOf(curve.flags[index]!);
}

export interface Statistics {
  readonly total: number;
  readonly max: number;
  readonly maxAt: number;
  readonly min: number;
  readonly minAt: number;
  readonly mean: number;
  readonly present: number;
  readonly due: number;
  readonly estimated: number;
  /** Runs of missing intervals among those that are due. */
  readonly gaps: number;
}

/** What a curve comes to, counting only what is there; `undefined` when nothing is. */
export function statisticsOf(curve: Curve): Statistics {
  let total = 0;
  let present = 0;
  let estimated = 0;
  let gaps = 0;
  let maxAt = -1;
  let minAt = -1;
  let inGap = false;
  for (const [index, value] of curve.values.entries()) {
    if (Number.isNaN(value)) {
      if (index < curve.due && !inGap) gaps += 1;
      inGap = true;
      continue;
    }
    inGap = false;
    total += value;
    present += 1;
    if (curve.flags[index]! & bits.estimated) estimated += 1;
    if (maxAt < 0 || value > curve.values[maxAt]!) maxAt = index;
    if (minAt < 0 || value < curve.values[minAt]!) minAt = index;
  }
  return {
    total,
    max: maxAt < 0 ? Number.NaN : curve.values[maxAt]!,
    maxAt,
    min: minAt < 0 ? Number.NaN : curve.values[minAt]!,
    minAt,
    mean: present === 0 ? Number.NaN : total / present,
    present,
    due: curve.due,
    estimated,
    gaps,
  };
}

export interface DayRange {
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly present: number;
}

/** Least, largest and mean value of each day: what a long period is drawn with. No point is dropped. */
export function dayRanges(curve: Curve): DayRange[] {
  return curve.days.map(({ firstIndex, slots }) => {
    let min = Number.NaN;
    let max = Number.NaN;
    let sum = 0;
    let present = 0;
    for (let index = firstIndex; index < firstIndex + slots; index += 1) {
      const value = curve.values[index]!;
      if (Number.isNaN(value)) continue;
      if (!(min <= value)) min = value;
      if (!(max >= value)) max = value;
      sum += value;
      present += 1;
    }
    return { min, max, mean: present === 0 ? Number.NaN : sum / present, present };
  });
}

export interface Run {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Missing stretches among the due intervals from..to. */
export function gapsIn(curve: Curve, from: number, to: number): Run[] {
  const runs: Run[] = [];
  const end = Math.min(to, curve.due);
  let start = -1;
  for (let index = Math.max(0, from); index <= end; index += 1) {
    const missing = index < end && Number.isNaN(curve.values[index]!);
    if (missing && start < 0) start = index;
    if (!missing && start >= 0) {
      runs.push({ from: start, to: index });
      start = -1;
    }
  }
  return runs;
}

/** Largest absolute value in from..to; 0 when there is none. */
export function largestIn(values: ArrayLike<number>, from = 0, to = values.length): number {
  let largest = 0;
  for (let index = Math.max(0, from); index < Math.min(to, values.length); index += 1) {
    const size = Math.abs(values[index]!);
    if (size > largest) largest = size;
  }
  return largest;
}
