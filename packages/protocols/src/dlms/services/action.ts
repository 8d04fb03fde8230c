import { encodeObis, formatObis } from "../../obis.ts";
import type { ActionApdu, Apdu } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { takeData } from "../data-decode.ts";
import { putData } from "../data-encode.ts";
import { actionResults, codeOf, nameOf } from "../names.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";
import { putInvoke, putResult, takeFlag, takeInvoke, takeResult } from "./shared.ts";

export function takeActionRequest(cursor: Cursor): Apdu {
  const choiceAt = cursor.offset;
  if (cursor.uint8() !== 1) throw cursor.fail("service", choiceAt);
  const invoke = takeInvoke(cursor);
  const classId = cursor.uint16();
  const obis = formatObis(cursor.take(6));
  const method = { classId, obis, method: cursor.int8() };
  return takeFlag(cursor)
    ? { kind: "action-request-normal", invoke, method, parameters: takeData(cursor) }
    : { kind: "action-request-normal", invoke, method };
}

export function takeActionResponse(cursor: Cursor): Apdu {
  const choiceAt = cursor.offset;
  if (cursor.uint8() !== 1) throw cursor.fail("service", choiceAt);
  const invoke = takeInvoke(cursor);
  const actionResult = nameOf(actionResults, cursor.uint8());
  return takeFlag(cursor)
    ? { kind: "action-response-normal", invoke, actionResult, result: takeResult(cursor) }
    : { kind: "action-response-normal", invoke, actionResult };
}

export function putAction(writer: Writer, apdu: ActionApdu): void {
  if (apdu.kind === "action-request-normal") {
    putInvoke(writer.uint8(apduTags["action-request"]).uint8(1), apdu.invoke);
    writer.uint16(apdu.method.classId).raw(encodeObis(apdu.method.obis)).uint8(apdu.method.method);
    writer.uint8(apdu.parameters ? 1 : 0);
    if (apdu.parameters) putData(writer, apdu.parameters);
  } else {
    putInvoke(writer.uint8(apduTags["action-response"]).uint8(1), apdu.invoke);
    writer.uint8(codeOf(actionResults, apdu.actionResult)).uint8(apdu.result ? 1 : 0);
    if (apdu.result) putResult(writer, apdu.result);
  }
}
