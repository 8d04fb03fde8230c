import {
  checkFormula,
  dayAfter,
  evaluateFormula,
  type FormulaFrame,
  type FormulaInput,
  type FormulaResult,
  foldMembers,
  type InputValues,
  marketDay,
  type SlotValues,
  slotsOf,
} from "@energsys/metering";

export const zone = "Europe/Bucharest";

/** Days from one date to another (not included), of which the first and the last ones may lie outside the report. */
export function frameOf(
  fromDay: string,
  toDay: string,
  stepSeconds = 3600,
  outside = { before: 0, after: 0 },
): FormulaFrame {
  const days = [];
  let first = 0;
  for (let day = marketDay(fromDay, zone); day.date < toDay; day = dayAfter(day, zone)) {
    const slots = slotsOf(day, stepSeconds);
    days.push({ day, first, slots });
    first += slots;
  }
  const fromSlot = days[outside.before]?.first ?? 0;
  const last = days.at(-1 - outside.after)!;
  return { zone, stepSeconds, days, fromSlot, toSlot: last.first + last.slots };
}

export const lengthOf = ({ days }: FormulaFrame): number => days.at(-1)!.first + days.at(-1)!.slots;

export interface Given extends InputValues {
  readonly unit: string;
  readonly members?: readonly SlotValues[];
}

export const given = (unit: string, values: ArrayLike<number>, flags?: ArrayLike<number>): Given => ({
  unit,
  values: Float64Array.from(values),
  flags: flags ? Uint16Array.from(flags) : new Uint16Array(values.length),
});

/** Checks and evaluates in one go. */
export function evaluate(
  formula: string,
  frame: FormulaFrame,
  inputs: Readonly<Record<string, Given>>,
): FormulaResult & { unit: string; daysBefore: number } {
  const checked = checkFormula(formula, describe(inputs, frame.stepSeconds), {
    rates: new Set(frame.days.flatMap(({ day }) => frame.calendarOn?.(day.date)?.rates ?? [])),
  });
  const folded = Object.entries(inputs).map(([name, own]): [string, InputValues] => {
    const folds = checked.folds.filter(({ input }) => input === name);
    return [
      name,
      {
        ...own,
        folds: new Map(
          folds.map((fold) => [fold.key, foldMembers(fold, own.members ?? [], own.values.length)]),
        ),
      },
    ];
  });
  const result = evaluateFormula(checked, frame, new Map(folded));
  return { ...result, unit: checked.unit, daysBefore: checked.daysBefore };
}

export const describe = (inputs: Readonly<Record<string, Given>>, step: number): Map<string, FormulaInput> =>
  new Map(
    Object.entries(inputs).map(([name, { unit, members }]) => [
      name,
      { unit, step, group: members !== undefined },
    ]),
  );

/** Numbers of a result, whatever its shape. */
export function numbersOf({ value }: FormulaResult): number[] {
  if (value.shape === "one") return [value.value];
  return [...value.values];
}
