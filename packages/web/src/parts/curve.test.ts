import { expect, test } from "vitest";
import type { LoadCurve } from "../api/client.ts";
import { startOfDay } from "../time/zone.ts";
import {
  dayIndexAt,
  fitView,
  isDaily,
  moveCursor,
  panView,
  reveal,
  wholeView,
  zoomView,
} from "./chart-view.ts";
import {
  type Curve,
  curveOf,
  dayRanges,
  gapsIn,
  qualityAt,
  qualityOf,
  scaled,
  statisticsOf,
} from "./curve.ts";
import { cellAt, daysOf, heatGrid, viridisAt } from "./heat-geometry.ts";
import { moveHeat } from "./heat-map.tsx";

const zone = "Europe/Bucharest";

function curve(from: string, to: string, fill: (index: number) => number | null, due?: number): Curve {
  const startMs = startOfDay(from, zone);
  const count = (startOfDay(to, zone) - startMs) / 900_000;
  return {
    startMs,
    stepMs: 900_000,
    values: Float64Array.from({ length: count }, (_, index) => fill(index) ?? Number.NaN),
    flags: new Uint16Array(count),
    days: daysOf(startMs, count, 900_000, zone),
    due: due ?? count,
    unit: "Wh",
    zone,
  };
}

test("an answer's integers become values in the base unit, null stays missing, runs of flags are spread", () => {
  const made = curveOf({
    start: "2026-11-01T22:00:00Z",
    stepSeconds: 900,
    unit: "Wh",
    scale: 1,
    zone,
    values: [1, null, 0, 4],
    flags: [[2, 2, 0x0800]],
    days: [{ day: "2026-11-02", firstIndex: 0, slots: 4 }],
    coverage: { expected: 4, present: 3, good: 3, estimated: 2 },
  } as unknown as LoadCurve);
  expect([...made.values]).toEqual([10, Number.NaN, 0, 40]);
  expect([0, 1, 2, 3].map((index) => qualityAt(made, index))).toEqual([
    "measured",
    "missing",
    "estimated",
    "estimated",
  ]);
});

test.each([
  [0, "measured"],
  [0x0008, "measured"],
  [0x0800, "estimated"],
  [0x1800, "edited"],
  [0x1900, "suspect"],
  [0x0002, "suspect"],
] as const)("the bits %i mean %s: the worst wins", (flags, quality) => {
  expect(qualityOf(flags)).toBe(quality);
});

test("statistics count what is there: a gap is neither zero nor part of the mean", () => {
  const made = curve("2026-11-02", "2026-11-03", (index) =>
    index >= 10 && index < 14 ? null : index === 50 ? 900 : 100,
  );
  const statistics = statisticsOf(made);
  expect(statistics).toMatchObject({
    total: 91 * 100 + 900,
    max: 900,
    maxAt: 50,
    present: 92,
    due: 96,
    gaps: 1,
  });
  expect(statistics.mean).toBeCloseTo(10_000 / 92);
});

test("intervals that have not ended yet are no gap", () => {
  const made = curve("2026-11-02", "2026-11-03", (index) => (index < 40 ? 100 : null), 40);
  expect(statisticsOf(made)).toMatchObject({ present: 40, due: 40, gaps: 0 });
  expect(gapsIn(made, 0, 96)).toEqual([]);
});

test("each missing stretch is a run of its own, cut at the view", () => {
  const made = curve("2026-11-02", "2026-11-03", (index) => (index % 20 < 3 ? null : 1));
  expect(gapsIn(made, 1, 45)).toEqual([
    { from: 1, to: 3 },
    { from: 20, to: 23 },
    { from: 40, to: 43 },
  ]);
});

test("a day's range holds every value of it, also on days of 92 and 100 quarter hours", () => {
  const made = curve("2026-03-28", "2026-03-31", (index) => index);
  expect(dayRanges(made).map(({ min, max, present }) => [min, max, present])).toEqual([
    [0, 95, 96],
    [96, 187, 92],
    [188, 283, 96],
  ]);
  expect(dayRanges(curve("2026-10-25", "2026-10-26", () => null))[0]).toMatchObject({ present: 0 });
});

test("energy of a quarter hour is shown as four times the power", () => {
  expect([
    ...scaled(
      curve("2026-11-02", "2026-11-03", () => 250),
      4,
      "W",
    ).values.slice(0, 2),
  ]).toEqual([1_000, 1_000]);
});

