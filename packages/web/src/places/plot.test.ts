import { expect, test } from "vitest";
import type { LocationRow } from "../api/client.ts";
import { plotOf } from "./plot.ts";

const at = (locationId: number, latitude: number | null, longitude: number | null) =>
  ({ locationId, latitude, longitude }) as LocationRow;
const size = { width: 960, height: 320, edge: 18 };

test("north is up, east is right, a metre is as long in both directions, and who has no position is left out", () => {
  const { marks, scaleM, scaleWidth } = plotOf(
    [
      at(1, 44.9, 24.8),
      at(2, 44.91, 24.8),
      at(3, 44.9, 24.8 + 0.01 / Math.cos((44.905 * Math.PI) / 180)),
      at(4, null, null),
    ],
    size,
  );
  const [first, north, east] = marks as [(typeof marks)[0], (typeof marks)[0], (typeof marks)[0]];
  expect(marks.map(({ row }) => row.locationId)).toEqual([1, 2, 3]);
  expect(north.y).toBeLessThan(first.y);
  expect(north.x).toBeCloseTo(first.x);
  expect(east.x - first.x).toBeCloseTo(first.y - north.y);
  // A hundredth of a degree is 1113 m.
  expect((first.y - north.y) / 1_113.2).toBeCloseTo(scaleWidth / scaleM);
  for (const { x, y } of marks) expect(x >= 18 && x <= 942 && y >= 18 && y <= 302).toBe(true);
});

test("one location alone lies in the middle", () => {
  const { marks } = plotOf([at(1, 44.9, 24.8)], size);
  expect(marks[0]).toMatchObject({ x: 480, y: 151 });
  expect(plotOf([at(1, null, null)], size).marks).toEqual([]);
});
