import { FormulaError, formulaLimits } from "./error.ts";
import { propose } from "./propose.ts";
import { type Token, tokenize } from "./tokens.ts";
import { units } from "./units.ts";

export type BinaryOperator = "+" | "-" | "*" | "/" | "=" | "<>" | "<" | "<=" | ">" | ">=" | "and" | "or";

/** A formula as a tree; `column` is where its operator, name or number stands. */
export type FormulaNode =
  | {
      readonly kind: "number";
      readonly value: number;
      readonly unit: string | undefined;
      readonly column: number;
    }
  | { readonly kind: "name" | "text"; readonly text: string; readonly column: number }
  | {
      readonly kind: "unary";
      readonly operator: "-" | "not";
      readonly of: FormulaNode;
      readonly column: number;
    }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: FormulaNode;
      readonly right: FormulaNode;
      readonly column: number;
    }
  | { readonly kind: "power"; readonly of: FormulaNode; readonly exponent: number; readonly column: number }
  | {
      readonly kind: "call";
      readonly name: string;
      readonly args: readonly FormulaNode[];
      readonly column: number;
    };

const comparisons: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">="]);
const exponentMax = 9;

/**
 * Parses a formula:
 * `or := and {OR and}`, `and := cmp {AND cmp}`, `cmp := add [= <> < <= > >= add]`, `add := mul {+ - mul}`, `mul := pow {* / pow}`,
 * `pow := unary [^ integer]`, `unary := [- NOT] atom`, `atom := number[unit] | [name] | name | name(arg {; arg}) | (or) | "text"`.
 * Work is linear in the length: nothing is tried twice.
 * @throws FormulaError
 */
export function parseFormula(formula: string): FormulaNode {
  const tokens = tokenize(formula);
  let at = 0;
  let depth = 0;
  let nodes = 0;

  const peek = (): Token => tokens[at]!;
  const isSign = (text: string): boolean => {
    const token = peek();
    return token.kind === "sign" && token.text === text;
  };
  const isWord = (word: string): boolean => {
    const token = peek();
    return token.kind === "name" && token.text.toLowerCase() === word;
  };
  const made = <Node extends FormulaNode>(node: Node): Node => {
    if (++nodes > formulaLimits.nodes)
      throw new FormulaError("formula.nodes", node.column, { max: formulaLimits.nodes });
    return node;
  };
  const binary = (operator: BinaryOperator, left: FormulaNode, next: () => FormulaNode): FormulaNode => {
    const { column } = tokens[at++]!;
    return made({ kind: "binary", operator, left, right: next(), column });
  };

  function or(): FormulaNode {
    const { column } = peek();
    if (++depth > formulaLimits.depth)
      throw new FormulaError("formula.depth", column, { max: formulaLimits.depth });
    let left = and();
    while (isWord("or")) left = binary("or", left, and);
    depth--;
    return left;
  }
  function and(): FormulaNode {
    let left = comparison();
    while (isWord("and")) left = binary("and", left, comparison);
    return left;
  }
  function comparison(): FormulaNode {
    const left = sum();
    const token = peek();
    if (token.kind !== "sign" || !comparisons.has(token.text)) return left;
    return binary(token.text as BinaryOperator, left, sum);
  }
  function sum(): FormulaNode {
    let left = product();
    while (isSign("+") || isSign("-")) left = binary(isSign("+") ? "+" : "-", left, product);
    return left;
  }
  function product(): FormulaNode {
    let left = power();
    while (isSign("*") || isSign("/")) left = binary(isSign("*") ? "*" : "/", left, power);
    return left;
  }
  function power(): FormulaNode {
    const of = unary();
    if (!isSign("^")) return of;
    const { column } = tokens[at++]!;
    const minus = isSign("-");
    if (minus) at++;
    const token = peek();
    if (token.kind !== "number" || !Number.isInteger(token.value) || token.value > exponentMax)
      throw new FormulaError("formula.exponent", token.column, { max: exponentMax });
    at++;
    return made({ kind: "power", of, exponent: minus ? -token.value : token.value, column });
  }
  function unary(): FormulaNode {
    const { column } = peek();
    const operator = isSign("-") ? "-" : isWord("not") ? "not" : undefined;
    if (operator === undefined) return atom();
    at++;
    return made({ kind: "unary", operator, of: atom(), column });
  }
  function atom(): FormulaNode {
    const token = peek();
    if (token.kind === "end" && tokens.length === 1) throw new FormulaError("formula.empty", 1);
    if (token.kind === "number") {
      at++;
      return made({ kind: "number", value: token.value, unit: unit(), column: token.column });
    }
    if (token.kind === "bracketed" || token.kind === "text") {
      at++;
      const kind = token.kind === "text" ? "text" : "name";
      return made({ kind, text: token.text, column: token.column });
    }
    if (token.kind === "name" && !isWord("and") && !isWord("or") && !isWord("not")) {
      at++;
      if (isSign("(")) return call(token.text, token.column);
      return made({ kind: "name", text: token.text, column: token.column });
    }
    if (isSign("(")) {
      at++;
      const inside = or();
      close(token.column);
      return inside;
    }
    throw new FormulaError("formula.expected", token.column, {
      found: token.kind === "end" ? "" : token.text,
    });
  }
  /** A name behind a number can only be its unit. */
  function unit(): string | undefined {
    const token = peek();
    if (token.kind !== "name" || isWord("and") || isWord("or")) return undefined;
    if (!units.has(token.text)) {
      const proposal = propose(token.text, units.keys());
      throw new FormulaError("formula.unit", token.column, {
        found: token.text,
        ...(proposal && { proposal }),
      });
    }
    at++;
    return token.text;
  }
  function call(name: string, column: number): FormulaNode {
    const opening = peek().column;
    at++;
    const args: FormulaNode[] = [];
    if (!isSign(")")) {
      args.push(or());
      while (isSign(";")) {
        at++;
        args.push(or());
      }
    }
    close(opening);
    return made({ kind: "call", name, args, column });
  }
  function close(opening: number): void {
    const token = peek();
    if (token.kind === "end")
      throw new FormulaError("formula.unclosed", opening, { opening: "(", closing: ")" });
    if (!isSign(")"))
      throw new FormulaError("formula.expected", token.column, {
        found: token.kind === "number" ? String(token.value) : token.text,
      });
    at++;
  }

  const root = or();
  const rest = peek();
  if (rest.kind !== "end")
    throw new FormulaError("formula.expected", rest.column, {
      found: rest.kind === "number" ? String(rest.value) : rest.text,
    });
  return root;
}
