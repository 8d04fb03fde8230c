import { isDay, type Period, soundPeriod, stepPeriod } from "../time/period.ts";
import { addDays, addMonths, type Day, daysBetween } from "../time/zone.ts";

export const energies = ["A+", "A-", "net", "R+", "R-", "RQ1", "RQ2", "RQ3", "RQ4", "S+", "S-"] as const;
export type Energy = (typeof energies)[number];
export const comparisons = ["previous", "week", "year", "year-weekday"] as const;
export type Comparison = (typeof comparisons)[number];
export const resolutions = ["raw", "hour", "day", "week", "month", "year"] as const;
export type Resolution = (typeof resolutions)[number];
export const rowKinds = ["day", "month", "point", "group"] as const;
export type RowKind = (typeof rowKinds)[number];

/** Subjects of one page at most: as many as there are colours. */
export const subjectsMax = 6;

/** What of a report stands in the address. Without `from` the last `last` days are shown, and keep rolling. */
export interface AnalysisSearch {
  /** Subjects with dots between them: `p12.g4.s`, as the API takes them. */
  readonly of?: string;
  /** Those of them that have the right axis. */
  readonly right?: string;
  readonly energy?: Exclude<Energy, "A+">;
  readonly from?: Day;
  readonly to?: Day;
  readonly last?: number;
  readonly compare?: Comparison;
  readonly resolution?: Resolution;
  readonly by?: Exclude<RowKind, "day">;
  /** Energies beside the first one, with dots between them. */
  readonly also?: string;
  /** The tariff by which all is rated; each point's own without it. */
  readonly tariff?: number;
  readonly show?: "energy";
  readonly table?: true;
}

const subjectPattern = /^(?:[pgmb][1-9]\d{0,8}|s)$/;

const subjectsIn = (value: unknown): string[] =>
  typeof value === "string"
    ? [...new Set(value.split("."))].filter((one) => subjectPattern.test(one)).slice(0, subjectsMax)
    : [];

const oneOf = <const T extends string>(values: readonly T[], value: unknown): T | undefined =>
  values.find((one) => one === value);

/** Reads the address; what makes no sense is left out. */
export function analysisSearch(raw: Readonly<Record<string, unknown>>): AnalysisSearch {
  const of = subjectsIn(raw.of);
  const right = subjectsIn(raw.right).filter((one) => of.includes(one));
  const energy = oneOf(energies, raw.energy);
  const period = isDay(raw.from) && isDay(raw.to) ? soundPeriod(raw.from, raw.to) : undefined;
  const last = Number(raw.last);
  const compare = oneOf(comparisons, raw.compare);
  const resolution = oneOf(resolutions, raw.resolution);
  const by = oneOf(rowKinds, raw.by);
  const tariff = Number(raw.tariff);
  const also = (typeof raw.also === "string" ? raw.also.split(".") : []).flatMap(
    (one) => oneOf(energies, one) ?? [],
  );
  return {
    ...(of.length > 0 ? { of: of.join(".") } : {}),
    ...(right.length > 0 ? { right: right.join(".") } : {}),
    ...(energy && energy !== "A+" ? { energy } : {}),
    ...(period ?? {}),
    ...(!period && Number.isInteger(last) && last > 0 && last <= 400 ? { last } : {}),
    ...(compare ? { compare } : {}),
    ...(resolution ? { resolution } : {}),
    ...(by && by !== "day" ? { by } : {}),
    ...(also.length > 0 ? { also: [...new Set(also)].slice(0, 5).join(".") } : {}),
    ...(Number.isInteger(tariff) && tariff > 0 ? { tariff } : {}),
    ...(raw.show === "energy" ? { show: "energy" as const } : {}),
    ...(raw.table === true ? { table: true as const } : {}),
  };
}

/** Subjects of the address; the whole system where none is named. */
export const subjectsOf = ({ of }: AnalysisSearch): readonly string[] => (of ? of.split(".") : ["s"]);

/** The address with other subjects; what belonged to those that went goes with them. */
export const withSubjects = (search: AnalysisSearch, subjects: readonly string[]): AnalysisSearch =>
  analysisSearch({ ...search, of: subjects.join(".") });

/** Days shown: the fixed ones of the address, else the last ones up to and with today. */
export function shownPeriod(search: AnalysisSearch, today: Day, usualDays: number): Period {
  if (search.from && search.to) return { from: search.from, to: search.to };
  const to = addDays(today, 1);
  return { from: addDays(to, -(search.last ?? usualDays)), to };
}

/** The end a year before, exclusive: of 29 February the day after, so that 28 February is still in it. */
function yearBeforeEnd(to: Day): Day {
  const before = addMonths(to, -12);
  return before.slice(5) === to.slice(5) ? before : addDays(before, 1);
}

/** The former time that a period is compared with: by date, or so that weekdays fall on weekdays. */
export function formerPeriod(period: Period, comparison: Comparison): Period {
  const shifted = (days: number): Period => ({
    from: addDays(period.from, -days),
    to: addDays(period.to, -days),
  });
  switch (comparison) {
    case "previous":
      return stepPeriod(period, -1);
    case "week":
      return shifted(7 * Math.ceil(daysBetween(period.from, period.to) / 7));
    case "year":
      return { from: addMonths(period.from, -12), to: yearBeforeEnd(period.to) };
    case "year-weekday":
      return shifted(364);
  }
}
