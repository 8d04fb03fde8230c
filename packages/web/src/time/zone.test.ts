import { expect, test } from "vitest";
import {
  addDays,
  clockLabel,
  dayOf,
  daysBetween,
  isRepeated,
  offsetLabel,
  startOfDay,
  wallOf,
} from "./zone.ts";

const zone = "Europe/Bucharest";
const at = (text: string) => Date.parse(text);

test("a day of the market zone begins at its own midnight, whatever the browser's zone is", () => {
  expect(startOfDay("2026-11-02", zone)).toBe(at("2026-11-01T22:00:00Z"));
  expect(dayOf(at("2026-11-01T21:59:59Z"), zone)).toBe("2026-11-01");
  expect(dayOf(at("2026-11-01T22:00:00Z"), zone)).toBe("2026-11-02");
});

test.each([
  ["2026-03-29", 92],
  ["2026-10-25", 100],
  ["2026-06-01", 96],
])("%s has %i quarter hours", (day, slots) => {
  expect((startOfDay(addDays(day, 1), zone) - startOfDay(day, zone)) / 900_000).toBe(slots);
});

test.each([
  ["2026-10-25T00:15:00Z", "03:15 +03"],
  ["2026-10-25T01:15:00Z", "03:15 +02"],
  ["2026-10-24T23:45:00Z", "02:45"],
  ["2026-10-25T02:00:00Z", "04:00"],
  ["2026-03-29T00:45:00Z", "02:45"],
  ["2026-03-29T01:00:00Z", "04:00"],
])("%s is read as %s", (instant, label) => {
  expect(clockLabel(at(instant), zone)).toBe(label);
});

test("only the two passes of the repeated hour need their offset", () => {
  const start = startOfDay("2026-10-25", zone);
  const repeated = Array.from({ length: 100 }, (_, index) => isRepeated(start + index * 900_000, zone));
  expect(repeated.filter(Boolean)).toHaveLength(8);
  expect(repeated.indexOf(true)).toBe(12);
});

test("the wall clock of each quarter hour agrees with Temporal all through 2026", () => {
  for (let ms = at("2026-01-01T00:00:00Z"); ms < at("2027-01-01T00:00:00Z"); ms += 900_000 * 7) {
    const there = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
    const wall = wallOf(ms, zone);
    expect([wall.year, wall.month, wall.day, wall.minuteOfDay]).toEqual([
      there.year,
      there.month,
      there.day,
      there.hour * 60 + there.minute,
    ]);
  }
});

test("offsets are written as people know them", () => {
  expect([7_200_000, -19_800_000, 0].map(offsetLabel)).toEqual(["+02", "-05:30", "+00"]);
});

test("days are counted on the calendar", () => {
  expect(daysBetween("2026-03-28", "2026-03-31")).toBe(3);
  expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
});
