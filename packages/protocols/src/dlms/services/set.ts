import type { Apdu, DataBlock, SetApdu } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { takeData } from "../data-decode.ts";
import { putData } from "../data-encode.ts";
import { codeOf, dataAccessResults, nameOf } from "../names.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";
import {
  accessLengthMin,
  putAccess,
  putBlock,
  putInvoke,
  takeAccess,
  takeBlock,
  takeInvoke,
  takeList,
} from "./shared.ts";

const choices = {
  "set-request-normal": 1,
  "set-request-first-block": 2,
  "set-request-block": 3,
  "set-request-with-list": 4,
  "set-request-list-first-block": 5,
  "set-response-normal": 1,
  "set-response-block": 2,
  "set-response-last-block": 3,
  "set-response-list-last-block": 4,
  "set-response-with-list": 5,
} as const satisfies Record<SetApdu["kind"], number>;

const takeAccesses = (cursor: Cursor) => takeList(cursor, accessLengthMin, takeAccess);
const takeAccessResult = (cursor: Cursor): string => nameOf(dataAccessResults, cursor.uint8());

export function takeSetRequest(cursor: Cursor): Apdu {
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  const invoke = takeInvoke(cursor);
  switch (choice) {
    case 1:
      return { kind: "set-request-normal", invoke, ...takeAccess(cursor), data: takeData(cursor) };
    case 2:
      return { kind: "set-request-first-block", invoke, ...takeAccess(cursor), ...takeBlock(cursor) };
    case 3:
      return { kind: "set-request-block", invoke, ...takeBlock(cursor) };
    case 4: {
      const items = takeAccesses(cursor);
      const values = takeList(cursor, 1, takeData);
      return { kind: "set-request-with-list", invoke, items, values };
    }
    case 5:
      return {
        kind: "set-request-list-first-block",
        invoke,
        items: takeAccesses(cursor),
        ...takeBlock(cursor),
      };
    default:
      throw cursor.fail("choice", choiceAt);
  }
}

export function takeSetResponse(cursor: Cursor): Apdu {
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  const invoke = takeInvoke(cursor);
  switch (choice) {
    case 1:
      return { kind: "set-response-normal", invoke, dataAccessResult: takeAccessResult(cursor) };
    case 2:
      return { kind: "set-response-block", invoke, block: cursor.uint32() };
    case 3: {
      const dataAccessResult = takeAccessResult(cursor);
      return { kind: "set-response-last-block", invoke, dataAccessResult, block: cursor.uint32() };
    }
    case 4: {
      const results = takeList(cursor, 1, takeAccessResult);
      const block = cursor.uint32();
      return { kind: "set-response-list-last-block", invoke, dataAccessResults: results, block };
    }
    case 5:
      return {
        kind: "set-response-with-list",
        invoke,
        dataAccessResults: takeList(cursor, 1, takeAccessResult),
      };
    default:
      throw cursor.fail("choice", choiceAt);
  }
}

export function putSet(writer: Writer, apdu: SetApdu): void {
  const request = apdu.kind.startsWith("set-request");
  writer.uint8(request ? apduTags["set-request"] : apduTags["set-response"]).uint8(choices[apdu.kind]);
  putInvoke(writer, apdu.invoke);
  switch (apdu.kind) {
    case "set-request-normal":
      putAccess(writer, apdu);
      putData(writer, apdu.data);
      return;
    case "set-request-first-block":
      putAccess(writer, apdu);
      putBlock(writer, apdu);
      return;
    case "set-request-block":
      putBlock(writer, apdu satisfies DataBlock);
      return;
    case "set-request-with-list":
      writer.size(apdu.items.length);
      for (const item of apdu.items) putAccess(writer, item);
      writer.size(apdu.values.length);
      for (const value of apdu.values) putData(writer, value);
      return;
    case "set-request-list-first-block":
      writer.size(apdu.items.length);
      for (const item of apdu.items) putAccess(writer, item);
      putBlock(writer, apdu);
      return;
    case "set-response-normal":
      writer.uint8(codeOf(dataAccessResults, apdu.dataAccessResult));
      return;
    case "set-response-block":
      writer.uint32(apdu.block);
      return;
    case "set-response-last-block":
      writer.uint8(codeOf(dataAccessResults, apdu.dataAccessResult)).uint32(apdu.block);
      return;
    default:
      writer.size(apdu.dataAccessResults.length);
      for (const result of apdu.dataAccessResults) writer.uint8(codeOf(dataAccessResults, result));
      if (apdu.kind === "set-response-list-last-block") writer.uint32(apdu.block);
  }
}
