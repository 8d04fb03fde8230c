import { quality } from "../quality.ts";
import { applyBinary } from "./arithmetic.ts";
import type { Checked, CheckedFormula, MemberFold } from "./check.ts";
import { FormulaError, formulaLimits } from "./error.ts";
import { formulaFunctions } from "./functions.ts";
import { baseGrid, coarser, type FormulaFrame, type Grid, type Step } from "./grid.ts";
import { map, one, type Running, type SlotValues, type Value } from "./value.ts";

/** Values of one input by slot of the frame. */
export interface InputValues extends SlotValues {
  /** Of a group what the formula makes of its members, by the key of each fold. */
  readonly folds?: ReadonlyMap<string, SlotValues> | undefined;
}

/** Folds members of so many slots each: any part of a period, and all members of it. */
export const foldMembers = (
  { function: name, literals }: Pick<MemberFold, "function" | "literals">,
  members: readonly SlotValues[],
  slots: number,
): SlotValues => formulaFunctions.get(name)!.foldMembers!(members, slots, literals);

export interface FormulaResult {
  readonly value: Value;
  readonly divisionsByZero: number;
  /** Of all series that went in, in the reported part of the frame. */
  readonly expected: number;
  readonly present: number;
  readonly estimated: number;
}

/**
 * Evaluates a checked formula over a frame. Whoever calls it with formulas of strangers does so where it can be stopped.
 * @throws FormulaError `formula.values` when more than 20 million values would be computed
 */
export function evaluateFormula(
  formula: CheckedFormula,
  frame: FormulaFrame,
  inputs: ReadonlyMap<string, InputValues | number>,
): FormulaResult {
  const grid = baseGrid(frame);
  const values = valuesOf(formula.root, grid.length);
  if (values > formulaLimits.values)
    throw new FormulaError("formula.values", 1, { max: formulaLimits.values, found: values });
  const grids = new Map<Grid, Map<Step, ReturnType<typeof coarser>>>();
  const shared = new Map<Step, ReturnType<typeof coarser>>();
  const running: Running = {
    frame,
    divisionsByZero: 0,
    coarserThan: (fine, step) => {
      const known = grids.get(fine) ?? new Map<Step, ReturnType<typeof coarser>>();
      grids.set(fine, known);
      let found = known.get(step);
      if (!found) {
        found = coarser(frame, fine, step);
        // Two ways to one step meet in one grid.
        const first = shared.get(step);
        if (first) found = { grid: first.grid, into: found.into };
        else shared.set(step, found);
        known.set(step, found);
      }
      return found;
    },
  };
  const series = new Map<string, Value>();
  const value = run(formula.root);
  return { value, divisionsByZero: running.divisionsByZero, ...coverageOf(formula, grid, inputs) };

  function run(node: Checked): Value {
    switch (node.kind) {
      case "constant":
        return one(node.value);
      case "input":
        return input(node.name, undefined);
      case "fold":
        return input(node.name, node.key);
      case "members":
        throw new Error("members are folded before a formula runs");
      case "negate":
        return map(run(node.of), (value) => -value);
      case "not":
        return map(run(node.of), (value) => 1 - value);
      case "power":
        return raise(run(node.of), node.exponent, running);
      case "binary":
        return applyBinary(node.operator, run(node.left), run(node.right), running);
      case "call": {
        const args = node.args.map((arg) => run(arg));
        return node.rule.run(
          args,
          node.literals,
          running,
          node.type,
          node.args.map(({ type }) => type),
        );
      }
    }
  }

  function input(name: string, fold: string | undefined): Value {
    const key = `${fold ?? ""}\n${name}`;
    let found = series.get(key);
    if (found) return found;
    const given = inputs.get(name);
    if (given === undefined) throw new Error(`the input ${name} was checked, but is not given`);
    if (typeof given === "number") found = one(given);
    else {
      const own = fold === undefined ? given : given.folds?.get(fold);
      if (!own || own.values.length !== grid.length)
        throw new Error(`the input ${name} has other slots than its frame`);
      found = { shape: "series", grid, values: own.values, flags: own.flags };
    }
    series.set(key, found);
    return found;
  }
}

/** A negative power of 0 is a division by it. */
function raise(value: Value, exponent: number, running: Running): Value {
  if (exponent >= 0) return map(value, (each) => each ** exponent);
  return applyBinary(
    "/",
    one(1),
    map(value, (each) => each ** -exponent),
    running,
  );
}

/** How many values a tree computes, at most: no coarser grid is longer than the base one. */
function valuesOf(node: Checked, length: number): number {
  const own = node.type.shape === "one" ? 1 : length;
  switch (node.kind) {
    case "constant":
    case "input":
    case "members":
    case "fold":
      return own;
    case "negate":
    case "not":
    case "power":
      return own + valuesOf(node.of, length);
    case "binary":
      return own + valuesOf(node.left, length) + valuesOf(node.right, length);
    case "call":
      return own + node.args.reduce((sum, arg) => sum + valuesOf(arg, length), 0);
  }
}

function coverageOf(
  { names }: CheckedFormula,
  { from, to }: Grid,
  inputs: ReadonlyMap<string, InputValues | number>,
): Pick<FormulaResult, "expected" | "present" | "estimated"> {
  let [expected, present, estimated] = [0, 0, 0];
  for (const name of names) {
    const given = inputs.get(name);
    if (given === undefined || typeof given === "number") continue;
    for (let slot = from; slot < to; slot++) {
      expected++;
      if (Number.isNaN(given.values[slot]!)) continue;
      present++;
      if ((given.flags[slot]! & quality.estimated) !== 0) estimated++;
    }
  }
  return { expected, present, estimated };
}
