import {
  checkFormula,
  dayAfter,
  evaluateFormula,
  type FormulaFrame,
  type FormulaNode,
  marketDay,
  parseFormula,
  slotsOf,
} from "@energsys/metering";
import { atMost, type Bench, type Metric, median } from "./bench.ts";

const zone = "Europe/Bucharest";
const repeats = 25;

/** What a report computes: losses in percent, a condition, a coalesced sum. */
const formulas = [
  ["losses", "ratio([In] - [Out]; [In])"],
  ["power", "max(([In] - [Out]) / 0,25h; 0)"],
  ["condition", "if([In] > 2 kWh AND [Out] > 0; [In] - [Out]; coalesce([Out]; 0))"],
  ["period", "ratio(sum([In]) - sum([Out]); sum([In])) + ratio(maxof([Out]); maxof([In]))"],
] as const;

/** A year of quarter-hours, 35,040 of them. */
function year(): FormulaFrame {
  const days = [];
  let first = 0;
  for (let day = marketDay("2025-01-01", zone); day.date < "2026-01-01"; day = dayAfter(day, zone)) {
    const slots = slotsOf(day, 900);
    days.push({ day, first, slots });
    first += slots;
  }
  return { zone, stepSeconds: 900, days, fromSlot: 0, toSlot: first };
}

/** The same formulas the plain way: the tree is walked anew for each interval, names are looked up each time. */
function naive(
  node: FormulaNode,
  slot: number,
  inputs: ReadonlyMap<string, Float64Array>,
  length: number,
): number {
  const at = (other: FormulaNode) => naive(other, slot, inputs, length);
  switch (node.kind) {
    case "number":
      return node.value * (node.unit === "kWh" ? 1000 : 1);
    case "name":
      return inputs.get(node.text)![slot]!;
    case "binary": {
      const [a, b] = [at(node.left), at(node.right)];
      if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
      if (node.operator === "+") return a + b;
      if (node.operator === "-") return a - b;
      if (node.operator === "/") return b === 0 ? Number.NaN : a / b;
      if (node.operator === ">") return a > b ? 1 : 0;
      return a !== 0 && b !== 0 ? 1 : 0;
    }
    case "call": {
      const [x, y, z] = node.args as [FormulaNode, FormulaNode, FormulaNode];
      if (node.name === "max") return Math.max(at(x), at(y));
      if (node.name === "ratio") return at(y) === 0 ? Number.NaN : at(x) / at(y);
      if (node.name === "coalesce") return Number.isNaN(at(x)) ? at(y) : at(x);
      if (node.name === "if") return Number.isNaN(at(x)) ? Number.NaN : at(x) === 1 ? at(y) : at(z);
      let found = node.name === "sum" ? 0 : Number.NEGATIVE_INFINITY;
      for (let each = 0; each < length; each++) {
        const value = naive(x, each, inputs, length);
        if (Number.isNaN(value)) continue;
        found = node.name === "sum" ? found + value : Math.max(found, value);
      }
      return found;
    }
    default:
      throw new Error(`the naive way does not know ${node.kind}`);
  }
}

export const bench: Bench = {
  name: "formula",
  about: "formulas over a year of quarter-hours, beside a walk through the tree for each interval",
  async run({ log }) {
    const frame = year();
    const length = frame.toSlot;
    const values = (seed: number) =>
      Float64Array.from({ length }, (_, slot) =>
        (slot * seed) % 97 === 0 ? Number.NaN : (slot * seed) % 4001,
      );
    const plain = new Map([
      ["In", values(7919)],
      ["Out", values(104_729)],
    ]);
    const flags = new Uint16Array(length);
    const inputs = new Map([...plain].map(([name, own]) => [name, { values: own, flags }]));
    const described = new Map([...plain.keys()].map((name) => [name, { unit: "kWh", step: 900 }]));
    const metrics: Metric[] = [];
    for (const [name, text] of formulas) {
      const [ours, theirs]: [number[], number[]] = [[], []];
      const tree = parseFormula(text);
      for (let nth = 0; nth < repeats; nth++) {
        let began = performance.now();
        const { value } = evaluateFormula(checkFormula(text, described), frame, inputs);
        ours.push(performance.now() - began);
        began = performance.now();
        const slots = value.shape === "series" ? length : 1;
        const wanted = Float64Array.from({ length: slots }, (_, slot) => naive(tree, slot, plain, length));
        theirs.push(performance.now() - began);
        const found = value.shape === "series" ? value.values : value.shape === "one" ? [value.value] : [];
        const wrong = wanted.findIndex((each, slot) => !Object.is(each + 0, found[slot]! + 0));
        if (wrong >= 0) throw new Error(`${text} at ${wrong}: ${found[wrong]}, naive ${wanted[wrong]}`);
      }
      log(`${text}: ${median(ours).toFixed(2)} ms, naive ${median(theirs).toFixed(2)} ms`);
      metrics.push(atMost(`${name}, 35,040 intervals`, median(ours), "ms", 3), {
        name: `${name}, naive beside it`,
        value: median(theirs) / median(ours),
        unit: "times",
      });
    }
    return { metrics };
  },
};
