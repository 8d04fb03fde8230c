export { type CheckedFormula, checkFormula, type FormulaInput, type MemberFold } from "./check.ts";
export * from "./error.ts";
export * from "./evaluate.ts";
export { formulaFunctions } from "./functions.ts";
export type { FormulaFrame, Step } from "./grid.ts";
export { type FormulaNode, parseFormula } from "./parse.ts";
export type { Surroundings } from "./rule.ts";
export { type FormulaSeries, leftOut, type SlotValues, type Value, type ValueType } from "./value.ts";
