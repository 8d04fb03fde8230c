import type { MemberFold } from "@energsys/metering";
import type { Period, QueryContext, ReportDefinition, Scope } from "@energsys/store";
import type { FormulaRunner } from "./formula-runner.ts";
import type { DatedCalendar } from "./rates.ts";
import { ReportError } from "./report-error.ts";

/** Where a report is computed. */
export interface ReportPlace {
  readonly context: QueryContext;
  readonly zone: string;
  readonly nowMs: number;
  /** An instant of the day that relative periods go by; now when absent. */
  readonly dayMs?: number;
  readonly limits: {
    readonly curveDaysMax: number;
    readonly pointDaysMax: number;
    readonly reportSlotsMax: number;
  };
  readonly runner: FormulaRunner;
}

/** A report while it is computed. */
export interface Asked {
  readonly place: ReportPlace;
  readonly scope: Scope;
  readonly definition: ReportDefinition;
  /** With the days that formulas look back and ahead to. */
  readonly period: Period;
  readonly fromDay: string;
  readonly toDay: string;
  /** What formulas make of members. */
  readonly folds: readonly MemberFold[];
  /** Of the tariff by which it goes. */
  readonly calendars: readonly DatedCalendar[];
  readonly signal: AbortSignal | undefined;
}

/** Nothing more is read for somebody who has left. @throws ReportError `report.cancelled` */
export function leaveIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ReportError("report.cancelled");
}

export const daysOf = ({ fromDay, toDay }: { readonly fromDay: string; readonly toDay: string }): number =>
  Temporal.PlainDate.from(fromDay).until(toDay).days;
