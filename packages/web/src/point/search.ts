import { type Period, soundPeriod } from "../time/period.ts";
import { addDays, type Day } from "../time/zone.ts";

export const tabs = [
  "overview",
  "curve",
  "registers",
  "events",
  "communication",
  "subscriber",
  "configuration",
] as const;
export type Tab = (typeof tabs)[number];

/** What of a point's page stands in the address. Without `from` the last `last` days are shown, and keep rolling. */
export interface PointSearch {
  readonly tab?: Tab;
  readonly from?: Day;
  readonly to?: Day;
  readonly last?: number;
  readonly channel?: number;
  readonly show?: "power";
  readonly table?: true;
  readonly obis?: string;
  /** An instant: shown is what was known then. */
  readonly known?: string;
  /** A day, from its beginning, or an instant: shown is what the point was then. */
  readonly on?: string;
  readonly sort?: string;
  readonly descending?: true;
}

export const lastDays = [1, 7, 30, 365] as const;

const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const dayOrInstant = /^\d{4}-\d\d-\d\d(T[\d:.]+Z)?$/;
/** What of an address says "as it was on"; nothing when it makes no sense. */
export const onOf = (raw: unknown): { readonly on?: string } =>
  typeof raw === "string" && dayOrInstant.test(raw) && !Number.isNaN(Date.parse(raw)) ? { on: raw } : {};
/** Reads the address of a page whose only choice is the day or instant as which it shows its thing; now without it. */
export const onSearch = (raw: Readonly<Record<string, unknown>>) => onOf(raw.on);

/** Reads the address; what makes no sense is left out. */
export function pointSearch(raw: Readonly<Record<string, unknown>>): PointSearch {
  const tab = tabs.find((one) => one === raw.tab);
  const period = soundPeriod(textOf(raw.from), textOf(raw.to));
  const last = Number(raw.last);
  const channel = Number(raw.channel);
  const obis = textOf(raw.obis);
  const sort = textOf(raw.sort);
  const known = textOf(raw.known);
  return {
    ...(tab && tab !== "overview" ? { tab } : {}),
    ...(period ?? {}),
    ...(!period && Number.isInteger(last) && last > 0 && last <= 400 ? { last } : {}),
    ...(Number.isInteger(channel) && channel > 0 ? { channel } : {}),
    ...(raw.show === "power" ? { show: "power" as const } : {}),
    ...(raw.table === true ? { table: true as const } : {}),
    ...(obis ? { obis } : {}),
    ...(known && instant.test(known) && !Number.isNaN(Date.parse(known)) ? { known } : {}),
    ...onOf(raw.on),
    ...(sort ? { sort } : {}),
    ...(raw.descending === true ? { descending: true as const } : {}),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= 60 ? value : undefined;
}

/** Days shown: the fixed ones of the address, else the last ones up to and with today. */
export function periodOf(search: PointSearch, today: Day, usualDays: number): Period {
  if (search.from && search.to) return { from: search.from, to: search.to };
  const to = addDays(today, 1);
  return { from: addDays(to, -(search.last ?? usualDays)), to };
}

/** The same page with another instant, or of now. */
export function withOn({ on: _on, ...rest }: PointSearch, on: string | undefined): PointSearch {
  return on === undefined ? rest : { ...rest, on };
}
