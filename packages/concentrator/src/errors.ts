/** What keeps the concentrator from starting or an exchange from its end; `docs/errors.md` has every code and what to do. */
export class ConcentratorError extends Error {
  override readonly name = "ConcentratorError";
  readonly code: string;

  constructor(code: string, detail?: string, cause?: unknown) {
    super(detail ?? code, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
