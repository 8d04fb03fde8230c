import { pearson } from "../correlation.ts";
import { traitsOf } from "./books.ts";
import { fillGaps, type LossCell, type LossMember, type PreparedCell, prepareCell } from "./cell.ts";
import { afterOneAnother } from "./clocks.ts";
import { type Explanation, explain, type FitSettings, fitDefaults, lookFirst } from "./fit.ts";
import { findInterchanged, type Interchange, type InterchangeEvidence } from "./interchanged.ts";
import {
  type AgainstBooks,
  type LossMode,
  likelyFactor,
  type ModeGuess,
  neutralCarriesMore,
  phaseWithoutCurrent,
  voltageGapMin,
  waysPast,
} from "./modes.ts";

/** Why a point is suspected, each with its figures. */
export type Reason =
  | { readonly code: "follows-consumption"; readonly ratio: number; readonly ratioError: number }
  | { readonly code: "daily-correlation"; readonly r: number }
  | {
      readonly code: "lost-while-zero";
      readonly runs: number;
      readonly hours: number;
      readonly lostWh: number;
    }
  | { readonly code: "factor"; readonly entered: number; readonly likely: number | undefined }
  | { readonly code: "counted-elsewhere" }
  /** Its books fit the meter of the other and the other's books fit its own: logarithms of the odds by kind of evidence. */
  | { readonly code: "fits-other"; readonly probability: number; readonly evidence: InterchangeEvidence }
  /** Taken by what the books expect of it in this window, and the usual spread of that (of the logarithm). */
  | { readonly code: "against-last-year"; readonly part: number; readonly spread: number }
  | { readonly code: "flows-here"; readonly ratio: number; readonly ratioError: number }
  | { readonly code: "clock-off"; readonly earlier: boolean }
  | { readonly code: "began" | "ended"; readonly day: number }
  | { readonly code: "phase-without-current"; readonly phase: number; readonly amps: readonly number[] }
  | { readonly code: "neutral-carries-more"; readonly amps: number; readonly neutralAmps: number }
  | { readonly code: "voltage-low"; readonly gapV: number }
  | { readonly code: "tamper-event"; readonly kind: string; readonly atMs: number }
  | { readonly code: "zero"; readonly days: number }
  | { readonly code: "frozen"; readonly days: number; readonly valueWh: number }
  | { readonly code: "filled"; readonly intervals: number };

export interface Suspect<Id> {
  readonly id: Id;
  /** 0 to 100: how much of the loss's movement it explains by itself, and how sure its likeliest mode is: who goes there should find what he looks for. */
  readonly score: number;
  /** Wh of the loss that it explains; negative: it is counted too much. */
  readonly explainedWh: number;
  /** The likeliest first; several where the figures do not tell them apart. */
  readonly modes: readonly ModeGuess[];
  readonly reasons: readonly Reason[];
  /** Days [from, to) of the window in which it was so. */
  readonly fromDay: number;
  readonly toDay: number;
  /** Of two that are taken for one another. */
  readonly other?: Id;
}

export interface Ranking<Id> {
  readonly suspects: readonly Suspect<Id>[];
  /** Part of the residual's movement that nobody explains. */
  readonly unexplainedPart: number;
  readonly usableSlots: number;
  readonly slots: number;
}

export interface RankSettings extends FitSettings {
  /** What does not explain so much of the input is not worth a visit. */
  readonly explainedMin: number;
  /** Lost by counted energy: below it, it is rather the meter's own error. */
  readonly ratioMin: number;
  /** So many times its own error a ratio must be. */
  readonly certaintyMin: number;
}
export const rankDefaults: RankSettings = {
  ...fitDefaults,
  explainedMin: 0.00005,
  ratioMin: 0.08,
  certaintyMin: 5,
};

/**
 * Ranks the points of one transformer by how much of its loss they explain. The reason is worked out from the ratio of what is lost to what is
 * counted, from when it is lost, and from what meters say of themselves.
 */
