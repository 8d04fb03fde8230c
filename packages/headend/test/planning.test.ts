import { marketDayOf } from "@energsys/metering";
import fc from "fast-check";
import { expect, test } from "vitest";
import { mayRead, nextMoment } from "../src/planning/moments.ts";
import { askedMarks, type Calendar, type CoverageOfProfile, planRanges } from "../src/planning/ranges.ts";
import { nextAfterFailure, nextAfterSuccess, nextByPlan } from "../src/planning/schedule.ts";

const zone = "Europe/Bucharest";
const minute = 60_000;
const quarter = 15 * minute;
const at = (text: string) => Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds;

const calendar: Calendar = {
  dayOf: (ms) => Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone).toPlainDate().toString(),
  day: (date) => {
    const start = Temporal.PlainDate.from(date).toZonedDateTime(zone);
    const hours = start.until(start.add({ days: 1 })).total("hours");
    return { startMs: start.epochMilliseconds, slots: hours * 4 };
  },
};

const whole = (...days: string[]) => new Map(days.map((day) => [day, "whole" as const]));
const coverage = (more: Partial<CoverageOfProfile>): CoverageOfProfile => ({
  nowMs: at("2026-01-15T10:07"),
  periodSeconds: 900,
  backfillDays: 2,
  settleMs: 10_000,
  calendar,
  stored: new Map(),
  asked: new Map(),
  rowsMax: 20_000,
  requestRowsMax: 300,
  ...more,
});
const span = (from: string, to: string) => ({ fromMs: at(from), toMs: at(to) });

test("a meter that has nothing stored is asked for everything up to the last closed quarter-hour", () => {
  const { ranges, missingRows, leftRows } = planRanges(coverage({}));
  expect(ranges).toEqual([{ ...span("2026-01-13T00:00", "2026-01-15T10:00"), rows: 232 }]);
  expect({ missingRows, leftRows }).toEqual({ missingRows: 232, leftRows: 0 });
});

test("a meter that is up to date is asked for nothing", () => {
  const stored = new Map<string, "whole" | boolean[]>(whole("2026-01-13", "2026-01-14"));
  stored.set("2026-01-15", Array(40).fill(true));
  expect(planRanges(coverage({ stored })).ranges).toEqual([]);
});

test("the quarter-hour that has just ended waits for the meter to write it", () => {
  const stored = whole("2026-01-13", "2026-01-14");
  stored.set("2026-01-12", "whole");
  const quarterPast = planRanges(coverage({ stored, nowMs: at("2026-01-15T00:15") + 9_000 }));
  expect(quarterPast.ranges).toEqual([]);
  expect(planRanges(coverage({ stored, nowMs: at("2026-01-15T00:15") + 10_000 })).missingRows).toBe(1);
});

test("a hole in the past is asked for after today, and nothing between them is asked again", () => {
  const stored = new Map<string, "whole" | boolean[]>(whole("2026-01-14"));
  stored.set(
    "2026-01-13",
    Array.from({ length: 96 }, (_, slot) => slot < 40 || slot >= 50),
  );
  expect(planRanges(coverage({ stored })).ranges).toEqual([
    { ...span("2026-01-15T00:00", "2026-01-15T10:00"), rows: 40 },
    { ...span("2026-01-13T10:00", "2026-01-13T12:30"), rows: 10 },
  ]);
});

test("a gap that the device was asked for already is its own and is not asked for again", () => {
  const stored = new Map<string, "whole" | boolean[]>(whole("2026-01-14"));
  stored.set(
    "2026-01-13",
    Array.from({ length: 96 }, (_, slot) => slot < 40 || slot >= 50),
  );
  stored.set("2026-01-15", Array(40).fill(true));
  const asked = new Map([["2026-01-13", at("2026-01-13T11:00")]]);
  expect(planRanges(coverage({ stored, asked })).ranges).toEqual([
    { ...span("2026-01-13T11:00", "2026-01-13T12:30"), rows: 6 },
  ]);
});

