import {
  classifyEvent,
  continuityOf,
  countWeek,
  en50160,
  findAbsentPhase,
  findNeutralLoss,
  incidentsOf,
  joinPhases,
  judgePoint,
  judgeWeek,
  meansPerWeek,
  type PhaseSample,
  pairPowerEvents,
  unbalanceOfPhases,
  unbalancePercent,
} from "@energsys/metering";
import { expect, test } from "vitest";
import { lossVector } from "../losses/losses-vectors.ts";

test("TV-37: a week of ten-minute means of one phase", () => {
  const { given, expect: wanted } = lossVector("TV-37");
  const limits = {
    ...en50160,
    lowV: Number(given.limit_low_V),
    highV: Number(given.limit_high_V),
    wideLowV: Number(given.wide_low_V),
    wideHighV: Number(given.wide_high_V),
    shareRequired: Number(given.share_required_percent) / 100,
    unflaggedMin: Number(given.min_unflagged_percent) / 100,
  };
  // biome-ignore lint/suspicious/noExplicitAny: parts of a vector
  given.cases.forEach((counts: any, nth: number) => {
    const week = judgeWeek(
      {
        total: counts.total,
        unflagged: counts.unflagged,
        inRange: counts.in_range,
        outsideWide: counts.outside_wide,
      },
      limits,
    );
    const { share_percent, unflagged_percent, result } = wanted.cases[nth];
    expect((week.inRangeShare * 100).toFixed(2)).toBe(share_percent);
    expect((week.unflaggedShare * 100).toFixed(2)).toBe(unflagged_percent);
    expect(week.verdict).toBe(result.replace("_", "-"));
  });
  let least = 0;
  const passes = (inRange: number) =>
    judgeWeek({ total: 1008, unflagged: 1008, inRange, outsideWide: 0 }, limits).verdict === "pass";
  while (!passes(least)) least++;
  expect(least).toBe(wanted.smallest_pass_count_of_1008);
});

test("means are counted without the missing and the flagged, and one phase that fails fails the point", () => {
  const volts = Float64Array.from({ length: meansPerWeek }, (_, i) =>
    i < 50 ? Number.NaN : i < 60 ? 0 : 230,
  );
  const flagged = Uint8Array.from({ length: meansPerWeek }, (_, i) => (i >= 50 && i < 60 ? 1 : 0));
  const good = judgeWeek(countWeek(volts, en50160, { flagged }), en50160);
  expect(good).toMatchObject({ unflagged: 948, inRange: 948, outsideWide: 0, verdict: "pass" });
  const bad = judgeWeek(countWeek(volts, en50160), en50160);
  expect(bad).toMatchObject({ outsideWide: 10, verdict: "fail" });
  expect(judgePoint([good, bad, good])).toBe("fail");
  expect(judgePoint([good, { verdict: "not-assessed" }])).toBe("not-assessed");
});

test("TV-38: unbalance of three voltages", () => {
  const { given, expect: wanted } = lossVector("TV-38");
  given.line_voltages_V.forEach((volts: string[], nth: number) => {
    const [uab = 0, ubc = 0, uca = 0] = volts.map(Number);
    const percent = unbalancePercent(uab, ubc, uca);
    expect(percent.toFixed(3)).toBe(wanted.u2_percent[nth]);
    expect(percent <= Number(given.limit_percent)).toBe(wanted.within_limit[nth]);
  });
  expect(unbalanceOfPhases(230, 230, 230)).toBeCloseTo(0, 6);
  // A third of the one that is missing: symmetrical components of 230, 230, 200.
  expect(unbalanceOfPhases(230, 230, 200)).toBeGreaterThan(4);
});

test("TV-39: indices of continuity", () => {
  const { given, expect: wanted } = lossVector("TV-39");
  const incidents = given.incidents.map(
    ({ steps }: { steps: { customers: number; duration_min: string }[] }) => ({
      steps: steps.map(({ customers, duration_min }) => ({
        customers,
        durationMs: Number(duration_min) * 60_000,
      })),
    }),
  );
  const found = continuityOf(
    incidents,
    given.customers_total,
    given.period_min * 60_000,
    Number(given.short_limit_min) * 60_000,
  );
  expect(found.saifi.toFixed(3)).toBe(wanted.SAIFI);
  expect(found.saidiMinutes.toFixed(1)).toBe(wanted.SAIDI_min);
  expect(found.caidiMinutes?.toFixed(1)).toBe(wanted.CAIDI_min);
  expect(found.maifi.toFixed(3)).toBe(wanted.MAIFI);
  expect(found.asai.toFixed(8)).toBe(wanted.ASAI);
});

