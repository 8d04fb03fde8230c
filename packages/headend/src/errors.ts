/** What keeps the head-end from starting or a caller from being served; `docs/errors.md` has every code and what to do. */
export class HeadendError extends Error {
  override readonly name = "HeadendError";
  readonly code: string;

  constructor(code: string, detail?: string, cause?: unknown) {
    super(detail ?? code, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