test.each([
  ["2026-03-29", 92],
  ["2026-10-25", 100],
])("the day %s of the clock change has %i quarter-hours", (date, slots) => {
  const next = Temporal.PlainDate.from(date).add({ days: 1 }).toString();
  const { ranges } = planRanges(coverage({ nowMs: at(`${next}T00:01`), backfillDays: 0 }));
  expect(ranges).toEqual([{ fromMs: at(`${date}T00:00`), toMs: at(`${next}T00:00`), rows: slots }]);
});

test("after a year's silence the newest come first, a quarter of the attempt goes to the oldest, the rest waits", () => {
  const { ranges, missingRows, leftRows } = planRanges(coverage({ backfillDays: 365, rowsMax: 1000 }));
  expect(ranges[0]).toMatchObject({ toMs: at("2026-01-15T10:00") });
  expect(ranges.at(-1)).toMatchObject({ fromMs: at("2025-01-15T00:00") });
  const rows = ranges.reduce((sum, range) => sum + range.rows, 0);
  expect(rows).toBeLessThanOrEqual(1000);
  expect(rows).toBeGreaterThan(800);
  expect(leftRows).toBe(missingRows - rows);
});

test("attempt after attempt every gap is asked for once, whatever is stored and however little fits", () => {
  const days = Array.from({ length: 10 }, (_, back) =>
    Temporal.PlainDate.from("2026-10-30").subtract({ days: back }).toString(),
  );
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.boolean(), { minLength: 100, maxLength: 100 }), { minLength: 10, maxLength: 10 }),
      fc.integer({ min: 30, max: 400 }),
      fc.integer({ min: 20, max: 300 }),
      (present, rowsMax, requestRowsMax) => {
        const stored = new Map(days.map((day, index) => [day, present[index]!] as const));
        const asked = new Map<string, number>();
        const seen = new Set<number>();
        const nowMs = at("2026-10-30T23:59") + quarter;
        const missing = days.flatMap((day) => {
          const { startMs, slots } = calendar.day(day);
          return Array.from({ length: slots }, (_, slot) => startMs + slot * quarter).filter(
            (_, slot) => !stored.get(day)![slot],
          );
        });
        for (let attempt = 0; attempt < 200; attempt++) {
          const { ranges } = planRanges(
            coverage({ nowMs, backfillDays: 10, stored, asked, rowsMax, requestRowsMax }),
          );
          const old = ranges.filter((range) => range.fromMs < calendar.day("2026-10-30").startMs);
          if (old.length === 0 && ranges.length === 0) break;
          for (const range of ranges) {
            expect(range.rows).toBeLessThanOrEqual(requestRowsMax);
            for (let ms = range.fromMs; ms < range.toMs; ms += quarter) seen.add(ms);
            for (const mark of askedMarks(range, nowMs, nowMs, calendar)) {
              asked.set(mark.day, Math.max(asked.get(mark.day) ?? 0, mark.askedUntilMs));
            }
          }
        }
        expect(missing.filter((ms) => !seen.has(ms))).toEqual([]);
      },
    ),
    { numRuns: 40 },
  );
});

test("a gap counts as the device's own only when something newer was seen, or after a day", () => {
  const nowMs = at("2026-01-15T10:07");
  const today = span("2026-01-15T00:00", "2026-01-15T10:00");
  expect(askedMarks(today, undefined, nowMs, calendar)).toEqual([]);
  expect(askedMarks(today, at("2026-01-15T09:00"), nowMs, calendar)).toEqual([
    { day: "2026-01-15", askedUntilMs: at("2026-01-15T09:00") },
  ]);
  expect(askedMarks(span("2026-01-12T00:00", "2026-01-14T00:00"), undefined, nowMs, calendar)).toEqual([
    { day: "2026-01-12", askedUntilMs: at("2026-01-13T00:00") },
    { day: "2026-01-13", askedUntilMs: at("2026-01-14T00:00") },
  ]);
});

