import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LoadCurve } from "../src/load/curve.ts";
import { outagesOf } from "../src/load/happenings.ts";
import { householdDayFactor, profileNames, standardDay } from "../src/load/profiles.ts";
import { sunHeight } from "../src/load/sun.ts";
import { calendar, meterOf, nowMs, quiet, slotMs, surroundings } from "./support.ts";

const dayIndex = (date: string) => calendar.dayAt(Date.parse(`${date}T12:00:00Z`));

describe("standard profiles", () => {
  test.each([
    ["workday", 2.5559],
    ["saturday", 2.8865],
    ["sunday", 2.6855],
  ] as const)("a winter %s of H0 has %d kWh for 1000 kWh a year, as published", (dayType, kwh) => {
    expect(standardDay("H0", "winter", dayType).energyWh / 1000).toBeCloseTo(kwh, 4);
  });

  test("the day factor of households agrees with the published values", () => {
    const published = { 1: 1.24203, 15: 1.256765, 172: 0.809623, 355: 1.229123 };
    for (const [day, factor] of Object.entries(published)) {
      expect(householdDayFactor(Number(day))).toBeCloseTo(factor, 6);
    }
  });

  test.each(profileNames)("every quarter-hour of %s has a power", (profile) => {
    for (const season of ["winter", "summer", "transition"] as const) {
      for (const dayType of ["workday", "saturday", "sunday"] as const) {
        const { powerW } = standardDay(profile, season, dayType);
        expect(powerW.every((power) => power > 0)).toBe(true);
      }
    }
  });
});

describe("calendar", () => {
  test.each([
    ["2026-03-29", 92, Date.UTC(2026, 2, 28, 22)],
    ["2026-10-25", 100, Date.UTC(2026, 9, 24, 21)],
    ["2025-10-26", 100, Date.UTC(2025, 9, 25, 21)],
    ["2026-06-10", 96, Date.UTC(2026, 5, 9, 21)],
  ])("%s has %d quarter-hours", (date, slots, startMs) => {
    expect(calendar.day(dayIndex(date))).toMatchObject({ date, slots, startMs });
  });

  test.each([
    ["2026-04-10", "sunday"], // Good Friday of the Orthodox calendar
    ["2026-04-13", "sunday"], // Easter Monday
    ["2026-06-01", "sunday"], // Whit Monday and Children's Day
    ["2025-04-21", "sunday"], // Easter Monday
    ["2026-12-01", "sunday"],
    ["2026-12-24", "saturday"],
    ["2026-11-10", "workday"],
    ["2026-11-14", "saturday"],
  ])("%s counts as %s", (date, dayType) => {
    expect(calendar.day(dayIndex(date)).dayType).toBe(dayType);
  });

  test("winter ends on 20 March and summer begins on 15 May", () => {
    const season = (date: string) => calendar.day(dayIndex(date)).season;
    expect([season("2026-03-20"), season("2026-03-21")]).toEqual(["winter", "transition"]);
    expect([season("2026-05-14"), season("2026-05-15")]).toEqual(["transition", "summer"]);
    expect([season("2026-09-14"), season("2026-09-15")]).toEqual(["summer", "transition"]);
    expect([season("2026-10-31"), season("2026-11-01")]).toEqual(["transition", "winter"]);
  });
});

