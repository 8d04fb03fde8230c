import { quality } from "../quality.ts";
import { expectNumber, type FunctionRule, type Literal } from "./rule.ts";
import { isPower, percent, plain, unitName } from "./units.ts";
import { type FormulaSeries, leftOut, one, type SlotValues, type Value, type ValueType } from "./value.ts";

/** Numbers of a period, or of all members at one instant: from `from` to `to`. */
interface Numbers extends SlotValues {
  readonly from: number;
  readonly to: number;
}

/** NaN where there is nothing to fold. */
type Fold = (numbers: Numbers, literals: readonly Literal[]) => number;

function presentOf({ values, from, to }: Numbers): Float64Array {
  return values.subarray(from, to).filter((value) => !Number.isNaN(value));
}

const sum: Fold = ({ values, from, to }) => {
  let [total, count] = [0, 0];
  for (let slot = from; slot < to; slot++) {
    const value = values[slot]!;
    if (Number.isNaN(value)) continue;
    total += value;
    count++;
  }
  return count === 0 ? Number.NaN : total;
};
const count: Fold = ({ values, from, to }) => {
  let found = 0;
  for (let slot = from; slot < to; slot++) if (!Number.isNaN(values[slot]!)) found++;
  return found;
};
const avg: Fold = (numbers, literals) => sum(numbers, literals) / count(numbers, literals);

const placeOf =
  (better: (a: number, b: number) => boolean) =>
  ({ values, from, to }: Numbers): number => {
    let place = -1;
    for (let slot = from; slot < to; slot++) {
      const value = values[slot]!;
      if (!Number.isNaN(value) && (place < 0 || better(value, values[place]!))) place = slot;
    }
    return place;
  };
const placeOfMax = placeOf((a, b) => a > b);
const placeOfMin = placeOf((a, b) => a < b);
const at =
  (place: (numbers: Numbers) => number): Fold =>
  (numbers) =>
    numbers.values[place(numbers)] ?? Number.NaN;

/** Linear between the closest ranks. */
const percentile: Fold = (numbers, [rank]) => {
  const sorted = presentOf(numbers).sort();
  if (sorted.length === 0) return Number.NaN;
  const place = ((rank as number) / 100) * (sorted.length - 1);
  const below = sorted[Math.floor(place)]!;
  return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
};
/** Of a sample: divided by n − 1. */
const stdev: Fold = (numbers) => {
  const present = presentOf(numbers);
  if (present.length < 2) return Number.NaN;
  const mean = present.reduce((total, value) => total + value, 0) / present.length;
  return Math.sqrt(present.reduce((total, value) => total + (value - mean) ** 2, 0) / (present.length - 1));
};
const coverage: Fold = (numbers, literals) => {
  const { flags, from, to } = numbers;
  let expected = 0;
  for (let slot = from; slot < to; slot++) if ((flags[slot]! & leftOut) === 0) expected++;
  return expected === 0 ? Number.NaN : count(numbers, literals) / expected;
};

type Gives = "same" | "count" | "percent";

function fold(
  name: string,
  compute: Fold,
  gives: Gives = "same",
  more: readonly "number"[] = [],
): FunctionRule {
  return {
    name,
    parameters: ["value", ...more],
    min: 1 + more.length,
    max: 1 + more.length,
    foldMembers: (members, slots, literals) =>
      across(compute, { members, slots }, literals, gives === "count"),
    type: ([x], [rank], refuse) => {
      if (x!.shape === "one") refuse(0, "formula.kind", { expected: "series", found: "one" });
      if (gives === "same") expectNumber(x!, 0, refuse);
      if (name === "sum" && isPower(x!.unit) && x!.shape === "series")
        refuse(0, "formula.sum-of-power", { unit: unitName(x!.unit), proposal: "energy" });
      if (more.length > 0 && !((rank as number) >= 0 && (rank as number) <= 100))
        refuse(1, "formula.argument", { name, expected: "0…100" });
      const unit = gives === "same" ? x!.unit : gives === "percent" ? percent : plain;
      return { ...foldedShape(x!), of: "number", unit };
    },
    run: ([x], literals, _, __, [type]) =>
      // Of a condition the times are counted at which it holds.
      apply(name === "count" && type?.of === "logical" ? sum : compute, x!, literals, gives === "count"),
  };
}

const foldedShape = ({ shape, step }: ValueType): Pick<ValueType, "shape" | "step"> =>
  shape === "members" ? { shape: "series", step } : { shape: "one", step: undefined };

function apply(compute: Fold, x: Value, literals: readonly Literal[], counts: boolean): Value {
  if (x.shape === "one") throw new Error("a single number has no period");
  const { values, flags, grid } = x;
  return one(
    orNone(compute({ values, flags, from: grid.from, to: grid.to }, literals), counts),
    flagsOf(x, !counts && compute !== coverage),
  );
}

/** Of nothing there are none. */
const orNone = (found: number, counts: boolean): number => (counts && Number.isNaN(found) ? 0 : found);

/** All members at each slot. */
function across(
  compute: Fold,
  { members, slots }: { readonly members: readonly SlotValues[]; readonly slots: number },
  literals: readonly Literal[],
  counts: boolean,
): SlotValues {
  const values = new Float64Array(slots);
  const flags = new Uint16Array(slots);
  const now = new Float64Array(members.length);
  const nowFlags = new Uint16Array(members.length);
  for (let slot = 0; slot < slots; slot++) {
    for (let nth = 0; nth < members.length; nth++) {
      now[nth] = members[nth]!.values[slot]!;
      nowFlags[nth] = members[nth]!.flags[slot]!;
      flags[slot] = flags[slot]! | nowFlags[nth]!;
    }
    const found = compute({ values: now, flags: nowFlags, from: 0, to: members.length }, literals);
    values[slot] = orNone(found, counts);
  }
  return { values, flags };
}

/** Quality of what is in it, and whether something is missing of it; how many there are, and the coverage itself, lack nothing. */
function flagsOf({ values, flags, grid }: FormulaSeries, marksMissing: boolean): number {
  let all = 0;
  for (let slot = grid.from; slot < grid.to; slot++) {
    if (!Number.isNaN(values[slot]!)) all |= flags[slot]!;
    else if (marksMissing && (flags[slot]! & leftOut) === 0) all |= quality.partial;
  }
  return all & ~leftOut;
}

export const periodFunctions: readonly FunctionRule[] = [
  fold("sum", sum),
  fold("avg", avg),
  fold("maxof", at(placeOfMax)),
  fold("minof", at(placeOfMin)),
  fold("count", count, "count"),
  fold("percentile", percentile, "same", ["number"]),
  fold("stdev", stdev),
  fold("first", at(placeOf(() => false))),
  fold("last", at(placeOf(() => true))),
  fold("coverage", coverage, "percent"),
  {
    name: "timeofmax",
    parameters: ["value"],
    min: 1,
    max: 1,
    type: ([x], _, refuse) => {
      if (x!.shape !== "series") refuse(0, "formula.kind", { expected: "series", found: x!.shape });
      expectNumber(x!, 0, refuse);
      return { shape: "one", step: undefined, of: "instant", unit: plain };
    },
    run: ([x]) => {
      const series = x as FormulaSeries;
      const place = placeOfMax({ ...series, from: series.grid.from, to: series.grid.to });
      return one(series.grid.starts[place] ?? Number.NaN, series.flags[place] ?? 0);
    },
  },
  {
    name: "members",
    parameters: ["group"],
    min: 1,
    max: 1,
    type: ([x]) => ({ ...x!, shape: "members" }),
    run: () => {
      throw new Error("members are folded before a formula runs");
    },
  },
];
