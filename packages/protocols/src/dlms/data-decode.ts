import { decodeCompactArray } from "./compact-array.ts";
import { Cursor, nestingMax } from "./cursor.ts";
import { type DataValue, dataTags, findDataType } from "./data.ts";

/**
 * Decodes one Data that fills `bytes`. Byte strings are views, not copies.
 * @throws DecodeError `data.type`, `data.truncated`, `data.count`, `data.length`, `data.nesting`, `data.bcd`, `data.compact`, `data.trailing`
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
  if (type === undefined) throw cursor.fail("type", start);
  if (type === "array" || type === "structure") {
    if (depth >= nestingMax) throw cursor.fail("nesting", start);
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
    if (depth >= nestingMax) throw cursor.fail("nesting", start);
    const count = cursor.count(1);
    for (let i = 0; i < count; i++) skipData(cursor, depth + 1);
    return;
  }
  cursor.offset = start;
  takeData(cursor, depth);
}

export type SimpleType = Exclude<DataValue["type"], "array" | "structure" | "compact-array">;

/** The value of a type that holds no others; its tag has been taken already. */
export function takeSimple(cursor: Cursor, type: SimpleType): DataValue {
  switch (type) {
    case "null":
    case "dont-care":
      return { type };
    case "boolean":
      return { type, value: cursor.uint8() !== 0 };
    case "bit-string": {
      const start = cursor.offset;
      const bits = cursor.length();
      const size = Math.ceil(bits / 8);
      if (size > cursor.left) throw cursor.fail("count", start);
      return { type, bits, bytes: cursor.take(size) };
    }
    case "int8":
    case "delta-int8":
      return { type, value: cursor.int8() };
    case "int16":
    case "delta-int16":
      return { type, value: cursor.int16() };
    case "int32":
    case "delta-int32":
      return { type, value: cursor.int32() };
    case "uint8":
    case "enum":
    case "bcd":
    case "delta-uint8":
      return { type, value: cursor.uint8() };
    case "uint16":
    case "delta-uint16":
      return { type, value: cursor.uint16() };
    case "uint32":
    case "delta-uint32":
      return { type, value: cursor.uint32() };
    case "int64":
      return { type, value: cursor.int64() };
    case "uint64":
      return { type, value: cursor.uint64() };
    case "float32":
      return { type, value: cursor.float32() };
    case "float64":
      return { type, value: cursor.float64() };
    case "octet-string":
    case "visible-string":
    case "utf8-string":
      return { type, bytes: cursor.lengthAndBytes() };
    case "date-time":
      return { type, bytes: cursor.take(12) };
    case "date":
      return { type, bytes: cursor.take(5) };
    case "time":
      return { type, bytes: cursor.take(4) };
  }
}
