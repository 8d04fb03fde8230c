import { nearestUsualRatio } from "../multiplier.ts";
import type { Evidence, LossMember } from "./cell.ts";

/** What may be wrong at a point. The first five are theft, the others errors of the books or of the meter. */
export const lossModes = [
  "part-bypass",
  "full-bypass",
  "phase-bypass",
  "magnet",
  "tap",
  "wrong-ct-factor",
  "swapped",
  "not-in-group",
  "clock-off",
  "zero",
  "frozen",
] as const;
export type LossMode = (typeof lossModes)[number];

/**
 * What a way past the meter leaves uncounted of what flows (of a tap: what flows beside it, by what is counted), as the field knows it. A curve that is
 * counted short by a constant share does not say why, so each way that the share allows is named, the likeliest first.
 */
const shares = {
  "part-bypass": { from: 0.2, to: 0.8, phases: [1, 3], weight: 1 },
  "phase-bypass": { from: 0.25, to: 0.42, phases: [3], weight: 1 },
  magnet: { from: 0.1, to: 0.5, phases: [1, 3], weight: 1 },
} as const;
const tap = { from: 0.3, to: 1.5, weight: 1 };

export interface ModeGuess {
  readonly mode: LossMode;
  /** 0 to 1; together at most 1. */
  readonly likelihood: number;
}

/** Phases of which less than this part of the others' current is counted are taken for bypassed. */
const emptyPhase = 0.05;

/** The phase without current while the others have some and all have voltage, by its number from 1. */
export function phaseWithoutCurrent({ phaseAmps, phaseVolts }: Evidence): number | undefined {
  if (phaseAmps?.length !== 3) return undefined;
  const most = Math.max(...phaseAmps);
  const empty = phaseAmps.flatMap((amps, nth) =>
    amps < emptyPhase * most && (phaseVolts?.[nth] ?? 230) > 180 ? [nth + 1] : [],
  );
  return most > 0.2 && empty.length === 1 ? empty[0] : undefined;
}

/** Lower than metering and cable explain, V. */
export const voltageGapMin = 1;

/** The neutral carries what the phase does not show: more than 10 % and 0.5 A beside it. */
export function neutralCarriesMore({ phaseAmps, neutralAmps }: Evidence): boolean {
  const amps = phaseAmps?.length === 1 ? phaseAmps[0]! : undefined;
  return amps !== undefined && neutralAmps !== undefined && neutralAmps - amps > Math.max(0.5, 0.1 * amps);
}

/** Ways past the meter that a constant ratio of lost to counted energy allows, the likeliest first. */
export function waysPast(
  ratio: number,
  ratioError: number,
  { phases, evidence = {} }: Pick<LossMember<unknown>, "phases" | "evidence">,
): ModeGuess[] {
  const share = ratio / (1 + ratio);
  const slack = 0.02 + (2 * ratioError) / (1 + ratio) ** 2;
  const weights = new Map<LossMode, number>();
  for (const [mode, { from, to, phases: fits, weight }] of Object.entries(shares)) {
    if (!(fits as readonly number[]).includes(phases)) continue;
    if (share < from - slack || share > to + slack) continue;
    weights.set(mode as LossMode, weight / ((to - from) * (1 + ratio) ** 2));
  }
  if (ratio >= tap.from - 2 * ratioError - 0.03 && ratio <= tap.to + 2 * ratioError + 0.03)
    weights.set("tap", tap.weight / (tap.to - tap.from));
  // A meter that says something about itself is believed more than the odds.
  const sees = (mode: LossMode, seen: boolean | undefined) => {
    if (seen === undefined) return;
    if (seen) weights.set(mode, Math.max(weights.get(mode) ?? 0, 0.5) * 50);
    else if (weights.has(mode)) weights.set(mode, weights.get(mode)! * 0.05);
  };
  const events = evidence.events;
  if (events)
    sees(
      "magnet",
      events.some(({ kind }) => kind === "magnet"),
    );
  if (evidence.phaseAmps?.length === 3) sees("phase-bypass", phaseWithoutCurrent(evidence) !== undefined);
  if (evidence.neutralAmps !== undefined) sees("part-bypass", neutralCarriesMore(evidence));
  if (evidence.voltageGapV !== undefined) sees("tap", evidence.voltageGapV < -voltageGapMin);
  const total = [...weights.values()].reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return [{ mode: "part-bypass", likelihood: 0.5 }];
  return [...weights]
    .map(([mode, weight]) => ({ mode, likelihood: weight / total }))
    .filter(({ likelihood }) => likelihood >= 0.03)
    .sort((a, b) => b.likelihood - a.likelihood);
}

/** The factor that is truly there, when the ratio of lost to booked energy leads to a usual one. */
export function likelyFactor(entered: number, ratio: number, ratioError: number): number | undefined {
  const wanted = entered * (1 + ratio);
  if (wanted <= 0) return undefined;
  return nearestUsualRatio(wanted, Math.max(0.04, (2 * ratioError) / (1 + ratio)));
}
