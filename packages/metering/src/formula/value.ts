import type { FormulaFrame, Grid, Step } from "./grid.ts";
import type { Unit } from "./units.ts";

/** Values by slot in base units, NaN where none is there, with their bits of quality. */
export interface SlotValues {
  readonly values: Float64Array;
  readonly flags: Uint16Array;
}

/** What a part of a formula gives, known before anything is evaluated. */
export interface ValueType {
  readonly shape: "one" | "series" | "members";
  readonly of: "number" | "logical" | "instant";
  readonly unit: Unit;
  /** Of a series and of members. */
  readonly step: Step | undefined;
  /** The literal 0 goes with every unit. */
  readonly zero?: boolean;
}

/** One number (logical as 1 and 0, an instant as ms) or NaN where there is none; flags are all bits of quality of what is in it. */
export interface One {
  readonly shape: "one";
  readonly value: number;
  readonly flags: number;
}

export interface FormulaSeries extends SlotValues {
  readonly shape: "series";
  readonly grid: Grid;
}

export type Value = One | FormulaSeries;

/** Slot that `band`, `workdays` or `hours` left out: neither there nor missing. The one bit that quality has free. */
export const leftOut = 0x8000;

/** What functions need while they run. */
export interface Running {
  readonly frame: FormulaFrame;
  /** Divisions by zero so far: each gave a missing value. */
  divisionsByZero: number;
  /** Coarser grids by step and finer grid: two series of one step can be combined because they share it. */
  coarserThan(grid: Grid, step: Step): { readonly grid: Grid; readonly into: Int32Array };
}

export const one = (value: number, flags = 0): One => ({ shape: "one", value, flags });

/** Applies `compute` to each number of one value. */
export function map(of: Value, compute: (value: number) => number): Value {
  if (of.shape === "one") return one(compute(of.value), of.flags);
  const values = new Float64Array(of.values.length);
  for (let slot = 0; slot < values.length; slot++) values[slot] = compute(of.values[slot]!);
  return { ...of, values };
}

/** Flags of what is made of both; an array that adds nothing is shared. */
export function joinFlags(a: Uint16Array, b: Uint16Array): Uint16Array {
  if (a === b) return a;
  const flags = new Uint16Array(a.length);
  for (let slot = 0; slot < flags.length; slot++) flags[slot] = a[slot]! | b[slot]!;
  return flags;
}

export function withFlags(flags: Uint16Array, more: number): Uint16Array {
  if (more === 0) return flags;
  const made = new Uint16Array(flags.length);
  for (let slot = 0; slot < made.length; slot++) made[slot] = flags[slot]! | more;
  return made;
}
