import {
  type CheckedFormula,
  checkFormula,
  evaluateFormula,
  type FormulaFrame,
  type InputValues,
  marketDay,
} from "@energsys/metering";
import type { FormulaTask, TaskResult, TaskValues, TaskWindow } from "./task.ts";

/**
 * Computes every formula for each subject and window: `results[subject][window][formula]`. Each window sees the days around it that
 * formulas look back or ahead to, and no others, so that a row costs what its own days cost.
 * @throws FormulaError
 */
export function evaluateTask(task: FormulaTask, before: (formula: number) => void): TaskResult[][][] {
  return task.sets.map((set, subject) => {
    const formulas = task.formulas.map((formula, nth) => {
      before(nth);
      return checkFormula(formula, inputsOf(task, subject));
    });
    const back = Math.max(0, ...formulas.map(({ daysBefore }) => daysBefore));
    const ahead = Math.max(0, ...formulas.map(({ daysAfter }) => daysAfter));
    return task.windows.map((window) => {
      const part = partOf(task, window, back, ahead);
      const values = new Map(task.inputs.map(([name], nth) => [name, cut(set[nth]!, part.from, part.to)]));
      return formulas.map((formula, nth) => {
        before(nth);
        return resultOf(formula, part.frame, values);
      });
    });
  });
}

const inputsOf = ({ inputs, members }: FormulaTask, subject: number) =>
  new Map(
    inputs.map(([name, input], nth) => {
      const count = members[subject]?.[nth];
      return [name, count === undefined ? input : { ...input, members: count }];
    }),
  );

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

const cut = ({ values, flags, members }: TaskValues, from: number, to: number): InputValues => ({
  values: values.subarray(from, to),
  flags: flags.subarray(from, to),
  members: members?.map((each) => ({
    values: each.values.subarray(from, to),
    flags: each.flags.subarray(from, to),
  })),
});

function resultOf(
  formula: CheckedFormula,
  frame: FormulaFrame,
  inputs: ReadonlyMap<string, InputValues>,
): TaskResult {
  const { value, divisionsByZero } = evaluateFormula(formula, frame, inputs);
  if (value.shape === "one")
    return { value: value.value, flags: value.flags, zeroDivisions: divisionsByZero };
  if (value.shape === "members") throw new Error("a checked formula gives no members");
  const { grid, values, flags } = value;
  return {
    starts: grid.starts.slice(grid.from, grid.to),
    values: values.slice(grid.from, grid.to),
    flags: flags.slice(grid.from, grid.to),
    zeroDivisions: divisionsByZero,
  };
}
