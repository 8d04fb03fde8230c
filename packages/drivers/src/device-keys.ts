import type { CounterKeeper } from "@energsys/protocols/dlms";

/** Invocation counters of one encryption key, kept where they outlive the process. */
export interface KeyCounters extends CounterKeeper {
  /** Nothing was ever sent under this key from here: the meter may have heard another reader before. */
  readonly fresh: boolean;
  /** The meter takes nothing below `next`: neither will we send it. */
  raise(next: number): void;
  /** A counter of a message that is stored by now with what was in it. */
  note?(counter: number): void;
}

/**
 * What a driver may know of a device's secrets: each kind or none of it. Where they come from is the business of whoever
 * gives them: the device's row, the parameters of a URL, a key that is being rolled over.
 */
export interface DeviceKeys {
  /** Low-level security, or the programming mode of IEC 62056-21. */
  readonly password?: string;
  /** High-level security by a shared secret. */
  readonly hlsSecret?: Uint8Array;
  readonly encryptionKey?: Uint8Array;
  readonly authenticationKey?: Uint8Array;
  /** Our private key of mechanism 7, and the meter's public one. */
  readonly signingKey?: Uint8Array;
  readonly meterPublicKey?: Uint8Array;
  /** Counters of the encryption key; there wherever there is one. Opened once for an association. */
  readonly openCounters?: () => Promise<KeyCounters>;
}
