import {
  blockEnergies,
  calendarFaults,
  compareBills,
  compareRegisters,
  compileCalendar,
  divideRounded,
  exact,
  formatExact,
  indicativeBill,
  marketDay,
  maxDemand,
  parseExact,
  quality,
  type RateCalendar,
  roundExact,
  squareRoot,
  sumReactive,
  sumZones,
  versionOn,
} from "@energsys/metering";
import { expect, test } from "vitest";

const zone = "Europe/Bucharest";
const seasons: RateCalendar = {
  rates: ["peak", "off"],
  dayProfiles: [
    {
      id: "winter",
      switches: [
        { minute: 17 * 60, rate: "peak" },
        { minute: 21 * 60, rate: "off" },
      ],
    },
    {
      id: "summer",
      switches: [
        { minute: 22 * 60, rate: "off" },
        { minute: 9 * 60, rate: "peak" },
      ],
    },
    { id: "rest", switches: [{ minute: 0, rate: "off" }] },
  ],
  weeks: [
    { id: "w", days: ["winter", "winter", "winter", "winter", "winter", "rest", "rest"] },
    { id: "s", days: ["summer", "summer", "summer", "summer", "summer", "rest", "rest"] },
  ],
  seasons: [
    { from: "10-25", week: "w" },
    { from: "04-01", week: "s" },
  ],
  specialDays: [
    { on: "12-24", day: "rest" },
    { on: "2026-12-25", day: "winter" },
    { on: "2027-12-24", day: "winter" },
  ],
  holidayProfile: "rest",
};

test.each([
  ["2026-01-14", "winter", "the season before the first of the year is the last of the year before"],
  ["2026-03-31", "winter", "a season ends where the next begins"],
  ["2026-04-01", "summer", "and begins on its day"],
  ["2026-10-23", "summer", "a Friday before the winter"],
  ["2026-10-26", "winter", "a Monday after"],
  ["2026-04-13", "rest", "Orthodox Easter Monday is a holiday"],
  ["2026-12-24", "rest", "a day of every year"],
  ["2027-12-24", "winter", "a date wins over the day of every year"],
  ["2026-12-25", "winter", "and over a holiday"],
])("on %s the day profile is %s: %s", (date, profile) => {
  expect(compileCalendar(seasons, zone).dayProfileOf(date)).toBe(profile);
});

test("before the first switch of a day its last one holds", () => {
  const calendar = compileCalendar(seasons, zone);
  expect(calendar.rates[calendar.rateAt("2026-01-14", 0)]).toBe("off");
  expect(calendar.rates[calendar.rateAt("2026-01-14", 17 * 60)]).toBe("peak");
  expect(calendar.rates[calendar.rateAt("2026-07-01", 8 * 60 + 59)]).toBe("off");
});

test.each([
  ["calendar.no-rate", { rates: [] }],
  ["calendar.no-season", { seasons: [] }],
  ["calendar.twice", { rates: ["peak", "off", "peak"] }],
  ["calendar.unknown-rate", { rates: ["peak"] }],
  ["calendar.unknown-day", { holidayProfile: "constructor" }],
  ["calendar.unknown-week", { seasons: [{ from: "01-01", week: "toString" }] }],
  ["calendar.bad-date", { seasons: [{ from: "02-30", week: "w" }] }],
  ["calendar.bad-date", { specialDays: [{ on: "2026-13-01", day: "rest" }] }],
  ["calendar.week-length", { weeks: [seasons.weeks[0]!, { id: "s", days: ["rest"] }] }],
  ["calendar.no-switch", { dayProfiles: [...seasons.dayProfiles, { id: "none", switches: [] }] }],
  [
    "calendar.bad-minute",
    { dayProfiles: [...seasons.dayProfiles, { id: "late", switches: [{ minute: 1440, rate: "off" }] }] },
  ],
])("%s is found, and such a calendar answers nothing", (code, change) => {
  const calendar = { ...seasons, ...change };
  expect(calendarFaults(calendar).map((fault) => fault.code)).toContain(code);
  expect(() => compileCalendar(calendar, zone)).toThrow(RangeError);
});

