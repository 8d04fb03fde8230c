/** What a register showed at the instant of an exchange, in the unit in which the meter shows it. */
export interface ExchangeReading {
  readonly obis: string;
  /** Exact decimal. */
  readonly value: string;
  readonly unit: string;
}

/** The meter that is put up: one of the stock by its serial, or a new one by its plate. */
export interface ComingMeter {
  readonly serial: string;
  /** Absent: the one meter with this serial. */
  readonly manufacturer?: string;
  /** Model, and what follows, describe a meter that nobody knows yet. */
  readonly model?: string;
  readonly phases?: 1 | 3;
  readonly maxCurrentA?: number;
  readonly indexDigits?: number;
}

/** One meter goes, another takes its place: what a fitter's report says. */
export interface ExchangeAsked {
  readonly pointId: number;
  readonly atMs: number;
  readonly meter: ComingMeter;
  /** What the registers of the meter that goes showed last. */
  readonly last: readonly ExchangeReading[];
  /** What the registers of the one that comes showed first. */
  readonly first: readonly ExchangeReading[];
  readonly ledPulsesPerKwh?: string;
  readonly outputPulseWh?: string;
  /** How the new meter names itself, where it is read as the old one was; absent: it has a device already, or none. */
  readonly identity?: string;
}

/** Why an exchange cannot be: nothing is written. */
export const refusalWords = [
  "no-meter",
  "future",
  "before-installation",
  "same-meter",
  "unknown-meter",
  "ambiguous-meter",
  "elsewhere",
  "not-installable",
  "exists",
  "digits",
  "unit",
] as const;
/** What makes an exchange doubtful: it is written when whoever enters it says that it is so. */
export const doubtWords = [
  "below-last",
  "roll-over",
  "above-possible",
  "readings-after",
  "new-below-last",
  "register-missing",
  "verification-over",
  "month-closed",
  "values-edited",
] as const;
export type ExchangeWord = (typeof refusalWords)[number] | (typeof doubtWords)[number];

/** What is wrong or doubtful about an exchange. Figures are exact decimals, instants epoch ms. */
export interface ExchangeFinding {
  readonly word: ExchangeWord;
  readonly refused: boolean;
  readonly obis: string | null;
  readonly value: string | null;
  readonly unit: string | null;
  readonly atMs: number | null;
}

const refusals: ReadonlySet<string> = new Set(refusalWords);

export const finding = (
  word: ExchangeWord,
  more: Partial<Omit<ExchangeFinding, "word" | "refused">> = {},
): ExchangeFinding => ({
  word,
  refused: refusals.has(word),
  obis: null,
  value: null,
  unit: null,
  atMs: null,
  ...more,
});

/** A doubt as whoever accepts it names it: `below-last 1-0:1.8.0*255`. */
export const doubtOf = ({ word, obis }: Pick<ExchangeFinding, "word" | "obis">): string =>
  obis === null ? word : `${word} ${obis}`;
