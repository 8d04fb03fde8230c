import { expect, test } from "vitest";
import { formatsOf } from "./format.ts";
import { displayUnit, powerUnit } from "./quantity.ts";

const zone = "Europe/Bucharest";
const ro = formatsOf("ro", zone);
const en = formatsOf("en", zone);
const at = (text: string) => Date.parse(text);

test("numbers are written as each language does", () => {
  expect(ro.number(1234.5, 1)).toBe("1.234,5");
  expect(en.number(1234.5, 1)).toBe("1,234.5");
});

test.each([
  ["0033402.264", "33.402,264"],
  ["12345678901234567.123", "12.345.678.901.234.567,123"],
  ["0.000", "0,000"],
  ["-1.50", "-1,50"],
])("the register %s keeps all its digits: %s", (text, shown) => {
  expect(ro.decimal(text)).toBe(shown);
});

test("an interval is named by both of its ends in the network's zone", () => {
  expect(en.interval(at("2026-10-12T11:15:00Z"), 900)).toBe("12 Oct 2026, 14:15–14:30");
});

test("the last quarter hour before the clocks go back ends at the first 03:00", () => {
  expect(en.interval(at("2026-10-24T23:45:00Z"), 900)).toBe("25 Oct 2026, 02:45–03:00 +03");
  expect(en.interval(at("2026-10-25T00:45:00Z"), 900)).toBe("25 Oct 2026, 03:45 +03–03:00 +02");
});

test("an instant shows its offset only where it is needed", () => {
  expect(ro.instant(at("2026-10-25T00:15:00Z"))).toBe("25.10.2026, 03:15:00 +03");
  expect(ro.instant(at("2026-10-25T12:15:07Z"))).toBe("25.10.2026, 14:15:07");
});

test("a period is named by its first and last day", () => {
  expect(ro.days("2026-10-01", "2026-11-01")).toMatch(/^1\s?[–-]\s?31 oct\. 2026$/);
  expect(ro.days("2026-10-01", "2026-10-02")).toBe("1 oct. 2026");
});

test.each([
  [42_000, "42 s"],
  [42 * 60_000, "42 min"],
  [200 * 60_000, "3 h 20 min"],
  [47 * 3_600_000, "47 h"],
  [20 * 86_400_000, "20 de zile"],
])("%i ms is %s", (ms, text) => {
  expect(ro.duration(ms)).toBe(text);
});

test.each([
  ["Wh", 999, "Wh", 0],
  ["Wh", 4_100, "kWh", 3],
  ["Wh", 412_800_000, "MWh", 1],
  ["W", 2_996, "kW", 3],
  ["V", 231.2, "V", 1],
])("values of %s up to %d are shown in %s with %i digits", (unit, largest, label, digits) => {
  expect(displayUnit(unit, largest)).toMatchObject({ label, digits });
});

test("only energies have a power", () => {
  expect(["Wh", "varh", "V"].map(powerUnit)).toEqual(["W", "var", undefined]);
});

test("a deviation has its sign, with a minus that is as wide as the plus; none is none", () => {
  const f = formatsOf("ro", "Europe/Bucharest");
  expect([f.signed(-4.2, 1), f.signed(3), f.signed(0)]).toEqual(["−4,2", "+3", "0"]);
});
