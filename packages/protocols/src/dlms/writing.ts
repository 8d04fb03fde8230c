import { DecodeError, LinkError } from "../errors.ts";
import { decodeApdu, encodeApdu } from "./apdu.ts";
import type {
  AccessOutcome,
  AccessSpecification,
  ActionOutcome,
  Apdu,
  DataBlock,
  Invoke,
} from "./apdu-types.ts";
import { concatBytes } from "./bytes.ts";
import { Cursor } from "./cursor.ts";
import type { DataValue } from "./data.ts";
import { decodeData } from "./data-decode.ts";
import { putData } from "./data-encode.ts";
import { refusalOf } from "./link.ts";
import { takeOutcome } from "./services/action.ts";
import { Writer } from "./writer.ts";

// Long SETs and ACTIONs (IEC 62056-5-3): the request's data are cut into blocks that the meter acknowledges one by one.

export type SetResult = { readonly ok: true } | { readonly ok: false; readonly dataAccessResult: string };

/** Asks once: the answer must belong to `invoke`. */
export type Ask = (request: Apdu, invoke: Invoke) => Promise<Apdu>;

/** A block's own fields: choice, invoke id, last, number, length of raw in its longest form. */
const blockOverhead = 2 + 1 + 1 + 4 + 3;

/**
 * Sends data in blocks. `first` makes the request of the first block, `next` those that follow; `taken` is the kind of
 * the acknowledgement of all but the last. Gives the answer to the last block.
 * @throws LinkError `dlms.block-number`, `dlms.unexpected`, `dlms.pdu-too-small`
 */
export async function sendInBlocks(
  ask: Ask,
  invoke: Invoke,
  raw: Uint8Array,
  lengthMax: number,
  first: (block: DataBlock) => Apdu,
  next: (block: DataBlock) => Apdu,
  taken: "set-response-block" | "action-response-next",
): Promise<Apdu> {
  const empty = { last: false, block: 1, raw: new Uint8Array(0) };
  const room = lengthMax - encodeApdu(first(empty)).length - 2;
  const roomLater = lengthMax - blockOverhead;
  if (room < 1 || roomLater < 1) {
    throw new LinkError("dlms.pdu-too-small", `no block fits the meter's PDU of ${lengthMax} bytes`);
  }
  let offset = 0;
  for (let number = 1; ; number++) {
    const end = Math.min(offset + (number === 1 ? room : roomLater), raw.length);
    const block = { last: end === raw.length, block: number, raw: raw.subarray(offset, end) };
    const answer = await ask(number === 1 ? first(block) : next(block), invoke);
    if (block.last) return answer;
    // A refusal may come at once, in the form of the whole answer.
    if (answer.kind !== taken) return answer;
    if (answer.block !== number) {
      throw new LinkError("dlms.block-number", `block ${answer.block} acknowledged, ${number} was sent`);
    }
    offset = end;
  }
}

/** Joins the blocks in which a meter answers to a method. */
export async function collectAction(
  ask: Ask,
  invoke: Invoke,
  first: Apdu & DataBlock,
  lengthMax: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for (let answer: Apdu = first, number = 1; ; number++) {
    if (answer.kind !== "action-response-block") throw refusalOf(answer);
    if (answer.block !== number) {
      throw new LinkError("dlms.block-number", `block ${answer.block} where ${number} was due`);
    }
    length += answer.raw.length;
    if (length > lengthMax) throw new LinkError("dlms.too-long", `a value of more than ${lengthMax} bytes`);
    parts.push(answer.raw.slice());
    if (answer.last) return concatBytes(...parts);
    answer = await ask({ kind: "action-request-next", invoke, block: number }, invoke);
  }
}

/**
 * What joined blocks of one method mean: result and value as in a short answer, or, as some devices send them, the
 * value alone.
 */
export function outcomeOfBlocks(bytes: Uint8Array): ActionOutcome {
  try {
    const cursor = new Cursor(bytes, "apdu");
    const outcome = takeOutcome(cursor);
    cursor.done();
    return outcome;
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return { actionResult: "success", result: { ok: true, data: decodeData(bytes) } };
  }
}

export const setResult = (dataAccessResult: string): SetResult =>
  dataAccessResult === "success" ? { ok: true } : { ok: false, dataAccessResult };

/** A count and the values, as they are cut into blocks. */
export function listOf(values: readonly DataValue[]): Uint8Array {
  const writer = new Writer();
  writer.size(values.length);
  for (const value of values) putData(writer, value);
  return writer.finish();
}

export function sameCount<Element>(elements: readonly Element[], count: number): Element[] {
  if (elements.length !== count) {
    throw new LinkError("dlms.unexpected", `${elements.length} results for ${count}`);
  }
  return elements as Element[];
}

export interface AccessPart {
  readonly specification: AccessSpecification;
  /** What a set writes, what a method gets. */
  readonly value?: DataValue;
}

export type AccessResult = AccessOutcome & { readonly value: DataValue };

/** Confirmed, in a long invoke id. */
const confirmedBit = 1 << 30;

/** One ACCESS request. @throws LinkError `dlms.invoke-id`, `dlms.unexpected`, those of a refusal */
export async function askAccess(
  exchange: (apdu: Uint8Array) => Promise<Uint8Array>,
  id: number,
  parts: readonly AccessPart[],
): Promise<AccessResult[]> {
  const longInvokeId = (confirmedBit | id) >>> 0;
  const values = parts.map(({ value }): DataValue => value ?? { type: "null" });
  const specifications = parts.map(({ specification }) => specification);
  const request: Apdu = { kind: "access-request", longInvokeId, specifications, values };
  const answer = decodeApdu(await exchange(encodeApdu(request)));
  if (answer.kind !== "access-response") throw refusalOf(answer);
  if ((answer.longInvokeId & 0xff_ffff) !== id) {
    throw new LinkError("dlms.invoke-id", "the answer to another ACCESS");
  }
  sameCount(answer.values, parts.length);
  return sameCount(answer.outcomes, parts.length).map((outcome, index) => ({
    ...outcome,
    value: answer.values[index] as DataValue,
  }));
}
