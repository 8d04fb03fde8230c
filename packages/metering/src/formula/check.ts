import { FormulaError, type FormulaErrorCode, formulaLimits } from "./error.ts";
import { formulaFunctions } from "./functions.ts";
import type { Step } from "./grid.ts";
import { type BinaryOperator, type FormulaNode, parseFormula } from "./parse.ts";
import { propose } from "./propose.ts";
import {
  type FunctionRule,
  joined,
  type Literal,
  type Parameter,
  type Refuse,
  type Surroundings,
} from "./rule.ts";
import { agree, overUnit, plain, powerUnit, spans, timesUnit, type Unit, unitName, units } from "./units.ts";
import type { ValueType } from "./value.ts";

/** What a name stands for. Values are given in base units (Wh, W, V …); the unit says how they are shown. */
export interface FormulaInput {
  readonly unit: string;
  /** Absent for a single number. */
  readonly step?: Step | undefined;
  /** Whether it has members, for `members`. */
  readonly group?: boolean | undefined;
}

/** What a formula makes of the members of a group at each interval. Whoever evaluates it folds them first: as many at once as there is room for. */
export interface MemberFold {
  readonly input: string;
  /** The name under which the formula finds it. */
  readonly key: string;
  readonly function: string;
  readonly literals: readonly Literal[];
}

/** A formula whose names, kinds and units are settled. */
export type Checked =
  | { readonly kind: "constant"; readonly value: number; readonly type: ValueType }
  | { readonly kind: "input" | "members"; readonly name: string; readonly type: ValueType }
  | { readonly kind: "fold"; readonly name: string; readonly key: string; readonly type: ValueType }
  | { readonly kind: "negate" | "not"; readonly of: Checked; readonly type: ValueType }
  | { readonly kind: "power"; readonly of: Checked; readonly exponent: number; readonly type: ValueType }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Checked;
      readonly right: Checked;
      readonly type: ValueType;
    }
  | {
      readonly kind: "call";
      readonly rule: FunctionRule;
      readonly args: readonly Checked[];
      readonly literals: readonly Literal[];
      readonly type: ValueType;
    };

export interface CheckedFormula {
  readonly root: Checked;
  readonly type: ValueType;
  /** Unit in which the result is shown: empty for a plain number. */
  readonly unit: string;
  /** Names of inputs, each once. */
  readonly names: readonly string[];
  /** What must be made of members before, each once. */
  readonly folds: readonly MemberFold[];
  /** Days beyond the period that must be loaded for `shift` and `delta`, at most; whoever loads them sets a limit. */
  readonly daysBefore: number;
  readonly daysAfter: number;
}

/**
 * Parses a formula and settles names, kinds and units, so that nothing but missing values can happen while it runs.
 * @throws FormulaError
 */
