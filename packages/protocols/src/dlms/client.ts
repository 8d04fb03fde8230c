import type { ApduLink } from "./link.ts";
import type { AttributeReference, GetResult, Selection } from "./apdu-types.ts";

export type Authentication = { readonly kind: "none" } | { readonly kind: "low"; readonly password: Uint8Array | string };

export interface DlmsClientOptions {
  readonly authentication: Authentication;
  /** Services that we propose, 24 bits (default: those that reading needs). */
  readonly conformance?: number;
  /** Longest APDU that we take (default 65535; 0 = no limit). */
  readonly maxReceivePduLength?: number;
  /** Longest value that is put together from blocks (default 1 MiB). */
  readonly valueLengthMax?: number;
}

export type RawGetResult =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly dataAccessResult: string };

/** One association with a meter, as a reader. */
export declare class DlmsClient {
  readonly conformance: number;
  readonly maxReceivePduLength: number;
  static associate(link: ApduLink, options: DlmsClientOptions): Promise<DlmsClient>;
  get(attribute: AttributeReference, selection?: Selection): Promise<GetResult>;
  getRaw(attribute: AttributeReference, selection?: Selection): Promise<RawGetResult>;
  getList(attributes: readonly AttributeReference[]): Promise<GetResult[]>;
  release(): Promise<void>;
}