test("a switch within an interval is refused, a shorter interval takes it", () => {
  const dayProfiles = [
    ...seasons.dayProfiles.slice(1),
    {
      id: "winter",
      switches: [
        { minute: 425, rate: "peak" },
        { minute: 1200, rate: "off" },
      ],
    },
  ];
  const calendar = compileCalendar({ ...seasons, dayProfiles }, zone);
  expect(() => calendar.ratesOf(marketDay("2026-01-14", zone), 900)).toThrow(/straddles/);
  expect(calendar.ratesOf(marketDay("2026-01-14", zone), 300)[85]).toBe(0);
});

test("zones follow the version of each day, count what is missing, and no refused value is a maximum", () => {
  const [first, second] = [marketDay("2026-03-03", zone), marketDay("2026-03-04", zone)];
  const rates = { ...seasons, rates: ["off", "peak"] };
  const [before, after] = [compileCalendar(seasons, zone), compileCalendar(rates, zone)];
  const values = new Float64Array(192).fill(10);
  const flags = new Uint16Array(192);
  values[70] = 5000;
  flags[70] = quality.suspect;
  values[71] = 90;
  values[96 + 71] = 90;
  values[3] = Number.NaN;
  flags[4] = quality.estimated;
  const counts = (of: (value: number, slot: number) => boolean) =>
    Uint32Array.from(values, (value, slot) => (of(value, slot) ? 1 : 0));
  const series = {
    expected: new Uint32Array(192).fill(1),
    present: counts((value) => !Number.isNaN(value)),
    good: counts((value, slot) => !Number.isNaN(value) && flags[slot] !== quality.suspect),
    estimated: counts((_, slot) => flags[slot] === quality.estimated),
    stepSeconds: 900,
    days: [
      { day: first, first: 0, slots: 96 },
      { day: second, first: 96, slots: 96 },
    ],
    values,
    flags,
  };
  const sums = sumZones(
    [{ series, calendarOn: (date) => (date < "2026-03-04" ? before : after) }],
    (date) => date,
  );
  const [peak, off] = sums.zones;
  expect([peak?.rate, off?.rate]).toEqual(["peak", "off"]);
  expect(peak).toMatchObject({ expected: 32, present: 32, energy: 5000n + 180n + 290n });
  expect(peak?.max).toEqual({ startMs: first.startMs + 71 * 900_000, energy: 90, power: 360 });
  expect(off).toMatchObject({ expected: 160, present: 159, estimated: 1, energy: 1590n, shareMille: 225 });
  expect(peak!.energy! + off!.energy!).toBe(sums.total.energy);
  const [one, other] = sums.buckets;
  expect([one?.key, other?.key]).toEqual(["2026-03-03", "2026-03-04"]);
  expect(one!.byRate.get("off")!.energy! + other!.byRate.get("off")!.energy!).toBe(off?.energy);

  const half = sumZones([{ series, calendarOn: (date) => (date < "2026-03-04" ? before : undefined) }]);
  expect(half.unratedDays).toEqual(["2026-03-04"]);
  expect(half.unrated.energy).toBe(1040n);
  expect(half.zones.reduce((sum, { energy }) => sum + energy!, half.unrated.energy!)).toBe(half.total.energy);

  // Two series of different tariffs: rates of one name are one zone, and its maximum is that of both together.
  const both = sumZones([
    { series, calendarOn: () => before },
    { series, calendarOn: () => after },
  ]);
  expect(both.zones.map(({ rate, energy }) => [rate, energy])).toEqual([
    ["peak", 2n * peak!.energy!],
    ["off", 2n * off!.energy!],
  ]);
  expect(both.zones[0]?.max).toEqual({ startMs: first.startMs + 71 * 900_000, energy: 180, power: 720 });
});

