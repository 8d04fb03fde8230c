import type { VoltageLimits } from "./limits.ts";

/** Ten-minute means (or what stands for them) of one phase in one week, counted. */
export interface PhaseWeekCounts {
  readonly total: number;
  /** There, and not flagged by an interruption, dip or swell in them (IEC 61000-4-30). */
  readonly unflagged: number;
  readonly inRange: number;
  /** Unflagged and outside the wide limits. */
  readonly outsideWide: number;
}

export type Verdict = "pass" | "fail" | "not-assessed";

export interface PhaseWeek extends PhaseWeekCounts {
  /** Of the unflagged, 0 to 1. */
  readonly inRangeShare: number;
  readonly unflaggedShare: number;
  readonly verdict: Verdict;
}

/** The week of one phase by EN 50160: so much within the limits, and nothing outside the wide ones. */
export function judgeWeek(counts: PhaseWeekCounts, limits: VoltageLimits): PhaseWeek {
  const { total, unflagged, inRange, outsideWide } = counts;
  const inRangeShare = unflagged === 0 ? 0 : inRange / unflagged;
  const unflaggedShare = total === 0 ? 0 : unflagged / total;
  const assessed = unflagged > 0 && unflaggedShare >= limits.unflaggedMin;
  const holds = inRangeShare >= limits.shareRequired && outsideWide === 0;
  return {
    ...counts,
    inRangeShare,
    unflaggedShare,
    verdict: assessed ? (holds ? "pass" : "fail") : "not-assessed",
  };
}

/** Counts means of a week: NaN is missing, `flagged` those that do not count. */
export function countWeek(
  volts: ArrayLike<number>,
  limits: VoltageLimits,
  { total = volts.length, flagged }: { total?: number; flagged?: ArrayLike<number> } = {},
): PhaseWeekCounts & { readonly lowest: number; readonly highest: number } {
  let unflagged = 0;
  let inRange = 0;
  let outsideWide = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < volts.length; i++) {
    const volt = volts[i]!;
    if (Number.isNaN(volt) || flagged?.[i]) continue;
    unflagged++;
    if (volt >= limits.lowV && volt <= limits.highV) inRange++;
    if (volt < limits.wideLowV || volt > limits.wideHighV) outsideWide++;
    if (volt < lowest) lowest = volt;
    if (volt > highest) highest = volt;
  }
  return { total, unflagged, inRange, outsideWide, lowest, highest };
}

/** A point passes when each of its phases does. */
export function judgePoint(phases: readonly { readonly verdict: Verdict }[]): Verdict {
  if (phases.some(({ verdict }) => verdict === "fail")) return "fail";
  return phases.length > 0 && phases.every(({ verdict }) => verdict === "pass") ? "pass" : "not-assessed";
}
