import { expect, test } from "vitest";
import { allRows, countOf, extendTo, isSelected, noRows, rangesOf, toggleRow } from "./row-selection.ts";
import { sortRows } from "./sort-rows.ts";
import { moveCell } from "./table-keys.ts";
import { toTsv } from "./table-text.ts";

const size = { rows: 100_000, columns: 6, page: 20 };

test.each([
  ["ArrowDown", false, [6, 2]],
  ["j", false, [6, 2]],
  ["ArrowUp", false, [4, 2]],
  ["ArrowLeft", false, [5, 1]],
  ["PageDown", false, [25, 2]],
  ["PageUp", false, [0, 2]],
  ["Home", false, [5, 0]],
  ["End", false, [5, 5]],
  ["Home", true, [0, 0]],
  ["End", true, [99_999, 5]],
] as const)("%s (Ctrl %s) moves the cell from row 5, column 2 to %j", (key, ctrl, [row, column]) => {
  expect(moveCell({ row: 5, column: 2 }, key, ctrl, size)).toEqual({ row, column });
});

test("other keys are left alone", () => {
  expect(moveCell({ row: 0, column: 0 }, "x", false, size)).toBeUndefined();
});

test("rows are chosen singly, in runs, or all that match", () => {
  let selection = toggleRow(noRows, 3, 100);
  selection = extendTo(selection, 3, 6);
  expect(rangesOf(toggleRow(selection, 90, 100), 100)).toEqual([
    [3, 7],
    [90, 91],
  ]);
  expect(countOf(allRows, 12_418)).toBe(12_418);
  expect(rangesOf(allRows, 12_418)).toEqual([[0, 12_418]]);
  const allButOne = toggleRow(allRows, 1, 4);
  expect([0, 1, 2, 3].map((row) => isSelected(allButOne, row))).toEqual([true, false, true, true]);
});

test("copied cells stay one cell each, and no text becomes a formula", () => {
  expect(
    toTsv([
      ["a\tb", "line\nend"],
      ["=1+1", "-12,5"],
      ["-cmd", "@x"],
    ]),
  ).toBe("a b\tline end\r\n'=1+1\t-12,5\r\n'-cmd\t'@x");
});

test("texts with numbers sort by number, missing ones first", () => {
  const rows = [{ v: "T10" }, { v: null }, { v: "T2" }];
  expect(sortRows(rows, "v", false).map((row) => row.v)).toEqual([null, "T2", "T10"]);
  expect(sortRows(rows, "v", true).map((row) => row.v)).toEqual(["T10", "T2", null]);
});
