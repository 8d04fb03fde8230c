import {
  dayFactorOne,
  type EstimationInput,
  estimate,
  householdDayFactor,
  isReference,
  marketDay,
  marksOf,
  methodOf,
  orthodoxEaster,
  overlaid,
  profileDay,
  qualityCodes,
  romanianHolidays,
  seriesDay,
  shareOut,
  slotsOf,
  standardProfile,
  stateOf,
} from "@energsys/metering";
import { describe, expect, test } from "vitest";
import { vector, wh } from "../vectors.ts";

const zone = "Europe/Bucharest";

const dayOf = (date: string, periodSeconds: number, values: (slot: number) => number) => {
  const day = marketDay(date, zone);
  const slots = slotsOf(day, periodSeconds);
  return seriesDay(day, {
    values: Float64Array.from({ length: slots }, (_, slot) => values(slot)),
    flags: new Uint16Array(slots),
  });
};

/** One day with a gap at [from, to) and what is left of it after estimating. */
function estimated(
  input: Partial<EstimationInput> & Pick<EstimationInput, "days">,
  from: number,
  to: number,
) {
  const { days } = estimate({ kind: "delta", periodSeconds: 900, zone, history: [], ...input });
  return {
    values: [...(days[0]?.values.slice(from, to) ?? [])],
    methods: [...(days[0]?.methods.slice(from, to) ?? [])].map(methodOf),
    others: [...(days[0]?.values ?? [])].filter((_, slot) => slot < from || slot >= to),
  };
}

describe("a short gap", () => {
  const line = vector("TV-15");
  const scaled = vector("TV-16");
  const from = 20;
  const to = from + line.given.gap_intervals;
  const day = dayOf("2026-03-04", 900, (slot) =>
    slot === from - 1
      ? wh(line.given.before_kWh)
      : slot === to
        ? wh(line.given.after_kWh)
        : slot >= from && slot < to
          ? Number.NaN
          : 500,
  );

  test("TV-15: a straight line between its neighbours", () => {
    const { values, methods, others } = estimated({ days: [day] }, from, to);
    expect(values).toEqual(line.expect.estimate_kWh.map(wh));
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(wh(line.expect.sum_kWh));
    expect(new Set(methods)).toEqual(new Set(["E3"]));
    expect(others.every(Number.isNaN)).toBe(true);
  });

  test("TV-16: scaled to what the register counted over it", () => {
    const at = (slot: number) => day.startMs + slot * 900_000;
    const registers = [
      { atMs: at(from), value: 1_000_000 },
      { atMs: at(to), value: 1_000_000 + wh(scaled.given.gap_delta_index_kWh) },
    ];
    const { values, methods } = estimated({ days: [day], registers }, from, to);
    expect(values).toEqual(scaled.expect.estimate_kWh.map(wh));
    expect(new Set(methods)).toEqual(new Set(["E3+S"]));
  });

  test("registers a day apart leave the gap what the measured intervals do not explain", () => {
    const measured = [...day.values].filter((value) => !Number.isNaN(value)).reduce((a, b) => a + b, 0);
    const registers = [
      { atMs: day.startMs, value: 5 },
      { atMs: day.startMs + 96 * 900_000, value: 5 + measured + wh(scaled.given.gap_delta_index_kWh) },
    ];
    expect(estimated({ days: [day], registers }, from, to).values).toEqual(
      scaled.expect.estimate_kWh.map(wh),
    );
  });

  test("a register that counted less than was measured leaves nothing, and nothing is negative", () => {
    const registers = [
      { atMs: day.startMs, value: 5 },
      { atMs: day.startMs + 96 * 900_000, value: 6 },
    ];
    expect(estimated({ days: [day], registers }, from, to).values).toEqual([0, 0, 0, 0, 0]);
  });
});

