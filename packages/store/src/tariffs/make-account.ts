import {
  type Bill,
  type Consumption,
  divideRounded,
  type Exact,
  exact,
  indicativeBill,
  type RatedSeries,
  splitByVersion,
  sumReactive,
  sumZones,
  type TariffTerms,
  type ZonedSeries,
  type ZoneSums,
} from "@energsys/metering";
import type { Period } from "../query/frame.ts";
import { Calendars } from "./rated.ts";

/** Energies of one point by interval, as accounts are made of them. */
export interface AccountSeries {
  readonly taken: ZonedSeries;
  readonly given: ZonedSeries;
  readonly reactive: ZonedSeries;
  /** Powers of ten: Wh or varh = integer × 10^scale. */
  readonly scales: { readonly taken: number; readonly given: number; readonly reactive: number };
}

/** What holds on which days: of a tariff, or of the tariffs that a point has one after the other. */
export interface AccountVersion {
  readonly validFrom: string;
  readonly validTo?: string | undefined;
  readonly tariffId: number;
  readonly code: string;
  readonly versionId: number | null;
  readonly terms: TariffTerms;
}

/** A part of the period with one version within one month. */
export interface AccountPart {
  readonly fromDay: string;
  readonly toDay: string;
  readonly version: AccountVersion;
  readonly used: Consumption;
  readonly zones: ZoneSums;
  readonly lines: Bill["lines"];
  readonly net: Exact;
  /** Periods of the reactive rule that are not charged because a value is missing. */
  readonly reactiveMissing: number;
}

/** An indicative account of one point, not an invoice. */
export interface TariffAccount {
  readonly parts: readonly AccountPart[];
  /** Days without a version: their energy has no price. */
  readonly unpriced: readonly {
    readonly fromDay: string;
    readonly toDay: string;
    readonly energyWh: bigint;
  }[];
  readonly currency: string | null;
  readonly net: Exact;
  readonly vat: Exact;
  readonly total: Exact;
  readonly expected: number;
  readonly present: number;
  readonly estimated: number;
}

/**
 * Makes the account: each version within each month by its own calendar and prices. Blocks and demand are of the month, a monthly fee is
 * charged where the month begins within the period, a fixed line once.
 */
export function makeAccount(
  series: AccountSeries,
  versions: readonly AccountVersion[],
  { fromDay, toDay, zone }: Period,
): TariffAccount {
  const calendars = new Calendars(zone);
  const spans = splitByVersion(versions, fromDay, toDay).flatMap(byMonth);
  const unpriced: { fromDay: string; toDay: string; energyWh: bigint }[] = [];
  const parts: Omit<AccountPart, "lines" | "net">[] = [];
  for (const span of spans) {
    const { version } = span;
    const rated = (of: ZonedSeries): RatedSeries => ({
      series: { ...of, days: daysIn(of, span) },
      calendarOn: () => calendars.of(version),
    });
    const zones = sumZones([rated(series.taken)]);
    if (!version) {
      const last = unpriced.at(-1);
      const energyWh = whole(zones.total.energy, series.scales.taken);
      if (last?.toDay === span.fromDay)
        unpriced[unpriced.length - 1] = { ...last, toDay: span.toDay, energyWh: last.energyWh + energyWh };
      else unpriced.push({ fromDay: span.fromDay, toDay: span.toDay, energyWh });
      continue;
    }
    const exported = sumZones([rated(series.given)]);
    const { reactive } = version.terms;
    const charge =
      reactive &&
      sumReactive(
        {
          stepSeconds: series.taken.stepSeconds,
          days: daysIn(series.taken, span),
          active: { values: series.taken.values, scale: series.scales.taken },
          // A point without reactive energy has none that could be charged.
          reactive: measures(series.reactive)
            ? { values: series.reactive.values, scale: series.scales.reactive }
            : { values: new Float64Array(series.taken.values.length), scale: 0 },
        },
        reactive,
      );
    const maxima = zones.zones.flatMap(({ max }) => (max ? [max.power] : []));
    const byRate = (sums: ZoneSums, scale: number) =>
      new Map(sums.zones.map(({ rate, energy }) => [rate, whole(energy, scale)]));
    parts.push({
      fromDay: span.fromDay,
      toDay: span.toDay,
      version,
      zones,
      reactiveMissing: charge?.missing ?? 0,
      used: {
        energyWh: whole(zones.total.energy, series.scales.taken),
        byRateWh: byRate(zones, series.scales.taken),
        exportWh: whole(exported.total.energy, series.scales.given),
        exportByRateWh: byRate(exported, series.scales.given),
        chargedVarh: charge?.charged ?? exact(0n),
        demandW: maxima.length === 0 ? 0n : whole(BigInt(Math.max(...maxima)), series.scales.taken),
        days: Temporal.PlainDate.from(span.fromDay).until(span.toDay).days,
        months: span.fromDay.endsWith("-01") ? 1 : 0,
        fixed: parts.length === 0,
      },
    });
  }
  const bill = indicativeBill(parts.map(({ version, used }) => ({ prices: version.terms, used })));
  const counts = sumZones([{ series: series.taken, calendarOn: () => undefined }]).total;
  return {
    parts: parts.map((part, nth) => ({ ...part, ...bill.parts[nth]! })),
    unpriced,
    currency: parts[0]?.version.terms.currency ?? null,
    net: bill.net,
    vat: bill.vat,
    total: bill.total,
    expected: counts.expected,
    present: counts.present,
    estimated: counts.estimated,
  };
}

const measures = ({ expected }: ZonedSeries): boolean => expected.some((count) => count > 0);

const daysIn = (
  { days }: ZonedSeries,
  { fromDay, toDay }: { readonly fromDay: string; readonly toDay: string },
) => days.filter(({ day }) => fromDay <= day.date && day.date < toDay);

/** Integers × 10^scale as whole units, half up. */
function whole(energy: bigint | null, scale: number): bigint {
  const integer = energy ?? 0n;
  return scale >= 0 ? integer * 10n ** BigInt(scale) : divideRounded(integer, 10n ** BigInt(-scale));
}

function byMonth<Span extends { readonly fromDay: string; readonly toDay: string }>(span: Span): Span[] {
  const spans: Span[] = [];
  for (let fromDay = span.fromDay; fromDay < span.toDay; ) {
    const next = Temporal.PlainDate.from(fromDay).with({ day: 1 }).add({ months: 1 }).toString();
    const toDay = next < span.toDay ? next : span.toDay;
    spans.push({ ...span, fromDay, toDay });
    fromDay = toDay;
  }
  return spans;
}
