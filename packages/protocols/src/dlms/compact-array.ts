import { DecodeError } from "../errors.ts";
import { type Cursor, nestingMax } from "./cursor.ts";
import { type CompactArray, type DataValue, findDataType, type TypeDescription } from "./data.ts";
import { takeSimple } from "./data-simple.ts";

/** Values built for each byte of content at most: nulls take no bytes, so a count alone bounds nothing. */
const valuesPerByteMax = 8;

/**
 * The body of a compact array, its tag taken already: type description, byte length, packed values without tags
 * (IEC 62056-5-3). Elements are read until the bytes are used up.
 */
export function decodeCompactArray(cursor: Cursor, depth: number): CompactArray {
  const description = takeDescription(cursor, depth);
  const start = cursor.offset;
  const content = cursor.part(cursor.length());
  const budget = { left: 64 + valuesPerByteMax * content.left };
  const items: DataValue[] = [];
  while (content.left > 0) {
    const before = content.offset;
    items.push(takePacked(content, description, budget));
    // An element without bytes would never use up the content.
    if (content.offset === before) throw new DecodeError("data.compact", start);
  }
  return { type: "compact-array", description, items };
}

function takeDescription(cursor: Cursor, depth: number): TypeDescription {
  if (depth >= nestingMax) throw new DecodeError("data.nesting", cursor.offset);
  const start = cursor.offset;
  const type = findDataType(cursor.uint8());
  if (type === undefined || type === "compact-array") throw new DecodeError("data.type", start);
  if (type === "array") {
    const count = cursor.uint16();
    return { type, count, element: takeDescription(cursor, depth + 1) };
  }
  if (type === "structure") {
    const count = cursor.count(1);
    const elements: TypeDescription[] = [];
    for (let i = 0; i < count; i++) elements.push(takeDescription(cursor, depth + 1));
    return { type, elements };
  }
  return { type };
}

function takePacked(cursor: Cursor, description: TypeDescription, budget: { left: number }): DataValue {
  if (--budget.left < 0) throw new DecodeError("data.compact", cursor.offset);
  if (description.type === "array") {
    const items: DataValue[] = [];
    for (let i = 0; i < description.count; i++) items.push(takePacked(cursor, description.element, budget));
    return { type: "array", items };
  }
  if (description.type === "structure") {
    return {
      type: "structure",
      items: description.elements.map((element) => takePacked(cursor, element, budget)),
    };
  }
  return takeSimple(cursor, description.type);
}
