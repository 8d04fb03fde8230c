/** Bytes that break their standard. `offset` counts from the start of what was handed to the decoder. */
export class DecodeError extends Error {
  override readonly name = "DecodeError";
  readonly code: string;
  readonly offset: number;

  constructor(code: string, offset: number, detail?: string) {
    super(detail ?? `${code} at byte ${offset}`);
    this.code = code;
    this.offset = offset;
  }
}

/** An exchange that cannot go on: the link is ended and must be opened anew. */
export class LinkError extends Error {
  override readonly name = "LinkError";
  readonly code: string;

  constructor(code: string, detail?: string, cause?: unknown) {
    super(detail ?? code, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