test("the meter's own registers stand beside our zones; one step of theirs is no difference", () => {
  const rows = compareRegisters(
    [
      { rate: "peak", energy: 61_240n },
      { rate: "day", energy: 128_400n },
      { rate: "night", energy: 1n },
    ],
    new Map([
      ["peak", { energy: 61_000n, step: 1000n }],
      ["day", { energy: 127_000n, step: 1000n }],
    ]),
  );
  expect(rows.map(({ differs, difference }) => [differs, difference])).toEqual([
    [false, 240n],
    [true, 1400n],
    [false, undefined],
  ]);
});

test("a sliding maximum lies between the intervals, and a gap breaks its window", () => {
  const values = Float64Array.of(1, 8, 9, 8, 1, 9, Number.NaN, 9, 9);
  expect(maxDemand({ startMs: 0, stepSeconds: 300, values }, 900)).toEqual({
    startMs: 300_000,
    energy: 25,
    power: 100,
  });
  expect(maxDemand({ startMs: 0, stepSeconds: 300, values: values.subarray(6) }, 900)).toBeUndefined();
  expect(() => maxDemand({ startMs: 0, stepSeconds: 900, values }, 1000)).toThrow(RangeError);
  const flags = new Uint16Array(9);
  flags[2] = quality.suspect;
  expect(maxDemand({ startMs: 0, stepSeconds: 300, values, flags })?.startMs).toBe(1_500_000);
});

test("limits of blocks shrink with the days billed", () => {
  const blocks = [
    { upToWh: 100_000n, price: exact(5n, 1) },
    { upToWh: undefined, price: exact(7n, 1) },
  ];
  expect(blockEnergies(100_000n, blocks, { days: 10, ofDays: 31 })).toEqual([32_258n, 67_742n]);
  expect(blockEnergies(0n, blocks)).toEqual([0n, 0n]);
  expect(() => blockEnergies(1n, blocks.toReversed())).toThrow(RangeError);
});

const reactiveByHour = {
  neutralFactor: "0.90",
  secondFactor: "0.65",
  multiplier: "3",
  mode: "marginal",
  basePeriod: "hour",
} as const;

test("hours with a missing value are not charged, and are counted", () => {
  const day = marketDay("2026-03-04", zone);
  const sum = sumReactive(
    {
      stepSeconds: 1800,
      days: [{ day, first: 0, slots: 6 }],
      active: { values: Float64Array.of(0, 0, 5, Number.NaN, 100, 100), scale: 0 },
      reactive: { values: Float64Array.of(6, 6, 9, 9, 0, 0), scale: 0 },
    },
    reactiveByHour,
  );
  expect([sum.periods, sum.missing, formatExact(roundExact(sum.charged, 0))]).toEqual([3, 1, "36"]);
});

test.each([
  // 0.4 varh by quarter-hour, four of them: 1.6 varh without active energy, three times.
  [-1, 0, [4, 4, 4, 4], [0, 0, 0, 0], "4.800"],
  // Half a varh is not a whole one: 0.5 + 0.5 + 0.5 + 0.5 = 2.
  [-1, 0, [5, 5, 5, 5], [0, 0, 0, 0], "6.000"],
  [-3, -1, [1_001, 0, 0, 0], [0, 0, 0, 0], "3.003"],
  // 2 kvarh beside 0.1 kWh: 2,000 varh, less the free 48.432 of 100 Wh, what is beyond 116.913 three times.
  [3, 2, [2, 0, 0, 0], [1, 0, 0, 0], "5717.742"],
] as const)(
  "reactive energy in 10^%i varh and 10^%i Wh is charged to the digit",
  (reactiveScale, activeScale, reactive, active, charged) => {
    const sum = sumReactive(
      {
        stepSeconds: 900,
        days: [{ day: marketDay("2026-03-04", zone), first: 0, slots: 4 }],
        active: { values: Float64Array.from(active), scale: activeScale },
        reactive: { values: Float64Array.from(reactive), scale: reactiveScale },
      },
      reactiveByHour,
    );
    expect(formatExact(roundExact(sum.charged, 3))).toBe(charged);
  },
);

