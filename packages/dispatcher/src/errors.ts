/** What keeps the dispatcher from starting; `docs/errors.md` has the codes. */
export class DispatcherError extends Error {
  override readonly name = "DispatcherError";
  readonly code: string;

  constructor(code: string, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
