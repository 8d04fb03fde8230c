import { expect, test } from "vitest";
import {
  countedPulses,
  derivePointDay,
  findPointQuantity,
  indexStep,
  marketDay,
  marketDayOf,
  type PointSource,
  parseDecimal,
  pulseEnergyWh,
  pulseGapPowerW,
  pulseRate,
  slotsOf,
} from "../src/index.ts";
import { vector } from "./vectors.ts";

test.each(
  vector("TV-1").expect.days as {
    local_day: string;
    from_utc: string;
    to_utc: string;
    quarter_hours: number;
  }[],
)("TV-1: $local_day has $quarter_hours quarter-hours", ({ local_day, from_utc, to_utc, quarter_hours }) => {
  const day = marketDay(local_day, "Europe/Bucharest");
  expect([day.startMs, day.endMs]).toEqual([Date.parse(from_utc), Date.parse(to_utc)]);
  expect(slotsOf(day, 900)).toBe(quarter_hours);
  expect(marketDayOf(day.startMs, "Europe/Bucharest")).toBe(day);
  expect(marketDayOf(day.endMs - 1, "Europe/Bucharest")).toBe(day);
});

test.each([
  ["America/New_York", "2026-03-08", 92],
  ["America/New_York", "2026-11-01", 100],
  ["Asia/Kolkata", "2026-03-29", 96],
  ["Australia/Lord_Howe", "2026-04-05", 98],
  ["Africa/Cairo", "2026-04-24", 92],
  ["Asia/Kathmandu", "2026-01-01", 96],
])("in %s the day %s has %i quarter-hours, and every instant of it belongs to it", (zone, date, slots) => {
  const day = marketDay(date, zone);
  expect(slotsOf(day, 900)).toBe(slots);
  for (let slot = 0; slot < slots; slot++)
    expect(marketDayOf(day.startMs + slot * 900_000, zone).date).toBe(date);
});

/** One segment of an installation as an index curve of one slot that begins and ends where the vector says. */
function segment(
  from: string,
  to: string,
  factor: string,
  fromMs: number,
  toMs: number,
  meterId: number,
): PointSource {
  const quantity = findPointQuantity({
    obis: "1-0:1.8.0*255",
    kind: "index",
    unit: "kWh",
    scale: -3,
    periodSeconds: 900,
  });
  if (!quantity) throw new Error("an index of active energy feeds a point");
  const milli = (text: string) => Math.round(Number(text) * 1000);
  return {
    meterId,
    fromMs,
    toMs,
    quantity,
    factor: parseDecimal(factor),
    kind: "index",
    unit: "kWh",
    scale: -3,
    limits: { phases: 3, maxCurrentA: 1000, indexDigits: 6 },
    day: { values: Float64Array.of(milli(to), Number.NaN), flags: new Uint16Array(2) },
    indexBefore: milli(from),
    anchors: [
      { atMs: fromMs, value: milli(from) },
      { atMs: toMs, value: milli(to) },
    ],
  };
}

test.each(["TV-2", "TV-3"])(
  "%s: a quarter-hour with an exchange has the energy of both meters, each by its factor",
  (id) => {
    const { given, expect: wanted } = vector(id);
    const day = marketDay("2026-06-01", "Europe/Bucharest");
    const exchangeMs = day.startMs + 420_000;
    const factors: string[] = wanted.segment_factor ?? ["1", "1"];
    const sources = given.segments.map(
      (part: { index_from_kWh: string; index_to_kWh: string }, nth: number) =>
        segment(
          part.index_from_kWh,
          part.index_to_kWh,
          factors[nth] ?? "1",
          nth === 0 ? day.startMs - 1 : exchangeMs,
          nth === 0 ? exchangeMs : Number.POSITIVE_INFINITY,
          nth,
        ),
    );
    const { values } = derivePointDay(day, 900, 0, sources);
    expect(values[0]).toBe(Number(wanted.energy_kWh) * 1000);
  },
);

test("TV-4: current and voltage ratio multiply the meter's energy once", () => {
  const { given, expect: wanted } = vector("TV-4");
  const day = marketDay("2026-06-01", "Europe/Bucharest");
  const factor = String(
    (given.ct_primary_A / given.ct_secondary_A) * (given.vt_primary_V / given.vt_secondary_V),
  );
  const source = { ...segment("0", given.delta_index_kWh, factor, 0, Number.POSITIVE_INFINITY, 1) };
  expect(derivePointDay(day, 900, 0, [source]).values[0]).toBe(Number(wanted.energy_kWh) * 1000);
});

test.each(["TV-5", "TV-6"])(
  "%s: a register that goes back is a roll-over only when the meter could have counted that much",
  (id) => {
    const { given, expect: wanted } = vector(id);
    const tenths = (text: string) => Math.round(Number(text) * 10);
    const step = indexStep(
      tenths(given.index_from_kWh),
      tenths(given.index_to_kWh),
      Number(given.hours_h) * 3600,
      {
        unit: "kWh",
        scale: -1,
        limits: {
          phases: given.phases,
          maxCurrentA: Number(given.max_current_A),
          indexDigits: given.integer_digits,
        },
      },
    );
    expect(step).toEqual(
      wanted.rollover ? { ok: true, value: tenths(wanted.delta_kWh), rolledOver: true } : { ok: false },
    );
  },
);

const kwh = (wh: string): number => Number(wh) / 1000;

test("TV-7: pulses are energy by the constant of the output, and of the light", () => {
  const { given, expect: wanted } = vector("TV-7");
  given.cases.forEach((one: Record<string, string>, nth: number) => {
    const constant =
      one.weight_Wh_per_pulse === undefined
        ? { pulsesPerKwh: one.constant_pulses_per_kWh as string }
        : { whPerPulse: one.weight_Wh_per_pulse };
    const energyWh = pulseEnergyWh(Number(one.pulses), constant);
    expect(kwh(energyWh)).toBe(Number(wanted.cases[nth].energy_kWh));
    if (one.interval_s !== null)
      expect((kwh(energyWh) * 3600) / Number(one.interval_s)).toBeCloseTo(
        Number(wanted.cases[nth].mean_power_kW),
        9,
      );
  });
});

test("TV-8: a counter that has turned over counted what lies through its end", () => {
  const { given, expect: wanted } = vector("TV-8");
  const pulses = countedPulses(given.counter_from, given.counter_to, given.counter_bits);
  expect(pulses).toBe(wanted.pulses);
  expect(kwh(pulseEnergyWh(pulses, { whPerPulse: given.weight_Wh_per_pulse }))).toBe(
    Number(wanted.energy_kWh),
  );
  expect(() => countedPulses(0, 65_536, 16)).toThrow(RangeError);
});

test("TV-9: the time between two pulses is a power", () => {
  const { given, expect: wanted } = vector("TV-9");
  const constant = { pulsesPerKwh: given.constant_pulses_per_kWh };
  expect(kwh(pulseGapPowerW(given.gap_s, constant))).toBe(Number(wanted.power_kW));
});

test("TV-10: the filter lets through what the meter gives at its maximum", () => {
  const { given, expect: wanted } = vector("TV-10");
  const rates = given.constants_pulses_per_kWh.map((pulsesPerKwh: string) =>
    pulseRate(Number(given.max_power_kW) * 1000, { pulsesPerKwh }),
  );
  expect(rates.map(({ perSecond }: { perSecond: string }) => perSecond)).toEqual(wanted.pulse_rate_per_s);
  expect(rates.map(({ gapSeconds }: { gapSeconds: string }) => gapSeconds)).toEqual(wanted.pulse_gap_s);
});
