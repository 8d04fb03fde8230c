import { quality } from "../quality.ts";
import { applyBinary } from "./arithmetic.ts";
import type { Checked, CheckedFormula } from "./check.ts";
import { FormulaError, formulaLimits } from "./error.ts";
import { baseGrid, coarser, type FormulaFrame, type Grid, type Step } from "./grid.ts";
import { type FormulaSeries, map, one, type Running, type Value } from "./value.ts";

/** Values of one input in base units by slot of the frame, NaN where none is there, with their bits of quality. */
export interface InputValues {
  readonly values: Float64Array;
  readonly flags: Uint16Array;
  /** Of a group, when the formula asks for them. */
  readonly members?: readonly { readonly values: Float64Array; readonly flags: Uint16Array }[] | undefined;
}

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
        return input(node.name, node.members > 0);
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

  function input(name: string, members: boolean): Value {
    const key = `${members} ${name}`;
    let found = series.get(key);
    if (found) return found;
    const given = inputs.get(name);
    if (given === undefined) throw new Error(`the input ${name} was checked, but is not given`);
    const asSeries = ({ values, flags }: InputValues): FormulaSeries => {
      if (values.length !== grid.length) throw new Error(`the input ${name} has other slots than its frame`);
      return { shape: "series", grid, values, flags };
    };
    if (typeof given === "number") found = one(given);
    else if (!members) found = asSeries(given);
    else found = { shape: "members", grid, list: (given.members ?? []).map(asSeries) };
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
      return own;
    case "input":
      return own * Math.max(1, node.members);
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
