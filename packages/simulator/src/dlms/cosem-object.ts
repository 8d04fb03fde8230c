import type { DataValue } from "@energsys/protocols/dlms";

/** What an attribute answers: a value, bytes of a value that are encoded already, or a data access result. */
export type Answer = DataValue | Uint8Array | { readonly refused: number };

export interface SelectiveAccess {
  readonly selector: number;
  readonly parameters: DataValue;
}

/** One object of a meter. Attribute 1, the logical name, is answered for all of them. */
export interface CosemObject {
  readonly classId: number;
  readonly version: number;
  readonly obis: string;
  /** Readable without a password. */
  readonly open: boolean;
  readonly attributes: Readonly<Record<number, (selection?: SelectiveAccess) => Answer>>;
  /** Attributes that are there and not to be read. */
  readonly hidden?: readonly number[];
  /** Selectors that attribute 2 understands. */
  readonly selectors?: readonly number[];
}

/** Data access results (IEC 62056-5-3). */
export const refused = {
  readWriteDenied: { refused: 3 },
  objectUndefined: { refused: 4 },
  classInconsistent: { refused: 9 },
  typeUnmatched: { refused: 12 },
  scopeViolated: { refused: 13 },
} as const;
