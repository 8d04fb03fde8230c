import { expect, test } from "vitest";
import { formatsOf } from "../time/format.ts";
import { cellsOf, exactUnit, integerOf, shown } from "./exact.ts";

const kwh = exactUnit("Wh", 0);

test("a channel's integers are shown with all their digits, and read back exactly", () => {
  const f = formatsOf("ro", "Europe/Bucharest");
  expect([kwh.label, kwh.digits, shown(8214, kwh, f)]).toEqual(["kWh", 3, "8,214"]);
  const finer = exactUnit("Wh", -1);
  expect([finer.digits, shown(82_145, finer, f), integerOf("8,2145", finer)]).toEqual([4, "8,2145", 82_145]);
});

test.each([
  ["8,214", 8214],
  ["8.214", 8214],
  ["1.234,5", 1_234_500],
  ["1 234,5", 1_234_500],
  ["0", 0],
  ["12", 12_000],
  ["0,10", 100],
  ["", undefined],
  ["-1", undefined],
  ["8,2145", undefined],
  ["abc", undefined],
  ["1,234.5", 1_234_500],
  ["1.234.567,8", 1_234_567_800],
  ["1,5 kWh", 1500],
  ["1500 Wh", undefined],
])("%s is read as %s", (text, value) => {
  expect(integerOf(text, kwh)).toBe(value);
});

test("a channel of ten kWh a unit takes whole tens", () => {
  const coarse = exactUnit("Wh", 4);
  const f = formatsOf("ro", "Europe/Bucharest");
  expect([shown(5, coarse, f), integerOf("50", coarse), integerOf("55", coarse)]).toEqual([
    "50",
    5,
    undefined,
  ]);
});

test("a pasted column is taken line by line, of several columns the last one", () => {
  expect(cellsOf("1,5\r\n2\r\n")).toEqual(["1,5", "2"]);
  expect(cellsOf("10:00\t1,5\n10:15\t\n")).toEqual(["1,5", ""]);
});
