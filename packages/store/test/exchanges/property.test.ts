import { quality } from "@energsys/metering";
import { everywhere, undoExchange } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { indexColumn, kwh, localAt, Street, startOf } from "./street.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

/** Market days of 92, 96 and 100 quarter-hours, a leap day and the end of a year. */
const dates = ["2026-03-29", "2026-10-25", "2026-09-15", "2024-02-29", "2025-12-31"];
const runs = 40;
let street: Street;
let nth = 0;
beforeAll(async () => {
  street = await Street.make(db, runs, Date.UTC(2026, 10, 20), ["1", "20", "2.5", "40"]);
});
const factors = [1, 20, 2.5, 40];
const turn = 1_000_000_000;

/** Slots of a day as the test counts them: from the local midnight to the next one, in UTC. */
const slotsOf = (date: string) =>
  (startOf(Temporal.PlainDate.from(date).add({ days: 1 }).toString()) - startOf(date)) / 900_000;

test("the intervals of a day are the difference of the registers, whatever the day and the instant; undone, all is as it was", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...dates),
      fc.integer({ min: 1, max: 86_000 }),
      fc.array(fc.integer({ min: 0, max: 3_000 }), { minLength: 101, maxLength: 101 }),
      fc.integer({ min: 0, max: 999_000_000 }),
      fc.boolean(),
      async (date, second, energies, begin, turns) => {
        const point = nth++;
        const old = street.meters[point]!;
        const start = startOf(date);
        const slots = slotsOf(date);
        const at = start + Math.min(second * 1000, slots * 900_000 - 1000);
        const slot = Math.floor((at - start) / 900_000);
        const inside = (at - start) % 900_000 !== 0;
        // True indices in Wh, as a ledger has them; the old register may stand shortly before its end.
        const first = turns ? turn - 500 : begin;
        const within = energies.slice(0, slot).reduce((sum, step) => sum + step, 0);
        // No more than the meter can count in those seconds, or its end would be no believable roll-over.
        const shared = Math.floor((energies[slot]! * ((at - start) % 900_000)) / 900_000);
        const final = (first + within + shared) % turn;
        let index = first;
        const before = Float64Array.from(energies.slice(0, slot), (step) => (index = (index + step) % turn));
        await street.deliver(old, start - 900_000, Float64Array.of(first), indexColumn);
        if (slot > 0) await street.deliver(old, start, before, indexColumn);
        const untouched = await street.state();
        const serial = `P${point}`;
        const asked = street.asked(point, at, serial, kwh(final), "7.5");
        const { doubts, effects } = await street.preview(asked);
        const { exchangeId } = await street.exchange(asked, { accepted: doubts });
        const fresh = await street.meterOf(serial);
        let next = 7_500;
        const steps = energies.slice(slot, slots);
        steps[0] = energies[slot]! - shared;
        const after = Float64Array.from(steps, (step) => (next += step));
        // An installation that begins on a border starts from the index read there, which the profile holds as the row before.
        await street.deliver(fresh, start + slot * 900_000, after, indexColumn);
        if (!inside && slot > 0)
          await street.deliver(fresh, start + (slot - 1) * 900_000, Float64Array.of(7_500), indexColumn);
        const day = (await street.days(point)).get(date)!;
        const counted = within + shared + (next - 7_500);
        expect(day.values).toHaveLength(slots);
        expect(day.values.filter(Number.isNaN)).toHaveLength(0);
        expect(day.values.every((value) => value >= 0)).toBe(true);
        expect(day.sumWh).toBeCloseTo(counted * factors[point % 4]!, 6);
        expect(day.flags[slot]! & quality.exchange).toBe(inside ? quality.exchange : 0);
        expect(effects.every(({ flags }) => flags.length > 0)).toBe(true);
        expect(untouched).not.toBe(await street.state());
        await undoExchange(db, everywhere, exchangeId, { by: "ana", reason: "probă" }, street.context);
        const back = (await street.days(point)).get(date);
        // What the old meter alone says: the intervals that it was there for, and none of the new one's.
        expect(back?.sumWh ?? 0).toBeCloseTo(within * factors[point % 4]!, 6);
      },
    ),
    { numRuns: runs, seed: 20260915, endOnFailure: true },
  );
}, 120_000);

test("every version of a day that an exchange and its undo replaced is kept", async () => {
  const other = await testDatabase();
  try {
    const own = await Street.make(other.db, 1, Date.UTC(2026, 8, 20));
    const date = "2026-09-15";
    const start = startOf(date);
    await own.deliver(own.meters[0]!, start, new Float64Array(96).fill(100));
    const at = localAt(date, "13:07");
    for (const serial of ["H1", "H2", "H3"]) {
      const asked = own.asked(0, at, serial, "5.2");
      const { exchangeId } = await own.exchange(asked, { accepted: (await own.preview(asked)).doubts });
      await undoExchange(other.db, everywhere, exchangeId, { by: "ana", reason: "probă" }, own.context);
    }
    const { rows } = await other.db.query<{ ver: number; kept: number[] }>({
      text: `select ver, (select array_agg(h.ver order by h.ver) from load_day_hist as h
          where h.channel_id = load_day.channel_id and h.day = load_day.day) as kept
        from load_day join channel using (channel_id) where point_id is not null and day = $1::date`,
      values: [date],
    });
    expect(rows).toEqual([{ ver: 7, kept: [1, 2, 3, 4, 5, 6] }]);
  } finally {
    await other.drop();
  }
});
