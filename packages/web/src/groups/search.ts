import { isDay, type Period, soundPeriod } from "../time/period.ts";
import { addDays, type Day } from "../time/zone.ts";

export const groupKinds = [
  "network",
  "substation",
  "feeder",
  "transformer",
  "cabinet",
  "riser",
  "free",
] as const;
export type GroupKind = (typeof groupKinds)[number];

/** What of the list of groups stands in the address. `at` is a day: the groups as they were when it began. */
export interface GroupsSearch {
  readonly q?: string;
  readonly kind?: GroupKind;
  readonly at?: Day;
}

/** Reads the address; what makes no sense is left out. */
export function groupsSearch(raw: Readonly<Record<string, unknown>>): GroupsSearch {
  const kind = groupKinds.find((one) => one === raw.kind);
  const q = typeof raw.q === "string" || typeof raw.q === "number" ? String(raw.q).slice(0, 200) : "";
  return { ...(q === "" ? {} : { q }), ...(kind ? { kind } : {}), ...dayOf(raw.at) };
}

/** What of a group's page stands in the address: the day as of which it is shown, and the days of its balance. */
export interface GroupSearch {
  readonly at?: Day;
  readonly from?: Day;
  readonly to?: Day;
}

export function groupSearch(raw: Readonly<Record<string, unknown>>): GroupSearch {
  return { ...dayOf(raw.at), ...(soundPeriod(textOf(raw.from), textOf(raw.to)) ?? {}) };
}

/** Days of the balance: those of the address, else the last seven up to and with today. */
export function balancePeriod({ from, to }: GroupSearch, today: Day): Period {
  return from && to ? { from, to } : { from: addDays(today, -6), to: addDays(today, 1) };
}

const textOf = (value: unknown): string | undefined =>
  typeof value === "string" && value.length <= 60 ? value : undefined;

function dayOf(value: unknown): { at?: Day } {
  const text = textOf(value);
  return isDay(text) ? { at: text } : {};
}
