/** The places of a reading type, in their order (IEC 61968-9, ReadingType). */
const places = [
  "macroPeriod",
  "aggregate",
  "measuringPeriod",
  "accumulation",
  "flowDirection",
  "commodity",
  "measurementKind",
  "interharmonicNumerator",
  "interharmonicDenominator",
  "argumentNumerator",
  "argumentDenominator",
  "tou",
  "cpp",
  "consumptionTier",
  "phases",
  "multiplier",
  "unit",
  "currency",
] as const;

export type ReadingType = Readonly<Record<(typeof places)[number], number>>;

export class ReadingTypeError extends Error {
  readonly code = "reading-type.invalid";
}

/**
 * Parses a reading type, such as `0.0.2.4.19.1.12.0.0.0.0.0.0.0.0.3.72.0`. Numbers that this release does not know are kept.
 * @throws ReadingTypeError `reading-type.invalid` for anything but 18 whole numbers; only the multiplier may be negative
 */
export function parseReadingType(text: string): ReadingType {
  const fields = text.split(".");
  if (fields.length !== places.length)
    throw new ReadingTypeError(`a reading type has ${places.length} numbers, this one ${fields.length}`);
  const entries = places.map((place, nth) => {
    const field = fields[nth]!;
    if (!/^(0|[1-9]\d{0,4})$/.test(field) && !(place === "multiplier" && /^-[1-9]\d?$/.test(field)))
      throw new ReadingTypeError(`number ${nth + 1} of the reading type (${place}) is "${field}"`);
    return [place, Number(field)] as const;
  });
  return Object.fromEntries(entries) as ReadingType;
}

type Words = Readonly<Record<number, string>>;

const macroPeriods: Words = { 8: "billing period", 11: "daily", 13: "monthly", 22: "seasonal", 24: "weekly" };
const aggregates: Words = { 2: "average", 8: "maximum", 9: "minimum", 26: "sum" };
const measuringPeriods: Words = {
  1: "10-minute",
  2: "15-minute",
  3: "1-minute",
  4: "24-hour",
  5: "30-minute",
  6: "5-minute",
  7: "60-minute",
  53: "15-minute fixed block",
  71: "15-minute rolling, 5-minute steps",
};
const accumulations: Words = {
  1: "index",
  3: "cumulative",
  4: "delta",
  6: "indicating",
  9: "summation",
  12: "instantaneous",
};
const directions: Words = {
  1: "forward",
  4: "net",
  5: "Q1 + Q2",
  13: "Q3 + Q4",
  15: "Q1",
  16: "Q2",
  17: "Q3",
  18: "Q4",
  19: "reverse",
  20: "total",
};
const commodities: Words = { 1: "electricity", 2: "electricity, primary side" };
const kinds: Words = {
  4: "current",
  8: "demand",
  12: "energy",
  15: "frequency",
  37: "power",
  38: "power factor",
  41: "sag",
  42: "swell",
  54: "voltage",
};
const phaseNames: Words = {
  16: "N",
  32: "L3",
  33: "L3-N",
  64: "L2",
  65: "L2-N",
  128: "L1",
  129: "L1-N",
  224: "L1 L2 L3",
};
const multipliers: Words = { [-3]: "m", 0: "", 3: "k", 6: "M" };
const units: Words = {
  5: "A",
  29: "V",
  33: "Hz",
  38: "W",
  61: "VA",
  63: "var",
  65: "cos φ",
  71: "VAh",
  72: "Wh",
  73: "varh",
};
const currencies: Words = { 946: "RON", 978: "EUR" };

/** What a reading type means in words, such as `15-minute delta, reverse, electricity, energy, kWh`; unknown numbers say their place. */
export function describeReadingType(type: ReadingType): string {
  const word = (words: Words, place: keyof ReadingType): string =>
    type[place] === 0 ? "" : (words[type[place]] ?? `${place} ${type[place]}`);
  const prefix = multipliers[type.multiplier] ?? `10^${type.multiplier} `;
  const harmonic = ratio(type.interharmonicNumerator, type.interharmonicDenominator);
  const argument = ratio(type.argumentNumerator, type.argumentDenominator);
  return [
    word(macroPeriods, "macroPeriod"),
    word(aggregates, "aggregate"),
    [word(measuringPeriods, "measuringPeriod"), word(accumulations, "accumulation")]
      .filter(Boolean)
      .join(" "),
    word(directions, "flowDirection"),
    word(commodities, "commodity"),
    word(kinds, "measurementKind"),
    harmonic && `harmonic ${harmonic}`,
    argument && `argument ${argument}`,
    type.tou === 0 ? "" : `rate ${type.tou}`,
    type.cpp === 0 ? "" : `critical peak ${type.cpp}`,
    type.consumptionTier === 0 ? "" : `tier ${type.consumptionTier}`,
    word(phaseNames, "phases"),
    type.unit === 0 ? "" : `${prefix}${units[type.unit] ?? `unit ${type.unit}`}`,
    word(currencies, "currency"),
  ]
    .filter(Boolean)
    .join(", ");
}

/** `n`, or `n/d` where it is no whole number; nothing where there is none. */
function ratio(numerator: number, denominator: number): string {
  if (numerator === 0) return "";
  return denominator <= 1 ? `${numerator}` : `${numerator}/${denominator}`;
}
