import type { DataValue } from "@energsys/protocols/dlms";
import fc from "fast-check";

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const integer = (
  type: "int8" | "int16" | "int32" | "uint8" | "uint16" | "uint32" | "enum",
  min: number,
  max: number,
) => fc.integer({ min, max }).map((value): DataValue => ({ type, value }));

const simple: fc.Arbitrary<DataValue> = fc.oneof(
  fc.constant<DataValue>({ type: "null" }),
  fc.boolean().map((value): DataValue => ({ type: "boolean", value })),
  integer("int8", -128, 127),
  integer("int16", -32768, 32767),
  integer("int32", -2147483648, 2147483647),
  integer("uint8", 0, 255),
  integer("uint16", 0, 65535),
  integer("uint32", 0, 4294967295),
  integer("enum", 0, 255),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value): DataValue => ({ type: "int64", value })),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((value): DataValue => ({ type: "uint64", value })),
  fc.float({ noNaN: true }).map((value): DataValue => ({ type: "float32", value })),
  fc.double({ noNaN: true }).map((value): DataValue => ({ type: "float64", value })),
  fc.uint8Array({ maxLength: 300 }).map((bytes): DataValue => ({ type: "octet-string", bytes })),
  fc.uint8Array({ maxLength: 20 }).map((bytes): DataValue => ({ type: "visible-string", bytes })),
  bytesOf(12).map((bytes): DataValue => ({ type: "date-time", bytes })),
  bytesOf(5).map((bytes): DataValue => ({ type: "date", bytes })),
  bytesOf(4).map((bytes): DataValue => ({ type: "time", bytes })),
  fc.tuple(fc.uint8Array({ maxLength: 5 }), fc.integer({ min: 0, max: 7 })).map(
    ([bytes, unused]): DataValue => ({
      type: "bit-string",
      bits: Math.max(0, bytes.length * 8 - (bytes.length > 0 ? unused : 0)),
      bytes,
    }),
  ),
  fc.array(fc.integer({ min: 0, max: 65535 }), { maxLength: 5 }).map(
    (values): DataValue => ({
      type: "compact-array",
      description: { type: "uint16" },
      items: values.map((value) => ({ type: "uint16", value })),
    }),
  ),
);

/** Any value, nested a few levels deep. */
export const dataValues: fc.Arbitrary<DataValue> = fc.letrec<{ value: DataValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    simple,
    fc
      .tuple(
        fc.constantFrom("array" as const, "structure" as const),
        fc.array(tie("value"), { maxLength: 4 }),
      )
      .map(([type, items]): DataValue => ({ type, items })),
  ),
})).value;