test("up to 14 days are drawn by interval, longer periods by day", () => {
  const month = curve("2026-10-01", "2026-11-01", () => 1);
  expect(isDaily(month, wholeView(month))).toBe(true);
  expect(isDaily(month, fitView(month, 0, 14 * 96))).toBe(false);
  const autumn = curve("2026-10-15", "2026-10-29", () => 1);
  expect(isDaily(autumn, wholeView(autumn))).toBe(false);
});

test("zooming keeps what is under the cursor, never leaves the curve, and stops at eight intervals", () => {
  const made = curve("2026-11-02", "2026-11-09", () => 1);
  const half = zoomView(made, wholeView(made), 0.5, 100);
  expect(half.to - half.from).toBe(336);
  expect(half.from).toBeLessThanOrEqual(100);
  expect(zoomView(made, { from: 0, to: 8 }, 0.5, 3)).toEqual({ from: 0, to: 8 });
  expect(zoomView(made, wholeView(made), 2, 3)).toEqual(wholeView(made));
  expect(panView(made, { from: 600, to: 672 }, 0.5)).toEqual({ from: 600, to: 672 });
  expect(reveal(made, { from: 0, to: 96 }, 100)).toEqual({ from: 5, to: 101 });
});

test.each([
  ["ArrowRight", false, 100, 101],
  ["ArrowLeft", false, 0, 0],
  ["PageDown", false, 10, 106],
  ["ArrowRight", true, 10, 106],
  ["End", false, 10, 287],
  ["Home", false, 10, 0],
  ["x", false, 10, undefined],
] as const)("%s (by day: %s) takes the cursor from %i to %s", (key, daily, from, to) => {
  expect(
    moveCursor(
      curve("2026-11-02", "2026-11-05", () => 1),
      from,
      key,
      daily,
    ),
  ).toBe(to);
});

test("a day's step from the last quarter hour of a long day lands inside the shorter one", () => {
  const made = curve("2026-10-25", "2026-10-27", () => 1);
  expect(moveCursor(made, 99, "PageDown", false)).toBe(195);
  expect(dayIndexAt(made, 100)).toBe(1);
});

test("the map keeps noon on one line across both clock changes", () => {
  for (const [from, to] of [
    ["2026-03-28", "2026-03-31"],
    ["2026-10-24", "2026-10-27"],
  ] as const) {
    const made = curve(from, to, (index) => index);
    const grid = heatGrid(made);
    expect(grid.cells).toHaveLength(made.values.length);
    for (let column = 0; column < 3; column += 1) {
      const noon = grid.cells.find((cell) => cell.column === column && cell.row === 48);
      const there = Temporal.Instant.fromEpochMilliseconds(
        made.startMs + noon!.index * 900_000,
      ).toZonedDateTimeISO(zone);
      expect(there.hour).toBe(12);
    }
  }
});

test("the hour that is jumped over is no cell, the hour that comes twice has two halves", () => {
  const spring = heatGrid(curve("2026-03-29", "2026-03-30", () => 1));
  expect(spring.skipped.map((place) => place.row)).toEqual([12, 13, 14, 15]);
  const autumn = heatGrid(curve("2026-10-25", "2026-10-26", () => 1));
  expect(autumn.cells.filter((cell) => cell.part === "first").map((cell) => cell.row)).toEqual([
    12, 13, 14, 15,
  ]);
  expect(autumn.cells.filter((cell) => cell.part === "second")).toHaveLength(4);
  expect(cellAt(autumn, 0.2, 12.5)?.part).toBe("first");
  expect(cellAt(autumn, 0.8, 12.5)?.part).toBe("second");
  expect(cellAt(spring, 0.5, 12.5)).toBeUndefined();
});

test("keys of the map move by interval and by day", () => {
  const made = curve("2026-11-02", "2026-11-05", () => 1);
  expect(
    ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft", "Home", "End"].map((key) => moveHeat(made, 100, key)),
  ).toEqual([101, 99, 196, 4, 96, 191]);
});

test("viridis runs from dark to bright", () => {
  expect(viridisAt(0)).toBe("rgb(68 1 84)");
  expect(viridisAt(1)).toBe("rgb(253 231 37)");
  expect(viridisAt(7)).toBe(viridisAt(1));
});
