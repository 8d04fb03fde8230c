import { FormulaError, formulaLimits } from "./error.ts";

export type Token =
  | { readonly kind: "number"; readonly value: number; readonly column: number }
  | { readonly kind: "name" | "bracketed" | "text"; readonly text: string; readonly column: number }
  | { readonly kind: "sign"; readonly text: string; readonly column: number }
  | { readonly kind: "end"; readonly text: ""; readonly column: number };

const blank = /[ \t\r\n\u00a0]+/y;
const number = /[0-9]+(?:[.,][0-9]+)?/y;
/** `%` and `°C` are units; both are names to the tokenizer. */
const name = /%|°C|[\p{L}_][\p{L}\p{N}\p{M}_]*/uy;
const sign = /<>|<=|>=|[=<>+\-*/^();]/y;
const nameMax = 200;
const digitsMax = 30;

/**
 * Cuts a formula into tokens. Decimal comma and point both read, so arguments are separated by `;` alone.
 * @throws FormulaError `formula.too-long`, `formula.character`, `formula.number`, `formula.unclosed`
 */
export function tokenize(formula: string): Token[] {
  if (formula.length > formulaLimits.characters)
    throw new FormulaError("formula.too-long", formulaLimits.characters + 1, {
      max: formulaLimits.characters,
    });
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(formula)?.[0];
  };
  while (at < formula.length) {
    const space = take(blank);
    if (space !== undefined) {
      at += space.length;
      continue;
    }
    const column = at + 1;
    const digits = take(number);
    const word = digits === undefined ? take(name) : undefined;
    const mark = digits === undefined && word === undefined ? take(sign) : undefined;
    if (digits !== undefined) {
      const next = formula[at + digits.length];
      if (digits.length > digitsMax || next === "." || next === ",")
        throw new FormulaError("formula.number", column, { found: formula.slice(at, at + digitsMax) });
      tokens.push({ kind: "number", value: Number(digits.replace(",", ".")), column });
      at += digits.length;
    } else if (word !== undefined) {
      tokens.push({ kind: "name", text: word, column });
      at += word.length;
    } else if (mark !== undefined) {
      tokens.push({ kind: "sign", text: mark, column });
      at += mark.length;
    } else {
      const opening = formula[at]!;
      const closing = opening === "[" ? "]" : opening === '"' ? '"' : undefined;
      if (closing === undefined) {
        const found = String.fromCodePoint(formula.codePointAt(at)!);
        throw new FormulaError("formula.character", column, { found });
      }
      const end = formula.indexOf(closing, at + 1);
      if (end < 0 || end - at > nameMax)
        throw new FormulaError("formula.unclosed", column, { opening, closing });
      const text = formula
        .slice(at + 1, end)
        .trim()
        .replace(/\s+/gu, " ");
      tokens.push({ kind: opening === "[" ? "bracketed" : "text", text, column });
      at = end + 1;
    }
  }
  tokens.push({ kind: "end", text: "", column: formula.length + 1 });
  return tokens;
}
