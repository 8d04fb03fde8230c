import {
  type CheckedFormula,
  checkFormula,
  FormulaError,
  type FormulaInput,
  type FormulaNode,
  parseFormula,
} from "@energsys/metering";
import type { ReportColumn, ReportDefinition } from "@energsys/store";
import type { EnergyName } from "../schemas/analysis.ts";
import { inputOf } from "./read-inputs.ts";

export type CheckedColumn =
  | { readonly ok: true; readonly checked: CheckedFormula }
  | { readonly ok: false; readonly error: FormulaError };

/** Names of the report with what they are before anything is read: intervals of a quarter-hour. */
export const inputsOf = ({ inputs }: ReportDefinition): ReadonlyMap<string, FormulaInput> =>
  new Map(
    inputs.map(({ name, of, energy }) => [
      name,
      inputOf(energy as EnergyName, /^[gm]|^row/.test(of) ? 1 : undefined),
    ]),
  );

/** Checks each column for itself: its formula, and whether it fits the rows of the report. */
export function checkColumns(
  { rows, columns }: Pick<ReportDefinition, "rows" | "columns">,
  inputs: ReadonlyMap<string, FormulaInput>,
): CheckedColumn[] {
  let step: string | undefined;
  return columns.map(({ formula }: ReportColumn): CheckedColumn => {
    try {
      const checked = checkFormula(formula, inputs);
      const { shape, step: own } = checked.type;
      if (rows !== "interval" && shape !== "one")
        throw new FormulaError("formula.kind", 1, { expected: "one", found: "series" });
      if (shape === "series") {
        if (step !== undefined && step !== String(own))
          throw new FormulaError("formula.step", 1, { left: step, right: String(own) });
        step = String(own);
      }
      return { ok: true, checked };
    } catch (error) {
      if (error instanceof FormulaError) return { ok: false, error };
      throw error;
    }
  });
}

/** Names whose members a formula asks for. */
export function namesOfMembers(formula: string): string[] {
  const found: string[] = [];
  const walk = (node: FormulaNode): void => {
    switch (node.kind) {
      case "call":
        for (const arg of node.args) {
          if (node.name.toLowerCase() === "members" && arg.kind === "name") found.push(arg.text);
          walk(arg);
        }
        break;
      case "binary":
        walk(node.left);
        walk(node.right);
        break;
      case "unary":
      case "power":
        walk(node.of);
    }
  };
  walk(parseFormula(formula));
  return found;
}
