import { encodeObis, formatObis } from "../../obis.ts";
import type {
  AttributeAccess,
  AttributeReference,
  DataBlock,
  GetResult,
  Invoke,
  MethodReference,
  Selection,
} from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { takeData } from "../data-decode.ts";
import { putData } from "../data-encode.ts";
import { codeOf, dataAccessResults, nameOf } from "../names.ts";
import type { Writer } from "../writer.ts";

export function takeInvoke(cursor: Cursor): Invoke {
  const byte = cursor.uint8();
  return { id: byte & 0x0f, confirmed: (byte & 0x40) !== 0, highPriority: (byte & 0x80) !== 0 };
}

export function putInvoke(writer: Writer, invoke: Invoke): void {
  writer.uint8((invoke.id & 0x0f) | (invoke.confirmed ? 0x40 : 0) | (invoke.highPriority ? 0x80 : 0));
}

/** OPTIONAL is written 00 or 01; anything else is refused. @throws DecodeError `apdu.choice` */
export function takeFlag(cursor: Cursor): boolean {
  const start = cursor.offset;
  const flag = cursor.uint8();
  if (flag > 1) throw cursor.fail("choice", start);
  return flag === 1;
}

export function takeAttribute(cursor: Cursor): AttributeReference {
  const classId = cursor.uint16();
  const obis = formatObis(cursor.take(6));
  return { classId, obis, attribute: cursor.int8() };
}

export function putAttribute(writer: Writer, attribute: AttributeReference): void {
  writer.uint16(attribute.classId).raw(encodeObis(attribute.obis)).uint8(attribute.attribute);
}

export function takeAccess(cursor: Cursor): AttributeAccess {
  const attribute = takeAttribute(cursor);
  if (!takeFlag(cursor)) return { attribute };
  return { attribute, selection: { selector: cursor.uint8(), parameters: takeData(cursor) } };
}

export function putAccess(writer: Writer, { attribute, selection }: AttributeAccess): void {
  putAttribute(writer, attribute);
  putSelection(writer, selection);
}

export function putSelection(writer: Writer, selection: Selection | undefined): void {
  writer.uint8(selection ? 1 : 0);
  if (!selection) return;
  writer.uint8(selection.selector);
  putData(writer, selection.parameters);
}

/** Get-data-result: `00 data` or `01 result`. */
export function takeResult(cursor: Cursor): GetResult {
  if (takeFlag(cursor)) return { ok: false, dataAccessResult: nameOf(dataAccessResults, cursor.uint8()) };
  return { ok: true, data: takeData(cursor) };
}

export function putResult(writer: Writer, result: GetResult): void {
  if (result.ok) putData(writer.uint8(0), result.data);
  else writer.uint8(1).uint8(codeOf(dataAccessResults, result.dataAccessResult));
}

/** A date-time of 12 bytes behind a length byte that is 0 when there is none. @throws DecodeError `apdu.date-time` */
export function takeOptionalDateTime(cursor: Cursor): Uint8Array | undefined {
  // Seen in the field: the length byte is preceded by the tag of an octet-string.
  if (cursor.peek() === 0x09 && cursor.peek(1) === 0x0c) cursor.uint8();
  const start = cursor.offset;
  const bytes = cursor.lengthAndBytes();
  if (bytes.length === 0) return undefined;
  if (bytes.length !== 12) throw cursor.fail("date-time", start);
  return bytes;
}

/** Class, logical name, attribute and the selection flag: what an element of a list takes at least. */
export const accessLengthMin = 10;
export const methodLength = 9;

/** A count and that many elements of at least `bytesPerElement` bytes. */
export function takeList<Element>(
  cursor: Cursor,
  bytesPerElement: number,
  take: (cursor: Cursor) => Element,
): Element[] {
  const count = cursor.count(bytesPerElement);
  const elements: Element[] = [];
  for (let i = 0; i < count; i++) elements.push(take(cursor));
  return elements;
}

export function takeMethod(cursor: Cursor): MethodReference {
  const classId = cursor.uint16();
  const obis = formatObis(cursor.take(6));
  return { classId, obis, method: cursor.int8() };
}

export function putMethod(writer: Writer, { classId, obis, method }: MethodReference): void {
  writer.uint16(classId).raw(encodeObis(obis)).uint8(method);
}

/** `last block4 len raw` of long requests and of the answers to methods. */
export function takeBlock(cursor: Cursor): DataBlock {
  const last = cursor.uint8() !== 0;
  return { last, block: cursor.uint32(), raw: cursor.lengthAndBytes() };
}

export function putBlock(writer: Writer, { last, block, raw }: DataBlock): void {
  writer
    .uint8(last ? 1 : 0)
    .uint32(block)
    .sized(raw);
}
