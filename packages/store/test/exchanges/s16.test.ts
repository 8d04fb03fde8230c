import { quality } from "@energsys/metering";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { indexColumn, kwh, localAt, Street, startOf } from "./street.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const date = "2026-09-15";
const start = startOf(date);
const at = localAt(date, "13:07");
/** The quarter-hour that begins at 13:00. */
const straddle = 52;
/** Six digits of kWh, in Wh. */
const turn = 1_000_000_000;

let street: Street;
beforeAll(async () => {
  street = await Street.make(db, 4, Date.UTC(2026, 8, 23, 9), ["1", "1", "1", "20"]);
});

/** Indices at the ends of quarter-hours, `step` Wh each; they pass the end of the register. */
const run = (from: number, count: number, step: number) =>
  Float64Array.from({ length: count }, (_, slot) => (from + step * (slot + 1)) % turn);

const noNegative = (values: Float64Array) => values.every((value) => Number.isNaN(value) || value >= 0);

describe("S16: a meter is exchanged at 13:07, a register turns over, and both at once", () => {
  test("the exchange alone: the energy of the day is what both registers counted, and the quarter-hour is flagged", async () => {
    const [old = 0] = street.meters;
    await street.deliver(old, start - 900_000, Float64Array.of(12_345_600), indexColumn);
    await street.deliver(old, start, run(12_345_600, 52, 250), indexColumn);
    const final = 12_345_600 + 52 * 250 + 117;
    await street.exchange(street.asked(0, at, "S16A", kwh(final)));
    const fresh = await street.meterOf("S16A");
    await street.deliver(fresh, start + 52 * 900_000, run(133 - 300, 44, 300), indexColumn);
    const day = (await street.days(0)).get(date)!;
    expect(day.sumWh).toBe(52 * 250 + 117 + (133 + 43 * 300));
    expect([day.values[51], day.values[52], day.values[53]]).toEqual([250, 117 + 133, 300]);
    expect([day.flags[51], day.flags[52], day.flags[53]]).toEqual([0, quality.exchange, 0]);
    expect(day.values.filter(Number.isNaN)).toHaveLength(0);
  });

  test("the register alone turns over at noon: the energy goes on, and nothing is negative", async () => {
    const old = street.meters[1]!;
    const begin = turn - 48 * 200;
    await street.deliver(old, start - 900_000, Float64Array.of(begin - 100), indexColumn);
    await street.deliver(old, start, run(begin - 100, 96, 200), indexColumn);
    const day = (await street.days(1)).get(date)!;
    expect([day.sumWh, noNegative(day.values)]).toEqual([96 * 200, true]);
    expect([...day.flags].some((flags) => (flags & quality.decreased) !== 0)).toBe(false);
  });

  test("both at once: the old register turns over inside the quarter-hour in which it is taken down", async () => {
    const old = street.meters[2]!;
    const begin = turn - 52 * 200 - 50;
    await street.deliver(old, start - 900_000, Float64Array.of(begin), indexColumn);
    await street.deliver(old, start, run(begin, 52, 200), indexColumn);
    // It stood 50 Wh before its end at 13:00 and shows 0.040 kWh at 13:07.
    const asked = street.asked(2, at, "S16C", kwh(40), "999999.990");
    // The last reading before is that of a register that has not turned over yet.
    await street.readRegister(old, start + 52 * 900_000, kwh(turn - 50));
    const { findings } = await street.preview(asked);
    expect(findings.map(({ word, refused }) => [word, refused])).toEqual([["roll-over", false]]);
    await street.exchange(asked, { accepted: ["roll-over 1-0:1.8.0*255"] });
    // The new one was put up 10 Wh before its own end: it turns over in the same quarter-hour.
    const fresh = await street.meterOf("S16C");
    await street.deliver(fresh, start + 52 * 900_000, run(turn - 10 + 70 - 300, 44, 300), indexColumn);
    const day = (await street.days(2)).get(date)!;
    expect(day.values[straddle]).toBe(50 + 40 + 70);
    expect(day.flags[straddle]).toBe(quality.exchange);
    expect(day.sumWh).toBe(52 * 200 + 90 + 70 + 43 * 300);
    expect(noNegative(day.values)).toBe(true);
  });

  test("an exchange entered a week later derives the days again, as if it had been entered that day", async () => {
    const old = street.meters[3]!;
    const dates = Array.from({ length: 8 }, (_, nth) => start + nth * 96 * 900_000);
    await street.deliver(old, start - 900_000, Float64Array.of(5_000_000), indexColumn);
    await street.deliver(old, start, run(5_000_000, 52, 100), indexColumn);
    // Nobody said so, and the new meter was read all week by its own device, standing nowhere.
    const stock = street.asked(3, at, "S16D", "5005.250", "0", {});
    await db.query({
      text: `insert into meter (serial, manufacturer, model, phases, max_current_a, index_digits)
        values ('S16D', 'NEW', 'generic-dlms', 1, 60, 6)`,
      values: [],
    });
    const fresh = await street.meterOf("S16D");
    for (const [nth, from] of dates.entries()) {
      const skipped = nth === 0 ? 52 : 0;
      const before = nth * 96 * 100 - (nth === 0 ? 0 : 52 * 100);
      await street.deliver(fresh, from + skipped * 900_000, run(before, 96 - skipped, 100), indexColumn);
    }
    expect([...(await street.days(3)).keys()]).toEqual([date]);
    const preview = await street.preview(stock);
    expect(preview.effects).toMatchObject([
      { sumBefore: expect.any(Number), missing: 0, straddle: 8, days: expect.any(Number) },
    ]);
    const { days } = await street.exchange(stock);
    expect(days).toBeGreaterThanOrEqual(8);
    const all = await street.days(3);
    const sum = [...all.values()].reduce((total, { sumWh }) => total + sumWh, 0);
    // Factor 20: the old one to 5005.250, the new one from 0 to the end of the eighth day.
    expect(sum).toBe(20 * (5_250 + (8 * 96 - 52) * 100));
    const [effect] = preview.effects;
    expect(effect!.sumAfter * 10 ** effect!.scale).toBe(sum);
    expect(all.get(date)!.flags[straddle]).toBe(quality.exchange);
    expect(all.get(date)!.values[straddle]).toBe(20 * (50 + 100));
  });
});
