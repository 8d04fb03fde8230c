import { expect, test } from "vitest";
import type { BranchRow } from "../api/client.ts";
import { mayStandUnder, shownBranches } from "./tree.ts";

const none = { points: 0, locations: 0, concentrators: 0, groups: 0, people: 0 };
const branch = (branchId: number, parentId: number | null, path: string[], more = {}): BranchRow => ({
  ...none,
  branchId,
  parentId,
  name: path.at(-1)!,
  path,
  ...more,
});
const rows = [
  branch(1, null, ["Argeș"], { points: 2, locations: 1 }),
  branch(2, 1, ["Argeș", "Pitești"]),
  branch(3, 2, ["Argeș", "Pitești", "PT 7"], { points: 5, locations: 4 }),
  branch(4, null, ["Argeșel"], { people: 1 }),
  branch(5, null, ["Olt"]),
];

test("points are counted up the tree, and only a branch on which nothing hangs is unused", () => {
  expect(shownBranches(rows).map(({ depth, allPoints, unused }) => [depth, allPoints, unused])).toEqual([
    [0, 7, false],
    [1, 5, false],
    [2, 5, false],
    [0, 0, false],
    [0, 0, true],
  ]);
});

test("a branch may not stand under itself or what is below it", () => {
  expect(mayStandUnder(rows, rows[1]).map(({ branchId }) => branchId)).toEqual([1, 4, 5]);
  expect(mayStandUnder(rows, undefined)).toHaveLength(5);
});
