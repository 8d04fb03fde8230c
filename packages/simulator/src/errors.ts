/** What stops the simulator, or keeps it from starting. Codes are listed in docs/errors.md. */
export class SimulatorError extends Error {
  override readonly name = "SimulatorError";
  readonly code: string;

  constructor(code: string, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
