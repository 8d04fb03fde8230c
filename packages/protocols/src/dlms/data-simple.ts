import type { Cursor } from "./cursor.ts";
import type { DataValue } from "./data.ts";

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
