import type { Apdu, SetApdu } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { takeData } from "../data-decode.ts";
import { putData } from "../data-encode.ts";
import { codeOf, dataAccessResults, nameOf } from "../names.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";
import { putAccess, putInvoke, takeAccess, takeInvoke } from "./shared.ts";

export function takeSetRequest(cursor: Cursor): Apdu {
  const choiceAt = cursor.offset;
  if (cursor.uint8() !== 1) throw cursor.fail("service", choiceAt);
  const invoke = takeInvoke(cursor);
  return { kind: "set-request-normal", invoke, ...takeAccess(cursor), data: takeData(cursor) };
}

export function takeSetResponse(cursor: Cursor): Apdu {
  const choiceAt = cursor.offset;
  if (cursor.uint8() !== 1) throw cursor.fail("service", choiceAt);
  const invoke = takeInvoke(cursor);
  return { kind: "set-response-normal", invoke, dataAccessResult: nameOf(dataAccessResults, cursor.uint8()) };
}

export function putSet(writer: Writer, apdu: SetApdu): void {
  if (apdu.kind === "set-request-normal") {
    putInvoke(writer.uint8(apduTags["set-request"]).uint8(1), apdu.invoke);
    putAccess(writer, apdu);
    putData(writer, apdu.data);
  } else {
    putInvoke(writer.uint8(apduTags["set-response"]).uint8(1), apdu.invoke);
    writer.uint8(codeOf(dataAccessResults, apdu.dataAccessResult));
  }
}
