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
  const size = fixedSizes[tag];
  if (size !== undefined) cursor.take(size);
  else if (tag === dataTags["octet-string"]) cursor.lengthAndBytes();
  else {
    cursor.offset = start;
    takeData(cursor, depth);
  }
}

/** Bytes of the common types of one size. */
const fixedSizes: readonly (number | undefined)[] = (() => {
  const sizes: (number | undefined)[] = [];
  for (const type of ["boolean", "int8", "uint8", "enum"] as const) sizes[dataTags[type]] = 1;
  for (const type of ["int16", "uint16"] as const) sizes[dataTags[type]] = 2;
  for (const type of ["int32", "uint32", "float32"] as const) sizes[dataTags[type]] = 4;
  for (const type of ["int64", "uint64", "float64"] as const) sizes[dataTags[type]] = 8;
  sizes[dataTags.null] = 0;
  return sizes;
})();
