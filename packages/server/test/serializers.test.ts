import { expect, test } from "vitest";
import { reachableFrom } from "../src/serializers.ts";

test("an answer is made of the named schemas that it speaks of, through others too and in a circle", () => {
  const named = {
    Point: { properties: { meter: { $ref: "Meter#" } } },
    Meter: { properties: { points: { type: "array", items: { $ref: "Point#" } } } },
    Alarm: { type: "object" },
  };
  expect(Object.keys(reachableFrom({ content: { a: { schema: { $ref: "Point#" } } } }, named))).toEqual([
    "Point",
    "Meter",
  ]);
  expect(reachableFrom({ type: "null" }, named)).toEqual({});
});
