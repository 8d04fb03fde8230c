/** What stops a command, said in one line: `energsys: CODE: message`. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}

/** The code and sentence of anything thrown; an error of ours has a dotted code, a broken assumption has none. */
export function describeError(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: "cli.failed", message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : "cli.failed";
  return { code: code.includes(".") ? code : "cli.failed", message: error.message };
}
