import type { Component } from "./bill.ts";
import { type CalendarFault, calendarFaults, type RateCalendar } from "./calendar.ts";
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

/** What is wrong with a version, and with which part of it. */
export interface TariffFault {
  readonly code:
    | CalendarFault["code"]
    | "calendar.off-grid"
    | "tariff.bad-currency"
    | "tariff.bad-vat"
    | "tariff.bad-register"
    | "tariff.bad-price"
    | "tariff.bad-blocks"
    | "tariff.bad-reactive"
    | "tariff.no-reactive"
    | "tariff.twice"
    | "tariff.percent-of"
    | "tariff.unknown-rate";
  readonly at: string;
}

/** Intervals are settled by quarter-hour: a switch lies between two of them. */
const gridMinutes = 15;

/** All that makes a version unusable; an empty list is one that rates every instant and prices every account. */
export function tariffFaults(terms: TariffTerms): TariffFault[] {
  const faults: TariffFault[] = [...calendarFaults(terms.calendar)];
  const add = (code: TariffFault["code"], at: string) => faults.push({ code, at });
  const { calendar, components, registers, reactive } = terms;
  for (const { id, switches } of calendar.dayProfiles) {
    if (switches.some(({ minute }) => minute % gridMinutes !== 0)) add("calendar.off-grid", id);
  }
  if (!/^[A-Z]{3}$/.test(terms.currency)) add("tariff.bad-currency", terms.currency);
  if (!isDecimal(terms.vatPercent, (digits) => digits >= 0n)) add("tariff.bad-vat", terms.vatPercent);
  const rates = new Set(calendar.rates);
  const numbers = new Set<number>();
  for (const { rate, register } of registers) {
    if (!rates.has(rate)) add("tariff.unknown-rate", rate);
    if (!Number.isInteger(register) || register < 1 || register > 63 || numbers.has(register))
      add("tariff.bad-register", `${rate} ${register}`);
    numbers.add(register);
  }
  if (reactive && !isRule(reactive)) add("tariff.bad-reactive", "");
  const before = new Set<string>();
  for (const component of components) {
    const { code, basis } = component;
    if (before.has(code)) add("tariff.twice", code);
    if (basis.kind === "rate" && !rates.has(basis.rate)) add("tariff.unknown-rate", basis.rate);
    if (basis.kind === "reactive" && !reactive) add("tariff.no-reactive", code);
    if (basis.kind === "percent") {
      for (const of of basis.of) if (!before.has(of)) add("tariff.percent-of", `${code} ${of}`);
    }
    if (basis.kind === "blocks") {
      if (!areBlocks(component)) add("tariff.bad-blocks", code);
    } else if (!isDecimal(component.price ?? "")) add("tariff.bad-price", code);
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

/** Limits rise, only the last block has none, each has a price. */
function areBlocks({ basis }: Component): boolean {
  if (basis.kind !== "blocks" || basis.blocks.length === 0) return false;
  if (!Number.isInteger(basis.ofDays) || basis.ofDays < 1) return false;
  let below = -1;
  return basis.blocks.every(({ upToKwh, price }, nth) => {
    const last = nth === basis.blocks.length - 1;
    if (!isDecimal(price) || last !== (upToKwh === undefined)) return false;
    if (upToKwh === undefined) return true;
    if (!isDecimal(upToKwh, (digits) => digits >= 0n) || Number(upToKwh) <= below) return false;
    below = Number(upToKwh);
    return true;
  });
}
