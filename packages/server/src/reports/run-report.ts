import {
  type CheckedFormula,
  dayAfter,
  dayBefore,
  type MemberFold,
  marketDay,
  marketDayOf,
} from "@energsys/metering";
import { daysOfPeriod, type Period, type ReportDefinition, type Scope } from "@energsys/store";
import { type Asked, daysOf, type ReportPlace } from "./asked-report.ts";
import { bySubject } from "./by-subject.ts";
import { byTime } from "./by-time.ts";
import { checkColumns, inputsOf } from "./check-columns.ts";
import { calendarsOf, ratesOf } from "./rates.ts";
import { formulaRefused, ReportError } from "./report-error.ts";
import type { ReportResult, ResultColumn } from "./result.ts";

/** Days before and after the period that formulas may look at. */
const reachDaysMax = 400;

/**
 * Computes a report as a reader of this scope sees it.
 * @throws ReportError
 */
export async function runReport(
  place: ReportPlace,
  scope: Scope,
  definition: ReportDefinition,
  signal?: AbortSignal,
): Promise<ReportResult> {
  const strange = definition.rows !== "subject" && definition.inputs.find(({ of }) => of.startsWith("row"));
  if (strange) throw new ReportError("report.row-input", { name: strange.name });
  const calendars = await calendarsOf(place.context.db, definition);
  const checked = checkColumns(definition, inputsOf(definition), ratesOf(calendars)).map((column, nth) => {
    if (!column.ok) throw formulaRefused(column.error, definition.columns[nth]!.title);
    return column.checked;
  });
  const { zone, nowMs, limits } = place;
  const { fromDay, toDay } = daysOfPeriod(definition.period, marketDayOf(place.dayMs ?? nowMs, zone).date);
  const days = daysOf({ fromDay, toDay });
  if (days < 1 || days > limits.curveDaysMax)
    throw new ReportError("report.period", { max: limits.curveDaysMax });
  const [back, ahead] = [reach(checked, "daysBefore"), reach(checked, "daysAfter")];
  if (back + ahead > reachDaysMax) throw new ReportError("report.reach", { max: reachDaysMax });
  const period: Period = {
    fromDay: shifted(fromDay, zone, -back),
    toDay: shifted(toDay, zone, ahead),
    zone,
    nowMs,
  };
  const asked: Asked = {
    place,
    scope,
    definition,
    period,
    fromDay,
    toDay,
    calendars,
    folds: distinct(checked.flatMap(({ folds }) => folds)),
    signal,
  };
  const columns = checked.map(({ type, unit }, nth): ResultColumn => {
    const { title, decimals } = definition.columns[nth]!;
    return {
      title,
      unit,
      of: type.of,
      factor: type.unit.factor,
      decimals: decimals ?? usualDecimals(unit, type.of),
    };
  });
  const result = definition.rows === "subject" ? await bySubject(asked) : await byTime(asked);
  return {
    ...result,
    fromDay,
    toDay,
    columns,
    step: stepOf(checked) ?? result.step,
    byInterval: checked.map(({ type }) => type.shape === "series"),
  };
}

/** Days and months are named; of seconds the series themselves tell. */
function stepOf(checked: readonly CheckedFormula[]): "day" | "month" | undefined {
  const step = checked.find(({ type }) => type.shape === "series")?.type.step;
  return typeof step === "string" ? step : undefined;
}

/** Columns that ask the same of the same members have it made once. */
const distinct = (folds: readonly MemberFold[]): MemberFold[] => [
  ...new Map(folds.map((fold) => [`${fold.key} ${fold.input}`, fold])).values(),
];

const reach = (checked: readonly CheckedFormula[], side: "daysBefore" | "daysAfter"): number =>
  Math.max(0, ...checked.map((formula) => formula[side]));

function shifted(date: string, zone: string, days: number): string {
  let day = marketDay(date, zone);
  for (let left = Math.abs(days); left > 0; left--)
    day = days < 0 ? dayBefore(day, zone) : dayAfter(day, zone);
  return day.date;
}

const usualDecimals = (unit: string, of: "number" | "logical" | "instant"): number =>
  of !== "number" ? 0 : unit === "" ? 2 : unit === "%" || /^k?[VA]$/.test(unit) ? 1 : 3;
