import type { SubjectName } from "@energsys/store";
import type { TaskResult } from "./task.ts";

/** Values that should be there, of everything that went in, of intervals that have ended. */
export interface ReportCoverage {
  readonly expected: number;
  readonly present: number;
  readonly good: number;
  readonly estimated: number;
}

/** A value of a row in base units, with all bits of quality of what is in it. */
export interface ReportCell {
  readonly value: number;
  readonly flags: number;
}

export interface ResultColumn {
  readonly title: string;
  /** Empty for a plain number, a condition or an instant. */
  readonly unit: string;
  readonly of: "number" | "logical" | "instant";
  readonly factor: number;
  readonly decimals: number;
}

export interface ResultRow {
  /** Start of the interval, ms; day; month; code of the subject; or empty for the whole period. */
  readonly key: string | number;
  readonly name?: SubjectName;
  readonly cells: readonly ReportCell[];
  readonly coverage: ReportCoverage;
}

export interface ReportResult {
  readonly fromDay: string;
  readonly toDay: string;
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly ResultRow[];
  /** The same formulas over the whole period; of a report by interval only of what is one number. */
  readonly total: readonly (ReportCell | null)[] | null;
  readonly coverage: ReportCoverage;
  /** Step of the rows of a report by interval. */
  readonly step: number | "day" | "month" | null;
  readonly divisionsByZero: number;
  /** Columns whose rows are intervals, and those that are one number. */
  readonly byInterval: readonly boolean[];
}

/** What is computed of the rows; whoever asked knows the days and columns. */
export type Computed = Omit<ReportResult, "fromDay" | "toDay" | "columns" | "byInterval">;

export const cellOf = (result: TaskResult): ReportCell | null =>
  "value" in result ? { value: result.value, flags: result.flags } : null;
export const zeroes = (results: readonly TaskResult[]): number =>
  results.reduce((sum, { zeroDivisions }) => sum + zeroDivisions, 0);
