import { checkFormula, FormulaError, formulaFunctions, parseFormula } from "@energsys/metering";
import { expect, test } from "vitest";
import { describe, evaluate, frameOf, given, lengthOf, numbersOf } from "./fixtures.ts";

/** Another seed each day, told in the name of the test; a day's finds can be had again by setting it. */
const seed = Number(process.env["ENERGSYS_FUZZ_SEED"] ?? Math.floor(Date.now() / 86_400_000));
const inputsMax = Number(process.env["ENERGSYS_FUZZ_INPUTS"] ?? 20_000);
const parseMsMax = 50;

/** A small generator of random numbers (xorshift), so that a seed tells everything. */
function randomOf(start: number): () => number {
  let state = (start * 2654435761) >>> 0 || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

const frame = frameOf("2026-10-24", "2026-10-27");
const length = lengthOf(frame);
const values = randomOf(7);
const some = (unit: string) =>
  given(
    unit,
    Float64Array.from({ length }, () =>
      values() < 0.05 ? Number.NaN : Math.floor(values() * 9) * 1000 - 2000,
    ),
  );
const inputs = { A: some("kWh"), B: some("kWh"), U: some("V"), P: some("kW") };
const described = describe(inputs, 3600);

const words = [
  ...formulaFunctions.keys(),
  "A",
  "B",
  "[U]",
  "P",
  "[A",
  "]",
  "(",
  ")",
  ";",
  "+",
  "-",
  "*",
  "/",
  "^",
  "=",
  "<>",
  "<",
  "<=",
  ">",
  ">=",
  "AND",
  "OR",
  "NOT",
  "1",
  "0",
  "2,5",
  "3.75",
  "1h",
  "-1d",
  "15min",
  "kWh",
  "%",
  '"peak"',
  '"',
  ".",
  ",",
  " ",
  "constructor",
  "__proto__",
  "ș",
  "𝒜",
  "\u0000",
  "\u202e",
  "0x10",
  "1e309",
  "9".repeat(40),
  "day",
  "month",
  "sum",
  "\n",
  "`",
  "$",
  "{",
  "}",
  "\\",
];

function randomText(random: () => number): string {
  const kind = random();
  const size = Math.floor(random() ** 3 * 400) + 1;
  let text = "";
  for (let nth = 0; nth < size && text.length < 4200; nth++) {
    if (kind < 0.7) text += words[Math.floor(random() * words.length)];
    else if (kind < 0.9) text += String.fromCharCode(32 + Math.floor(random() * 95));
    else text += String.fromCharCode(Math.floor(random() * 65_536));
  }
  return text;
}

test(`${inputsMax} random inputs (seed ${seed}): nothing but a reasoned refusal, none over ${parseMsMax} ms`, {
  timeout: 3_600_000,
}, () => {
  const random = randomOf(seed);
  let [accepted, slowestMs, slowest] = [0, 0, ""];
  for (let nth = 0; nth < inputsMax; nth++) {
    const text = nth % 3 === 0 ? print(randomTree(random, 6)).slice(0, 4200) : randomText(random);
    const broken = nth % 6 === 0 ? text.slice(0, Math.floor(random() * text.length)) : text;
    let began = performance.now();
    let parsed = false;
    try {
      parseFormula(broken);
      parsed = true;
    } catch (error) {
      if (!(error instanceof FormulaError))
        throw new Error(`not refused, but broken: ${broken}`, { cause: error });
      expect(error.column >= 1 && error.column <= broken.length + 1).toBe(true);
    }
    let tookMs = performance.now() - began;
    // The machine may have stood still: what is slow is slow again.
    for (let again = 0; again < 3 && tookMs > parseMsMax; again++) {
      began = performance.now();
      try {
        parseFormula(broken);
      } catch {}
      tookMs = Math.min(tookMs, performance.now() - began);
    }
    if (tookMs > slowestMs) [slowestMs, slowest] = [tookMs, broken];
    if (!parsed) continue;
    try {
      evaluate(broken, frame, inputs);
      accepted++;
    } catch (error) {
      if (!(error instanceof FormulaError))
        throw new Error(`not refused, but broken: ${broken}`, { cause: error });
    }
  }
  if (process.env["ENERGSYS_FUZZ_INPUTS"])
    process.stdout.write(`${inputsMax} inputs, ${accepted} accepted, slowest ${slowestMs.toFixed(2)} ms\n`);
  expect(slowestMs, slowest).toBeLessThan(parseMsMax);
  expect(accepted).toBeGreaterThan(inputsMax / 50);
});

test.each([
  "constructor",
  "constructor.constructor('return process')()",
  "__proto__",
  "[__proto__]",
  "[constructor]",
  "A.constructor",
  "A['constructor']",
  "A[0]",
  "eval(1)",
  "Function(1)",
  "require(1)",
  "import(1)",
  "process",
  "globalThis",
  "this",
  "toString(A)",
  "hasOwnProperty(A)",
  "valueOf()",
  "(() => 1)()",
  "function(){}()",
  "`1`",
  "$" + "{1}",
  "A; drop table point",
  "A -- x",
  "A /* x */",
  "A = A = A",
  "=1+1",
  "@SUM(A)",
  "A, B",
  "1e309",
  "0x10",
  "1_000",
  `${"9".repeat(400)}`,
  "\\u0041",
  "\u202eA",
  "A\u0000",
  "Α", // Greek
  `${"(".repeat(4000)}`,
  `${"-".repeat(3999)}1`,
  `${"NOT ".repeat(900)}1`,
  `${"abs(".repeat(200)}A${")".repeat(200)}`,
  `${"A^9".repeat(100)}`,
  `${"1+".repeat(1999)}1`,
  `[${"a".repeat(3990)}]`,
  `${"[".repeat(4000)}`,
  `${'"'.repeat(3999)}`,
  "A".repeat(4001),
  "shift(A; -99999d)",
  "resample(A; 0h; sum)",
  "resample(A; -1h; sum)",
  "round(A; 400)",
  "A ^ 999999",
  'band(A; "__proto__")',
  "resample(A; 1d; constructor)",
])("the attack %s is refused", (formula) => {
  expect(() => checkFormula(formula, described)).toThrow(FormulaError);
});

/** A formula as the test builds it; the naive evaluator below knows nothing of the engine. */
type Tree =
  | { readonly is: "number"; readonly value: number }
  | { readonly is: "series"; readonly name: "A" | "B" }
  | {
      readonly is: "binary";
      readonly operator: "+" | "-" | "*" | "/";
      readonly left: Tree;
      readonly right: Tree;
    }
  | { readonly is: "negative"; readonly of: Tree }
  | { readonly is: "square"; readonly of: Tree }
  | {
      readonly is: "call";
      readonly name: "abs" | "min" | "max" | "coalesce" | "shift";
      readonly args: readonly Tree[];
    }
  | {
      readonly is: "if";
      readonly operator: ">" | "<=" | "=" | "<>";
      readonly args: readonly [Tree, Tree, Tree, Tree];
    }
  | {
      readonly is: "period";
      readonly name: "sum" | "avg" | "maxof" | "minof" | "count" | "last";
      readonly of: Tree;
    };

function pick<Item>(random: () => number, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)]!;
}

