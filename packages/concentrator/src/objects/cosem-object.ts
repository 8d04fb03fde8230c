import type { ObisCode } from "@energsys/protocols";
import type { ActionOutcome, DataValue, Selection } from "@energsys/protocols/dlms";

/** Client addresses of the agreement: who may change something, who reads the store, who reads through to the meter. */
export const clients = { management: 1, reading: 16, through: 2 } as const;
export type ClientName = keyof typeof clients;

export const findClient = (address: number): ClientName | undefined =>
  (Object.keys(clients) as ClientName[]).find((name) => clients[name] === address);

export interface Refusal {
  /** A data access result. */
  readonly refused: string;
}

/** What an attribute answers: a value, bytes of a value that are encoded already, or a refusal. */
export type Answer = DataValue | Uint8Array | Refusal;

/** Who asks, and over which line: a configuration is confirmed over a line newer than itself. */
export interface Visit {
  readonly client: ClientName;
  readonly lineOpenedMs: number;
  /** Services agreed, and the longest APDU that the client takes. */
  agreed(): { readonly conformance: number; readonly clientMaxReceivePduLength: number };
}

export type Read = (visit: Visit, selection?: Selection) => Answer | Promise<Answer>;
/** Gives the data access result. */
export type Write = (value: DataValue, visit: Visit) => string | Promise<string>;
export type Method = (
  parameters: DataValue | undefined,
  visit: Visit,
) => ActionOutcome | Promise<ActionOutcome>;

/** One object of a logical device. Attribute 1, the logical name, is answered for all of them. Only the management client writes and calls. */
export interface CosemObject {
  readonly classId: number;
  readonly version: number;
  readonly obis: ObisCode;
  readonly attributes: Readonly<Record<number, Read>>;
  readonly writes?: Readonly<Record<number, Write>>;
  readonly methods?: Readonly<Record<number, Method>>;
  /** Selectors that attribute 2 understands. */
  readonly selectors?: readonly number[];
}

export const refused = (result: string): Refusal => ({ refused: result });
export const isRefusal = (answer: Answer): answer is Refusal => "refused" in answer;
export const done: ActionOutcome = { actionResult: "success" };
export const failed = (actionResult: string): ActionOutcome => ({ actionResult });

/** Class 1 (data) with one value. */
export const plain = (obis: ObisCode, value: Read, write?: Write): CosemObject => ({
  classId: 1,
  version: 0,
  obis,
  attributes: { 2: value },
  ...(write && { writes: { 2: write } }),
});
