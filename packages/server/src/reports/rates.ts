import type { RateCalendar, Surroundings } from "@energsys/metering";
import { type Queryable, type ReportDefinition, readTariffs } from "@energsys/store";

/** A calendar of rates on the days [fromDay, toDay). */
export interface DatedCalendar {
  readonly fromDay: string;
  readonly toDay: string | undefined;
  readonly calendar: RateCalendar;
}

/** Calendars of the tariff by which a report goes; none where it goes by none, or by one that is not there any more. */
export async function calendarsOf(
  db: Queryable,
  { tariffId }: Pick<ReportDefinition, "tariffId">,
): Promise<readonly DatedCalendar[]> {
  if (tariffId === undefined) return [];
  const versions = (await readTariffs(db, [tariffId])).get(tariffId)?.versions ?? [];
  return versions.map(({ validFrom, validTo, terms }) => ({
    fromDay: validFrom,
    toDay: validTo,
    calendar: terms.calendar,
  }));
}

/** What a formula may name. */
export const ratesOf = (calendars: readonly DatedCalendar[]): Surroundings => ({
  rates: new Set(calendars.flatMap(({ calendar }) => calendar.rates)),
});
