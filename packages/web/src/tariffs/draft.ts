import type { TariffTerms } from "../api/client.ts";

/** A version as its form holds it: texts as they were typed, and references by key, so that a name can be changed while others point to it. */
export interface Draft {
  readonly currency: string;
  readonly vatPercent: string;
  readonly rates: readonly Named[];
  readonly dayTypes: readonly DayType[];
  readonly weeks: readonly Week[];
  readonly seasons: readonly Season[];
  readonly specialDays: readonly SpecialDay[];
  /** Day type of the public holidays; empty: they are days like others. */
  readonly holidays: string;
  readonly registers: readonly Register[];
  readonly reactive: TariffTerms["reactive"];
  readonly lines: readonly Line[];
}
export interface Keyed {
  readonly key: string;
}
export interface Named extends Keyed {
  readonly name: string;
}
export interface DayType extends Named {
  /** From this time (`HH:MM`) on, the rate with this key. */
  readonly switches: readonly (Keyed & { readonly time: string; readonly rate: string })[];
}
export interface Week extends Named {
  /** Keys of the day types of Monday to Sunday. */
  readonly days: readonly string[];
}
export interface Season extends Keyed {
  readonly from: string;
  readonly week: string;
}
export interface SpecialDay extends Keyed {
  /** Every year (`MM-DD`), or on one date. */
  readonly yearly: boolean;
  readonly on: string;
  readonly day: string;
}
export interface Register extends Keyed {
  readonly rate: string;
  readonly register: string;
}
export type LineKind = TariffTerms["components"][number]["basis"]["kind"];
/** What a line of another kind had stays while its kind is tried out. */
export interface Line extends Keyed {
  readonly code: string;
  readonly name: string;
  readonly kind: LineKind;
  readonly price: string;
  readonly rate: string;
  readonly exported: boolean;
  readonly ofDays: string;
  /** The last one has no limit. */
  readonly blocks: readonly (Keyed & { readonly upToKwh: string; readonly price: string })[];
  /** Keys of the lines that a percentage is of. */
  readonly of: readonly string[];
}

let keys = 0;
export const newKey = (): string => `k${++keys}`;

