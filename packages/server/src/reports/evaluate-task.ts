import {
  type CheckedFormula,
  checkFormula,
  compileCalendar,
  evaluateFormula,
  type FormulaFrame,
  type InputValues,
  marketDay,
  type SlotValues,
} from "@energsys/metering";
import { ratesOf } from "./rates.ts";
import type { FormulaTask, TaskResult, TaskWindow } from "./task.ts";

/**
 * Computes every formula for each subject and window: `results[subject][window][formula]`. Each window sees the days around it that
 * formulas look back or ahead to, and no others, so that a row costs what its own days cost.
 * @throws FormulaError
 */
export function evaluateTask(task: FormulaTask, before: (formula: number) => void): TaskResult[][][] {
  const inputs = new Map(task.inputs);
  const around = ratesOf(task.calendars);
  const calendars = task.calendars.map(({ calendar, ...days }) => ({
    ...days,
    calendar: compileCalendar(calendar, task.zone),
  }));
  const calendarOn = (date: string) =>
    calendars.find(({ fromDay, toDay }) => fromDay <= date && (toDay === undefined || date < toDay))
      ?.calendar;
  const formulas = task.formulas.map((formula, nth) => {
    before(nth);
    return checkFormula(formula, inputs, around);
  });
  const back = Math.max(0, ...formulas.map(({ daysBefore }) => daysBefore));
  const ahead = Math.max(0, ...formulas.map(({ daysAfter }) => daysAfter));
  const parts = task.windows.map((window) => partOf(task, window, back, ahead));
  return task.sets.map((set) =>
    parts.map((part) => {
      const values = new Map(task.inputs.map(([name], nth) => [name, cut(set[nth]!, part.from, part.to)]));
      return formulas.map((formula, nth) => {
        before(nth);
        return resultOf(formula, { ...part.frame, calendarOn }, values);
      });
    }),
  );
}

interface Part {
  readonly frame: FormulaFrame;
  readonly from: number;
  readonly to: number;
}

function partOf(task: FormulaTask, { fromSlot, toSlot }: TaskWindow, back: number, ahead: number): Part {
  const { days, zone, stepSeconds } = task;
  const holds = (slot: number) => days.findIndex(({ first, slots }) => slot >= first && slot < first + slots);
  const empty = toSlot <= fromSlot;
  const firstDay = empty ? 0 : Math.max(0, holds(fromSlot) - back);
  const lastDay = empty ? -1 : Math.min(days.length - 1, holds(toSlot - 1) + ahead);
  const own = days.slice(firstDay, lastDay + 1);
  const from = own[0]?.first ?? 0;
  const last = own.at(-1);
  return {
    from,
    to: last ? last.first + last.slots : 0,
    frame: {
      zone,
      stepSeconds,
      days: own.map(({ date, first, slots }) => ({ day: marketDay(date, zone), first: first - from, slots })),
      fromSlot: empty ? 0 : fromSlot - from,
      toSlot: empty ? 0 : toSlot - from,
    },
  };
}

const cutSlots = ({ values, flags }: SlotValues, from: number, to: number): SlotValues => ({
  values: values.subarray(from, to),
  flags: flags.subarray(from, to),
});

const cut = (input: InputValues, from: number, to: number): InputValues => ({
  ...cutSlots(input, from, to),
  folds: input.folds && new Map([...input.folds].map(([key, fold]) => [key, cutSlots(fold, from, to)])),
});

function resultOf(
  formula: CheckedFormula,
  frame: FormulaFrame,
  inputs: ReadonlyMap<string, InputValues>,
): TaskResult {
  const { value, divisionsByZero } = evaluateFormula(formula, frame, inputs);
  if (value.shape === "one")
    return { value: value.value, flags: value.flags, zeroDivisions: divisionsByZero };
  const { grid, values, flags } = value;
  return {
    starts: grid.starts.slice(grid.from, grid.to),
    values: values.slice(grid.from, grid.to),
    flags: flags.slice(grid.from, grid.to),
    zeroDivisions: divisionsByZero,
  };
}