test("TV-40: a lost neutral is told from voltages that are merely high or low", () => {
  const { given, expect: wanted } = lossVector("TV-40");
  const limits = {
    highV: Number(given.high_limit_V),
    lowV: Number(given.low_limit_V),
    spreadV: Number(given.spread_limit_V),
    samplesNeeded: given.samples_needed,
    neighboursNeeded: 3,
  };
  given.cases.forEach(({ samples_V }: { samples_V: string[][] }, nth: number) => {
    const samples = samples_V.map((sample) => sample.map(Number) as unknown as PhaseSample);
    expect(findNeutralLoss(samples, limits).replace("-", "_")).toBe(wanted.cases[nth].result);
  });
  const once = given.cases[3].samples_V.map((sample: string[]) => sample.map(Number));
  expect(findNeutralLoss(once, limits, 3)).toBe("neutral-lost");
});

test("a phase without voltage beside others that have it is absent; a dead meter is not", () => {
  expect(
    findAbsentPhase([
      [230, 3, 231],
      [231, 2, 230],
    ]),
  ).toBe(2);
  expect(
    findAbsentPhase([
      [230, 3, 231],
      [231, 229, 230],
    ]),
  ).toBeUndefined();
  expect(
    findAbsentPhase([
      [0, 0, 0],
      [0, 0, 0],
    ]),
  ).toBeUndefined();
});

test.each([
  [[190, 229, 228], 150, { kind: "dip", row: 0, column: 0 }],
  [[150, 120, 228], 450, { kind: "dip", row: 2, column: 1 }],
  [[3, 120, 228], 900, { kind: "dip", row: 4, column: 2 }],
  [[3, 4, 2], 90_000, { kind: "interruption", long: false }],
  [[3, 4, 2], 180_001, { kind: "interruption", long: true }],
  [[260, 229, 230], 4000, { kind: "swell", row: 1, column: 1 }],
  [[280, 229, 230], 400, { kind: "swell", row: 0, column: 0 }],
])("%j V for %i ms is %j", (residualV, durationMs, wanted) => {
  expect(classifyEvent({ startMs: 0, endMs: durationMs, residualV })).toMatchObject(wanted);
});

test("dips of single phases that overlap are one, from the first that falls to the last that is back", () => {
  const joined = joinPhases([
    [{ startMs: 0, endMs: 200, volts: 150 }],
    [
      { startMs: 100, endMs: 600, volts: 100 },
      { startMs: 5000, endMs: 5100, volts: 180 },
    ],
    [],
  ]);
  expect(joined).toEqual([
    { startMs: 0, endMs: 600, residualV: [150, 100, undefined] },
    { startMs: 5000, endMs: 5100, residualV: [undefined, 180, undefined] },
  ]);
});

test("power events become interruptions, bounces are joined, and points that fall together are one incident", () => {
  const minute = 60_000;
  expect(
    pairPowerEvents([
      { kind: "failed", atMs: 0 },
      { kind: "restored", atMs: 10 * minute },
      { kind: "failed", atMs: 10 * minute + 30_000 },
      { kind: "restored", atMs: 15 * minute },
      { kind: "failed", atMs: 100 * minute },
    ]),
  ).toEqual([
    { startMs: 0, endMs: 15 * minute, startAssumed: false },
    { startMs: 100 * minute, endMs: undefined, startAssumed: false },
  ]);
  expect(pairPowerEvents([{ kind: "restored", atMs: 9 * minute }], () => 2 * minute)).toEqual([
    { startMs: 2 * minute, endMs: 9 * minute, startAssumed: true },
  ]);
  const one = { startAssumed: false, cell: "PT 1" };
  const incidents = incidentsOf(
    [
      { ...one, point: 1, startMs: 0, endMs: 45 * minute },
      { ...one, point: 2, startMs: 30_000, endMs: 45 * minute + 30_000 },
      { ...one, point: 3, startMs: 200 * minute, endMs: undefined },
      { ...one, cell: "PT 2", point: 4, startMs: 1000, endMs: 61_000 },
    ],
    230 * minute,
    (startMs) => (startMs === 0 ? "planned" : "unplanned"),
  );
  expect(incidents).toMatchObject([
    { cell: "PT 1", cause: "planned", points: [1, 2], steps: [{ customers: 2, durationMs: 45 * minute }] },
    { cell: "PT 2", cause: "unplanned", points: [4], steps: [{ customers: 1, durationMs: minute }] },
    { cell: "PT 1", cause: "unplanned", points: [3], steps: [{ customers: 1, durationMs: 30 * minute }] },
  ]);
});
