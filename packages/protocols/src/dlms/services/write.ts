import type { Apdu, WriteApdu, WriteResult } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { takeData } from "../data-decode.ts";
import { putData } from "../data-encode.ts";
import { codeOf, dataAccessResults, nameOf } from "../names.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";
import { putVariable, takeVariable } from "./read.ts";
import { takeFlag, takeList } from "./shared.ts";

// WRITE and information report of short-name referencing (IEC 62056-5-3).

/** Choice and number: what a name or block takes at least. */
const variableLengthMin = 3;

const takeNamesAndValues = (cursor: Cursor) => ({
  items: takeList(cursor, variableLengthMin, takeVariable),
  values: takeList(cursor, 1, takeData),
});

export function takeWriteRequest(cursor: Cursor, kind: "write-request" | "unconfirmed-write-request"): Apdu {
  return { kind, ...takeNamesAndValues(cursor) };
}

function takeWriteResult(cursor: Cursor): WriteResult {
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  if (choice === 0) return { ok: true };
  if (choice === 1) return { ok: false, dataAccessResult: nameOf(dataAccessResults, cursor.uint8()) };
  if (choice === 2) return { ok: "block", block: cursor.uint16() };
  throw cursor.fail("choice", choiceAt);
}

export const takeWriteResponse = (cursor: Cursor): Apdu => ({
  kind: "write-response",
  results: takeList(cursor, 1, takeWriteResult),
});

export function takeInformationReport(cursor: Cursor): Apdu {
  const time = takeFlag(cursor) ? String.fromCharCode(...cursor.lengthAndBytes().subarray(0, 32)) : undefined;
  return { kind: "information-report", ...(time !== undefined && { time }), ...takeNamesAndValues(cursor) };
}

export function putWrite(writer: Writer, apdu: WriteApdu): void {
  writer.uint8(apduTags[apdu.kind]);
  if (apdu.kind === "write-response") {
    writer.size(apdu.results.length);
    for (const result of apdu.results) {
      if (result.ok === true) writer.uint8(0);
      else if (result.ok === false) writer.uint8(1).uint8(codeOf(dataAccessResults, result.dataAccessResult));
      else writer.uint8(2).uint16(result.block);
    }
    return;
  }
  if (apdu.kind === "information-report") {
    writer.uint8(apdu.time === undefined ? 0 : 1);
    if (apdu.time !== undefined) writer.sized(Uint8Array.from(apdu.time, (c) => c.charCodeAt(0)));
  }
  writer.size(apdu.items.length);
  for (const item of apdu.items) putVariable(writer, item);
  writer.size(apdu.values.length);
  for (const value of apdu.values) putData(writer, value);
}