function randomTree(random: () => number, depth: number): Tree {
  const kind = depth <= 0 ? random() * 0.3 : random();
  const next = () => randomTree(random, depth - 1);
  if (kind < 0.12) return { is: "number", value: Math.floor(random() * 41) / 4 };
  if (kind < 0.3) return { is: "series", name: pick(random, ["A", "B"] as const) };
  if (kind < 0.6)
    return {
      is: "binary",
      operator: pick(random, ["+", "-", "*", "/"] as const),
      left: next(),
      right: next(),
    };
  if (kind < 0.66) return { is: "negative", of: next() };
  if (kind < 0.7) return { is: "square", of: next() };
  if (kind < 0.74) return { is: "call", name: "abs", args: [next()] };
  if (kind < 0.84)
    return { is: "call", name: pick(random, ["min", "max", "coalesce"] as const), args: [next(), next()] };
  if (kind < 0.88) return { is: "call", name: "shift", args: [{ is: "series", name: "B" }] };
  if (kind < 0.94)
    return {
      is: "if",
      operator: pick(random, [">", "<=", "=", "<>"] as const),
      args: [next(), next(), next(), next()],
    };
  return {
    is: "period",
    name: pick(random, ["sum", "avg", "maxof", "minof", "count", "last"] as const),
    of: { is: "binary", operator: "+", left: { is: "series", name: "A" }, right: next() },
  };
}

