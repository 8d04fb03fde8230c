/** What ends one reading of a device; `docs/errors.md` has every code and what to do. */
export class DriverError extends Error {
  override readonly name = "DriverError";
  readonly code: string;

  constructor(code: string, detail?: string, cause?: unknown) {
    super(detail ?? code, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The stable code of any error, for rows and logs; `internal.error` for what nobody foresaw. */
export function errorCode(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === "string" && /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9-]+)+$/.test(code)
    ? code
    : "internal.error";
}
