/**
 * One value of the COSEM data types (IEC 62056-6-2, common data types). Strings of octets stay bytes; 64-bit numbers are
 * bigint; date, time and date-time stay their 5, 4 and 12 bytes (`decodeDateTime` reads them).
 * `utf8-string` and `visible-string` carry their bytes too, since meters put anything in them: `textOf` reads them.
 */
export type DataValue =
  | { readonly type: "null" | "dont-care" }
  | { readonly type: "array" | "structure"; readonly items: readonly DataValue[] }
  | { readonly type: "boolean"; readonly value: boolean }
  | { readonly type: "bit-string"; readonly bits: number; readonly bytes: Uint8Array }
  | { readonly type: NumberType; readonly value: number }
  | { readonly type: "int64" | "uint64"; readonly value: bigint }
  | { readonly type: "float32" | "float64"; readonly value: number }
  | { readonly type: BytesType; readonly bytes: Uint8Array }
  | CompactArray;

/** Integers of up to 32 bits. The delta types add to the value of the row above (profile buffers only). */
export type NumberType =
  | "int8"
  | "int16"
  | "int32"
  | "uint8"
  | "uint16"
  | "uint32"
  | "enum"
  | "bcd"
  | "delta-int8"
  | "delta-int16"
  | "delta-int32"
  | "delta-uint8"
  | "delta-uint16"
  | "delta-uint32";

export type BytesType = "octet-string" | "visible-string" | "utf8-string" | "date-time" | "date" | "time";

/** Elements of one type, packed without tags. The description keeps what an empty one was meant to hold. */
export interface CompactArray {
  readonly type: "compact-array";
  readonly description: TypeDescription;
  readonly items: readonly DataValue[];
}

export type TypeDescription =
  | { readonly type: Exclude<DataValue["type"], "array" | "structure" | "compact-array"> }
  | { readonly type: "array"; readonly count: number; readonly element: TypeDescription }
  | { readonly type: "structure"; readonly elements: readonly TypeDescription[] };

/** Tag of each type (IEC 62056-5-3). 07, 08, 0B and 0E are not in use. */
export const dataTags = {
  null: 0x00,
  array: 0x01,
  structure: 0x02,
  boolean: 0x03,
  "bit-string": 0x04,
  int32: 0x05,
  uint32: 0x06,
  "octet-string": 0x09,
  "visible-string": 0x0a,
  "utf8-string": 0x0c,
  bcd: 0x0d,
  int8: 0x0f,
  int16: 0x10,
  uint8: 0x11,
  uint16: 0x12,
  "compact-array": 0x13,
  int64: 0x14,
  uint64: 0x15,
  enum: 0x16,
  float32: 0x17,
  float64: 0x18,
  "date-time": 0x19,
  date: 0x1a,
  time: 0x1b,
  "delta-int8": 0x1c,
  "delta-int16": 0x1d,
  "delta-int32": 0x1e,
  "delta-uint8": 0x1f,
  "delta-uint16": 0x20,
  "delta-uint32": 0x21,
  "dont-care": 0xff,
} as const satisfies Record<DataValue["type"], number>;

const typesByTag: (DataValue["type"] | undefined)[] = [];
for (const [type, tag] of Object.entries(dataTags)) typesByTag[tag] = type as DataValue["type"];

export function findDataType(tag: number): DataValue["type"] | undefined {
  return typesByTag[tag];
}

const latin1 = (bytes: Uint8Array) => {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};

/** The text of a string type; octet-strings only when every byte is printable ASCII. */
export function textOf(value: DataValue): string | undefined {
  if (value.type === "visible-string") return latin1(value.bytes);
  if (value.type === "utf8-string") return new TextDecoder().decode(value.bytes);
  if (value.type !== "octet-string") return undefined;
  return value.bytes.every((byte) => byte >= 0x20 && byte < 0x7f) ? latin1(value.bytes) : undefined;
}

/** The exact integer of any integer type, else `undefined`. */
export function integerOf(value: DataValue): bigint | undefined {
  switch (value.type) {
    case "int64":
    case "uint64":
      return value.value;
    case "int8":
    case "int16":
    case "int32":
    case "uint8":
    case "uint16":
    case "uint32":
    case "enum":
    case "bcd":
      return BigInt(value.value);
    default:
      return undefined;
  }
}

/** Short forms for building values. */
export const data = {
  null: { type: "null" } as DataValue,
  array: (...items: DataValue[]): DataValue => ({ type: "array", items }),
  structure: (...items: DataValue[]): DataValue => ({ type: "structure", items }),
  boolean: (value: boolean): DataValue => ({ type: "boolean", value }),
  int8: (value: number): DataValue => ({ type: "int8", value }),
  int16: (value: number): DataValue => ({ type: "int16", value }),
  int32: (value: number): DataValue => ({ type: "int32", value }),
  uint8: (value: number): DataValue => ({ type: "uint8", value }),
  uint16: (value: number): DataValue => ({ type: "uint16", value }),
  uint32: (value: number): DataValue => ({ type: "uint32", value }),
  uint64: (value: bigint): DataValue => ({ type: "uint64", value }),
  int64: (value: bigint): DataValue => ({ type: "int64", value }),
  enum: (value: number): DataValue => ({ type: "enum", value }),
  octets: (bytes: Uint8Array): DataValue => ({ type: "octet-string", bytes }),
  visible: (text: string): DataValue => ({
    type: "visible-string",
    bytes: Uint8Array.from(text, (character) => character.charCodeAt(0)),
  }),
} as const;
