import {
  applyScaler,
  attributeName,
  cosemClasses,
  decodeCaptureObjects,
  decodeEntrySelection,
  decodeObjectList,
  decodeRangeSelection,
  encodeCaptureObjects,
  encodeObjectList,
  entrySelection,
  findCosemClass,
  formatQuantity,
  methodName,
  rangeSelection,
  scalerAttribute,
  scalerUnit,
  unitOf,
} from "@energsys/protocols/cosem";
import { type DataValue, data, decodeData, encodeApdu, encodeData } from "@energsys/protocols/dlms";
import fc from "fast-check";
import { expect, test } from "vitest";
import { asHex, hex } from "../dlms/support.ts";

test.each([
  [2276n, -1, "227.6"],
  [10n, -1, "1.0"],
  [5n, -3, "0.005"],
  [-5n, -3, "-0.005"],
  [58243n, 1, "582430"],
  [0n, 3, "0"],
  [0n, -2, "0.00"],
  [9007199254740993n, -3, "9007199254740.993"],
  [18446744073709551615n, 2, "1844674407370955161500"],
] as const)("%s with scaler %s is exactly %s", (raw, scaler, text) => {
  expect(applyScaler(raw, scaler)).toBe(text);
});

test.each([
  ["float32 of a tenth", { type: "float32", value: Math.fround(0.1) }, 0, "0.1"],
  ["float32 with scaler 3", { type: "float32", value: Math.fround(230.1) }, 3, "230100"],
  ["float32 with scaler -1", { type: "float32", value: 1.5 }, -1, "0.15"],
  ["float32, large", { type: "float32", value: Math.fround(1e20) }, 0, "100000000000000000000"],
  ["float64, small", { type: "float64", value: 1.5e-9 }, 0, "0.0000000015"],
  ["float64, negative", { type: "float64", value: -2.25 }, 0, "-2.25"],
  ["uint64", { type: "uint64", value: 2n ** 63n }, -3, "9223372036854775.808"],
  ["a string", { type: "octet-string", bytes: hex("00") }, 0, undefined],
] as const)("%s is a decimal without exponent", (_name, value, scaler, text) => {
  expect(formatQuantity(value as DataValue, scaler)).toBe(text);
});

test("any float reads back from its text", () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = formatQuantity({ type: "float32", value }, 0) ?? "";
      expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Math.fround(Number(text))).toBe(value === 0 ? Number(text) : value);
    }),
    { numRuns: 500 },
  );
});

test("scaler and unit are named, another shape is refused", () => {
  expect(scalerUnit(decodeData(hex("02 02 0F FE 16 21")))).toEqual({ scaler: -2, unitCode: 33, unit: "A" });
  expect(scalerUnit(decodeData(hex("02 02 0F 00 16 FF")))).toMatchObject({ unit: "" });
  expect(() => scalerUnit(decodeData(hex("02 01 0F FE")))).toThrow(
    expect.objectContaining({ code: "cosem.scaler-unit" }),
  );
  expect(unitOf(30)).toBe("Wh");
  expect(unitOf(99)).toBe("unit-99");
});

test("classes have unique ids and names; attribute 1 is the logical name of each", () => {
  expect(new Set(cosemClasses.map((entry) => entry.id)).size).toBe(cosemClasses.length);
  expect(new Set(cosemClasses.map((entry) => entry.name)).size).toBe(cosemClasses.length);
  for (const entry of cosemClasses) expect(entry.attributes[0]).toBe("logical_name");
  expect(findCosemClass(7)?.name).toBe("profile-generic");
  expect(attributeName(7, 3)).toBe("capture_objects");
  expect(attributeName(7, 99)).toBe("attribute-99");
  expect(attributeName(9999, 2)).toBe("attribute-2");
  expect(methodName(70, 2)).toBe("remote_reconnect");
  expect([1, 3, 4, 5].map(scalerAttribute)).toEqual([undefined, 3, 3, 4]);
});

// First element of the object list in a recorded exchange: the association itself, with three of its attributes left out.
const association = `01 01 02 04 12 00 0F 11 02 09 06 00 00 28 00 00 FF 02 02 01 02 02 03 0F 01 16 01 00
  02 03 0F 02 16 01 01 02 0F 01 0F 02 01 01 02 02 0F 01 16 01`;