test("energies that do not have the same intervals are not charged against each other", () => {
  const day = marketDay("2026-03-04", zone);
  const series = { values: new Float64Array(96), scale: 0 };
  expect(() =>
    sumReactive(
      {
        stepSeconds: 900,
        days: [{ day, first: 0, slots: 96 }],
        active: series,
        reactive: { values: new Float64Array(24), scale: 0 },
      },
      reactiveByHour,
    ),
  ).toThrow(RangeError);
});

test("every basis of a price has its quantity, a percentage counts lines before it", () => {
  const used = {
    energyWh: 286_000n,
    byRateWh: new Map([["peak", 61_200n]]),
    exportWh: 40_000n,
    exportByRateWh: new Map([["peak", 10_000n]]),
    fixed: true,
    chargedVarh: exact(1_356_780n, 0),
    demandW: 4100n,
    days: 31,
    months: 1,
  };
  const prices = {
    vatPercent: "21",
    components: [
      { code: "peak", basis: { kind: "rate", rate: "peak" }, price: "1.2" },
      { code: "none", basis: { kind: "rate", rate: "toString" }, price: "9" },
      { code: "reactive", basis: { kind: "reactive" }, price: "0.05" },
      { code: "capacity", basis: { kind: "demand" }, price: "3" },
      { code: "daily", basis: { kind: "day" }, price: "0.333" },
      { code: "monthly", basis: { kind: "month" }, price: "2" },
      { code: "once", basis: { kind: "fixed" }, price: "-1.005" },
      { code: "fee", basis: { kind: "percent", of: ["peak", "capacity"] }, price: "1.5" },
      { code: "credit", basis: { kind: "rate", rate: "peak", side: "export" }, price: "-0.4" },
      { code: "credit", basis: { kind: "energy", side: "export" }, price: "0" },
    ],
  } as const;
  const bill = indicativeBill([{ prices, used }]);
  expect(bill.lines.map(({ amount }) => formatExact(amount))).toEqual([
    "73.44",
    "0.00",
    "67.84",
    "12.30",
    "10.32",
    "2.00",
    "-1.01",
    "1.29",
    "-4.00",
    "0.00",
  ]);
  expect(formatExact(bill.net)).toBe("162.18");
  expect(formatExact(bill.vat)).toBe("34.06");
  const dearer = indicativeBill([{ prices: { ...prices, vatPercent: "24.75" }, used }]);
  expect(compareBills(bill, dearer)).toEqual({ difference: exact(608n, 2), mille: 31 });
  const unknown = [{ code: "fee", basis: { kind: "percent", of: ["toString"] }, price: "1" }] as const;
  expect(() => indicativeBill([{ prices: { vatPercent: "0", components: unknown }, used }])).toThrow(
    RangeError,
  );
});

test("of two versions that hold on a day the later one does", () => {
  const versions = [{ validFrom: "2026-01-01" }, { validFrom: "2026-05-01", validTo: "2026-06-01" }];
  expect(
    ["2025-12-31", "2026-05-01", "2026-06-01"].map((date) => versionOn(versions, date)?.validFrom),
  ).toEqual([undefined, "2026-05-01", "2026-01-01"]);
});

test("exact numbers are parsed, printed and rounded half away from zero", () => {
  expect(["-0.5", "12", "0.0725416"].map((text) => formatExact(parseExact(text)))).toEqual([
    "-0.5",
    "12",
    "0.0725416",
  ]);
  expect(
    ["1e3", "", "1.", "١", `0.${"1".repeat(31)}`].map((text) => attempt(() => parseExact(text))),
  ).toEqual(Array(5).fill("RangeError"));
  expect(
    ["0.005", "-0.005", "0.0049", "2"].map((text) => formatExact(roundExact(parseExact(text), 2))),
  ).toEqual(["0.01", "-0.01", "0.00", "2.00"]);
  expect(divideRounded(-5n, 2n)).toBe(-3n);
  for (let n = 0n; n < 2000n; n++) {
    const root = squareRoot(n);
    expect(root * root <= n && (root + 1n) * (root + 1n) > n).toBe(true);
  }
});

function attempt(run: () => unknown): string {
  try {
    run();
    return "nothing";
  } catch (error) {
    return (error as Error).name;
  }
}
