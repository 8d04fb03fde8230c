import { DecodeError } from "@energsys/protocols";
import { type DataValue, decodeData, encodeData, integerOf, textOf } from "@energsys/protocols/dlms";
import fc from "fast-check";
import { expect, test } from "vitest";
import { asHex, hex } from "./support.ts";
import { dataValues } from "./values.ts";

const octets = (text: string): DataValue => ({ type: "octet-string", bytes: hex(text) });

// Types and tags of IEC 62056-5-3; the compact arrays are the examples of its description.
const vectors: [string, string, DataValue][] = [
  ["null-data", "00", { type: "null" }],
  ["boolean", "03 01", { type: "boolean", value: true }],
  ["bit-string of 10 bits", "04 0A A5 40", { type: "bit-string", bits: 10, bytes: hex("A5 40") }],
  ["int32, negative", "05 FF FF FF FE", { type: "int32", value: -2 }],
  ["uint32, highest bit set", "06 FF FF FF FF", { type: "uint32", value: 4294967295 }],
  ["octet-string", "09 06 00 00 01 00 00 FF", octets("000001 0000FF")],
  ["visible-string", "0A 03 41 42 43", { type: "visible-string", bytes: hex("414243") }],
  ["utf8-string", "0C 02 C5 9F", { type: "utf8-string", bytes: hex("C59F") }],
  ["bcd", "0D 42", { type: "bcd", value: 0x42 }],
  ["int8", "0F FE", { type: "int8", value: -2 }],
  ["int16", "10 FF 38", { type: "int16", value: -200 }],
  ["uint8", "11 FF", { type: "uint8", value: 255 }],
  ["uint16", "12 09 1A", { type: "uint16", value: 2330 }],
  ["int64", "14 FF FF FF FF FF FF FF FE", { type: "int64", value: -2n }],
  ["uint64 beyond 2^53", "15 00 20 00 00 00 00 00 01", { type: "uint64", value: 9007199254740993n }],
  ["enum", "16 1E", { type: "enum", value: 30 }],
  ["float32", "17 3D CC CC CD", { type: "float32", value: Math.fround(0.1) }],
  ["float64", "18 3F B9 99 99 99 99 99 9A", { type: "float64", value: 0.1 }],
  ["date", "1A 07 E9 01 0F 03", { type: "date", bytes: hex("07E9010F03") }],
  ["time", "1B 0D 2D 1E 00", { type: "time", bytes: hex("0D2D1E00") }],
  ["delta-int8", "1C FF", { type: "delta-int8", value: -1 }],
  ["delta-uint32", "21 00 00 00 07", { type: "delta-uint32", value: 7 }],
  ["don't-care", "FF", { type: "dont-care" }],
  [
    "scaler and unit",
    "02 02 0F FE 16 21",
    {
      type: "structure",
      items: [
        { type: "int8", value: -2 },
        { type: "enum", value: 33 },
      ],
    },
  ],
  [
    "compact array of three uint16",
    "13 12 06 0001 0002 0003",
    {
      type: "compact-array",
      description: { type: "uint16" },
      items: [1, 2, 3].map((value): DataValue => ({ type: "uint16", value })),
    },
  ],
  [
    "compact array of structures",
    "13 02 02 12 16 06 0005 1E 0007 1E",
    {
      type: "compact-array",
      description: { type: "structure", elements: [{ type: "uint16" }, { type: "enum" }] },
      items: [5, 7].map(
        (value): DataValue => ({
          type: "structure",
          items: [
            { type: "uint16", value },
            { type: "enum", value: 30 },
          ],
        }),
      ),
    },
  ],
];

test.each(vectors)("%s is decoded, encoded to the same bytes, and refused when cut", (_name, text, value) => {
  const bytes = hex(text);
  expect(decodeData(bytes)).toEqual(value);
  expect(asHex(encodeData(value))).toBe(asHex(bytes));
  for (let length = 0; length < bytes.length; length++) {
    expect(() => decodeData(bytes.slice(0, length))).toThrow(DecodeError);
  }
});

test("lengths in their long forms are read like the short one", () => {
  for (const length of ["02", "81 02", "82 00 02", "83 00 00 02", "84 00 00 00 02"]) {
    expect(decodeData(hex(`09 ${length} AB CD`))).toEqual(octets("ABCD"));
  }
});

const nested = (levels: number): string => `${"01 01 ".repeat(levels)}00`;
const refused: [string, string, string, number][] = [
  ["nothing", "", "data.truncated", 0],
  ["a type that is not in use", "07", "data.type", 0],
  ["a type inside that is not in use", "02 02 11 01 0B", "data.type", 4],
  ["more elements than bytes", "01 84 FF FF FF FF", "data.count", 1],
  ["more bytes than there are", "09 7F 00", "data.truncated", 2],
  ["a length of five bytes", "09 85 00 00 00 00 01", "data.length", 1],
  ["an endless length", "09 80", "data.length", 1],
  ["bytes after the value", "11 01 00", "data.trailing", 2],
  ["arrays deeper than 16", nested(17), "data.nesting", 32],
  ["more bits than bytes", "04 82 FF FF 00", "data.count", 1],
  ["a compact array in a compact array", "13 13 11 01 00", "data.type", 1],
  ["a compact array whose elements have no bytes", "13 00 03 00 00 00", "data.compact", 2],
  ["a compact array whose last element is cut", "13 12 03 00 01 00", "data.truncated", 5],
  [
    "a compact array that multiplies nulls",
    `13 02 82 20 01 11 ${"00 ".repeat(0x2000)} 40 ${"01 ".repeat(64)}`,
    "data.compact",
    0,
  ],
];
test.each(refused)("%s is refused with code and offset", (_name, text, code, offset) => {
  const error = ((): unknown => {
    try {
      return decodeData(hex(text));
    } catch (caught) {
      return caught;
    }
  })();
  expect(error).toBeInstanceOf(DecodeError);
  expect((error as DecodeError).code).toBe(code);
  if (offset > 0) expect((error as DecodeError).offset).toBe(offset);
});

test("16 levels are read", () => {
  expect(decodeData(hex(nested(16))).type).toBe("array");
});

test("random values come back from their bytes", () => {
  fc.assert(
    fc.property(dataValues, (value) => {
      expect(decodeData(encodeData(value))).toEqual(value);
    }),
    { numRuns: 500 },
  );
});

test("random bytes are decoded or refused with an offset inside them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeData(bytes);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
        expect(error.offset).toBeLessThanOrEqual(bytes.length);
      }
    }),
    { numRuns: 2000 },
  );
});

test("numbers that do not fit their type are our fault, not silently cut", () => {
  expect(() => encodeData({ type: "uint8", value: 256 })).toThrow(RangeError);
  expect(() => encodeData({ type: "int16", value: 1.5 })).toThrow(RangeError);
  expect(() => encodeData({ type: "uint64", value: -1n })).toThrow(RangeError);
  expect(() => encodeData({ type: "date-time", bytes: new Uint8Array(5) })).toThrow(RangeError);
});

test("texts and integers are read from the types that can hold them", () => {
  expect(textOf(octets("4142"))).toBe("AB");
  expect(textOf(octets("0142"))).toBeUndefined();
  expect(textOf({ type: "utf8-string", bytes: hex("C59F") })).toBe("ş");
  expect(integerOf({ type: "uint64", value: 5n })).toBe(5n);
  expect(integerOf({ type: "float32", value: 5 })).toBeUndefined();
});
