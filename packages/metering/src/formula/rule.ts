import type { FormulaErrorCode } from "./error.ts";
import type { Step } from "./grid.ts";
import type { Running, SlotValues, Value, ValueType } from "./value.ts";

/** What an argument must be: a value, or something written out that is known before anything runs. */
export type Parameter = "value" | "group" | "number" | "text" | "span" | "step" | "method";

/** An argument that is written out: a number, a text, a span of time or a step. */
export type Literal =
  | number
  | string
  | { readonly seconds: number; readonly days: number }
  | { readonly step: Step };

/** Refuses an argument (counted from 0) with its column. */
export type Refuse = (
  nth: number,
  code: FormulaErrorCode,
  params?: Readonly<Record<string, string | number>>,
) => never;

/** What the check knows of the place where a formula will run. */
export interface Surroundings {
  /** Rates of the calendar in force, for `band`. */
  readonly rates?: ReadonlySet<string> | undefined;
}

/** One function: one row of the table. Types are settled before anything runs. */
export interface FunctionRule {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** Fewest and most arguments; the last parameter repeats. */
  readonly min: number;
  readonly max: number;
  /** Takes members of a group as well: what it makes of them, interval by interval. */
  foldMembers?(members: readonly SlotValues[], slots: number, literals: readonly Literal[]): SlotValues;
  type(
    args: readonly ValueType[],
    literals: readonly Literal[],
    refuse: Refuse,
    around: Surroundings,
  ): ValueType;
  run(
    args: readonly Value[],
    literals: readonly Literal[],
    running: Running,
    type: ValueType,
    types: readonly ValueType[],
  ): Value;
  /** Days before (negative) or after the period that the function looks at. */
  reach?(literals: readonly Literal[]): number;
}

/** The shape and step of what is made of these interval by interval. */
export function joined(args: readonly ValueType[], refuse: Refuse): Pick<ValueType, "shape" | "step"> {
  let step: Step | undefined;
  for (const [nth, each] of args.entries()) {
    if (each.shape !== "series") continue;
    if (step !== undefined && each.step !== step)
      refuse(nth, "formula.step", { left: String(step), right: String(each.step) });
    step = each.step;
  }
  return step === undefined ? { shape: "one", step } : { shape: "series", step };
}

export function expectNumber(type: ValueType, nth: number, refuse: Refuse): void {
  if (type.of !== "number") refuse(nth, "formula.kind", { expected: "number", found: type.of });
}

export function expectSeries(type: ValueType, nth: number, refuse: Refuse): void {
  if (type.shape !== "series") refuse(nth, "formula.kind", { expected: "series", found: type.shape });
}
