/** Milliseconds since 1970-01-01T00:00:00Z. */
export type EpochMs = number & { readonly brand?: "EpochMs" };

/** Parity and rate of a serial line; a socket ignores them. */
export interface LineSettings {
  readonly baudRate: number;
  readonly dataBits: 7 | 8;
  readonly parity: "none" | "even";
}

/**
 * One end of a byte stream: a socket, a serial port or a test. Sessions are fed through it and never own a socket.
 * Listeners are called in order of arrival; `onEnd` is called once, with the cause when the stream broke.
 */
export interface ByteStream {
  write(bytes: Uint8Array): void;
  onBytes(listener: (bytes: Uint8Array) => void): void;
  onEnd(listener: (cause?: Error) => void): void;
  /** Ends the stream; a second call does nothing. */
  close(): void;
  /** Present on lines whose rate and parity can change (IEC 62056-21 sign-on). */
  setLine?(settings: LineSettings): Promise<void>;
}

/** Time as a session sees it: real in a process, stepped by hand in a test. */
export interface Clock {
  now(): EpochMs;
  /** Calls `action` once after `delayMs`; the returned function cancels it. */
  after(delayMs: number, action: () => void): () => void;
}

/** What a recorder sees of one link, in order (the trace that `energsys decode` explains). */
export interface LinkRecorder {
  sent(bytes: Uint8Array): void;
  received(bytes: Uint8Array): void;
}