const twoDigits = (value: number): string => String(value).padStart(2, "0");
export const clockOf = (minute: number): string =>
  `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
/** Minute of the day; -1 where it is no time. */
export const minuteOf = (time: string): number => {
  const [, hour, minute] = /^(\d\d):(\d\d)/.exec(time) ?? [];
  return hour === undefined ? -1 : Number(hour) * 60 + Number(minute);
};

/** @param mark the decimal mark of the reader */
export function draftOf(terms: TariffTerms, mark: string): Draft {
  const { calendar } = terms;
  const shown = (decimal: string) => decimal.replace(".", mark);
  const named = (names: readonly string[]) => names.map((name) => ({ key: newKey(), name }));
  const keyIn = (list: readonly Named[]) => {
    const found = new Map(list.map(({ key, name }) => [name, key]));
    return (name: string | undefined) => (name === undefined ? "" : (found.get(name) ?? ""));
  };
  const rates = named(calendar.rates);
  const rateKey = keyIn(rates);
  const dayTypes = calendar.dayProfiles.map(({ id, switches }) => ({
    key: newKey(),
    name: id,
    switches: switches.map(({ minute, rate }) => ({
      key: newKey(),
      time: clockOf(minute),
      rate: rateKey(rate),
    })),
  }));
  const dayKey = keyIn(dayTypes);
  const weeks = calendar.weeks.map(({ id, days }) => ({ key: newKey(), name: id, days: days.map(dayKey) }));
  const weekKey = keyIn(weeks);
  const lineKeys = terms.components.map(() => newKey());
  return {
    currency: terms.currency,
    vatPercent: shown(terms.vatPercent),
    rates,
    dayTypes,
    weeks,
    seasons: calendar.seasons.map(({ from, week }) => ({ key: newKey(), from, week: weekKey(week) })),
    specialDays: calendar.specialDays.map(({ on, day }) => ({
      key: newKey(),
      yearly: on.length <= 5,
      on,
      day: dayKey(day),
    })),
    holidays: dayKey(calendar.holidayProfile),
    registers: terms.registers.map(({ rate, register }) => ({
      key: newKey(),
      rate: rateKey(rate),
      register: String(register),
    })),
    reactive: terms.reactive && {
      ...terms.reactive,
      neutralFactor: shown(terms.reactive.neutralFactor),
      secondFactor: shown(terms.reactive.secondFactor),
      multiplier: shown(terms.reactive.multiplier),
    },
    lines: terms.components.map(({ code, name, basis, price }, nth) => ({
      ...newLine(basis.kind),
      key: lineKeys[nth]!,
      code,
      name,
      price: shown(price ?? ""),
      rate: basis.kind === "rate" ? rateKey(basis.rate) : "",
      exported: "side" in basis && basis.side === "export",
      ...(basis.kind === "blocks"
        ? {
            ofDays: String(basis.ofDays),
            blocks: basis.blocks.map(({ upToKwh = "", price }) => ({
              key: newKey(),
              upToKwh: shown(upToKwh),
              price: shown(price),
            })),
          }
        : {}),
      of:
        basis.kind === "percent"
          ? basis.of.flatMap((wanted) =>
              terms.components.flatMap((one, place) => (one.code === wanted ? [lineKeys[place]!] : [])),
            )
          : [],
    })),
  };
}

const usualDays = "30";
export const newLine = (kind: LineKind): Line => ({
  key: newKey(),
  code: "",
  name: "",
  kind,
  price: "",
  rate: "",
  exported: false,
  ofDays: usualDays,
  blocks: [
    { key: newKey(), upToKwh: "", price: "" },
    { key: newKey(), upToKwh: "", price: "" },
  ],
  of: [],
});

/** What the form says, part by part in its order: faults name places of it. What is no number or date stays one that a check refuses. */
export function termsOf(draft: Draft): TariffTerms {
  const nameIn = (list: readonly Named[]) => {
    const found = new Map(list.map(({ key, name }) => [key, name.trim()]));
    return (key: string) => found.get(key) ?? "";
  };
  const [rate, day, week] = [nameIn(draft.rates), nameIn(draft.dayTypes), nameIn(draft.weeks)];
  const { reactive } = draft;
  return {
    currency: draft.currency.trim().toUpperCase(),
    vatPercent: decimalOf(draft.vatPercent),
    calendar: {
      rates: draft.rates.map(({ name }) => name.trim()),
      dayProfiles: draft.dayTypes.map(({ name, switches }) => ({
        id: name.trim(),
        switches: switches.map((one) => ({ minute: minuteOf(one.time), rate: rate(one.rate) })),
      })),
      weeks: draft.weeks.map(({ name, days }) => ({ id: name.trim(), days: days.map(day) })),
      seasons: draft.seasons.map((season) => ({ from: yearDayOf(season.from), week: week(season.week) })),
      specialDays: draft.specialDays.map((special) => ({
        on: special.yearly ? yearDayOf(special.on) : special.on,
        day: day(special.day),
      })),
      ...(draft.holidays === "" ? {} : { holidayProfile: day(draft.holidays) }),
    },
    registers: draft.registers.map((one) => ({ rate: rate(one.rate), register: wholeOf(one.register) })),
    ...(reactive
      ? {
          reactive: {
            ...reactive,
            neutralFactor: decimalOf(reactive.neutralFactor),
            secondFactor: decimalOf(reactive.secondFactor),
            multiplier: decimalOf(reactive.multiplier),
          },
        }
      : {}),
    components: draft.lines.map((line) => ({
      code: line.code.trim(),
      name: line.name.trim(),
      basis: basisOf(line, rate, draft.lines),
      ...(line.kind === "blocks" ? {} : { price: decimalOf(line.price) }),
    })),
  };
}

function basisOf(
  { kind, rate, exported, ofDays, blocks, of }: Line,
  rateName: (key: string) => string,
  lines: readonly Line[],
): TariffTerms["components"][number]["basis"] {
  const side = exported ? { side: "export" as const } : {};
  switch (kind) {
    case "energy":
      return { kind, ...side };
    case "rate":
      return { kind, rate: rateName(rate), ...side };
    case "blocks":
      return {
        kind,
        ofDays: wholeOf(ofDays),
        blocks: blocks.map(({ upToKwh, price }, nth) => ({
          ...(nth === blocks.length - 1 ? {} : { upToKwh: decimalOf(upToKwh) }),
          price: decimalOf(price),
        })),
      };
    case "percent":
      return {
        kind,
        of: lines.filter(({ key }) => of.includes(key)).map(({ code }) => code.trim()),
      };
    default:
      return { kind };
  }
}

/** With a point, whichever mark was typed. */
export const decimalOf = (text: string): string => text.trim().replace(",", ".");
const wholeOf = (text: string): number => (/^\d{1,6}$/.test(text.trim()) ? Number(text) : 0);
/** `4-1` is `04-01`. */
const yearDayOf = (text: string): string =>
  text
    .split("-")
    .map((part) => part.trim().padStart(2, "0"))
    .join("-");

/** Hours of each rate in a day of this type, in the order of `rates`. */
export function hoursByRate(
  { switches }: DayType,
  rates: readonly Named[],
): readonly { readonly name: string; readonly hours: number }[] {
  const sorted = sortedSwitches(switches);
  return rates.flatMap(({ key, name }) => {
    const minutes = sorted.reduce(
      (sum, one, nth) => (one.rate === key ? sum + lengthOf(sorted, nth) : sum),
      0,
    );
    return minutes > 0 ? [{ name, hours: minutes / 60 }] : [];
  });
}

type Switch = DayType["switches"][number];
const sortedSwitches = (switches: readonly Switch[]) =>
  switches
    .filter(({ time }) => minuteOf(time) >= 0)
    .map((one) => ({ ...one, minute: minuteOf(one.time) }))
    .sort((a, b) => a.minute - b.minute);
/** Until the next switch; the last one holds until the first of the day. */
const lengthOf = (sorted: readonly { readonly minute: number }[], nth: number): number => {
  const next = sorted[nth + 1]?.minute ?? sorted[0]!.minute + 1440;
  return next - sorted[nth]!.minute;
};

/** When the rate of a switch ends, as a time of the day. */
export function endOf({ switches }: DayType, key: string): string {
  const sorted = sortedSwitches(switches);
  const place = sorted.findIndex((one) => one.key === key);
  return place < 0 ? "" : clockOf((sorted[place + 1] ?? sorted[0]!).minute);
}
