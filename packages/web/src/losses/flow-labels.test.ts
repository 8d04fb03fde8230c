import { expect, test } from "vitest";
import { labelPlaces } from "./flow-labels.ts";

test("words of small flows stand below each other, inside the picture and in the order of their bands", () => {
  // As a network counts: nearly all, then 0.5 %, 1 % and 0.1 % of it.
  const places = labelPlaces([169, 347, 356, 359.5], 360);
  for (const [nth, place] of places.entries())
    if (nth > 0) expect(place - places[nth - 1]!).toBeGreaterThanOrEqual(16);
  expect(places[0]).toBe(169);
  expect(places.at(-1)).toBeLessThanOrEqual(352);
});

test("words that have room stay where their band is", () => {
  expect(labelPlaces([40, 120, 300], 360)).toEqual([40, 120, 300]);
  expect(labelPlaces([], 360)).toEqual([]);
});
