/** What one reading of a device bears at most. Each may be set lower by configuration, never higher. */
export const readLimits = {
  firstByteMs: 30_000,
  dialMs: 30_000,
  /** For the next piece of an answer; progress starts it anew. Over GPRS answers take 3 to 10 s. */
  responseMs: 10_000,

  /** Bytes that a line may bring between two requests of ours. */
  bytesUnasked: 256 * 1024,
  /** The same of all lines together; beyond it those that bring more are not read on. */
  bytesUnaskedOfAll: 256 * 1024 * 1024,
  apduBytes: 64 * 1024,
  valueBytes: 1024 * 1024,
  textCharacters: 4096,

  /** Rows asked for in one attempt: a meter that was silent for months is read in parts, so that others get their turn. */
  attemptRows: 20_000,
  objectsListed: 2_000,
  eventsPerAttempt: 5_000,
} as const;

export type ReadLimits = { readonly [Name in keyof typeof readLimits]: number };
