import { expect, test } from "vitest";
import { daysBetween } from "../time/zone.ts";
import { comparisons, formerPeriod } from "./search.ts";

const days = (from: string, to: string) => ({ from, to });

test.each([
  ["a shorter month before", days("2026-03-01", "2026-04-01"), "previous", days("2026-02-01", "2026-03-01")],
  ["a month of a leap year", days("2025-02-01", "2025-03-01"), "year", days("2024-02-01", "2024-03-01")],
  ["28 February of a leap year", days("2024-02-28", "2024-02-29"), "year", days("2023-02-28", "2023-03-01")],
  ["29 February itself", days("2024-02-29", "2024-03-01"), "year", days("2023-02-28", "2023-03-01")],
  ["days up to the 28th", days("2024-02-01", "2024-02-29"), "year", days("2023-02-01", "2023-03-01")],
  ["days from the 29th on", days("2024-02-29", "2024-03-10"), "year", days("2023-02-28", "2023-03-10")],
  ["by weekdays", days("2024-02-29", "2024-03-01"), "year-weekday", days("2023-03-02", "2023-03-03")],
] as const)("a former time: %s", (_, period, comparison, former) => {
  expect(formerPeriod(period, comparison)).toEqual(former);
});

test("a former time is never empty and lies before", () => {
  for (let nth = 0; nth < 800; nth += 1) {
    const from = Temporal.PlainDate.from("2023-06-01").add({ days: nth }).toString();
    for (const length of [1, 2, 7, 30, 31, 365, 366]) {
      const period = days(from, Temporal.PlainDate.from(from).add({ days: length }).toString());
      for (const comparison of comparisons) {
        const former = formerPeriod(period, comparison);
        expect(daysBetween(former.from, former.to), `${from} ${length} ${comparison}`).toBeGreaterThan(0);
        expect(former.from < period.from).toBe(true);
      }
    }
  }
});
