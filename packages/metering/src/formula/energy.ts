import { applyBinary } from "./arithmetic.ts";
import { expectNumber, expectSeries, type FunctionRule, joined } from "./rule.ts";
import { agree, asActive, isEnergy, isPower, percent, perHour, plain, unitName } from "./units.ts";
import { type FormulaSeries, joinFlags, one, type Running, type Value } from "./value.ts";

/** Energy of each interval as its mean power, or the other way round. */
const perTime = (name: string, sign: 1 | -1): FunctionRule => ({
  name,
  parameters: ["value"],
  min: 1,
  max: 1,
  type: ([x], _, refuse) => {
    expectSeries(x!, 0, refuse);
    expectNumber(x!, 0, refuse);
    if (sign === 1 ? !isEnergy(x!.unit) : !isPower(x!.unit))
      refuse(0, "formula.argument", { name, expected: sign === 1 ? "kWh" : "kW", found: unitName(x!.unit) });
    return { ...x!, unit: perHour(x!.unit, sign) };
  },
  run: ([x]) => {
    const series = x as FormulaSeries;
    const values = new Float64Array(series.values.length);
    for (let slot = 0; slot < values.length; slot++) {
      const hours = series.grid.hours(slot);
      values[slot] = sign === 1 ? series.values[slot]! / hours : series.values[slot]! * hours;
    }
    return { ...series, values };
  },
});

const factor = (p: number, q: number): number => p / Math.sqrt(p * p + q * q);

function powerFactor(p: Value, q: Value, running: Running): Value {
  if (p.shape === "one" && q.shape === "one") {
    if (p.value === 0 && q.value === 0) running.divisionsByZero++;
    return one(factor(p.value, q.value), p.flags | q.flags);
  }
  const { grid } = (p.shape === "series" ? p : q) as FormulaSeries;
  const at = (value: Value, slot: number) =>
    value.shape === "series" ? value.values[slot]! : value.shape === "one" ? value.value : Number.NaN;
  const flagsOf = (value: Value) =>
    value.shape === "series"
      ? value.flags
      : new Uint16Array(grid.length).fill(value.shape === "one" ? value.flags : 0);
  const values = new Float64Array(grid.length);
  for (let slot = 0; slot < values.length; slot++) {
    const [a, b] = [at(p, slot), at(q, slot)];
    values[slot] = factor(a, b);
    if (a === 0 && b === 0 && slot >= grid.from && slot < grid.to) running.divisionsByZero++;
  }
  return { shape: "series", grid, values, flags: joinFlags(flagsOf(p), flagsOf(q)) };
}

export const energyFunctions: readonly FunctionRule[] = [
  {
    name: "ratio",
    parameters: ["value"],
    min: 2,
    max: 2,
    type: (args, _, refuse) => {
      for (const [nth, each] of args.entries()) expectNumber(each, nth, refuse);
      const [a, b] = [args[0]!, args[1]!];
      if (!a.zero && !agree(a.unit, b.unit))
        refuse(1, "formula.compare-units", { left: unitName(a.unit), right: unitName(b.unit) });
      return { ...joined(args, refuse), of: "number", unit: percent };
    },
    run: ([a, b], _, running) => applyBinary("/", a!, b!, running),
  },
  perTime("power", 1),
  perTime("energy", -1),
  {
    name: "pf",
    parameters: ["value"],
    min: 2,
    max: 2,
    type: (args, _, refuse) => {
      for (const [nth, each] of args.entries()) expectNumber(each, nth, refuse);
      const [p, q] = [args[0]!, args[1]!];
      const fits =
        (isEnergy(p.unit) || isPower(p.unit)) && agree(p.unit, asActive(q.unit)) && !agree(p.unit, q.unit);
      if (!fits) refuse(1, "formula.compare-units", { left: unitName(p.unit), right: unitName(q.unit) });
      return { ...joined(args, refuse), of: "number", unit: plain };
    },
    run: ([p, q], _, running) => powerFactor(p!, q!, running),
  },
  {
    name: "loadfactor",
    parameters: ["value"],
    min: 1,
    max: 1,
    type: ([x], _, refuse) => {
      expectSeries(x!, 0, refuse);
      expectNumber(x!, 0, refuse);
      if (typeof x!.step !== "number") refuse(0, "formula.step", { left: String(x!.step), right: "h" });
      return { shape: "one", step: undefined, of: "number", unit: plain };
    },
    run: ([x], _, running) => {
      const { values, flags, grid } = x as FormulaSeries;
      let [sum, count, max, all] = [0, 0, Number.NEGATIVE_INFINITY, 0];
      for (let slot = grid.from; slot < grid.to; slot++) {
        const value = values[slot]!;
        if (Number.isNaN(value)) continue;
        sum += value;
        count++;
        if (value > max) max = value;
        all |= flags[slot]!;
      }
      if (count === 0) return one(Number.NaN);
      return applyBinary("/", one(sum / count, all), one(max), running);
    },
  },
];