test("an object list gives class, version, code and access in the meter's order", () => {
  const objects = decodeObjectList(decodeData(hex(association)));
  expect(objects).toEqual([
    {
      classId: 15,
      version: 2,
      obis: "0-0:40.0.0*255",
      attributes: [
        { attribute: 1, mode: 1, selectors: [] },
        { attribute: 2, mode: 1, selectors: [1, 2] },
      ],
      methods: [{ method: 1, mode: 1 }],
    },
  ]);
  expect(asHex(encodeData(encodeObjectList(objects)))).toBe(asHex(hex(association)));
});

test.each([
  ["no list", "11 05"],
  ["an element with too few fields", "01 01 02 03 12 00 0F 11 02 09 06 00 00 28 00 00 FF"],
  ["a code of five bytes", "01 01 02 04 12 00 0F 11 02 09 05 00 00 28 00 00 02 02 01 00 01 00"],
  ["a class that is text", "01 01 02 04 0A 01 41 11 02 09 06 00 00 28 00 00 FF 02 02 01 00 01 00"],
])("%s is refused as object list", (_name, text) => {
  expect(() => decodeObjectList(decodeData(hex(text)))).toThrow(
    expect.objectContaining({ code: "cosem.shape" }),
  );
});

const columns =
  "01 02 02 04 12 00 08 09 06 00 00 01 00 00 FF 0F 02 12 00 00 02 04 12 00 01 09 06 00 00 60 0B 00 FF 0F 02 12 00 00";
test("capture objects are the columns of a profile", () => {
  const objects = decodeCaptureObjects(decodeData(hex(columns)));
  expect(objects).toEqual([
    { classId: 8, obis: "0-0:1.0.0*255", attribute: 2, dataIndex: 0 },
    { classId: 1, obis: "0-0:96.11.0*255", attribute: 2, dataIndex: 0 },
  ]);
  expect(asHex(encodeData(encodeCaptureObjects(objects)))).toBe(asHex(hex(columns)));
});

const invoke = { id: 1, confirmed: true, highPriority: true };
const attribute = { classId: 7, obis: "1-0:99.1.0*255", attribute: 2 };

test("a day of the load profile is asked for by range as the worked example has it", () => {
  const local = {
    month: 1,
    hour: 0,
    minute: 0,
    second: 0,
    hundredths: 0,
    deviationMinutes: -60,
    status: 0,
    year: 2025,
  };
  const selection = rangeSelection({ from: { ...local, day: 15 }, to: { ...local, day: 16 } });
  expect(asHex(encodeApdu({ kind: "get-request-normal", invoke, attribute, selection }))).toBe(
    asHex(
      hex(`C0 01 C1 00 07 01 00 63 01 00 FF 02 01 01 02 04 02 04 12 00 08 09 06 00 00 01 00 00 FF 0F 02 12 00 00
        09 0C 07 E9 01 0F FF 00 00 00 00 FF C4 00 09 0C 07 E9 01 10 FF 00 00 00 00 FF C4 00 01 00`),
    ),
  );
  const asked = decodeRangeSelection(selection.parameters);
  expect(asked.restricting).toEqual({ classId: 8, obis: "0-0:1.0.0*255", attribute: 2, dataIndex: 0 });
  expect(asked.from).toEqual({ type: "octet-string", bytes: hex("07E9010FFF00000000FFC400") });
  expect(asked.columns).toEqual([]);
});

test("some meters want the bounds as date-time, and some columns only", () => {
  const selection = rangeSelection({
    from: { year: 2025 },
    to: { year: 2026 },
    boundsAs: "date-time",
    columns: [{ classId: 3, obis: "1-0:1.8.0*255", attribute: 2, dataIndex: 0 }],
  });
  const asked = decodeRangeSelection(selection.parameters);
  expect(asked.to).toEqual({ type: "date-time", bytes: hex("07EAFFFFFFFFFFFFFF8000FF") });
  expect(asked.columns).toHaveLength(1);
});

test("rows by number are asked for as the worked example has it", () => {
  const selection = entrySelection({ fromEntry: 1, toEntry: 96 });
  expect(asHex(encodeApdu({ kind: "get-request-normal", invoke, attribute, selection }))).toBe(
    asHex(
      hex("C0 01 C1 00 07 01 00 63 01 00 FF 02 01 02 02 04 06 00 00 00 01 06 00 00 00 60 12 00 01 12 00 00"),
    ),
  );
  expect(decodeEntrySelection(selection.parameters)).toEqual({
    fromEntry: 1,
    toEntry: 96,
    fromColumn: 1,
    toColumn: 0,
  });
  expect(() => decodeEntrySelection(data.null)).toThrow(expect.objectContaining({ code: "cosem.shape" }));
});
