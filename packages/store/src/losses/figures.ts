import { completenessMin, completenessOf } from "@energsys/metering";

/** How many values should be there, are there, are good, are estimated. */
export interface Counts {
  expected: number;
  present: number;
  good: number;
  estimated: number;
}
/** One side of a group over all slots, known or not: energy = integer × 10^scale Wh; null when nothing is known. */
export interface LossSide extends Counts {
  energy: number | null;
}

/**
 * What went into a group against what its members counted. Energies are integers × 10^scale Wh of the report. Input and counted are of the same
 * instants: those in which all balance meters and nearly all members have a value.
 */
export interface LossFigures {
  readonly balance: Readonly<LossSide>;
  readonly members: Readonly<LossSide>;
  /** Quarter-hours that have ended, and those of them that the loss is reckoned from. */
  readonly slots: number;
  readonly alignedSlots: number;
  readonly input: number;
  readonly counted: number;
  /** What the few members that lack a value then would have counted, by the mean of the others, Wh: it is in the loss. */
  readonly missingWh: number;
  /** What must be lost, by the ratings; null where none is entered. */
  readonly technical: Technical | null;
  /** Of the loss, by the meters' classes and by what is missing, Wh. */
  readonly uncertaintyWh: number;
}

export interface Technical {
  readonly ironWh: number;
  readonly copperWh: number;
  readonly lineWh: number;
  /** Aligned quarter-hours in which a rating held. */
  readonly slots: number;
}

export const technicalWh = (technical: Technical | null): number =>
  technical === null ? 0 : technical.ironWh + technical.copperWh + technical.lineWh;

/** Share of the expected values that are good, of the worse side. */
export const completeness = ({ balance, members }: LossFigures): number =>
  Math.min(
    completenessOf(balance),
    // A group of which nobody is a member counts nothing, and nothing of it is missing.
    members.expected === 0 ? 1 : completenessOf(members),
  );

/** What follows from the figures, in Wh: the words of a report. */
export function lossOf(figures: LossFigures, scale: number) {
  const { input, counted, alignedSlots, missingWh, technical, uncertaintyWh } = figures;
  const known = alignedSlots > 0;
  const lossWh = (input - counted) * 10 ** scale;
  const inputWh = input * 10 ** scale;
  const unexplainedWh = lossWh - technicalWh(technical) - missingWh;
  return {
    /** Null where the sides are never known at once, or nothing flowed in. */
    percent: known && inputWh > 0 ? (100 * lossWh) / inputWh : null,
    lossWh: known ? lossWh : null,
    unexplainedWh: known ? unexplainedWh : null,
    unexplainedPercent: known && inputWh > 0 ? (100 * unexplainedWh) / inputWh : null,
    /** What is unexplained may be nothing but the meters' errors. */
    significant: known && Math.abs(unexplainedWh) > uncertaintyWh,
    reportable: completeness(figures) >= completenessMin,
  };
}

/** Losses of several groups are lost one beside the other: their uncertainties do not add up, their squares do. */
export function addFigures(parts: readonly LossFigures[], input: number, slots: number): LossFigures {
  const sum = (of: (figures: LossFigures) => number) =>
    parts.reduce((total, figures) => total + of(figures), 0);
  const side = (which: "balance" | "members"): LossSide => ({
    energy: parts.reduce<number | null>(
      (total, { [which]: { energy } }) => (energy === null ? total : (total ?? 0) + energy),
      null,
    ),
    expected: sum((figures) => figures[which].expected),
    present: sum((figures) => figures[which].present),
    good: sum((figures) => figures[which].good),
    estimated: sum((figures) => figures[which].estimated),
  });
  const reckoned = parts.flatMap(({ technical }) => technical ?? []);
  const of = (name: keyof Technical) => reckoned.reduce((total, technical) => total + technical[name], 0);
  const loss = sum((figures) => figures.input - figures.counted);
  return {
    balance: side("balance"),
    members: side("members"),
    slots,
    alignedSlots: Math.max(0, ...parts.map(({ alignedSlots }) => alignedSlots)),
    input,
    counted: input - loss,
    missingWh: sum(({ missingWh }) => missingWh),
    technical:
      reckoned.length === 0
        ? null
        : { ironWh: of("ironWh"), copperWh: of("copperWh"), lineWh: of("lineWh"), slots: of("slots") },
    uncertaintyWh: Math.hypot(...parts.map(({ uncertaintyWh }) => uncertaintyWh)),
  };
}