describe("registers", () => {
  const kinds = {
    household: meterOf("dlms-wrapper", { customer: { profile: "H0", annualWh: 3_100_000 } }),
    "shop with transformers": meterOf("dlms-wrapper", {
      customer: { key: 77, profile: "G4", annualWh: 2_400_000 },
    }),
    "roof with panels": meterOf("dlms-wrapper", {
      customer: { key: 78, panels: { peakW: 5200, fromDay: 100 } },
    }),
    "meter in standard time": meterOf("dlms-wrapper", {
      followsSummerTime: false,
      customer: { key: 79, fixedTime: true },
    }),
  };
  const first = calendar.firstMs;
  const instants = fc.integer({ min: 0, max: 1000 * 96 }).map((slot) => first + slot * slotMs);

  test.each(Object.entries(kinds))("of a %s agree with the sum of the curve over any range", (_, meter) => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 800 }), (fromMs, slots) => {
        const toMs = fromMs + slots * slotMs;
        const rows = meter.rowsBetween(fromMs + slotMs, toMs);
        const before = meter.registersAt(fromMs);
        const after = meter.registersAt(toMs);
        const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
        expect(rows.endsMs).toHaveLength(slots);
        expect(after.importWh - before.importWh).toBe(sum(rows.importWh));
        expect(after.exportWh - before.exportWh).toBe(sum(rows.exportWh));
        expect(after.rate1Wh + after.rate2Wh).toBe(after.importWh);
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  test.each(Object.entries(kinds))("of a %s at the end of an interval are those of its row", (_, meter) => {
    fc.assert(
      fc.property(instants, (endMs) => {
        const rows = meter.rowsBetween(endMs, endMs);
        if (endMs > first) expect(rows.registers).toEqual([meter.registersAt(endMs)]);
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  test("never go back, not even inside an interval", () => {
    const meter = kinds["roof with panels"];
    let last = meter.registersAt(nowMs);
    for (let ms = nowMs; ms < nowMs + 26 * 3_600_000; ms += 97_000) {
      const next = meter.registersAt(ms);
      for (const name of Object.keys(next) as (keyof typeof next)[]) {
        expect(next[name]).toBeGreaterThanOrEqual(last[name]);
      }
      last = next;
    }
  });

  test("count the night in rate 2 by the meter's own clock, summer time or not", () => {
    const load = (fixedTime: boolean, date: string) => {
      const { customer } = meterOf("dlms-wrapper", { customer: { fixedTime } }).description;
      return new LoadCurve(customer, surroundings(quiet)).day(dayIndex(date)).night;
    };
    const nightSlots = (night: Uint8Array) =>
      [night.indexOf(0), night.lastIndexOf(0)].map((slot) => slot / 4);
    expect(nightSlots(load(false, "2026-07-07"))).toEqual([6, 21.75]);
    expect(nightSlots(load(true, "2026-07-07"))).toEqual([7, 22.75]);
    expect(nightSlots(load(true, "2026-01-08"))).toEqual([6, 21.75]);
    // The hour that is missing and the one that comes twice lie in the night.
    expect(load(false, "2026-03-29").indexOf(0)).toBe(20);
    expect(load(false, "2026-10-25").indexOf(0)).toBe(28);
  });
});

describe("load curve", () => {
  test.each([
    ["2026-03-29", 92],
    ["2026-10-25", 100],
  ])("the profile of %s has %d rows, one after the other", (date, slots) => {
    const day = calendar.day(dayIndex(date));
    const rows = meterOf("dlms-wrapper").rowsBetween(
      day.startMs + slotMs,
      calendar.day(day.index + 1).startMs,
    );
    expect(rows.endsMs).toEqual(Array.from({ length: slots }, (_, i) => day.startMs + (i + 1) * slotMs));
  });

  test("depends on seed, meter and instant only, in whatever order days are asked for", () => {
    const days = [900, 3, 517, 518, 31, 32, 33, 0, 1040];
    const inOrder = meterOf("dlms-wrapper");
    const backwards = meterOf("dlms-wrapper");
    const read = (meter: typeof inOrder, index: number) => {
      const day = calendar.day(index);
      return meter.rowsBetween(day.startMs + slotMs, day.startMs + day.slots * slotMs);
    };
    const first = new Map(days.map((index) => [index, read(inOrder, index)]));
    for (const index of [...days].reverse()) expect(read(backwards, index)).toEqual(first.get(index));
  });

  test("a household takes about its yearly energy, in steps that no supply of 60 A exceeds", () => {
    for (const key of [11, 12, 13, 14, 15]) {
      const { customer } = meterOf("dlms-wrapper").description;
      const curve = new LoadCurve({ ...customer, key, profile: "H0", annualWh: 2_600_000 }, surroundings());
      const year =
        curve.beforeDay(dayIndex("2026-01-01")).importWh - curve.beforeDay(dayIndex("2025-01-01")).importWh;
      expect(year / 2_600_000).toBeGreaterThan(0.8);
      expect(year / 2_600_000).toBeLessThan(1.1);
      const peak = Math.max(...curve.day(dayIndex("2026-01-14")).importWh);
      expect(peak * 4).toBeLessThan(60 * 230);
    }
  });

  test("panels feed by day only, and more in June than in December", () => {
    const { customer } = meterOf("dlms-wrapper").description;
    const curve = new LoadCurve({ ...customer, panels: { peakW: 6000, fromDay: 0 } }, surroundings(quiet));
    const exported = (from: string, to: string) =>
      curve.beforeDay(dayIndex(to)).exportWh - curve.beforeDay(dayIndex(from)).exportWh;
    expect(exported("2026-06-01", "2026-07-01")).toBeGreaterThan(3 * exported("2025-12-01", "2026-01-01"));
    const { exportWh } = curve.day(dayIndex("2026-06-21"));
    expect(exportWh.slice(0, 20).every((wh) => wh === 0) && exportWh.slice(88).every((wh) => wh === 0)).toBe(
      true,
    );
    expect(Math.max(...exportWh) * 4).toBeLessThanOrEqual(6000);
  });

  test("the sun stands highest at the solar noon, and as high as latitude and season say", () => {
    const place = { latitude: 45, longitude: 25 };
    const noonMs = Date.UTC(2026, 5, 21, 10, 20);
    const height = (Math.asin(sunHeight(place, 172, noonMs)) * 180) / Math.PI;
    expect(height).toBeCloseTo(90 - 45 + 23.45, 1);
    expect(sunHeight(place, 172, noonMs + 3_600_000)).toBeLessThan(sunHeight(place, 172, noonMs));
    expect(sunHeight(place, 355, Date.UTC(2026, 11, 21, 20))).toBeLessThan(0);
  });
});

describe("what happens to a meter", () => {
  const often = { plannedOutage: 0.5, faultOutage: 0.5, clockSet: 0.5, cover: 0.5 };
  const meter = meterOf("dlms-wrapper", {}, surroundings(often));
  const fromMs = nowMs - 20 * 86_400_000;

  test("status bits, log entries and missing energy tell the same story", () => {
    const { customer } = meter.description;
    let fullyOut = 0;
    for (let index = calendar.dayAt(fromMs); index < calendar.dayAt(nowMs); index++) {
      const day = calendar.day(index);
      const rows = meter.rowsBetween(day.startMs + slotMs, day.startMs + day.slots * slotMs);
      const outages = outagesOf(customer.transformerKey, day, often);
      const logged = meter.events(day.startMs, day.startMs + day.slots * slotMs - 1);
      expect(logged.filter(({ kind }) => kind === "power-down").map(({ atMs }) => atMs)).toEqual(
        outages.map((outage) => outage.fromMs),
      );
      expect(logged.filter(({ kind }) => kind === "power-up").map(({ atMs }) => atMs)).toEqual(
        outages.map((outage) => outage.toMs),
      );
      const set = logged.find(({ kind }) => kind === "clock-old");
      rows.endsMs.forEach((endMs, i) => {
        const startMs = endMs - slotMs;
        const down = outages.some((outage) => outage.fromMs < endMs && outage.toMs > startMs);
        expect(Boolean(rows.marks[i]! & 1)).toBe(down);
        expect(Boolean(rows.marks[i]! & 2)).toBe(
          set !== undefined && set.atMs >= startMs && set.atMs < endMs,
        );
        if (outages.some((outage) => outage.fromMs <= startMs && outage.toMs >= endMs)) {
          expect(rows.importWh[i]).toBe(0);
          fullyOut += 1;
        }
      });
    }
    expect(fullyOut).toBeGreaterThan(20);
  });

  test("a meter that writes no row without supply keeps the rest, counted and found by number", () => {
    const skipping = meterOf("dlms-wrapper", { profile: { skipsOutages: true } }, surroundings(often));
    const rows = skipping.profileRows(-Infinity, Infinity);
    expect(rows.endsMs.length).toBeLessThan(30 * 96);
    expect(skipping.rowsInUse()).toBe(rows.endsMs.length);
    for (const n of [1, 2, 100, 777, rows.endsMs.length]) {
      const endMs = skipping.endOfRow(n);
      expect(skipping.profileRows(endMs, endMs).endsMs, `row ${n}`).toEqual([rows.endsMs[n - 1]]);
    }
    const energy = (values: number[]) => values.reduce((a, b) => a + b, 0);
    const last = rows.registers.at(-1)!.importWh;
    expect(energy(rows.importWh)).toBe(last - rows.registers[0]!.importWh + rows.importWh[0]!);
  });

  test("voltage is there with supply and gone without, and the current fits the power", () => {
    const outage = Array.from({ length: 20 }, (_, n) => calendar.dayAt(nowMs) - n)
      .flatMap((index) => outagesOf(meter.description.customer.transformerKey, calendar.day(index), often))
      .at(0)!;
    expect(meter.instant(outage.fromMs + 1000)).toMatchObject({ importW: 0, frequencyHz: 0 });
    const { importW, volts, amps, powerFactor } = meter.instant(outage.fromMs - 1000);
    const apparent = volts.reduce((sum, volt, phase) => sum + volt * amps[phase]!, 0);
    expect(Math.abs(apparent * powerFactor - importW)).toBeLessThan(0.02 * importW + 5);
    for (const volt of volts) expect(Math.abs(volt - 230)).toBeLessThan(23);
  });
});
