import { type DataValue, dataTags, type TypeDescription } from "./data.ts";
import { Writer } from "./writer.ts";

/** Encodes one Data with its tag. Numbers out of range are a fault of ours and throw a plain `RangeError`. */
export function encodeData(value: DataValue): Uint8Array<ArrayBuffer> {
  const writer = new Writer();
  putData(writer, value);
  return writer.finish();
}

export function putData(writer: Writer, value: DataValue): void {
  writer.uint8(dataTags[value.type]);
  if (value.type === "array" || value.type === "structure") {
    writer.size(value.items.length);
    for (const item of value.items) putData(writer, item);
  } else if (value.type === "compact-array") {
    putDescription(writer, value.description);
    const content = new Writer();
    for (const item of value.items) putPacked(content, item);
    writer.sized(content.finish());
  } else {
    putPacked(writer, value);
  }
}

const ranges: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-0x80, 0x7f],
  int16: [-0x8000, 0x7fff],
  int32: [-0x8000_0000, 0x7fff_ffff],
  uint8: [0, 0xff],
  uint16: [0, 0xffff],
  uint32: [0, 0xffff_ffff],
};

function inRange(value: number, type: string): number {
  const [from, to] = ranges[type] as readonly [number, number];
  if (!Number.isInteger(value) || value < from || value > to) throw new RangeError(`${value} is no ${type}`);
  return value;
}

/** The content of a value without its tag. */
function putPacked(writer: Writer, value: DataValue): void {
  switch (value.type) {
    case "null":
    case "dont-care":
      return;
    case "array":
    case "structure":
      for (const item of value.items) putPacked(writer, item);
      return;
    case "compact-array":
      throw new RangeError("a compact array cannot stand in another");
    case "boolean":
      writer.uint8(value.value ? 1 : 0);
      return;
    case "bit-string":
      writer.size(value.bits).raw(value.bytes);
      return;
    case "int8":
    case "delta-int8":
      writer.uint8(inRange(value.value, "int8"));
      return;
    case "int16":
    case "delta-int16":
      writer.uint16(inRange(value.value, "int16"));
      return;
    case "int32":
    case "delta-int32":
      writer.uint32(inRange(value.value, "int32"));
      return;
    case "uint8":
    case "enum":
    case "bcd":
    case "delta-uint8":
      writer.uint8(inRange(value.value, "uint8"));
      return;
    case "uint16":
    case "delta-uint16":
      writer.uint16(inRange(value.value, "uint16"));
      return;
    case "uint32":
    case "delta-uint32":
      writer.uint32(inRange(value.value, "uint32"));
      return;
    case "int64":
      if (BigInt.asIntN(64, value.value) !== value.value) throw new RangeError(`${value.value} is no int64`);
      writer.uint64(BigInt.asUintN(64, value.value));
      return;
    case "uint64":
      if (BigInt.asUintN(64, value.value) !== value.value)
        throw new RangeError(`${value.value} is no uint64`);
      writer.uint64(value.value);
      return;
    case "float32":
      writer.float32(value.value);
      return;
    case "float64":
      writer.float64(value.value);
      return;
    case "octet-string":
    case "visible-string":
    case "utf8-string":
      writer.sized(value.bytes);
      return;
    case "date-time":
    case "date":
    case "time":
      if (value.bytes.length !== { "date-time": 12, date: 5, time: 4 }[value.type]) {
        throw new RangeError(`${value.bytes.length} bytes are no ${value.type}`);
      }
      writer.raw(value.bytes);
      return;
  }
}

function putDescription(writer: Writer, description: TypeDescription): void {
  writer.uint8(dataTags[description.type]);
  if (description.type === "array") {
    writer.uint16(description.count);
    putDescription(writer, description.element);
  } else if (description.type === "structure") {
    writer.size(description.elements.length);
    for (const element of description.elements) putDescription(writer, element);
  }
}
