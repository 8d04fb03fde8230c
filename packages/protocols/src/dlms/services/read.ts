import type { Apdu, ReadApdu, ReadResult, VariableAccess } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { takeData } from "../data-decode.ts";
import { putData } from "../data-encode.ts";
import { codeOf, dataAccessResults, nameOf } from "../names.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";

// READ of short-name referencing (IEC 62056-5-3): names instead of class, logical name and attribute.

export function takeVariable(cursor: Cursor): VariableAccess {
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  if (choice === 2) return { kind: "name", name: cursor.uint16() };
  if (choice === 4) {
    const name = cursor.uint16();
    return { kind: "name", name, selection: { selector: cursor.uint8(), parameters: takeData(cursor) } };
  }
  if (choice === 5) return { kind: "next-block", block: cursor.uint16() };
  if (choice === 6) {
    const last = cursor.uint8() !== 0;
    return { kind: "read-block", last, block: cursor.uint16(), raw: cursor.lengthAndBytes() };
  }
  if (choice === 7) return { kind: "write-block", last: cursor.uint8() !== 0, block: cursor.uint16() };
  throw cursor.fail("choice", choiceAt);
}

function takeReadResult(cursor: Cursor): ReadResult {
  const choiceAt = cursor.offset;
  const choice = cursor.uint8();
  if (choice === 0) return { ok: true, data: takeData(cursor) };
  if (choice === 1) return { ok: false, dataAccessResult: nameOf(dataAccessResults, cursor.uint8()) };
  if (choice === 2) {
    const last = cursor.uint8() !== 0;
    return { ok: "block", last, block: cursor.uint16(), raw: cursor.lengthAndBytes() };
  }
  if (choice === 3) return { ok: "taken", block: cursor.uint16() };
  throw cursor.fail("choice", choiceAt);
}

export function takeReadRequest(cursor: Cursor): Apdu {
  const count = cursor.count(3);
  return { kind: "read-request", items: Array.from({ length: count }, () => takeVariable(cursor)) };
}

export function takeReadResponse(cursor: Cursor): Apdu {
  const count = cursor.count(2);
  return { kind: "read-response", results: Array.from({ length: count }, () => takeReadResult(cursor)) };
}

export function putVariable(writer: Writer, item: VariableAccess): void {
  switch (item.kind) {
    case "next-block":
      writer.uint8(5).uint16(item.block);
      return;
    case "read-block":
      writer
        .uint8(6)
        .uint8(item.last ? 1 : 0)
        .uint16(item.block)
        .sized(item.raw);
      return;
    case "write-block":
      writer
        .uint8(7)
        .uint8(item.last ? 1 : 0)
        .uint16(item.block);
      return;
    case "name":
      writer.uint8(item.selection ? 4 : 2).uint16(item.name);
      if (item.selection) putData(writer.uint8(item.selection.selector), item.selection.parameters);
  }
}

function putReadResult(writer: Writer, result: ReadResult): void {
  if (result.ok === true) putData(writer.uint8(0), result.data);
  else if (result.ok === false) writer.uint8(1).uint8(codeOf(dataAccessResults, result.dataAccessResult));
  else if (result.ok === "taken") writer.uint8(3).uint16(result.block);
  else {
    writer
      .uint8(2)
      .uint8(result.last ? 1 : 0)
      .uint16(result.block)
      .sized(result.raw);
  }
}

export function putRead(writer: Writer, apdu: ReadApdu): void {
  if (apdu.kind === "read-request") {
    writer.uint8(apduTags["read-request"]).size(apdu.items.length);
    for (const item of apdu.items) putVariable(writer, item);
    return;
  }
  writer.uint8(apduTags["read-response"]).size(apdu.results.length);
  for (const result of apdu.results) putReadResult(writer, result);
}

/** A READ answer with its values still encoded: the list of results, or one block of it. */
export interface RawReadResponse {
  /** Count and results. */
  readonly body?: Uint8Array;
  readonly block?: { readonly last: boolean; readonly block: number; readonly raw: Uint8Array };
}

/** The cursor stands after the tag. */
export function takeRawReadResponse(cursor: Cursor): RawReadResponse {
  const isBlock = cursor.peek() === 1 && cursor.peek(1) === 2;
  if (!isBlock) return { body: cursor.take(cursor.left) };
  cursor.uint16();
  const last = cursor.uint8() !== 0;
  return { block: { last, block: cursor.uint16(), raw: cursor.lengthAndBytes() } };
}
