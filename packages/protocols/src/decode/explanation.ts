import type { Ciphers } from "../ciphers.ts";

/** What became of a check value: agrees, does not agree, or was not sent. */
export type CheckState = "good" | "bad" | "absent";

/** One value of a telegram. `value` is an exact decimal in `unit`, or the text as sent where it is no quantity. */
export interface Reading {
  /** In full, `A-B:C.D.E*F`; absent when the address as sent is no OBIS code. */
  readonly obis?: string;
  /** The address as sent, where the telegram has one of its own. */
  readonly address?: string;
  readonly value: string;
  readonly unit?: string;
  /** Power of ten that was applied to get `value` (COSEM). */
  readonly scaler?: number;
  /** ISO 8601, with an offset where the telegram gives one. */
  readonly time?: string;
  /** The value as sent. */
  readonly raw?: string;
}

export interface ProfileExplanation {
  readonly obis: string;
  readonly periodSeconds?: number;
  readonly columns: readonly { readonly obis?: string; readonly unit?: string; readonly scaler?: number }[];
  /** `time` is the stamp as the meter means it (usually the end of the interval); `null` where nothing was sent. */
  readonly rows: readonly {
    readonly time?: string;
    readonly status?: string;
    readonly values: readonly (string | null)[];
  }[];
}

export interface EventExplanation {
  readonly time?: string;
  readonly status?: string;
  readonly code?: string;
  readonly values?: readonly string[];
}

export interface FrameExplanation {
  readonly from: "reader" | "meter";
  readonly explains: string;
  readonly hex: string;
  readonly checks?: Readonly<Record<string, CheckState>>;
}

/** One message, frame group, report or exchange. Recognisers add fields of their own that are plain JSON. */
export interface Telegram {
  readonly kind: string;
  readonly device?: {
    readonly manufacturer?: string;
    readonly identification?: string;
    readonly systemTitle?: string;
    readonly [more: string]: unknown;
  };
  readonly checks: Readonly<Record<string, CheckState>>;
  readonly readings?: readonly Reading[];
  readonly profile?: ProfileExplanation;
  readonly events?: readonly EventExplanation[];
  readonly frames?: readonly FrameExplanation[];
  readonly [more: string]: unknown;
}

/** `warnings` start with a code of docs/errors.md and name the byte: `iec.no-message at byte 0: …`. */
export interface Explanation {
  readonly telegrams: readonly Telegram[];
  readonly warnings: readonly string[];
}

export interface ExplainOptions {
  readonly ciphers?: Ciphers;
  readonly keys?: {
    readonly encryption?: Uint8Array;
    readonly authentication?: Uint8Array;
    readonly systemTitle?: Uint8Array;
    /** Decrypt without checking tags: what comes out is marked `authenticated: false`. */
    readonly tagUnchecked?: boolean;
  };
  /** Counter of a ciphertext that was copied out of its APDU. */
  readonly invocationCounter?: number;
  /** The challenge that a GMAC of high level security (mechanism 5) answers. */
  readonly challenge?: Uint8Array;
  /** IANA zone of stamps that give none; Europe/Bucharest unless told. */
  readonly zone?: string;
  /** Capture period of a load profile whose telegram leaves out both the period and the stamps of its rows. */
  readonly periodSeconds?: number;
}

/** One step of a recorded exchange. */
export interface SessionStep {
  readonly from: "reader" | "meter";
  readonly bytes: Uint8Array;
}

/**
 * One format of telegram. `recognise` returns `undefined` when the bytes are not of its kind, and never throws for
 * what is: broken telegrams come back with a bad check or a warning. Asked in the order of `recognisers`.
 */
export interface Recogniser {
  readonly name: string;
  recognise(bytes: Uint8Array, options: ExplainOptions): Explanation | undefined;
}

/** One protocol's view of a recorded exchange. */
export interface SessionRecogniser {
  readonly name: string;
  recognise(steps: readonly SessionStep[], options: ExplainOptions): Explanation | undefined;
}