export function rankSuspects<Id>(cell: LossCell<Id>, settings: RankSettings = rankDefaults): Ranking<Id> {
  // A large loss hides what is fed back: with it explained, those times of day are looked for.
  const filled = fillGaps(cell);
  const first = lookFirst(prepareCell(cell, undefined, filled));
  const second = lookFirst(prepareCell(cell, { ...first, noiseFollows: 0 }, filled));
  const clocks = afterOneAnother(first.clocks, second.clocks);
  const prepared = prepareCell(cell, { ...second, clocks }, filled);
  const { explanations, unexplainedPart } = explain(prepared, settings);
  const dailyLoss = byDay(prepared, prepared.residualWh);
  const { traits, spread } = traitsOf(prepared);
  const againstBooks = ({ column, explainedWh }: Explanation<Id>): AgainstBooks | undefined => {
    const { countedWh = 0, logOfExpected } = traits[column.nth] ?? {};
    if (logOfExpected === undefined || countedWh + explainedWh <= 0) return undefined;
    return { logOfExpected, logOfCounted: Math.log(countedWh / (countedWh + explainedWh)), spread };
  };
  const found = explanations
    .filter(
      ({ explainedWh, clockShifted, ratio, ratioError, column: { member } }) =>
        !clockShifted &&
        (ratio >= settings.ratioMin || ratio < -0.7 || (member.indirect && ratio < -settings.ratioMin)) &&
        Math.abs(ratio) > settings.certaintyMin * ratioError &&
        Math.abs(explainedWh) >= settings.explainedMin * Math.abs(prepared.inputWh),
    )
    .map((explanation) => suspectOf(prepared, explanation, dailyLoss, againstBooks(explanation)));
  const elsewhere = new Set(
    (cell.outsiders ?? []).flatMap((member) => (member.elsewhere ? [member.id] : [])),
  );
  const byEnergy = pairSwapped(joined(found), elsewhere);
  const sure = new Set(byEnergy.filter(({ score }) => score >= sureScore).map(({ id }) => id));
  // Two that were interchanged stand behind one another: whoever goes to one goes to the other.
  const pairs = findInterchanged(prepared, sure)
    .map((pair) => suspectPair(prepared, pair))
    .filter((pair) =>
      byEnergy.every(({ id, score }) => pair.every((one) => one.id !== id || one.score >= score)),
    );
  const paired = new Set(pairs.flat().map(({ id }) => id));
  const suspects = [...byEnergy.filter(({ id }) => !paired.has(id)), ...pairs.flat()].sort(
    (a, b) => b.score - a.score,
  );
  const explained = new Set(suspects.map(({ id }) => id));
  return {
    suspects: [...suspects, ...standingStill(prepared, cell, explained, unexplainedPart)],
    unexplainedPart,
    usableSlots: prepared.usableSlots,
    slots: prepared.slots,
  };
}

/** Who passes a meter does so for months: what began and ended within the window is rather something else. */
const cameAndWentWorth = 0.5;

function suspectOf<Id>(
  cell: PreparedCell<Id>,
  explanation: Explanation<Id>,
  dailyLoss: Float64Array,
  books: AgainstBooks | undefined,
): Suspect<Id> {
  const { column, shape, ratio, ratioError, explainedWh, fromDay, toDay, runs, partOfResidual } = explanation;
  const { member, inGroup, filledSlots } = column;
  const r = pearson(dailyLoss, byDay(cell, column.wh));
  const reasons: Reason[] = [];
  let modes: readonly ModeGuess[];
  if (shape === "while-zero") {
    const slots = runs.reduce((sum, { from, to }) => sum + to - from, 0);
    reasons.push({ code: "lost-while-zero", runs: runs.length, hours: slots / 4, lostWh: explainedWh });
    modes = [{ mode: "full-bypass", likelihood: 1 }];
  } else if (!inGroup) {
    reasons.push({ code: "flows-here", ratio, ratioError });
    modes = [{ mode: "not-in-group", likelihood: 1 }];
  } else {
    reasons.push({ code: "follows-consumption", ratio, ratioError });
    const named = namesOf(member, ratio, ratioError, {
      books,
      watchedPart: watchedPartOf(member, fromDay, cell.startMs),
    });
    modes = named.modes;
    reasons.push(...named.reasons);
  }
  const cameAndWent = shape === "follows" && fromDay > 0 && toDay < cell.days;
  if (r !== undefined) reasons.push({ code: "daily-correlation", r });
  if (shape === "follows" && fromDay > 0) reasons.push({ code: "began", day: fromDay });
  if (shape === "follows" && toDay < cell.days) reasons.push({ code: "ended", day: toDay });
  if (books)
    reasons.push({ code: "against-last-year", part: Math.exp(books.logOfExpected), spread: books.spread });
  reasons.push(...saysOfItself(member));
  if (filledSlots > 0) reasons.push({ code: "filled", intervals: filledSlots });
  return {
    id: member.id,
    score: Math.round(
      100 * Math.sqrt(partOfResidual * (modes[0]?.likelihood ?? 1)) * (cameAndWent ? cameAndWentWorth : 1),
    ),
    explainedWh,
    modes,
    reasons,
    fromDay,
    toDay,
  };
}

