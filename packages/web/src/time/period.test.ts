import { expect, test } from "vitest";
import { isDay, periodAround, presetOf, soundPeriod, stepPeriod } from "./period.ts";

test.each([
  ["day", "2026-10-25", "2026-10-26"],
  ["week", "2026-10-19", "2026-10-26"],
  ["month", "2026-10-01", "2026-11-01"],
  ["year", "2026-01-01", "2027-01-01"],
] as const)("the %s around Sunday 25 October 2026 is %s to %s", (preset, from, to) => {
  expect(periodAround(preset, "2026-10-25")).toEqual({ from, to });
  expect(presetOf({ from, to })).toBe(preset);
});

test("a month steps to the whole month before, however long it is", () => {
  expect(stepPeriod({ from: "2026-03-01", to: "2026-04-01" }, -1)).toEqual({
    from: "2026-02-01",
    to: "2026-03-01",
  });
  expect(stepPeriod({ from: "2026-01-01", to: "2027-01-01" }, 1)).toEqual({
    from: "2027-01-01",
    to: "2028-01-01",
  });
});

test("any other period steps by its own length", () => {
  expect(stepPeriod({ from: "2026-10-20", to: "2026-10-27" }, 1)).toEqual({
    from: "2026-10-27",
    to: "2026-11-03",
  });
});

test.each(["2026-02-30", "2026-1-1", "", "x", 20260101])("%j is no day", (text) => {
  expect(isDay(text)).toBe(false);
});

test("a period out of an address is refused when backwards and cut when too long", () => {
  expect(soundPeriod("2026-02-02", "2026-02-02")).toBeUndefined();
  expect(soundPeriod("2020-01-01", "2026-01-01")).toEqual({ from: "2020-01-01", to: "2021-02-04" });
});
