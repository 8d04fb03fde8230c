import type { ByteStream } from "../io.ts";
import type { IdentificationParts } from "./encode.ts";
import type { DataSet } from "./telegram.ts";

/** What a device answers to a command. */
export type StationAnswer =
  | { readonly kind: "ack" }
  | { readonly kind: "nak" }
  /** A lone bracket, such as `ERROR` or `ER04`. */
  | { readonly kind: "error"; readonly text: string }
  | { readonly kind: "data"; readonly dataSets: readonly DataSet[] }
  /** What stands between STX and ETX as it is: profiles and logs. */
  | { readonly kind: "text"; readonly body: string };

/** What a device says and does; how it is spoken to is the station's matter. */
export interface StationDevice {
  /** Its baud character and enhanced capabilities decide the mode: `@` A, `A`-`F` B, `0`-`6` C, with `\2` also E. */
  readonly identification: IdentificationParts;
  readonly address: string;
  readout(): readonly DataSet[];
  /** R1 to R6, W1 to W5 and E2. */
  command(command: string, address: string, argument: string): StationAnswer;
  /** Operand of P0: empty, a serial number, or a random number for the algorithm. */
  operand?(): string;
  /** Whether a password (P1) or the result of the algorithm (P2) is right; without it every one is. */
  admits?(kind: "P1" | "P2", given: string, operand: string): boolean;
  /** Takes the line in mode E, at the agreed rate and 8N1. Without it mode E is not offered. */
  binary?(stream: ByteStream): void;
}

export interface StationOptions {
  readonly initialBaudRate?: number;
  /** Between a request and its answer (t_r); 200 ms unless told. */
  readonly reactionMs?: number;
  /** After an identification without an option select the readout comes at the first rate; 5 s unless told. */
  readonly optionTimeoutMs?: number;
  /** The programming mode ends without traffic; 60 s unless told. */
  readonly inactivityMs?: number;
  /** Silence after which a request that was begun is forgotten (t_a); 1.5 s unless told. */
  readonly characterGapMs?: number;
  /** Wrong passwords that are answered with an error before one breaks the session off; 0 unless told. */
  readonly wrongPasswordsMax?: number;
  /** Text in one partial block; 256 characters unless told. */
  readonly partLengthMax?: number;
  /** All parts of a write together; 16 KiB unless told. */
  readonly writeLengthMax?: number;
  /** Sets bit 7 to even parity, as a 7E1 device behind an 8N1 server does. */
  readonly evenParity?: boolean;
  /** Ends partial blocks (EOT) in the readout too. */
  readonly partialReadout?: boolean;
  /** An ACK after the readout enters the programming mode. */
  readonly programmingAfterAck?: boolean;
  /** Where the confirmation of mode E goes; some devices send none. */
  readonly binaryConfirmation?: "new-rate" | "old-rate" | "none";
  /** Mode D: sends identification and data unasked, so often, and hears nothing. */
  readonly sendEveryMs?: number;
}
