import { expect, test } from "vitest";
import type { LiveItem, Operations } from "../api/client.ts";
import { attentionOf } from "./attention.ts";
import { visibleRows } from "./branch-tree.tsx";
import { feedRows, withItems } from "./feed.ts";

const branch = (branchId: number, parentId: number | null, points: number, silent: number) => ({
  branchId,
  parentId,
  path: [`B${branchId}`],
  points,
  silent,
  expected: points * 96,
  present: (points - silent) * 96,
});
const device = (deviceId: number, silentSeconds: number | null) => ({
  deviceId,
  pointId: deviceId,
  pod: `RO${deviceId}`,
  name: "",
  lastContactAt: null,
  lastErrorCode: "link.timeout",
  silentSeconds,
});

test("a station that is silent as a whole is one row, above single devices; the branch above it is not told again", () => {
  const operations: Pick<Operations, "branches" | "concentrators" | "silent"> = {
    concentrators: [],
    branches: [branch(1, null, 30, 20), branch(2, 1, 20, 20), branch(3, null, 200, 2)],
    silent: { count: 22, rows: [device(7, 60), device(8, null), device(9, 9_000)] },
  };
  expect(
    attentionOf(operations).map((row) =>
      row.kind === "branch" ? `B${row.branchId}` : row.kind === "device" ? row.deviceId : "",
    ),
  ).toEqual(["B2", 8, 9, 7]);
});

test("J1 a concentrator that is away is one incident with its points, and explains the silence of its branch", () => {
  const gone = {
    gatewayId: 5,
    name: "MC-118",
    branch: ["B2"],
    state: "silent",
    lastContactAt: null,
    silentSeconds: 2_520,
    points: 20,
  } as const;
  const rows = attentionOf({
    branches: [branch(2, null, 20, 20), branch(3, null, 10, 9)],
    concentrators: [{ ...gone, branch: [...gone.branch] }],
    silent: { count: 29, rows: [device(7, 60)] },
  });
  expect(rows.map((row) => row.kind)).toEqual(["concentrator", "branch", "device"]);
  expect(rows[0]).toMatchObject({ name: "MC-118", points: 20 });
  expect(rows[1]).toMatchObject({ branchId: 3 });
});

test("two silent points of a large branch are no cause of their own", () => {
  expect(
    attentionOf({ branches: [branch(1, null, 3, 2)], concentrators: [], silent: { count: 0, rows: [] } }),
  ).toEqual([]);
});

test("the tree shows what is below open branches only", () => {
  const branches = [branch(1, null, 1, 0), branch(2, 1, 1, 0), branch(3, 2, 1, 0), branch(4, null, 1, 0)];
  const shown = (open: number[]) =>
    visibleRows(branches, new Set(open)).map((row) => [row.branch.branchId, row.depth]);
  expect(shown([])).toEqual([
    [1, 0],
    [4, 0],
  ]);
  expect(shown([1, 2])).toEqual([
    [1, 0],
    [2, 1],
    [3, 2],
    [4, 0],
  ]);
});

const told = (attemptId: number, state: string, at: string) =>
  ({ type: "attempt", attemptId, state, at, deviceId: 1, pointId: 1 }) as unknown as LiveItem;

test("an attempt has one row in the feed, in its newest state, also when an older telling comes late", () => {
  const feed = withItems(
    [told(1, "queued", "2026-11-23T10:00:00Z")],
    [told(1, "done", "2026-11-23T10:00:05Z")],
  );
  const late = withItems(feed, [
    told(1, "reading", "2026-11-23T10:00:02Z"),
    told(2, "queued", "2026-11-23T10:00:03Z"),
  ]);
  expect(late.map((item) => (item.type === "attempt" ? [item.attemptId, item.state] : []))).toEqual([
    [1, "done"],
    [2, "queued"],
  ]);
});

test("the feed never grows beyond its rows", () => {
  const many = Array.from({ length: 200 }, (_, index) =>
    told(index, "done", `2026-11-23T10:${String(index % 60).padStart(2, "0")}:00Z`),
  );
  expect(withItems([], many)).toHaveLength(feedRows);
});
