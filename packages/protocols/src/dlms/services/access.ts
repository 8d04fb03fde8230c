import type { AccessApdu, AccessOutcome, AccessSpecification, Apdu } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { takeData } from "../data-decode.ts";
import { putData } from "../data-encode.ts";
import { actionResults, codeOf, dataAccessResults, nameOf } from "../names.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";
import {
  methodLength,
  putAttribute,
  putMethod,
  takeAttribute,
  takeList,
  takeMethod,
  takeOptionalDateTime,
} from "./shared.ts";

// ACCESS (IEC 62056-5-3): gets, sets and actions of many objects in one request.

const choices = { get: 1, set: 2, action: 3 } as const;
const selectionChoices = { get: 4, set: 5 } as const;

function takeSpecification(cursor: Cursor): AccessSpecification {
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  if (choice === 3) return { service: "action", method: takeMethod(cursor) };
  if (choice < 1 || choice > 5) throw cursor.fail("choice", choiceAt);
  const service = choice === 1 || choice === 4 ? "get" : "set";
  const attribute = takeAttribute(cursor);
  if (choice < 4) return { service, attribute };
  return { service, attribute, selection: { selector: cursor.uint8(), parameters: takeData(cursor) } };
}

function putSpecification(writer: Writer, specification: AccessSpecification): void {
  if (specification.service === "action") {
    putMethod(writer.uint8(choices.action), specification.method);
    return;
  }
  const { service, attribute, selection } = specification;
  putAttribute(writer.uint8(selection ? selectionChoices[service] : choices[service]), attribute);
  if (selection) putData(writer.uint8(selection.selector), selection.parameters);
}

function takeOutcome(cursor: Cursor): AccessOutcome {
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  if (choice < 1 || choice > 3) throw cursor.fail("choice", choiceAt);
  const service = choice === 1 ? "get" : choice === 2 ? "set" : "action";
  return {
    service,
    result: nameOf(service === "action" ? actionResults : dataAccessResults, cursor.uint8()),
  };
}

export function takeAccessRequest(cursor: Cursor): Apdu {
  const longInvokeId = cursor.uint32();
  const dateTime = takeOptionalDateTime(cursor);
  const specifications = takeList(cursor, methodLength + 1, takeSpecification);
  const values = takeList(cursor, 1, takeData);
  return { kind: "access-request", longInvokeId, ...(dateTime && { dateTime }), specifications, values };
}

export function takeAccessResponse(cursor: Cursor): Apdu {
  const longInvokeId = cursor.uint32();
  const dateTime = takeOptionalDateTime(cursor);
  // 00 = no echo; else what stands there is the request's list, behind 01 as an optional field.
  const flagAt = cursor.offset;
  const flag = cursor.uint8();
  if (flag > 1) throw cursor.fail("choice", flagAt);
  const specifications = flag ? takeList(cursor, methodLength + 1, takeSpecification) : undefined;
  const values = takeList(cursor, 1, takeData);
  const outcomes = takeList(cursor, 2, takeOutcome);
  return {
    kind: "access-response",
    longInvokeId,
    ...(dateTime && { dateTime }),
    ...(specifications && { specifications }),
    values,
    outcomes,
  };
}

export function putAccessApdu(writer: Writer, apdu: AccessApdu): void {
  writer
    .uint8(apduTags[apdu.kind])
    .uint32(apdu.longInvokeId)
    .sized(apdu.dateTime ?? []);
  if (apdu.kind === "access-response") writer.uint8(apdu.specifications ? 1 : 0);
  if (apdu.specifications) {
    writer.size(apdu.specifications.length);
    for (const specification of apdu.specifications) putSpecification(writer, specification);
  }
  writer.size(apdu.values.length);
  for (const value of apdu.values) putData(writer, value);
  if (apdu.kind === "access-request") return;
  writer.size(apdu.outcomes.length);
  for (const { service, result } of apdu.outcomes) {
    writer.uint8(choices[service]);
    writer.uint8(codeOf(service === "action" ? actionResults : dataAccessResults, result));
  }
}
