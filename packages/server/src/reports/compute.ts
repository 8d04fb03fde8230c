import type { FormulaInput } from "@energsys/metering";
import type { Series } from "@energsys/store";
import type { Asked } from "./asked-report.ts";
import type { Ready } from "./load-inputs.ts";
import { inputOf } from "./read-inputs.ts";
import { ReportError } from "./report-error.ts";
import type { ReportCoverage } from "./result.ts";
import type { TaskResult } from "./task.ts";

export interface Window {
  readonly key: string;
  readonly fromSlot: number;
  readonly toSlot: number;
}

/** Slots of the days [fromDay, toDay) of a frame, as far as they have ended. */
export function windowOf(days: Series["days"], key: string, fromDay: string, toDay: string): Window {
  const own = days.filter(({ day }) => day >= fromDay && day < toDay);
  const last = own.at(-1);
  return { key, fromSlot: own[0]?.first ?? 0, toSlot: last ? last.first + last.slots : 0 };
}

/**
 * Results by row, window and column. All rows have the step and days of the first one.
 * @throws ReportError with the title of the column that was refused
 */
export async function compute(
  { place, definition, calendars, signal }: Asked,
  rows: readonly (readonly Ready[])[],
  windows: readonly Window[],
): Promise<readonly (readonly (readonly TaskResult[])[])[]> {
  const { stepSeconds, days } = rows[0]![0]!.series;
  const task = {
    zone: place.zone,
    stepSeconds,
    days: days.map(({ day, first, slots }) => ({ date: day, first, slots })),
    windows: windows.map(({ fromSlot, toSlot }) => ({ fromSlot, toSlot })),
    formulas: definition.columns.map(({ formula }) => formula),
    calendars,
    inputs: definition.inputs.map((input): [string, FormulaInput] => [
      input.name,
      { ...inputOf(input), step: stepSeconds },
    ]),
    sets: rows.map((row) => row.map(({ values }) => values)),
  };
  try {
    return await place.runner.run(task, signal);
  } catch (error) {
    if (!(error instanceof ReportError) || error.params.nth === undefined) throw error;
    const { nth, ...params } = error.params;
    throw new ReportError(error.code, { ...params, title: definition.columns[Number(nth)]!.title }, error);
  }
}

export function coverageOf(list: readonly Series[], fromSlot: number, toSlot: number): ReportCoverage {
  const sum = { expected: 0, present: 0, good: 0, estimated: 0 };
  for (const name of ["expected", "present", "good", "estimated"] as const)
    for (const series of list)
      for (let slot = fromSlot; slot < toSlot; slot++) sum[name] += series[name][slot]!;
  return sum;
}

export const addCoverage = (a: ReportCoverage, b: ReportCoverage): ReportCoverage => ({
  expected: a.expected + b.expected,
  present: a.present + b.present,
  good: a.good + b.good,
  estimated: a.estimated + b.estimated,
});
