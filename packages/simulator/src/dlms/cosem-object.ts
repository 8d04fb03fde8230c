import type { ActionOutcome, DataValue, Selection } from "@energsys/protocols/dlms";
import type { MeterDevice } from "./meter-device.ts";
import type { Visit } from "./visit.ts";

/** What an attribute answers: a value, bytes of a value that are encoded already, or a data access result. */
export type Answer = DataValue | Uint8Array | Refusal;

export interface Refusal {
  readonly refused: string;
}

export type Read = (visit: Visit, selection?: Selection) => Answer;
/** Gives the data access result. */
export type Write = (visit: Visit, value: DataValue) => string;
export type Method = (visit: Visit, parameters: DataValue | undefined) => ActionOutcome;

/**
 * One object of the meters of one shape; the meter and who asks come with each call, so that thousands of meters share
 * one model. Attribute 1, the logical name, is answered for all of them.
 */
export interface CosemObject {
  readonly classId: number;
  readonly version: number;
  readonly obis: string;
  /** Shown to the public client too. */
  readonly open?: boolean;
  readonly attributes: Readonly<Record<number, Read>>;
  /** What a manager may write; attributes that are here alone cannot be read. */
  readonly writes?: Readonly<Record<number, Write>>;
  readonly methods?: Readonly<Record<number, Method>>;
  /** Selectors that attribute 2 understands. */
  readonly selectors?: readonly number[];
  /** What is due later, or looked at again and again, by what was written to the meter in an earlier process. */
  readonly recall?: (device: MeterDevice) => void;
}

export const refused = (result: string): Refusal => ({ refused: result });
export const isRefusal = (answer: Answer): answer is Refusal => "refused" in answer;

export const done: ActionOutcome = { actionResult: "success" };
export const failed = (actionResult: string): ActionOutcome => ({ actionResult });