test("a plan is due once in each period, each device at its own moment soon after its start", () => {
  const everySeconds = 900;
  const moments = new Set<number>();
  for (let deviceId = 1; deviceId <= 1000; deviceId++) {
    const nowMs = at("2026-01-15T10:07");
    const next = nextAfterSuccess(nowMs, everySeconds, deviceId);
    const offset = next % quarter;
    expect(next).toBeGreaterThan(nowMs);
    expect(next - nowMs).toBeLessThanOrEqual(quarter);
    expect(offset).toBeGreaterThanOrEqual(10_000);
    expect(offset).toBeLessThanOrEqual(130_000);
    expect(nextAfterSuccess(next, everySeconds, deviceId) - next).toBeCloseTo(quarter, 3);
    moments.add(Math.floor(offset / 1000));
  }
  expect(moments.size).toBeGreaterThan(100);
});

test.each([
  ["the next of the day", "2026-01-15T10:07", [15, 720], "2026-01-15T12:00"],
  ["tomorrow's first", "2026-01-15T12:00", [15, 720], "2026-01-16T00:15"],
  ["03:30 that spring leaves out, an hour later", "2026-03-29T02:00", [210], "2026-03-29T01:30Z"],
  ["and then that of the next day", "2026-03-29T01:30Z", [210], "2026-03-30T00:30Z"],
  ["03:30 that autumn has twice, the first", "2026-10-25T00:00", [210], "2026-10-25T00:30Z"],
  ["and not the second of them", "2026-10-25T00:30Z", [210], "2026-10-26T01:30Z"],
])("a plan with moments of the day reads at %s", (_, now, moments, next) => {
  const ms = (text: string) =>
    text.endsWith("Z")
      ? Date.parse(text)
      : Temporal.PlainDateTime.from(text).toZonedDateTime("Europe/Bucharest").epochMilliseconds;
  expect(nextMoment(ms(now), moments, "Europe/Bucharest")).toBe(ms(next));
});

test("a moment is read once by each device, on every day of a year, the short and the long one too", () => {
  const times = { moments: [15, 210, 720], windowFrom: null, windowTo: null };
  for (const deviceId of [1, 500]) {
    let nowMs = Date.parse("2026-01-01T00:00:00Z");
    const reads = new Map<string, number>();
    while (nowMs < Date.parse("2026-12-31T00:00:00Z")) {
      nowMs = nextByPlan(nowMs, { everySeconds: 42_300, times, deviceId }, zone);
      const day = marketDayOf(nowMs, zone).date;
      reads.set(day, (reads.get(day) ?? 0) + 1);
    }
    const counts = [...reads.values()].slice(1, -1);
    expect(new Set(counts)).toEqual(new Set([3]));
    expect(counts.length).toBeGreaterThan(360);
  }
});

test("a plan with a window reads by its period within it, and over midnight", () => {
  const times = { moments: [], windowFrom: 22 * 60, windowTo: 6 * 60 };
  const local = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(Math.floor(ms)).toZonedDateTimeISO(zone);
  const next = (text: string) =>
    nextByPlan(
      Temporal.ZonedDateTime.from(`${text}[${zone}]`).epochMilliseconds,
      { everySeconds: 900, times, deviceId: 7 },
      zone,
    );
  expect(local(next("2026-01-15T23:50")).toPlainDate().toString()).toBe("2026-01-16");
  const opened = local(next("2026-01-16T05:50"));
  expect([opened.toPlainDate().toString(), opened.hour, opened.minute < 3]).toEqual(["2026-01-16", 22, true]);
  expect(mayRead(next("2026-10-25T03:10"), times, zone)).toBe(true);
  expect(mayRead(Date.parse("2026-01-15T10:00:00Z"), times, zone)).toBe(false);
});

test("failures wait longer and longer with full jitter, a quarter of an hour at most", () => {
  const bounds = { retryFirstMs: 15_000, retryMaxMs: 900_000 };
  const most = (failures: number) => nextAfterFailure(0, failures, () => 1, bounds);
  expect([1, 2, 3, 4, 7, 8, 1000].map(most)).toEqual([
    15_000, 30_000, 60_000, 120_000, 900_000, 900_000, 900_000,
  ]);
  expect(nextAfterFailure(5, 3, () => 0, bounds)).toBe(5);
});
