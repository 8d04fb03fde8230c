import { DecodeError } from "@energsys/protocols";
import {
  type DateTime,
  dateTimeOf,
  decodeDateTime,
  encodeDateTime,
  toEpochMs,
} from "@energsys/protocols/dlms";
import fc from "fast-check";
import { expect, test } from "vitest";
import { asHex, hex } from "./support.ts";

const iso = (text: string): number => Date.parse(text);

// Deviation: UTC = local + deviation, so Central European winter is -60 (IEC 62056-6-2).
const stamps: [string, string, string][] = [
  ["winter, deviation -60", "07E9010F030D2D1E00FFC400", "2025-01-15T12:45:30Z"],
  ["summer, deviation -120 with the DST bit", "07E704010615202300FF8880", "2023-04-01T19:32:35Z"],
  ["hundredths", "07E50118FF0E303950FFC400", "2021-01-24T13:48:57.800Z"],
  ["seconds and hundredths not specified", "07E9010F030D2DFFFFFFC400", "2025-01-15T12:45:00Z"],
  ["deviation zero", "07EA0B170110312A00000000", "2026-11-23T16:49:42Z"],
  ["weekday 0, as some devices send it", "07E9010F000D2D1E00FFC400", "2025-01-15T12:45:30Z"],
  ["29 February of a leap year", "07E8021DFF000000000000FF", "2024-02-29T00:00:00Z"],
  ["before 1970", "0758010105000000000000FF", "1880-01-01T00:00:00Z"],
];
test.each(stamps)("%s becomes its instant and its bytes again", (_name, text, instant) => {
  const value = decodeDateTime(hex(text));
  expect(toEpochMs(value)).toBe(iso(instant));
  expect(asHex(encodeDateTime(value)).toUpperCase()).toBe(text);
});

test("makers that turn the sign of the deviation are read by the type's switch", () => {
  const value = decodeDateTime(hex("07E9010F030D2D1E00003C00"));
  expect(toEpochMs(value, { deviationSign: "turned" })).toBe(iso("2025-01-15T12:45:30Z"));
  expect(toEpochMs(value)).toBe(iso("2025-01-15T14:45:30Z"));
});

test("a stamp without deviation takes the meter's zone, and the DST bit tells the doubled hour apart", () => {
  const seen: (boolean | undefined)[] = [];
  const zone = (local: number, dst: boolean | undefined): number => {
    seen.push(dst);
    expect(local).toBe(iso("2025-10-26T03:30:00Z"));
    return dst ? 180 : 120;
  };
  const at = (status: string): number | undefined =>
    toEpochMs(decodeDateTime(hex(`07E90A1A07031E00008000${status}`)), { zone });
  expect(at("80")).toBe(iso("2025-10-26T00:30:00Z"));
  expect(at("00")).toBe(iso("2025-10-26T01:30:00Z"));
  at("FF");
  expect(seen).toEqual([true, false, undefined]);
  expect(toEpochMs(decodeDateTime(hex("07E90A1A07031E0000800080")))).toBeUndefined();
});

test.each([
  ["any year", "FFFF010F030D2D1E00FFC400"],
  ["last day of the month", "07E901FE030D2D1E00FFC400"],
  ["start of summer time", "07E9FE0F030D2D1E00FFC400"],
  ["any hour", "07E9010F03FF2D1E00FFC400"],
  ["31 February", "07E9021F030D2D1E00FFC400"],
])("%s is no instant", (_name, text) => {
  expect(toEpochMs(decodeDateTime(hex(text)), { zone: () => 120 })).toBeUndefined();
});

test.each([
  ["11 bytes", "07E9010F030D2D1E00FFC4", "date-time.length", 0],
  ["month 13", "07E90D0F030D2D1E00FFC400", "date-time.field", 2],
  ["day 0", "07E90100030D2D1E00FFC400", "date-time.field", 3],
  ["hour 24", "07E9010F03182D1E00FFC400", "date-time.field", 5],
  ["minute 60", "07E9010F030D3C1E00FFC400", "date-time.field", 6],
  ["hundredths 100", "07E9010F030D2D1E64FFC400", "date-time.field", 8],
])("%s is refused", (_name, text, code, offset) => {
  expect(() => decodeDateTime(hex(text))).toThrow(expect.objectContaining({ code, offset }));
  expect(() => decodeDateTime(hex(text))).toThrow(DecodeError);
});

test("any instant of four centuries comes back from its date-time", () => {
  const instants = fc
    .integer({ min: iso("1800-01-01T00:00:00Z") / 10, max: iso("2200-01-01T00:00:00Z") / 10 })
    .map((ten) => ten * 10);
  fc.assert(
    fc.property(instants, fc.integer({ min: -720, max: 840 }), (instant, offset) => {
      const value: DateTime = dateTimeOf(instant, offset, 0);
      expect(toEpochMs(decodeDateTime(encodeDateTime(value)))).toBe(instant);
      const local = new Date(instant + offset * 60_000);
      expect(value.weekday).toBe(local.getUTCDay() || 7);
      expect(value.day).toBe(local.getUTCDate());
    }),
    { numRuns: 500 },
  );
});
