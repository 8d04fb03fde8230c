import { expect, test } from "vitest";
import { formatsOf } from "../time/format.ts";
import { valueAxis } from "./value-axis.ts";

const f = formatsOf("en", "Europe/Bucharest");
const told = (values: readonly number[], factor = 1) => {
  const axis = valueAxis(values, factor, f);
  return axis.marks.map(axis.text);
};

test.each([
  ["nothing at all", [], 1, ["0.0", "0.5", "1.0"]],
  ["zeros, in the unit shown", [0, 0], 1e-3, ["0.0", "0.5", "1.0"]],
  ["what is missing beside what is there", [Number.NaN, 7], 1, ["0", "2", "4", "6", "8"]],
  ["watts as kilowatts", [1234.5], 1e-3, ["0.0", "0.5", "1.0", "1.5"]],
  ["less than a thousandth of the unit", [0.6], 1e-3, ["0.0000", "0.0002", "0.0004", "0.0006"]],
  ["above and below zero", [-4, 11], 1, ["-5", "0", "5", "10", "15"]],
  ["all below zero", [-3], 1, ["-3", "-2", "-1", "0"]],
  ["thousands", [2900, 0.3], 1, ["0", "1,000", "2,000", "3,000"]],
] as const)("an axis has round marks that differ: %s", (_, values, factor, marks) => {
  expect(told(values, factor)).toEqual(marks);
});

test("an axis holds what is drawn, in the unit that it is drawn in", () => {
  for (const values of [[1], [99.9], [-0.01, 3], [1e9], [123_456, -7]]) {
    const { low, high, marks } = valueAxis(values, 1e-3, f);
    expect(low).toBeLessThanOrEqual(Math.min(0, ...values));
    expect(high).toBeGreaterThanOrEqual(Math.max(...values));
    expect(marks.length).toBeLessThan(7);
  }
});
