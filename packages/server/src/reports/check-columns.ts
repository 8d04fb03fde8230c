import {
  type CheckedFormula,
  checkFormula,
  FormulaError,
  type FormulaInput,
  type Surroundings,
} from "@energsys/metering";
import type { ReportColumn, ReportDefinition } from "@energsys/store";
import { inputOf } from "./read-inputs.ts";

export type CheckedColumn =
  | { readonly ok: true; readonly checked: CheckedFormula }
  | { readonly ok: false; readonly error: FormulaError };

/** Names of the report with what they are before anything is read: intervals of a quarter-hour. */
export const inputsOf = ({ inputs }: ReportDefinition): ReadonlyMap<string, FormulaInput> =>
  new Map(inputs.map((input) => [input.name, inputOf(input)]));

/** Checks each column for itself: its formula, and whether it fits the rows of the report. */
export function checkColumns(
  { rows, columns }: Pick<ReportDefinition, "rows" | "columns">,
  inputs: ReadonlyMap<string, FormulaInput>,
  around: Surroundings,
): CheckedColumn[] {
  let step: string | undefined;
  return columns.map(({ formula }: ReportColumn): CheckedColumn => {
    try {
      const checked = checkFormula(formula, inputs, around);
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
