import { quality } from "../quality.ts";
import { flagsOf, spread } from "./arithmetic.ts";
import { expectNumber, type FunctionRule, joined, type Refuse } from "./rule.ts";
import { agree, plain, type Unit, unitName } from "./units.ts";
import { type FormulaSeries, leftOut, map, one, type Value, type ValueType } from "./value.ts";

/** Rounding is of the number as it is shown: of 1234 Wh that are called 1.234 kWh. Half away from zero. */
const shownAs = (
  name: string,
  min: number,
  max: number,
  round: (value: number, digits: number) => number,
): FunctionRule => ({
  name,
  parameters: ["value", "number"],
  min,
  max,
  type: ([x], [digits], refuse) => {
    expectNumber(x!, 0, refuse);
    if (digits !== undefined && (!Number.isInteger(digits) || Math.abs(digits as number) > 9))
      refuse(1, "formula.argument", { name, expected: "integer" });
    return x!;
  },
  run: ([x], [digits], _, { unit }) =>
    map(x!, (value) => round(value / unit.factor, (digits as number | undefined) ?? 0) * unit.factor),
});

function roundHalf(value: number, digits: number): number {
  const power = 10 ** digits;
  const size = Math.round(Math.abs(value) * power) / power;
  return value < 0 ? -size : size;
}

/** One unit for all of these; a literal 0 takes the others'. */
function oneUnit(args: readonly ValueType[], first: number, refuse: Refuse): Unit {
  const named = args.find(({ zero }) => !zero) ?? args[0]!;
  for (const [nth, each] of args.entries()) {
    expectNumber(each, nth + first, refuse);
    if (!each.zero && !agree(named.unit, each.unit))
      refuse(nth + first, "formula.add-units", { left: unitName(named.unit), right: unitName(each.unit) });
  }
  return named.unit;
}

type Loop = (a: Float64Array, b: Float64Array, out: Float64Array) => void;

const extreme = (name: string, loop: Loop): FunctionRule => ({
  name,
  parameters: ["value"],
  min: 2,
  max: 50,
  type: (args, _, refuse) => ({ ...joined(args, refuse), of: "number", unit: oneUnit(args, 0, refuse) }),
  run: (args) => args.reduce((a, b) => pairwise(a, b, loop)),
});

/** Both, slot by slot, with the quality of both. */
function pairwise(a: Value, b: Value, loop: Loop): Value {
  const series = seriesOf([a, b]);
  const out = new Float64Array(series?.grid.length ?? 1);
  loop(spread(a, out.length), spread(b, out.length), out);
  if (series) return { ...series, values: out, flags: flagsOf(a, b) };
  return one(out[0]!, flagOf(a) | flagOf(b));
}

const seriesOf = (values: readonly Value[]): FormulaSeries | undefined =>
  values.find((each): each is FormulaSeries => each.shape === "series");
const flagOf = (value: Value): number => (value.shape === "one" ? value.flags : 0);

/** Values and quality slot by slot; a single number as one slot, or as many as there are. */
function slotsOf(value: Value, length: number): { values: Float64Array; flags: Uint16Array } {
  if (value.shape === "series") return value;
  return { values: spread(value, length), flags: new Uint16Array(length).fill(flagOf(value)) };
}

function asValue(like: FormulaSeries | undefined, values: Float64Array, flags: Uint16Array): Value {
  return like ? { ...like, values, flags } : one(values[0]!, flags[0]!);
}

/** The value that the condition chooses, with the quality of both. */
function choose(condition: Value, yes: Value, no: Value): Value {
  const series = seriesOf([condition, yes, no]);
  const length = series?.grid.length ?? 1;
  const [held, a, b] = [slotsOf(condition, length), slotsOf(yes, length), slotsOf(no, length)];
  const values = new Float64Array(length);
  const flags = new Uint16Array(length);
  for (let slot = 0; slot < length; slot++) {
    const holds = held.values[slot]!;
    flags[slot] = held.flags[slot]! | (holds === 1 ? a.flags[slot]! : holds === 0 ? b.flags[slot]! : 0);
    values[slot] = holds === 1 ? a.values[slot]! : holds === 0 ? b.values[slot]! : Number.NaN;
  }
  return asValue(series, values, flags);
}

/** The first value that is there, with its quality. */
function firstPresent(args: readonly Value[]): Value {
  const series = seriesOf(args);
  const length = series?.grid.length ?? 1;
  const first = slotsOf(args[0]!, length);
  const values = first.values.slice();
  const flags = first.flags.slice();
  for (const each of args.slice(1)) {
    const other = slotsOf(each, length);
    for (let slot = 0; slot < length; slot++) {
      if (!Number.isNaN(values[slot]!) || Number.isNaN(other.values[slot]!)) continue;
      values[slot] = other.values[slot]!;
      flags[slot] = other.flags[slot]!;
    }
  }
  return asValue(series, values, flags);
}

/** Asks something of value and quality; what `band` and its like left out stays left out. */
const asks = (name: string, ask: (value: number, flags: number) => number): FunctionRule => ({
  name,
  parameters: ["value"],
  min: 1,
  max: 1,
  type: ([x]) => ({ shape: x!.shape, step: x!.step, of: "logical", unit: plain }),
  run: ([x]) => {
    if (x!.shape === "one") return one(ask(x!.value, x!.flags), x!.flags);
    const { values, flags } = x as FormulaSeries;
    const out = new Float64Array(values.length);
    for (let slot = 0; slot < out.length; slot++)
      out[slot] = (flags[slot]! & leftOut) !== 0 ? Number.NaN : ask(values[slot]!, flags[slot]!);
    return { ...(x as FormulaSeries), values: out };
  },
});

export const intervalFunctions: readonly FunctionRule[] = [
  {
    name: "abs",
    parameters: ["value"],
    min: 1,
    max: 1,
    type: ([x], _, refuse) => {
      expectNumber(x!, 0, refuse);
      return x!;
    },
    run: ([x]) => map(x!, Math.abs),
  },
  shownAs("round", 1, 2, roundHalf),
  shownAs("floor", 1, 1, Math.floor),
  shownAs("ceil", 1, 1, Math.ceil),
  extreme("min", (a, b, out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.min(a[i]!, b[i]!);
  }),
  extreme("max", (a, b, out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.max(a[i]!, b[i]!);
  }),
  {
    name: "if",
    parameters: ["value"],
    min: 3,
    max: 3,
    type: (args, _, refuse) => {
      const [condition, yes, no] = args as [ValueType, ValueType, ValueType];
      if (condition.of !== "logical") refuse(0, "formula.kind", { expected: "logical", found: condition.of });
      if (yes.of === "logical" && no.of === "logical")
        return { ...joined(args, refuse), of: "logical", unit: plain };
      return { ...joined(args, refuse), of: "number", unit: oneUnit([yes, no], 1, refuse) };
    },
    run: ([condition, yes, no]) => choose(condition!, yes!, no!),
  },
  {
    name: "coalesce",
    parameters: ["value"],
    min: 2,
    max: 10,
    type: (args, _, refuse) => ({ ...joined(args, refuse), of: "number", unit: oneUnit(args, 0, refuse) }),
    run: firstPresent,
  },
  asks("ismissing", (value) => (Number.isNaN(value) ? 1 : 0)),
  asks("isestimated", (value, flags) =>
    Number.isNaN(value) ? Number.NaN : (flags & quality.estimated) !== 0 ? 1 : 0,
  ),
];
