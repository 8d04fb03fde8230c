import type { CosemObject } from "./cosem-object.ts";
import type { MeterDevice } from "./meter-device.ts";

/**
 * What a client may do: the public one sees what is open; a reader sees everything; a manager, who proved to know a
 * secret, changes it.
 */
export type Role = "public" | "reader" | "manager";

/** Who asks which meter. */
export interface Visit {
  readonly device: MeterDevice;
  readonly role: Role;
  readonly client: number;
  /** Number of the authentication mechanism. */
  readonly mechanism: number;
  readonly ciphered: boolean;
  /** Objects of this association, in the meter's order. */
  readonly objects: readonly CosemObject[];
  /** Base name of an object, in a meter of short names. */
  baseOf(obis: string): number | undefined;
  /** System title that the client told. */
  clientTitle(): Uint8Array | undefined;
  /** Services agreed, and the longest APDU that the client takes. */
  agreed(): { readonly conformance: number; readonly clientMaxReceivePduLength: number };
}
