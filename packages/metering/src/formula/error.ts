/** Why a formula is refused. The text is the catalogue's; `column` counts from 1, `params` fill the sentence. */
export class FormulaError extends Error {
  override readonly name = "FormulaError";
  readonly code: FormulaErrorCode;
  readonly column: number;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(
    code: FormulaErrorCode,
    column: number,
    params: Readonly<Record<string, string | number>> = {},
  ) {
    super(`${code}, column ${column}`);
    this.code = code;
    this.column = column;
    this.params = params;
  }
}

/** Every reason for which a formula is refused. */
export const formulaErrorCodes = [
  "formula.too-long",
  "formula.empty",
  "formula.character",
  "formula.number",
  "formula.unit",
  "formula.unclosed",
  "formula.expected",
  "formula.depth",
  "formula.nodes",
  "formula.series",
  "formula.values",
  "formula.unknown-name",
  "formula.unknown-function",
  "formula.arguments",
  "formula.argument",
  "formula.kind",
  "formula.add-units",
  "formula.compare-units",
  "formula.sum-of-power",
  "formula.exponent",
  "formula.step",
  "formula.unknown-rate",
  "formula.rate-switch",
] as const;
export type FormulaErrorCode = (typeof formulaErrorCodes)[number];

/** What a formula may be at most; whoever evaluates stops it after `evaluateMs`. */
export const formulaLimits = {
  characters: 4000,
  depth: 64,
  nodes: 500,
  series: 50,
  values: 20_000_000,
  evaluateMs: 10_000,
} as const;
