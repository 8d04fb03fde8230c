/** What goes into a report under a name of its own. */
export interface ReportInput {
  readonly name: string;
  /** `p12`, `g4`, `m4`, `b3`, `s`; `row` is the subject of each row, `row-balance` the balance meters of the group of each row. */
  readonly of: string;
  readonly energy: string;
}

export interface ReportColumn {
  readonly title: string;
  readonly formula: string;
  /** Decimals shown; chosen by the unit when absent. */
  readonly decimals?: number;
}

/** A row for each interval, day or month of the period, one for all of it, or one for each subject of a list. */
export const reportRowKinds = ["interval", "day", "month", "period", "subject"] as const;
export type ReportRows = (typeof reportRowKinds)[number];

/** Which rows there are of subjects: the named ones, the groups in them, or their points. */
export const reportEach = ["self", "group", "point"] as const;
export type ReportEach = (typeof reportEach)[number];

export const relativePeriods = [
  "yesterday",
  "last-7-days",
  "last-30-days",
  "this-month",
  "last-month",
  "this-year",
  "last-year",
] as const;
export type RelativePeriod = (typeof relativePeriods)[number];
/** Days that move with the day on which the report runs, or fixed ones; `toDay` is not included. */
export type ReportPeriod =
  | { readonly kind: RelativePeriod }
  | { readonly kind: "fixed"; readonly fromDay: string; readonly toDay: string };

export const reportCharts = ["none", "line", "bar"] as const;

/** Everything that a report computes and how it is laid out. */
export interface ReportDefinition {
  readonly rows: ReportRows;
  /** Whose rows, when there is one for each subject. */
  readonly subjects?: readonly string[];
  readonly each?: ReportEach;
  readonly inputs: readonly ReportInput[];
  readonly columns: readonly ReportColumn[];
  /** By whose rates `band` goes, each day by the version that holds on it. */
  readonly tariffId?: number;
  readonly period: ReportPeriod;
  readonly chart: (typeof reportCharts)[number];
}

/** The days of a period, as seen on a day. */
export function daysOfPeriod(period: ReportPeriod, today: string): { fromDay: string; toDay: string } {
  if (period.kind === "fixed") return { fromDay: period.fromDay, toDay: period.toDay };
  const day = Temporal.PlainDate.from(today);
  const month = day.with({ day: 1 });
  const year = month.with({ month: 1 });
  const days = (from: Temporal.PlainDate, to: Temporal.PlainDate) => ({
    fromDay: from.toString(),
    toDay: to.toString(),
  });
  switch (period.kind) {
    case "yesterday":
      return days(day.subtract({ days: 1 }), day);
    case "last-7-days":
      return days(day.subtract({ days: 7 }), day);
    case "last-30-days":
      return days(day.subtract({ days: 30 }), day);
    case "this-month":
      return days(month, day.add({ days: 1 }));
    case "last-month":
      return days(month.subtract({ months: 1 }), month);
    case "this-year":
      return days(year, day.add({ days: 1 }));
    case "last-year":
      return days(year.subtract({ years: 1 }), year);
  }
}
