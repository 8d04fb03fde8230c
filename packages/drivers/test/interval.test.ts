import { expect, test } from "vitest";
import { findDecimal, formatDecimal, formatScaled, plainUnit } from "../src/decimal.ts";
import { intervalStart } from "../src/interval.ts";

const at = (time: string) => Date.parse(`2026-01-05T${time}Z`);
const quarter = 900_000;

test.each([
  ["10:15:00", "10:00:00", "a row stamped at the end of its period"],
  ["10:15:12", "10:00:00", "a meter that stamps some seconds late"],
  ["10:07:31", "10:00:00", "a row that a power failure cut short"],
  ["10:16:00", "10:15:00", "a row that began after the supply came back"],
  ["10:14:59", "10:00:00", "a meter that stamps a second early"],
])("stamp %s belongs to the interval from %s: %s", (stamp, start) => {
  expect(intervalStart(at(stamp), quarter, "end")).toBe(at(start));
});

test("a meter that stamps the start is taken at its word", () => {
  expect(intervalStart(at("10:15:00"), quarter, "start")).toBe(at("10:15:00"));
});

test.each([
  ["0033402.264", "33402.264"],
  ["-001.50", "-1.50"],
  ["000000", "0"],
  [" 12 ", "12"],
  ["0.000", "0.000"],
])("the decimal %s reads as %s", (text, expected) => {
  expect(formatDecimal(findDecimal(text)!)).toBe(expected);
});

test.each(["", "ERROR", "1e5", "1,5", "--", "0x10", "1 2", "9".repeat(40)])("%s is no decimal", (text) => {
  expect(findDecimal(text)).toBeUndefined();
});

test("powers of ten are exact", () => {
  expect(formatScaled(33_402_264n, -3)).toBe("33402.264");
  expect(formatScaled(-5n, -3)).toBe("-0.005");
  expect(formatScaled(2n ** 63n, 2)).toBe("922337203685477580800");
  expect(plainUnit("kWh")).toEqual({ unit: "Wh", power: 3 });
  expect(plainUnit("V")).toEqual({ unit: "V", power: 0 });
  expect(plainUnit("")).toEqual({ unit: "", power: 0 });
});
