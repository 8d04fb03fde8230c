import { expect, test } from "vitest";
import { csvLine, decimal, scaled } from "../src/csv.ts";

test.each([
  ["=1+1", "'=1+1"],
  ["+40 722", "'+40 722"],
  ["-5", "'-5"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\t=1", "'\t=1"],
  ["\r=1", `"'\r=1"`],
  ["\0=1", "'\0=1"],
  ["＝1", "'＝1"],
  ["Str. Lungă 4; bl. 2", '"Str. Lungă 4; bl. 2"'],
  ['zis "Nelu"', '"zis ""Nelu"""'],
  ["a\nb", '"a\nb"'],
  ["a=b", "a=b"],
  ["", ""],
])("the text %j becomes the cell %j", (text, cell) => {
  expect(csvLine([text], "ro")).toBe(`${cell}\r\n`);
});

test("numbers stay numbers, negative ones too, with the language's decimal mark", () => {
  const cells = [decimal("-0.005"), decimal("12"), null];
  expect(csvLine(cells, "ro")).toBe("-0,005;12;\r\n");
  expect(csvLine(cells, "en")).toBe("-0.005;12;\r\n");
});

test.each([
  [0, 0, "0"],
  [1234, -3, "1.234"],
  [-5, -3, "-0.005"],
  [5, -1, "0.5"],
  [12, 2, "1200"],
  [9_007_199_254_740_991, -2, "90071992547409.91"],
])("%i × 10^%i is %s", (integer, scale, text) => {
  expect(scaled(integer, scale)).toBe(text);
});
