import type { Apdu, GetApdu, Invoke } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { codeOf, dataAccessResults, nameOf } from "../names.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";
import {
  accessLengthMin,
  putAccess,
  putInvoke,
  putResult,
  takeAccess,
  takeFlag,
  takeInvoke,
  takeResult,
} from "./shared.ts";

export function takeGetRequest(cursor: Cursor): Apdu {
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  const invoke = takeInvoke(cursor);
  if (choice === 1) return { kind: "get-request-normal", invoke, ...takeAccess(cursor) };
  if (choice === 2) return { kind: "get-request-next", invoke, block: cursor.uint32() };
  if (choice === 3) {
    const count = cursor.count(accessLengthMin);
    const items = Array.from({ length: count }, () => takeAccess(cursor));
    return { kind: "get-request-with-list", invoke, items };
  }
  throw cursor.fail("choice", choiceAt);
}

export function takeGetResponse(cursor: Cursor): Apdu {
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  const invoke = takeInvoke(cursor);
  if (choice === 1) return { kind: "get-response-normal", invoke, result: takeResult(cursor) };
  if (choice === 2) {
    const last = cursor.uint8() !== 0;
    const block = cursor.uint32();
    if (takeFlag(cursor)) {
      const dataAccessResult = nameOf(dataAccessResults, cursor.uint8());
      return { kind: "get-response-block-error", invoke, last, block, dataAccessResult };
    }
    return { kind: "get-response-with-block", invoke, last, block, raw: cursor.lengthAndBytes() };
  }
  if (choice === 3) {
    const count = cursor.count(2);
    const results = Array.from({ length: count }, () => takeResult(cursor));
    return { kind: "get-response-with-list", invoke, results };
  }
  throw cursor.fail("choice", choiceAt);
}

/** A GET answer with its values still encoded: what a client needs that joins blocks or reads a profile fast. */
export type RawGetResponse =
  | { readonly kind: "data"; readonly invoke: Invoke; readonly raw: Uint8Array }
  | { readonly kind: "list"; readonly invoke: Invoke; readonly raw: Uint8Array }
  | { readonly kind: "error"; readonly invoke: Invoke; readonly dataAccessResult: string }
  | RawGetBlock;

export interface RawGetBlock {
  readonly kind: "block";
  readonly invoke: Invoke;
  readonly last: boolean;
  readonly block: number;
  readonly raw: Uint8Array;
}

/**
 * Takes a GET answer apart without decoding its values, which are whatever follows; the cursor stands after the tag.
 */
export function takeRawGetResponse(cursor: Cursor): RawGetResponse {
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  const invoke = takeInvoke(cursor);
  if (choice === 1) {
    if (takeFlag(cursor)) {
      return { kind: "error", invoke, dataAccessResult: nameOf(dataAccessResults, cursor.uint8()) };
    }
    return { kind: "data", invoke, raw: cursor.take(cursor.left) };
  }
  if (choice === 2) {
    const last = cursor.uint8() !== 0;
    const block = cursor.uint32();
    if (takeFlag(cursor)) {
      return { kind: "error", invoke, dataAccessResult: nameOf(dataAccessResults, cursor.uint8()) };
    }
    return { kind: "block", invoke, last, block, raw: cursor.lengthAndBytes() };
  }
  if (choice === 3) return { kind: "list", invoke, raw: cursor.take(cursor.left) };
  throw cursor.fail("choice", choiceAt);
}

export function putGet(writer: Writer, apdu: GetApdu): void {
  const request = apdu.kind.startsWith("get-request");
  writer.uint8(request ? apduTags["get-request"] : apduTags["get-response"]).uint8(choiceOf[apdu.kind]);
  putInvoke(writer, apdu.invoke);
  switch (apdu.kind) {
    case "get-request-normal":
      putAccess(writer, apdu);
      return;
    case "get-request-next":
      writer.uint32(apdu.block);
      return;
    case "get-request-with-list":
      writer.size(apdu.items.length);
      for (const item of apdu.items) putAccess(writer, item);
      return;
    case "get-response-normal":
      putResult(writer, apdu.result);
      return;
    case "get-response-with-block":
      writer
        .uint8(apdu.last ? 1 : 0)
        .uint32(apdu.block)
        .uint8(0)
        .sized(apdu.raw);
      return;
    case "get-response-block-error":
      writer
        .uint8(apdu.last ? 1 : 0)
        .uint32(apdu.block)
        .uint8(1);
      writer.uint8(codeOf(dataAccessResults, apdu.dataAccessResult));
      return;
    case "get-response-with-list":
      writer.size(apdu.results.length);
      for (const result of apdu.results) putResult(writer, result);
  }
}

const choiceOf = {
  "get-request-normal": 1,
  "get-request-next": 2,
  "get-request-with-list": 3,
  "get-response-normal": 1,
  "get-response-with-block": 2,
  "get-response-block-error": 2,
  "get-response-with-list": 3,
} as const satisfies Record<GetApdu["kind"], number>;