describe("a long gap", () => {
  const { given, expect: wanted } = vector("TV-17");
  const scaled = vector("TV-18");
  // Hours, so that four intervals are more than the two hours of a straight line.
  const reference = (date: string, kwh: readonly string[]) =>
    dayOf(date, 3600, (slot) => (slot >= 8 && slot < 12 ? wh(kwh[slot - 8] ?? "0") : 400));
  const dates = ["2026-03-03", "2026-03-02", "2026-02-27"];
  const history = dates.map((date, nth) => reference(date, given.reference_days_kWh[nth]));
  const day = dayOf("2026-03-04", 3600, (slot) => (slot >= 8 && slot < 12 ? Number.NaN : 400));

  test("TV-17: the mean of three like days", () => {
    const result = estimate({ kind: "delta", periodSeconds: 3600, zone, days: [day], history });
    const values = [...(result.days[0]?.values.slice(8, 12) ?? [])];
    expect(values).toEqual(wanted.estimate_kWh.map(wh));
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(wh(wanted.sum_kWh));
    expect(methodOf(result.days[0]?.methods[8] ?? 0)).toBe("E4");
    expect([...(result.used.get(day.date) ?? [])].sort()).toEqual([...dates].sort());
  });

  test("TV-18: scaled, and rounded by the largest remainders, of equal ones the earlier", () => {
    const registers = [
      { atMs: day.startMs + 8 * 3_600_000, value: 0 },
      { atMs: day.startMs + 12 * 3_600_000, value: wh(scaled.given.gap_delta_index_kWh) },
    ];
    const { values } = estimated({ periodSeconds: 3600, days: [day], history, registers }, 8, 12);
    expect(values).toEqual(scaled.expect.estimate_kWh.map(wh));
    expect(values.reduce((sum, value) => sum + value, 0)).toBe(wh(scaled.expect.sum_kWh));
  });

  test("two like days are too few: the nearest like weekday stands alone", () => {
    const { values, methods } = estimated(
      { periodSeconds: 3600, days: [day], history: history.slice(0, 2) },
      8,
      12,
    );
    // 2026-03-04 is a Wednesday: a Tuesday comes before a Monday, which does not come at all.
    expect(values).toEqual(given.reference_days_kWh[0].map(wh));
    expect(new Set(methods)).toEqual(new Set(["E5"]));
  });

  test("a day with an outage, an estimate or an edit is no reference", () => {
    for (const bit of [0x0080, 0x0800, 0x1000, 0x0100]) {
      const spoiled = history.map((reference) => ({
        ...reference,
        flags: reference.flags.slice().fill(bit, 20, 21),
      }));
      expect(estimated({ periodSeconds: 3600, days: [day], history: spoiled }, 8, 12).methods[0]).toBe("E7");
    }
  });
});

test("TV-19: an energy is split by the weights of a profile", () => {
  const { given, expect: wanted } = vector("TV-19");
  const weights = given.weights_W.map((w: string) => BigInt(Math.round(Number(w) * 10)));
  expect(shareOut(weights, BigInt(wh(given.energy_kWh))).map(Number)).toEqual(wanted.estimate_kWh.map(wh));
  // The same through the engine: no history, a profile, and the register over the first hour.
  const day = dayOf("2026-03-04", 900, (slot) => (slot < 4 ? Number.NaN : 100));
  const { values, methods } = estimated(
    {
      days: [day],
      profile: standardProfile("H0", 3_000_000, { zone, periodSeconds: 900 }),
      registers: [
        { atMs: day.startMs, value: 0 },
        { atMs: day.startMs + 3_600_000, value: wh(given.energy_kWh) },
      ],
    },
    0,
    4,
  );
  expect(values).toEqual(wanted.estimate_kWh.map(wh));
  expect(methods[0]).toBe("E6+S");
});

