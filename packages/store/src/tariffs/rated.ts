import {
  type CompiledCalendar,
  compileCalendar,
  type MarketDay,
  marketDay,
  marketDayOf,
  type RatedSeries,
  versionOn,
  type ZonedSeries,
} from "@energsys/metering";
import type { Source } from "../groups/sources.ts";
import type { Period } from "../query/frame.ts";
import type { Series } from "../query/series.ts";
import type { Counted } from "../query/subjects.ts";
import type { TariffAssignment } from "./assignments.ts";
import type { Tariff, TariffVersion } from "./tariffs.ts";

/** A part of a subject with the tariff that holds on each of its days. */
export interface RatedPart {
  readonly counted: Counted;
  readonly versionOn: (date: string) => TariffVersion | undefined;
}

/**
 * Cuts a subject by tariff: the points of each tariff are added up before they are rated, which is as right and much faster than point by
 * point. A single point stays whole, and so does a subject of which every point has the same tariff all the time.
 */
export function partsByTariff(
  counted: Counted,
  assignments: readonly TariffAssignment[],
  tariffs: ReadonlyMap<number, Tariff>,
  { fromDay, toDay, zone }: Period,
): RatedPart[] {
  const byPoint = Map.groupBy(assignments, ({ pointId }) => pointId);
  if (counted.subject.kind === "point") {
    const own = byPoint.get(counted.subject.pointId) ?? [];
    const on = (date: string) => versionOfDay(tariffs, versionOn(own, date)?.tariffId, date);
    return [{ counted, versionOn: on }];
  }
  const startOf = memo((date) => marketDay(date, zone).startMs);
  const byTariff = new Map<number | undefined, Source[]>();
  let cut = false;
  const add = (tariffId: number | undefined, source: Source, fromMs: number, toMs: number) => {
    if (fromMs >= toMs) return;
    cut ||= fromMs !== source.fromMs || toMs !== source.toMs;
    const list = byTariff.get(tariffId) ?? [];
    byTariff.set(tariffId, list);
    list.push({ ...source, fromMs, toMs });
  };
  for (const source of counted.sources) {
    let fromMs = source.fromMs;
    for (const { tariffId, validFrom, validTo } of byPoint.get(source.pointId) ?? []) {
      const starts = validFrom <= fromDay ? fromMs : Math.max(fromMs, startOf(validFrom));
      const ends =
        validTo === undefined || validTo >= toDay ? source.toMs : Math.min(source.toMs, startOf(validTo));
      add(undefined, source, fromMs, starts);
      add(tariffId, source, starts, ends);
      fromMs = Math.max(fromMs, ends);
    }
    add(undefined, source, fromMs, source.toMs);
  }
  const [only] = byTariff.keys();
  if (byTariff.size === 1 && !cut)
    return [{ counted, versionOn: (date) => versionOfDay(tariffs, only, date) }];
  return [...byTariff].map(([tariffId, sources]) => ({
    counted: { subject: { kind: "system" }, sources },
    versionOn: (date) => versionOfDay(tariffs, tariffId, date),
  }));
}

const versionOfDay = (
  tariffs: ReadonlyMap<number, Tariff>,
  tariffId: number | undefined,
  date: string,
): TariffVersion | undefined =>
  tariffId === undefined ? undefined : versionOn(tariffs.get(tariffId)?.versions ?? [], date);

/** Calendars of versions, each compiled once. */
export class Calendars {
  readonly #zone: string;
  readonly #compiled = new Map<TariffVersion["terms"]["calendar"], CompiledCalendar>();
  constructor(zone: string) {
    this.#zone = zone;
  }

  of(version: Pick<TariffVersion, "terms"> | undefined): CompiledCalendar | undefined {
    if (!version) return undefined;
    const { calendar } = version.terms;
    const compiled = this.#compiled.get(calendar) ?? compileCalendar(calendar, this.#zone);
    this.#compiled.set(calendar, compiled);
    return compiled;
  }
}

/** A series as the rules of tariffs take it. */
export function zonedOf(series: Series, zone: string): ZonedSeries {
  const dayOf = memo((date): MarketDay => marketDay(date, zone));
  return {
    stepSeconds: series.stepSeconds,
    days: series.days.map(({ day, first, slots }) => ({ day: dayOf(day), first, slots })),
    values: series.values,
    flags: series.flags,
    expected: series.expected,
    present: series.present,
    good: series.good,
    estimated: series.estimated,
  };
}

/** Series with their calendars, all in integers of the finest scale. */
export function ratedSeries(
  parts: readonly RatedPart[],
  series: readonly Series[],
  calendars: Calendars,
  zone: string,
): { readonly scale: number; readonly rated: RatedSeries[] } {
  // A series of which nothing is there has no scale of its own.
  const known = series.filter(({ present }) => present.some((count) => count > 0));
  const scale = known.length === 0 ? 0 : Math.min(...known.map((each) => each.scale));
  const rated = parts.map((part, nth) => {
    const own = series[nth]!;
    const zoned = zonedOf(own, zone);
    const times = 10 ** (own.scale - scale);
    return {
      series: times === 1 ? zoned : { ...zoned, values: zoned.values.map((value) => value * times) },
      calendarOn: (date: string) => calendars.of(part.versionOn(date)),
    };
  });
  return { scale, rated };
}

/** The local date of an instant. */
export const dateOf = (ms: number, zone: string): string => marketDayOf(ms, zone).date;

function memo<Result>(work: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const found = known.get(text) ?? work(text);
    known.set(text, found);
    return found;
  };
}