/** So long before a window somebody who passes the meter in all of it may have begun, ms. */
const beganBeforeMs = 180 * 86_400_000;

/** Part of the time in which the way past the meter may have begun that its events are known of. */
function watchedPartOf<Id>({ evidence }: LossMember<Id>, fromDay: number, startMs: number): number {
  if (fromDay > 0 || evidence?.watchedFromMs === undefined) return 1;
  return Math.max(0, Math.min(1, (startMs - evidence.watchedFromMs) / beganBeforeMs));
}

/** Of a meter behind current transformers the factor is looked at first; one whose own energy is lacking counts elsewhere. */
function namesOf<Id>(
  member: LossMember<Id>,
  ratio: number,
  ratioError: number,
  known: { readonly books: AgainstBooks | undefined; readonly watchedPart: number },
): { readonly modes: readonly ModeGuess[]; readonly reasons: readonly Reason[] } {
  const slack = Math.max(0.05, 3 * ratioError);
  if (Math.abs(ratio + 1) <= slack)
    return { modes: [{ mode: "swapped", likelihood: 0.7 }], reasons: [{ code: "counted-elsewhere" }] };
  if (member.indirect || ratio < 0 || ratio > 4.5) {
    const likely = likelyFactor(member.factor, ratio, ratioError);
    const certain = likely !== undefined && member.indirect;
    return {
      modes: [
        { mode: "wrong-ct-factor", likelihood: certain ? 0.95 : 0.6 },
        ...(ratio > 0 && !certain ? waysPast(ratio, ratioError, member, known).slice(0, 1) : []),
      ],
      reasons: [{ code: "factor", entered: member.factor, likely }],
    };
  }
  return { modes: waysPast(ratio, ratioError, member, known), reasons: [] };
}

function saysOfItself<Id>({ evidence }: LossMember<Id>): Reason[] {
  if (!evidence) return [];
  const reasons: Reason[] = [];
  const phase = phaseWithoutCurrent(evidence);
  if (phase !== undefined)
    reasons.push({ code: "phase-without-current", phase, amps: evidence.phaseAmps ?? [] });
  if (neutralCarriesMore(evidence))
    reasons.push({
      code: "neutral-carries-more",
      amps: evidence.phaseAmps?.[0] ?? 0,
      neutralAmps: evidence.neutralAmps ?? 0,
    });
  if ((evidence.voltageGapV ?? 0) < -voltageGapMin)
    reasons.push({ code: "voltage-low", gapV: evidence.voltageGapV ?? 0 });
  for (const { kind, atMs } of evidence.events ?? []) reasons.push({ code: "tamper-event", kind, atMs });
  return reasons;
}

/** One that was found by two of its shapes is one suspect, by the stronger. */
function joined<Id>(found: readonly Suspect<Id>[]): Suspect<Id>[] {
  const byId = new Map<Id, Suspect<Id>>();
  for (const suspect of found) {
    const known = byId.get(suspect.id);
    if (!known) {
      byId.set(suspect.id, suspect);
      continue;
    }
    const zero = [known, suspect].find(({ modes }) => modes[0]?.mode === "full-bypass");
    byId.set(suspect.id, {
      ...known,
      explainedWh: known.explainedWh + suspect.explainedWh,
      modes: zero?.modes ?? known.modes,
      reasons: [
        ...known.reasons,
        ...suspect.reasons.filter(({ code }) => known.reasons.every((one) => one.code !== code)),
      ],
      fromDay: Math.min(known.fromDay, suspect.fromDay),
      toDay: Math.max(known.toDay, suspect.toDay),
    });
  }
  return [...byId.values()];
}