test("TV-20: an outage is an actual zero where it covers an interval, and keeps what was measured beside it", () => {
  const { given, expect: wanted } = vector("TV-20");
  const plain = dayOf("2026-03-04", 900, () => 100);
  const slotOf = (start: string) => (Date.parse(start) - plain.startMs) / 900_000;
  for (const { start_utc, measured_kWh } of given.intervals) {
    plain.values[slotOf(start_utc)] = measured_kWh === null ? Number.NaN : wh(measured_kWh);
  }
  const outages = [
    { fromMs: Date.parse(given.power_failed_utc), toMs: Date.parse(given.power_restored_utc) },
  ];
  const { days, left } = estimate({
    kind: "delta",
    periodSeconds: 900,
    zone,
    days: [plain],
    history: [],
    outages,
  });
  expect(left).toBe(0);
  const [made] = days;
  if (!made) throw new Error("no day came back");
  const final = overlaid(plain, { ...made, marks: marksOf({ ...plain, periodSeconds: 900 }, [], outages) });
  for (const { start_utc, value_kWh, state, quality } of wanted.intervals) {
    const slot = slotOf(start_utc);
    expect(final.values[slot]).toBe(wh(value_kWh));
    expect(stateOf(final.values[slot] ?? Number.NaN, final.flags[slot] ?? 0)).toBe(state);
    expect(qualityCodes(final.values[slot] ?? Number.NaN, final.flags[slot] ?? 0)).toEqual([quality]);
  }
  expect(isReference({ ...plain, ...final })).toBe(false);
});

test("TV-22: a household's typical winter days, and one with its factor", () => {
  const { given, expect: wanted } = vector("TV-22");
  const kwh = (deciW: Int32Array) => deciW.reduce((sum, power) => sum + power, 0) / 10 / 4 / 1000;
  for (const kind of ["workday", "saturday", "sunday"] as const)
    expect(kwh(profileDay("H0", given.dynamic_day, kind).powerDeciW).toFixed(4)).toBe(
      wanted.day_sum_kWh[kind],
    );
  const { powerDeciW, factor } = profileDay("H0", given.dynamic_day);
  expect(householdDayFactor(given.day_of_year)).toBe(factor);
  expect((factor / dayFactorOne).toFixed(6)).toBe(wanted.day_factor);
  expect(((kwh(powerDeciW) * factor) / dayFactorOne).toFixed(4)).toBe(wanted.dynamic_day_sum_kWh);
});

test.each([
  [2024, "2024-05-05", ["2024-05-03", "2024-06-23", "2024-06-24"]],
  [2026, "2026-04-12", ["2026-04-10", "2026-05-31", "2026-06-01"]],
  [2031, "2031-04-13", ["2031-04-11", "2031-06-01", "2031-06-02"]],
])("TV-23: Orthodox Easter of %i is %s", (year, easter, others) => {
  expect(orthodoxEaster(year).toString()).toBe(easter);
  for (const date of others) expect(romanianHolidays(year)).toContain(date);
});

test("months after the last measured interval neither a profile nor a mean says what a day was, and a check meter still does", () => {
  const empty = dayOf("2026-03-04", 900, () => Number.NaN);
  const measured = (date: string) => dayOf(date, 900, (slot) => (slot === 5 ? 40 : Number.NaN));
  const profile = standardProfile("H0", 3_000_000, { zone, periodSeconds: 900 });
  const methods = (input: Partial<EstimationInput>) => [
    ...new Set(estimated({ days: [empty], profile, reachDays: 45, ...input }, 0, 96).methods),
  ];
  expect(methods({ history: [measured("2026-01-18")] })).toEqual(["E6"]);
  expect(methods({ history: [measured("2026-01-17")] })).toEqual([undefined]);
  const check = { days: [dayOf("2026-03-04", 900, () => 7)], ratio: { top: 1, bottom: 1 } };
  expect(methods({ check })).toEqual(["E1"]);
  // What comes after it is no reason either.
  const { days } = estimate({
    ...{ kind: "delta", periodSeconds: 900, zone, history: [], reachDays: 45 },
    days: [empty, dayOf("2026-03-05", 900, () => 40)],
  });
  expect([...new Set(days[0]!.methods)].map(methodOf)).toEqual([undefined]);
  // Where a meter came in the morning, the stretch is known to be short.
  expect(methods({ fromMs: empty.startMs + 8 * 900_000 })).toEqual([undefined, "E6"]);
});
