import { expect, test } from "vitest";
import { formatsOf } from "./format.ts";
import { wallTicks } from "./ticks.ts";
import { startOfDay } from "./zone.ts";

const zone = "Europe/Bucharest";
const f = formatsOf("en", zone);
const labels = (from: string, to: string, most: number) => {
  const { atMs, step } = wallTicks(startOfDay(from, zone), startOfDay(to, zone), zone, most);
  return atMs.map((ms) => f.tick(ms, step));
};

test.each([
  [
    "an ordinary day",
    "2026-11-02",
    "2026-11-03",
    ["2 Nov", "03:00", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "3 Nov"],
  ],
  [
    "the spring day, where 03:00 does not exist",
    "2026-03-29",
    "2026-03-30",
    ["29 Mar", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "30 Mar"],
  ],
  [
    "the autumn day, where 03:00 comes twice",
    "2026-10-25",
    "2026-10-26",
    ["25 Oct", "03:00 +03", "03:00 +02", "06:00", "09:00", "12:00", "15:00", "18:00", "21:00", "26 Oct"],
  ],
])("ticks of %s stand on wall-clock multiples of three hours", (_name, from, to, expected) => {
  expect(labels(from, to, 9)).toEqual(expected);
});

test("a week has a tick per day, a year one per quarter", () => {
  expect(labels("2026-10-19", "2026-10-26", 8)).toEqual([
    "19 Oct",
    "20 Oct",
    "21 Oct",
    "22 Oct",
    "23 Oct",
    "24 Oct",
    "25 Oct",
    "26 Oct",
  ]);
  expect(labels("2026-01-01", "2027-01-01", 6)).toEqual(["2026", "Apr", "Jul", "Oct", "2027"]);
});

test.each([2, 5, 9, 14, 40])("never many more than %i ticks are asked for", (most) => {
  for (const days of [1, 3, 10, 31, 92, 366, 800]) {
    const from = startOfDay("2026-01-01", zone);
    const ticks = wallTicks(from, from + days * 86_400_000, zone, most).atMs;
    expect(ticks.length).toBeLessThanOrEqual(most + 2);
    expect(ticks).toEqual(ticks.toSorted((a, b) => a - b));
  }
});

test.each([
  ["a day", "2026-11-02", "2026-11-03"],
  ["a week", "2026-11-02", "2026-11-09"],
  ["a month", "2026-11-01", "2026-12-01"],
  ["two months", "2026-10-01", "2026-12-01"],
  ["a quarter", "2026-09-01", "2026-12-01"],
  ["a year", "2026-01-01", "2027-01-01"],
])("on a phone %s has at least three labels, and room for each", (_name, from, to) => {
  const { atMs } = wallTicks(startOfDay(from, zone), startOfDay(to, zone), zone, 4);
  expect(atMs.length).toBeGreaterThanOrEqual(3);
  expect(atMs.length).toBeLessThanOrEqual(7);
});