/** Two meters that each count what the other should: what one has too much the other lacks, by their factors. */
function pairSwapped<Id>(suspects: readonly Suspect<Id>[], elsewhere: ReadonlySet<Id>): Suspect<Id>[] {
  const ratioOf = ({ reasons }: Suspect<Id>) => {
    const reason = reasons.find(({ code }) => code === "follows-consumption" || code === "flows-here");
    return reason && "ratio" in reason ? reason.ratio : undefined;
  };
  const swapped: readonly ModeGuess[] = [{ mode: "swapped" as LossMode, likelihood: 0.9 }];
  return suspects.map((suspect) => {
    const ratio = ratioOf(suspect);
    if (ratio === undefined) return suspect;
    const other = suspects.find((candidate) => {
      const its = ratioOf(candidate);
      if (candidate === suspect || its === undefined) return false;
      const outside = (one: Suspect<Id>) => elsewhere.has(one.id);
      const missing = (one: Suspect<Id>) => one.reasons.some(({ code }) => code === "counted-elsewhere");
      if (outside(suspect)) return missing(candidate);
      if (outside(candidate)) return missing(suspect);
      if ([suspect, candidate].some(({ reasons }) => reasons.some(({ code }) => code === "flows-here")))
        return false;
      // Factors f and 1: what is booked times f should be booked once, and the other way round.
      return ratio * its < 0 && Math.abs((1 + ratio) * (1 + its) - 1) < 0.08;
    });
    return other ? { ...suspect, modes: swapped, other: other.id } : suspect;
  });
}

/** Who explains so much by energy is not looked for among those that books alone show. */
const sureScore = 30;
/** A pair that books alone show stands beside what energy proves where it is as sure: one visit settles two. */
const interchangeScore = 97;

function suspectPair<Id>(
  { days }: PreparedCell<Id>,
  { ids, probability, evidence }: Interchange<Id>,
): Suspect<Id>[] {
  return ids.map((id, nth) => ({
    id,
    score: Math.round(interchangeScore * probability ** 2),
    explainedWh: 0,
    modes: [{ mode: "swapped", likelihood: probability }],
    reasons: [{ code: "fits-other", probability, evidence }],
    fromDay: 0,
    toDay: days,
    other: ids[1 - nth]!,
  }));
}

/** Days without any energy, or of one and the same, from which standing still is no accident. */
const stillDaysMin = 7;

/** Members that count nothing, or always the same, where a part of the loss has no explanation. */
function standingStill<Id>(
  cell: PreparedCell<Id>,
  { members, daySlots }: LossCell<Id>,
  explained: ReadonlySet<Id>,
  unexplainedPart: number,
): Suspect<Id>[] {
  if (unexplainedPart < 0.25) return [];
  const found: Suspect<Id>[] = [];
  for (const { id, netWh, evidence } of members) {
    if (explained.has(id)) continue;
    const { days, valueWh } = stillDays(netWh, daySlots);
    const live = evidence?.phaseVolts?.some((volts) => volts > 180) ?? false;
    if (days < stillDaysMin) continue;
    const zero = valueWh === 0;
    found.push({
      id,
      score: Math.min(20, days) + (live ? 10 : 0),
      explainedWh: 0,
      modes: [{ mode: zero ? "zero" : "frozen", likelihood: live ? 0.5 : 0.3 }],
      reasons: [zero ? { code: "zero", days } : { code: "frozen", days, valueWh }],
      fromDay: 0,
      toDay: cell.days,
    });
  }
  return found.sort((a, b) => b.score - a.score);
}

/** The longest row of whole days in which every value is the same. */
export function stillDays(
  wh: Float64Array,
  daySlots: readonly number[],
): { readonly days: number; readonly valueWh: number } {
  let at = 0;
  let run = 0;
  let best = { days: 0, valueWh: 0 };
  let before: number | undefined;
  for (const count of daySlots) {
    const value = wh[at]!;
    let same = !Number.isNaN(value);
    for (let i = at; same && i < at + count; i++) same = wh[i] === value;
    run = same ? (before === value ? run + 1 : 1) : 0;
    before = same ? value : undefined;
    if (run > best.days) best = { days: run, valueWh: value };
    at += count;
  }
  return best;
}

function byDay<Id>({ days, dayOf, usable, slots }: PreparedCell<Id>, values: Float64Array): Float64Array {
  const sums = new Float64Array(days);
  for (let i = 0; i < slots; i++) if (usable[i]) sums[dayOf[i]!] = sums[dayOf[i]!]! + values[i]!;
  return sums;
}
