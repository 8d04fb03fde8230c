/** Why something could not be delivered. `final`: trying again cannot help until a person changes something. */
export class DeliveryError extends Error {
  override readonly name = "DeliveryError";
  readonly code: string;
  readonly final: boolean;

  constructor(
    code: string,
    detail: string,
    { final = false, cause }: { final?: boolean; cause?: unknown } = {},
  ) {
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
    this.final = final;
  }
}
