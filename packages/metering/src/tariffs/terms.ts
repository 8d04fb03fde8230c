import type { Component } from "./bill.ts";
import { calendarFaultCodes, calendarFaults, type RateCalendar } from "./calendar.ts";
import { parseExact } from "./exact.ts";
import { type ReactiveSettings, reactiveRule } from "./reactive.ts";

/** One line of an account with what people call it. */
export interface TariffComponent extends Component {
  readonly name: string;
}

/** All that one version of a tariff says: when which rate holds, and what costs how much. */
export interface TariffTerms {
  /** ISO 4217, such as RON. */
  readonly currency: string;
  readonly vatPercent: string;
  readonly calendar: RateCalendar;
  /** Registers in which meters count the rates themselves: E of `1-0:1.8.E*255`. */
  readonly registers: readonly { readonly rate: string; readonly register: number }[];
  readonly reactive?: ReactiveSettings | undefined;
  readonly components: readonly TariffComponent[];
}

/** All that can be wrong with a version. */
export const tariffFaultCodes = [
  ...calendarFaultCodes,
  "calendar.off-grid",
  "tariff.bad-currency",
  "tariff.bad-vat",
  "tariff.bad-register",
  "tariff.bad-price",
  "tariff.bad-blocks",
  "tariff.bad-reactive",
  "tariff.no-reactive",
  "tariff.no-name",
  "tariff.twice",
  "tariff.percent-of",
  "tariff.unknown-rate",
] as const;

/** What is wrong with a version, and with which part of it. */
export interface TariffFault {
  readonly code: (typeof tariffFaultCodes)[number];
  readonly at: string;
  /** JSON pointer to it from the version: `/components/3/price`. */
  readonly path: string;
}

/** Intervals are settled by quarter-hour: a switch lies between two of them. */
const gridMinutes = 15;

/** All that makes a version unusable; an empty list is one that rates every instant and prices every account. */
export function tariffFaults(terms: TariffTerms): TariffFault[] {
  const faults: TariffFault[] = calendarFaults(terms.calendar).map(({ path, ...fault }) => ({
    ...fault,
    path: `/calendar${path}`,
  }));
  const add = (code: TariffFault["code"], at: string, path: string) => faults.push({ code, at, path });
  const { calendar, components, registers, reactive } = terms;
  for (const [nth, { id, switches }] of calendar.dayProfiles.entries()) {
    const off = switches.findIndex(({ minute }) => minute > 0 && minute % gridMinutes !== 0);
    if (off >= 0) add("calendar.off-grid", id, `/calendar/dayProfiles/${nth}/switches/${off}/minute`);
  }
  if (!/^[A-Z]{3}$/.test(terms.currency)) add("tariff.bad-currency", terms.currency, "/currency");
  if (!isDecimal(terms.vatPercent, (digits) => digits >= 0n))
    add("tariff.bad-vat", terms.vatPercent, "/vatPercent");
  const rates = new Set(calendar.rates);
  const numbers = new Set<number>();
  for (const [nth, { rate, register }] of registers.entries()) {
    if (!rates.has(rate)) add("tariff.unknown-rate", rate, `/registers/${nth}/rate`);
    if (!Number.isInteger(register) || register < 1 || register > 63 || numbers.has(register))
      add("tariff.bad-register", `${rate} ${register}`, `/registers/${nth}/register`);
    numbers.add(register);
  }
  if (reactive && !isRule(reactive)) add("tariff.bad-reactive", "", "/reactive");
  const before = new Set<string>();
  for (const [nth, component] of components.entries()) {
    const path = `/components/${nth}`;
    const { code, name, basis } = component;
    if (name.trim() === "") add("tariff.no-name", code, `${path}/name`);
    if (code === "") add("tariff.no-name", name, `${path}/code`);
    if (before.has(code)) add("tariff.twice", code, `${path}/code`);
    if (basis.kind === "rate" && !rates.has(basis.rate))
      add("tariff.unknown-rate", basis.rate, `${path}/basis/rate`);
    if (basis.kind === "reactive" && !reactive) add("tariff.no-reactive", code, `${path}/basis`);
    if (basis.kind === "percent") {
      if (basis.of.length === 0) add("tariff.percent-of", code, `${path}/basis/of`);
      for (const of of basis.of)
        if (!before.has(of)) add("tariff.percent-of", `${code} ${of}`, `${path}/basis/of`);
    }
    if (basis.kind === "blocks") {
      const fault = blocksFault(component);
      if (fault !== undefined) add("tariff.bad-blocks", code, `${path}/basis${fault}`);
    } else if (!isDecimal(component.price ?? "")) add("tariff.bad-price", code, `${path}/price`);
    before.add(code);
  }
  return faults;
}

function isDecimal(text: string, holds: (digits: bigint) => boolean = () => true): boolean {
  try {
    return holds(parseExact(text).digits);
  } catch {
    return false;
  }
}

function isRule(settings: ReactiveSettings): boolean {
  try {
    return reactiveRule(settings).multiplier.digits >= 0n;
  } catch {
    return false;
  }
}

/** Limits rise, only the last block has none, each has a price. @returns what of it does not hold, as a path */
function blocksFault({ basis }: Component): string | undefined {
  if (basis.kind !== "blocks") return undefined;
  if (!Number.isInteger(basis.ofDays) || basis.ofDays < 1) return "/ofDays";
  if (basis.blocks.length === 0) return "/blocks";
  let below = -1;
  for (const [nth, { upToKwh, price }] of basis.blocks.entries()) {
    if (!isDecimal(price)) return `/blocks/${nth}/price`;
    const last = nth === basis.blocks.length - 1;
    if (last !== (upToKwh === undefined)) return `/blocks/${nth}/upToKwh`;
    if (upToKwh === undefined) continue;
    if (!isDecimal(upToKwh, (digits) => digits >= 0n) || Number(upToKwh) <= below)
      return `/blocks/${nth}/upToKwh`;
    below = Number(upToKwh);
  }
  return undefined;
}
