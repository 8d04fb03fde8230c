/** What stops a command, said in one line: `energsys: CODE: message`. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
