import { expect, test } from "vitest";
import type { Point } from "../api/client.ts";
import { formOf, thousandths, valuesOf } from "./values.ts";

const point = {
  phases: 1,
  voltage: "low",
  direction: "import",
  category: "household",
  approvedPowerW: 11_500,
  isProtected: false,
  exportContract: null,
  expectedYearWh: null,
  checkPoint: null,
} as unknown as Point;

test("a form that nobody touched says that nothing is different", () => {
  expect(valuesOf(formOf(point), point)).toEqual({});
});

test("only what differs is said, in the units of the interface", () => {
  const form = { ...formOf(point), powerKw: "13,8", exportContract: "no" as const, yearKwh: "2 400" };
  expect(valuesOf(form, point)).toEqual({
    approvedPowerW: 13_800,
    exportContract: false,
    expectedYearWh: 2_400_000,
  });
});

test("an empty field is no value, and what is no number above zero is told", () => {
  expect([thousandths(""), thousandths("0"), thousandths("-1"), thousandths("1.2345")]).toEqual([
    null,
    undefined,
    undefined,
    undefined,
  ]);
  expect(valuesOf({ ...formOf(point), powerKw: "x" }, point)).toBeUndefined();
  expect(valuesOf({ ...formOf(point), powerKw: "" }, point)).toEqual({ approvedPowerW: null });
});
