import type { BinaryOperator } from "./parse.ts";
import {
  type FormulaSeries,
  joinFlags,
  type One,
  one,
  type Running,
  type Value,
  withFlags,
} from "./value.ts";

type Loop = (a: Float64Array, b: Float64Array, out: Float64Array) => void;

/** One loop for each operator: a call for each value would cost more than the arithmetic. NaN goes through all of them. */
const loops: ReadonlyMap<BinaryOperator, Loop> = new Map<BinaryOperator, Loop>([
  [
    "+",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i]! + b[i]!;
    },
  ],
  [
    "-",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i]! - b[i]!;
    },
  ],
  [
    "*",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i]! * b[i]!;
    },
  ],
  [
    "/",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i]! / b[i]!;
    },
  ],
]);

const logical: ReadonlyMap<BinaryOperator, Loop> = new Map<BinaryOperator, Loop>([
  [
    "=",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i] === b[i] ? 1 : 0;
    },
  ],
  [
    "<>",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i] !== b[i] ? 1 : 0;
    },
  ],
  [
    "<",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i]! < b[i]! ? 1 : 0;
    },
  ],
  [
    "<=",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i]! <= b[i]! ? 1 : 0;
    },
  ],
  [
    ">",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i]! > b[i]! ? 1 : 0;
    },
  ],
  [
    ">=",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i]! >= b[i]! ? 1 : 0;
    },
  ],
  [
    "and",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i] !== 0 && b[i] !== 0 ? 1 : 0;
    },
  ],
  [
    "or",
    (a, b, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i] !== 0 || b[i] !== 0 ? 1 : 0;
    },
  ],
]);

/** `a` and `b` have one step, or are single numbers. Missing where either is; a division by zero is missing and counted. */
export function applyBinary(operator: BinaryOperator, a: Value, b: Value, running: Running): Value {
  if (a.shape === "one" && b.shape === "one") return ofOnes(operator, a, b, running);
  const shape = a.shape === "one" ? b : a;
  const { grid } = shape as FormulaSeries;
  const [left, right] = [spread(a, grid.length), spread(b, grid.length)];
  const out = new Float64Array(grid.length);
  const loop = loops.get(operator);
  if (loop) loop(left, right, out);
  else {
    logical.get(operator)!(left, right, out);
    dropMissing(left, right, out);
  }
  if (operator === "/") dropInfinite(left, right, out, grid.from, grid.to, running);
  return { shape: "series", grid, values: out, flags: flagsOf(a, b) };
}

/** A condition on a missing value is missing. */
function dropMissing(left: Float64Array, right: Float64Array, out: Float64Array): void {
  for (let i = 0; i < out.length; i++)
    if (Number.isNaN(left[i]!) || Number.isNaN(right[i]!)) out[i] = Number.NaN;
}

/** Only the slots reported are counted. */
function dropInfinite(
  left: Float64Array,
  right: Float64Array,
  out: Float64Array,
  from: number,
  to: number,
  running: Running,
): void {
  for (let i = 0; i < out.length; i++) {
    if (right[i] !== 0) continue;
    out[i] = Number.NaN;
    if (i >= from && i < to && !Number.isNaN(left[i]!)) running.divisionsByZero++;
  }
}

function ofOnes(operator: BinaryOperator, a: One, b: One, running: Running): One {
  const flags = a.flags | b.flags;
  if (Number.isNaN(a.value) || Number.isNaN(b.value)) return one(Number.NaN, flags);
  const compare = logical.get(operator);
  if (compare) {
    const out = new Float64Array(1);
    compare(Float64Array.of(a.value), Float64Array.of(b.value), out);
    return one(out[0]!, flags);
  }
  if (operator === "+") return one(a.value + b.value, flags);
  if (operator === "-") return one(a.value - b.value, flags);
  if (operator === "*") return one(a.value * b.value, flags);
  if (b.value !== 0) return one(a.value / b.value, flags);
  running.divisionsByZero++;
  return one(Number.NaN, flags);
}

/** A single number as a series of it. */
export function spread(value: Value, length: number): Float64Array {
  return value.shape === "one" ? new Float64Array(length).fill(value.value) : value.values;
}

/** Quality of both, slot by slot. */
export function flagsOf(a: Value, b: Value): Uint16Array {
  if (a.shape === "one") return withFlags((b as FormulaSeries).flags, a.flags);
  if (b.shape === "one") return withFlags((a as FormulaSeries).flags, b.flags);
  return joinFlags((a as FormulaSeries).flags, (b as FormulaSeries).flags);
}
