import type { FormulaError } from "@energsys/metering";

/** Why a report gives nothing: a code of docs/errors.md, and what fills its sentence. */
export class ReportError extends Error {
  override readonly name = "ReportError";
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(code: string, params: Readonly<Record<string, string | number>> = {}, cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause });
    this.code = code;
    this.params = params;
  }
}

/** A refused formula as a refusal of the report: which column of it, and where in the formula. */
export const formulaRefused = (error: FormulaError, title: string): ReportError =>
  new ReportError(error.code, { ...error.params, title, column: error.column }, error);
