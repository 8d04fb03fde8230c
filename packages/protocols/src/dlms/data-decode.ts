import { DecodeError } from "../errors.ts";
import { decodeCompactArray } from "./compact-array.ts";
import { Cursor, nestingMax } from "./cursor.ts";
import { type DataValue, dataTags, findDataType } from "./data.ts";
import { takeSimple } from "./data-simple.ts";

/**
 * Decodes one Data that fills `bytes`. Byte strings are views, not copies.
 * @throws DecodeError `data.type`, `data.truncated`, `data.count`, `data.length`, `data.nesting`, `data.compact`, `data.trailing`
 */
export function decodeData(bytes: Uint8Array): DataValue {
  const cursor = new Cursor(bytes, "data");
  const value = takeData(cursor);
  cursor.done();
  return value;
}

/** Takes one Data off the cursor. */
export function takeData(cursor: Cursor, depth = 0): DataValue {
  const start = cursor.offset;
  const type = findDataType(cursor.uint8());
  if (type === undefined) throw new DecodeError("data.type", start);
  if (type === "array" || type === "structure") {
    if (depth >= nestingMax) throw new DecodeError("data.nesting", start);
    const count = cursor.count(1);
    const items: DataValue[] = [];
    for (let i = 0; i < count; i++) items.push(takeData(cursor, depth + 1));
    return { type, items };
  }
  if (type === "compact-array") return decodeCompactArray(cursor, depth);
  return takeSimple(cursor, type);
}

/** Skips one Data without building it, with the same checks; for views of raw parts. */
export function skipData(cursor: Cursor, depth = 0): void {
  const start = cursor.offset;
  const tag = cursor.uint8();
  if (tag === dataTags.array || tag === dataTags.structure) {
    if (depth >= nestingMax) throw new DecodeError("data.nesting", start);
    const count = cursor.count(1);
    for (let i = 0; i < count; i++) skipData(cursor, depth + 1);
    return;
  }
  cursor.offset = start;
  takeData(cursor, depth);
}
