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
  "part-bypass": { from: 0.2, to: 0.8, phases: [1, 3] },
  "phase-bypass": { from: 0.25, to: 0.42, phases: [3] },
  magnet: { from: 0.1, to: 0.5, phases: [1, 3] },
} as const;
const tap = { from: 0.3, to: 1.5 };

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

/** How far what was taken lies from what the books expect, natural logarithms, and how far that means anything. */
export interface AgainstBooks {
  readonly logOfExpected: number;
  /** Of what was counted by what flowed, if what is lost went past the meter. */
  readonly logOfCounted: number;
  readonly spread: number;
}

/**
 * How often a way past the meter leaves its trace, where that can be noticed: terminals are opened for a bridge, but seals and contacts are
 * passed too; a static meter sees most magnets; a tap lies before the meter. Beside them what happens where nothing is wrong.
 */
const traces = {
  cover: { "part-bypass": 0.6, "phase-bypass": 0.6, magnet: 0.04, tap: 0.04 },
  magnet: { "part-bypass": 0.01, "phase-bypass": 0.01, magnet: 0.7, tap: 0.01 },
} as const;

type WayPast = keyof (typeof traces)["cover"];

/** Odds before anything is known: each way is as usual as another, and where there is one conductor a bridged phase is a part bypass, too. */
const usualOdds = (mode: WayPast, phases: 1 | 3): number => (mode === "part-bypass" && phases === 1 ? 2 : 1);

/** Heavy tails of a year against the last one, as in `interchanged.ts`. */
const tail = (log: number, spread: number): number => (1 + (log / spread) ** 2 / 4) ** -2.5;

/** Ways past the meter that a constant ratio of lost to counted energy allows, the likeliest first. */
export function waysPast(
  ratio: number,
  ratioError: number,
  { phases, evidence = {} }: Pick<LossMember<unknown>, "phases" | "evidence">,
  {
    books,
    watchedPart = 1,
  }: { readonly books?: AgainstBooks | undefined; readonly watchedPart?: number } = {},
): ModeGuess[] {
  const share = ratio / (1 + ratio);
  const slack = 0.02 + (2 * ratioError) / (1 + ratio) ** 2;
  const weights = new Map<WayPast, number>();
  for (const [mode, { from, to, phases: fits }] of Object.entries(shares)) {
    if (!(fits as readonly number[]).includes(phases)) continue;
    if (share < from - slack || share > to + slack) continue;
    weights.set(mode as WayPast, 1 / ((to - from) * (1 + ratio) ** 2));
  }
  if (ratio >= tap.from - 2 * ratioError - 0.03 && ratio <= tap.to + 2 * ratioError + 0.03)
    weights.set("tap", 1 / (tap.to - tap.from));
  const weigh = (mode: WayPast, by: number) => {
    const weight = weights.get(mode);
    if (weight !== undefined) weights.set(mode, weight * by);
  };
  for (const mode of weights.keys()) {
    weigh(mode, usualOdds(mode, phases));
    // Who taps the cable before the meter lets it count what it always did; the others make it count less.
    if (books)
      weigh(mode, tail(books.logOfExpected - (mode === "tap" ? 0 : books.logOfCounted), books.spread));
  }
  const { events, notices = ["magnet", "cover"] } = evidence;
  for (const kind of ["magnet", "cover"] as const) {
    if (!events || !notices.includes(kind)) continue;
    const seen = events.some((event) => event.kind === kind);
    if (seen && kind === "magnet" && !weights.has("magnet")) weights.set("magnet", 0.5);
    for (const mode of weights.keys())
      weigh(mode, seen ? traces[kind][mode] : 1 - watchedPart * traces[kind][mode]);
  }
  // A meter that measures something about itself is believed more than the odds.
  const sees = (mode: WayPast, seen: boolean) => {
    if (seen) weights.set(mode, Math.max(weights.get(mode) ?? 0, 0.5) * 50);
    else weigh(mode, 0.05);
  };
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