/** Everything is divided by its unit, so that any two parts may be combined. */
function print(tree: Tree): string {
  switch (tree.is) {
    case "number":
      return String(tree.value).replace(".", ",");
    case "series":
      return `([${tree.name}] / 1 Wh)`;
    case "binary":
      return `(${print(tree.left)} ${tree.operator} ${print(tree.right)})`;
    case "negative":
      return `(-(${print(tree.of)}))`;
    case "square":
      return `((${print(tree.of)})^2)`;
    case "call":
      return `${tree.name}(${tree.args.map(print).join("; ")}${tree.name === "shift" ? "; -1h" : ""})`;
    case "if":
      return `if(${print(tree.args[0])} ${tree.operator} ${print(tree.args[1])}; ${print(tree.args[2])}; ${print(tree.args[3])})`;
    case "period":
      return `${tree.name}(${print(tree.of)})`;
  }
}

/** One slot at a time, everything anew: slow, and too simple to be wrong in the same way. */
function naive(tree: Tree, slot: number): number {
  switch (tree.is) {
    case "number":
      return tree.value;
    case "series":
      return inputs[tree.name].values[slot] ?? Number.NaN;
    case "negative":
      return -naive(tree.of, slot);
    case "square":
      return naive(tree.of, slot) * naive(tree.of, slot);
    case "binary": {
      const [a, b] = [naive(tree.left, slot), naive(tree.right, slot)];
      if (tree.operator === "+") return a + b;
      if (tree.operator === "-") return a - b;
      if (tree.operator === "*") return a * b;
      return b === 0 ? Number.NaN : a / b;
    }
    case "call": {
      if (tree.name === "shift") return naive(tree.args[0]!, slot - 1);
      const [a, b] = tree.args.map((arg) => naive(arg, slot));
      if (tree.name === "abs") return Math.abs(a!);
      if (tree.name === "coalesce") return Number.isNaN(a!) ? b! : a!;
      if (Number.isNaN(a!) || Number.isNaN(b!)) return Number.NaN;
      return (tree.name === "min") === a! < b! ? a! : b!;
    }
    case "if": {
      const [a, b] = [naive(tree.args[0], slot), naive(tree.args[1], slot)];
      if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
      const holds =
        tree.operator === ">"
          ? a > b
          : tree.operator === "<="
            ? a <= b
            : tree.operator === "="
              ? a === b
              : a !== b;
      return naive(tree.args[holds ? 2 : 3], slot);
    }
    case "period": {
      const present: number[] = [];
      for (let each = 0; each < length; each++) {
        const value = naive(tree.of, each);
        if (!Number.isNaN(value)) present.push(value);
      }
      if (tree.name === "count") return present.length;
      if (present.length === 0) return Number.NaN;
      if (tree.name === "last") return present.at(-1)!;
      if (tree.name === "maxof") return present.reduce((a, b) => (b > a ? b : a));
      if (tree.name === "minof") return present.reduce((a, b) => (b < a ? b : a));
      const sum = present.reduce((a, b) => a + b, 0);
      return tree.name === "sum" ? sum : sum / present.length;
    }
  }
}

/** How many parts of the period lie within one another: the naive way takes their product of slots. */
function periodsIn(tree: Tree): number {
  switch (tree.is) {
    case "number":
    case "series":
      return 0;
    case "binary":
      return Math.max(periodsIn(tree.left), periodsIn(tree.right));
    case "negative":
    case "square":
      return periodsIn(tree.of);
    case "call":
    case "if":
      return Math.max(...tree.args.map(periodsIn));
    case "period":
      return 1 + periodsIn(tree.of);
  }
}

test(`random formulas give what a naive evaluator gives, slot by slot (seed ${seed})`, {
  timeout: 120_000,
}, () => {
  const random = randomOf(seed + 1);
  let compared = 0;
  for (let nth = 0; nth < 1500; nth++) {
    const tree = randomTree(random, 4);
    if (periodsIn(tree) > 1) continue;
    const text = print(tree);
    const found = numbersOf(evaluate(text, frame, inputs));
    for (let slot = 0; slot < found.length; slot += 5) {
      const wanted = naive(tree, slot);
      const same = Object.is(found[slot], wanted) || found[slot] === wanted;
      if (!same) expect.fail(`${text} at ${slot}: ${found[slot]}, naive ${wanted}`);
      compared++;
    }
  }
  expect(compared).toBeGreaterThan(5000);
});
