import type { LinkRecorder } from "../io.ts";

/** How one meter is spoken to; what the standard leaves open, or meters do otherwise, is a setting here. */
export interface IecReaderOptions {
  /** Rate of the sign-on on a line whose rate can be set; 300 baud unless told. */
  readonly initialBaudRate?: number;
  /** What the network adds before an answer, GPRS for one; 3.5 s unless told. The meter itself has 1.5 s (table 1, t_r). */
  readonly latencyMs?: number;
  /** What the network adds between two characters; 1.5 s unless told. The meter itself has 1.5 s (t_a). */
  readonly gapLatencyMs?: number;
  /** Silence until the first byte of an answer; 1.5 s and `latencyMs` unless told. */
  readonly responseTimeoutMs?: number;
  /**
   * Silence inside an answer; 1.5 s and `gapLatencyMs` unless told. There is no limit on the whole: 300 baud takes
   * minutes.
   */
  readonly characterTimeoutMs?: number;
  /** How often one message or read command is sent in all when its check byte is wrong; 3 unless told. */
  readonly attemptsMax?: number;
  /** One block; 64 KiB unless told. */
  readonly blockLengthMax?: number;
  /** All partial blocks of one answer together; 1 MiB unless told. */
  readonly answerLengthMax?: number;
  /** Between the option select and the change of rate: the last byte has to leave the line. 250 ms unless told. */
  readonly baudChangeDelayMs?: number;
  /** Silence before each request; 0 unless told. Some meters on RS-485 need 20 to 200 ms to turn round. */
  readonly turnaroundMs?: number;
  /** Silence before each sign-on; 0 unless told. After a failure a meter needs 3 s. */
  readonly pauseBeforeSignOnMs?: number;
  /** Wakes a battery device before each sign-on: NUL characters, 2.2 s of them, then a pause of 1.6 s unless told. */
  readonly wakeUp?: { readonly durationMs?: number; readonly pauseMs?: number };
  /** Sets bit 7 to even parity, for an 8N1 serial server in front of a 7E1 line. */
  readonly evenParity?: boolean;
  /** Whether the line sends back what we send; found out at the sign-on unless told. */
  readonly echo?: boolean;
  /** Accepts an answer whose check byte a tunnel swallowed; the telegram says `absent`. */
  readonly checkOptional?: boolean;
  /** Answers a good readout with ACK, which some meters wait for; by default nothing is sent. */
  readonly acknowledgeReadout?: boolean;
  /**
   * The meter's confirmation of mode E: it may be missing (the default; the link is then tried once), or is required.
   */
  readonly binaryConfirmation?: "optional" | "required";
  /** How long to wait for it; 1.5 s unless told. */
  readonly binaryConfirmationMs?: number;
  /** At which rate it comes: the new one, or (some meters) still the old one. */
  readonly binaryConfirmationRate?: "new" | "old";
  /**
   * Partial blocks of W3 and W4: each begins with the command (the default), or only the first one does and the others
   * with STX.
   */
  readonly partialWrites?: "repeat-command" | "command-once";
  readonly recorder?: LinkRecorder;
}