export function checkFormula(
  formula: string,
  inputs: ReadonlyMap<string, FormulaInput>,
  around: Surroundings = {},
): CheckedFormula {
  const tree = parseFormula(formula);
  const names = new Set<string>();
  const folds = new Map<string, MemberFold>();
  let [daysBefore, daysAfter] = [0, 0];

  function input(text: string, column: number, members: boolean): Checked {
    const found = inputs.get(text);
    if (!found) {
      const proposal = propose(text, inputs.keys());
      throw new FormulaError("formula.unknown-name", column, { name: text, ...(proposal && { proposal }) });
    }
    names.add(text);
    if (names.size > formulaLimits.series)
      throw new FormulaError("formula.series", column, { max: formulaLimits.series });
    if (members && !found.group)
      throw new FormulaError("formula.kind", column, { expected: "group", found: "series" });
    const unit = found.unit === "" ? plain : units.get(found.unit);
    if (!unit) throw new FormulaError("formula.unit", column, { found: found.unit });
    const shape = found.step === undefined ? "one" : "series";
    const type: ValueType = { shape, of: "number", unit, step: found.step };
    return { kind: members ? "members" : "input", name: text, type };
  }

  /** `reach` is how many days the parts above look back (negative) and ahead. */
  function check(node: FormulaNode, back: number, ahead: number): Checked {
    switch (node.kind) {
      case "number": {
        const unit = node.unit === undefined ? plain : units.get(node.unit)!;
        const zero = node.value === 0 && node.unit === undefined;
        const type: ValueType = { shape: "one", of: "number", unit, step: undefined, ...(zero && { zero }) };
        return { kind: "constant", value: node.value * unit.factor, type };
      }
      case "text":
        throw new FormulaError("formula.kind", node.column, { expected: "number", found: "text" });
      case "name":
        [daysBefore, daysAfter] = [Math.max(daysBefore, -back), Math.max(daysAfter, ahead)];
        return input(node.text, node.column, false);
      case "unary": {
        const of = check(node.of, back, ahead);
        const wanted = node.operator === "-" ? "number" : "logical";
        expectKind(of.type, wanted, node.of.column);
        return { kind: node.operator === "-" ? "negate" : "not", of, type: of.type };
      }
      case "power": {
        const of = check(node.of, back, ahead);
        expectKind(of.type, "number", node.of.column);
        return {
          kind: "power",
          of,
          exponent: node.exponent,
          type: { ...of.type, zero: false, unit: powerUnit(of.type.unit, node.exponent) },
        };
      }
      case "binary":
        return binary(node, check(node.left, back, ahead), check(node.right, back, ahead));
      case "call":
        return call(node, back, ahead);
    }
  }

  function binary(node: FormulaNode & { kind: "binary" }, left: Checked, right: Checked): Checked {
    const { operator, column } = node;
    const [a, b] = [left.type, right.type];
    const connects = operator === "and" || operator === "or";
    expectKind(a, connects ? "logical" : "number", node.left.column);
    expectKind(b, connects ? "logical" : "number", node.right.column);
    const refuse: Refuse = (_, code, params) => {
      throw new FormulaError(code, column, params);
    };
    const shape = joined([a, b], refuse);
    const alike = a.zero || b.zero || agree(a.unit, b.unit);
    const params = { operator, left: unitName(a.unit), right: unitName(b.unit) };
    let unit: Unit = plain;
    if (operator === "+" || operator === "-") {
      if (!alike) refuse(0, "formula.add-units", params);
      unit = a.zero ? b.unit : a.unit;
    } else if (operator === "*") unit = timesUnit(a.unit, b.unit);
    else if (operator === "/") unit = overUnit(a.unit, b.unit);
    else if (!connects && !alike) refuse(0, "formula.compare-units", params);
    const of = connects || logicalOperators.has(operator) ? "logical" : "number";
    return { kind: "binary", operator, left, right, type: { ...shape, of, unit } };
  }

  function call(node: FormulaNode & { kind: "call" }, back: number, ahead: number): Checked {
    const rule = formulaFunctions.get(node.name.toLowerCase());
    if (!rule) {
      const proposal = propose(node.name, formulaFunctions.keys());
      throw new FormulaError("formula.unknown-function", node.column, {
        name: node.name,
        ...(proposal && { proposal }),
      });
    }
    if (node.args.length < rule.min || node.args.length > rule.max)
      throw new FormulaError("formula.arguments", node.column, {
        name: rule.name,
        min: rule.min,
        max: rule.max,
        found: node.args.length,
      });
    const parameterOf = (nth: number): Parameter =>
      rule.parameters[Math.min(nth, rule.parameters.length - 1)]!;
    const literals = node.args.flatMap((arg, nth) => {
      const parameter = parameterOf(nth);
      return parameter === "value" || parameter === "group" ? [] : [literalOf(arg, parameter, rule.name)];
    });
    const days = rule.reach?.(literals) ?? 0;
    const [earlier, later] = [back + Math.min(days, 0), ahead + Math.max(days, 0)];
    const args = node.args.flatMap((arg, nth) => {
      const parameter = parameterOf(nth);
      if (parameter === "group") {
        if (arg.kind !== "name")
          throw new FormulaError("formula.kind", arg.column, { expected: "group", found: "number" });
        [daysBefore, daysAfter] = [Math.max(daysBefore, -back), Math.max(daysAfter, ahead)];
        return [input(arg.text, arg.column, true)];
      }
      if (parameter !== "value") return [];
      const checked = check(arg, earlier, later);
      if (checked.type.shape === "members" && !rule.foldMembers)
        throw new FormulaError("formula.kind", arg.column, { expected: "series", found: "members" });
      return [checked];
    });
    const refuse: Refuse = (nth: number, code: FormulaErrorCode, params = {}) => {
      throw new FormulaError(code, (node.args[nth] ?? node).column, params);
    };
    const type = rule.type(
      args.map((arg) => arg.type),
      literals,
      refuse,
      around,
    );
    const made: ValueType = { ...type, zero: false };
    const [of] = args;
    if (of?.kind !== "members") return { kind: "call", rule, args, literals, type: made };
    if (rule.name === "members") return { ...of, type: made };
    const fold: MemberFold = {
      input: of.name,
      key: [rule.name, ...literals].join(" "),
      function: rule.name,
      literals,
    };
    folds.set(`${fold.key} ${fold.input}`, fold);
    return { kind: "fold", name: of.name, key: fold.key, type: made };
  }

  const root = check(tree, 0, 0);
  if (root.type.shape === "members")
    throw new FormulaError("formula.kind", tree.column, { expected: "series", found: "members" });
  const { type } = root;
  return {
    ...{ root, type, unit: unitName(type.unit) },
    ...{ names: [...names], folds: [...folds.values()], daysBefore, daysAfter },
  };
}

const logicalOperators: ReadonlySet<BinaryOperator> = new Set<BinaryOperator>([
  "=",
  "<>",
  "<",
  "<=",
  ">",
  ">=",
]);

function expectKind(type: ValueType, wanted: "number" | "logical", column: number): void {
  if (type.shape === "members")
    throw new FormulaError("formula.kind", column, { expected: "series", found: "members" });
  if (type.of !== wanted)
    throw new FormulaError("formula.kind", column, { expected: wanted, found: type.of });
}

/** What is written out: `-1d`, `1h`, `month`, `"peak"`, `95`, `sum`. */
function literalOf(node: FormulaNode, parameter: Parameter, name: string): Literal {
  const [sign, number] = node.kind === "unary" && node.operator === "-" ? [-1, node.of] : [1, node];
  if (parameter === "text" && node.kind === "text") return node.text;
  if (parameter === "method" && node.kind === "name") return node.text.toLowerCase();
  if (parameter === "number" && number.kind === "number" && number.unit === undefined)
    return sign * number.value;
  if (parameter === "step" && node.kind === "name" && (node.text === "day" || node.text === "month"))
    return { step: node.text };
  if (
    (parameter === "span" || parameter === "step") &&
    number.kind === "number" &&
    number.unit !== undefined
  ) {
    const span = spans.get(number.unit);
    if (span) {
      const [seconds, days] = [sign * number.value * span.seconds, sign * number.value * span.days];
      if (parameter === "span") return { seconds, days };
      if (days === 1) return { step: "day" };
      if (days === 0) return { step: seconds };
    }
  }
  throw new FormulaError("formula.argument", node.column, { name, expected: parameter });
}
