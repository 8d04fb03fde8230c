import { expect, test } from "vitest";
import type { GroupRow } from "../api/client.ts";
import { groupSearch, groupsSearch } from "./search.ts";
import { treeOf } from "./tree.ts";

const group = (groupId: number, parentId: number | null, kind: GroupRow["kind"] = "feeder"): GroupRow => ({
  groupId,
  parentId,
  kind,
  name: `G${groupId}`,
  branchId: null,
  branch: [],
  members: 0,
  balanceMeters: 0,
  children: 0,
});
const shown = (groups: GroupRow[]) => treeOf(groups).map(({ group: { groupId }, depth }) => [groupId, depth]);

test("each group stands below the one that it enters, free ones last", () => {
  const groups = [
    group(1, null, "free"),
    group(2, 3, "transformer"),
    group(3, 4),
    group(4, null, "substation"),
    group(5, 4),
  ];
  expect(shown(groups)).toEqual([
    [4, 0],
    [3, 1],
    [2, 2],
    [5, 1],
    [1, 0],
  ]);
});

test("a group whose group above is filtered away stands at the top; a circle is listed once", () => {
  expect(shown([group(2, 99), group(3, 2)])).toEqual([
    [2, 0],
    [3, 1],
  ]);
  expect(shown([group(1, 2), group(2, 1)])).toEqual([
    [1, 0],
    [2, 1],
  ]);
});

test("an address that makes no sense shows everything as of now", () => {
  expect(groupsSearch({ q: 5, kind: "riser", at: "2026-03-01" })).toEqual({
    q: "5",
    kind: "riser",
    at: "2026-03-01",
  });
  expect(groupsSearch({ q: "", kind: "x", at: "2026-02-31" })).toEqual({});
  expect(groupSearch({ at: 7, from: "2026-03-02", to: "2026-03-01" })).toEqual({});
});
