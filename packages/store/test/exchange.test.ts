import { marketDay, quality, unpackDay } from "@energsys/metering";
import { afterAll, beforeAll, expect, test } from "vitest";
import { importInventory, rederivePoints, sql, storeDeliveries } from "../src/index.ts";
import { testDatabase } from "../src/testing.ts";
import { delivery, inventoryOf, meterIds, profileOf } from "./field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const zone = "Europe/Bucharest";
const context = { nowMs: Date.UTC(2026, 10, 23, 12), zone };
const day = marketDay("2026-09-15", zone);
/** 13:07 local: inside the quarter-hour that begins at 13:00, slot 52. */
const exchangeMs = day.startMs + (13 * 60 + 7) * 60_000;

let meters: number[] = [];
beforeAll(async () => {
  await importInventory(db, inventoryOf(8));
  meters = await meterIds(db);
});

/** Takes the meter of a point out at an instant and puts another one in, as a fitter's report says. */
async function exchange(oldMeter: number, newMeter: number, atMs: number, ctRatio: string): Promise<number> {
  const at = new Date(atMs).toISOString();
  return db.transaction(async (transaction) => {
    await transaction.query(
      sql`delete from installation where meter_id = ${newMeter} and meter_id <> ${oldMeter}`,
    );
    const { rows } = await transaction.query<{ point_id: number }>(sql`
      update installation set during = tstzrange(lower(during), ${at}::timestamptz, '[)')
      where meter_id = ${oldMeter} and upper_inf(during) returning point_id`);
    const pointId = rows[0]?.point_id ?? 0;
    await transaction.query(sql`
      insert into installation (point_id, meter_id, during, ct_ratio)
      values (${pointId}, ${newMeter}, tstzrange(${at}::timestamptz, null, '[)'), ${ctRatio}::numeric)`);
    return pointId;
  });
}

async function pointDay(pointId: number, date: string) {
  const { rows } = await db.query<{
    scale: number;
    slots: number;
    sum: number;
    v: Buffer;
    q: Buffer | null;
    ver: number;
  }>(sql`
    select scale, slots, sum, v, q, ver from load_day join channel using (channel_id)
    where point_id = ${pointId} and day = ${date}::date`);
  const row = rows[0];
  if (!row) throw new Error(`no day ${date} of point ${pointId}`);
  return { ...row, ...unpackDay(row.v, row.q, row.slots) };
}

const steps = (count: number, by: number, from = 0) =>
  Float64Array.from({ length: count }, (_, slot) => from + (slot + 1) * by);

test("at an exchange at 13:07 each meter counts by its own factor, and the quarter-hour that both share is flagged", async () => {
  const [oldMeter = 0, newMeter = 0] = meters;
  const pointId = await exchange(oldMeter, newMeter, exchangeMs, "20");
  await storeDeliveries(
    db,
    [
      await delivery(db, oldMeter, [profileOf(day.startMs, new Float64Array(53).fill(10))]),
      await delivery(db, newMeter, [profileOf(day.startMs + 52 * 900_000, new Float64Array(44).fill(3))]),
    ],
    context,
  );
  const { values, flags, sum } = await pointDay(pointId, day.date);
  expect([values[51], values[52], values[53]]).toEqual([10, 10 + 3 * 20, 60]);
  expect([flags[51], flags[52], flags[53]]).toEqual([0, quality.exchange, 0]);
  expect(sum).toBe(53 * 10 + 44 * 60);
});

test("the point comes out the same when the new meter is heard before the old one", async () => {
  const [, , oldMeter = 0, newMeter = 0] = meters;
  const pointId = await exchange(oldMeter, newMeter, exchangeMs, "20");
  await storeDeliveries(
    db,
    [await delivery(db, newMeter, [profileOf(day.startMs + 52 * 900_000, new Float64Array(44).fill(3))])],
    context,
  );
  await storeDeliveries(
    db,
    [await delivery(db, oldMeter, [profileOf(day.startMs, new Float64Array(53).fill(10))])],
    context,
  );
  const { values, sum } = await pointDay(pointId, day.date);
  expect(values[52]).toBe(70);
  expect(sum).toBe(53 * 10 + 44 * 60);
});

test("indexes read at the exchange make the shared quarter-hour exact (TV-3: 34.50 kWh by 20 and 15.25 kWh by 40 are 1300 kWh)", async () => {
  const [, , , , oldMeter = 0, newMeter = 0] = meters;
  await db.query(sql`update installation set ct_ratio = 20 where meter_id = ${oldMeter}`);
  const pointId = await exchange(oldMeter, newMeter, exchangeMs, "40");
  const column = { obis: "1-0:1.8.0*255", kind: "index", unit: "Wh", scale: 1 } as const;
  // In tens of watt hours. The day begins at 1200.00 kWh; the old meter ends at 1234.50, the new one counts from 0.00 to 15.25.
  const before = profileOf(day.startMs - 900_000, Float64Array.of(120_000), column);
  const old = profileOf(day.startMs, steps(52, 66, 120_000), column);
  const fresh = profileOf(
    day.startMs + 52 * 900_000,
    Float64Array.from({ length: 44 }, (_, slot) => Math.round((1525 * (slot + 1)) / 44)),
    column,
  );
  const at = (value: string) => ({
    obis: column.obis,
    measuredAtMs: exchangeMs,
    value,
    unit: "kWh",
    flags: 0,
  });
  await storeDeliveries(
    db,
    [
      await delivery(db, oldMeter, [before, old], { registers: [at("1234.50")] }),
      await delivery(db, newMeter, [fresh], { registers: [at("0.00")] }),
    ],
    context,
  );
  const { sum, scale, flags, values } = await pointDay(pointId, day.date);
  expect(sum * 10 ** scale).toBe(1_300_000);
  expect(flags[52]).toBe(quality.exchange);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
});

test("a register read at the exchange that comes after the curve completes the quarter-hour", async () => {
  const [, , , , , , oldMeter = 0, newMeter = 0] = meters;
  const pointId = await exchange(oldMeter, newMeter, exchangeMs, "1");
  const column = { obis: "1-0:1.8.0*255", kind: "index", unit: "Wh", scale: 0 } as const;
  await storeDeliveries(
    db,
    [await delivery(db, oldMeter, [profileOf(day.startMs, steps(52, 10), column)])],
    context,
  );
  expect((await pointDay(pointId, day.date)).values[52]).toBeNaN();
  const register = { obis: column.obis, measuredAtMs: exchangeMs, value: "524", unit: "Wh", flags: 0 };
  await storeDeliveries(db, [await delivery(db, oldMeter, [], { registers: [register] })], context);
  const { values, flags } = await pointDay(pointId, day.date);
  expect(values[52]).toBe(4);
  // Nothing of the new meter is known yet.
  expect(flags[52]).toBe(quality.exchange | quality.partial);
});

test("an index gives the difference across midnight whichever day arrives first", async () => {
  const { db: other, drop: dropOther } = await testDatabase();
  try {
    await importInventory(other, inventoryOf(2));
    const [first = 0, second = 0] = await meterIds(other);
    const column = { obis: "1-0:1.8.0*255", kind: "index", unit: "Wh", scale: 0 } as const;
    const next = marketDay("2026-09-16", zone);
    const one = profileOf(day.startMs, steps(96, 5), column);
    const two = profileOf(next.startMs, steps(96, 7, 480), column);
    for (const profile of [one, two])
      await storeDeliveries(other, [await delivery(other, first, [profile])], context);
    for (const profile of [two, one])
      await storeDeliveries(other, [await delivery(other, second, [profile])], context);
    const { rows } = await other.query<{ day: string; sum: number; ok: number }>(sql`
      select day, sum, ok from load_day join channel using (channel_id) where point_id is not null order by point_id, day`);
    const expected = [
      { day: "2026-09-15", sum: 95 * 5, ok: 95 },
      { day: "2026-09-16", sum: 96 * 7, ok: 96 },
    ];
    expect(rows).toEqual([...expected, ...expected]);
  } finally {
    await dropOther();
  }
});

test("a register that rolls over counts on; one that goes back without reason has no energy and is marked", async () => {
  const { db: other, drop: dropOther } = await testDatabase();
  try {
    await importInventory(other, inventoryOf(2));
    const [rolls = 0, resets = 0] = await meterIds(other);
    const column = { obis: "1-0:1.8.0*255", kind: "index", unit: "Wh", scale: 2 } as const;
    // Six digits of kWh, in tenths of kWh: one turn is ten million.
    const turn = 10_000_000;
    const over = Float64Array.from({ length: 96 }, (_, slot) => (turn - 50 + slot) % turn);
    const reset = Float64Array.from({ length: 96 }, (_, slot) => (slot < 50 ? 5_000_000 + slot : slot));
    await storeDeliveries(
      other,
      [
        await delivery(other, rolls, [profileOf(day.startMs, over, column)]),
        await delivery(other, resets, [profileOf(day.startMs, reset, column)]),
      ],
      context,
    );
    const { rows } = await other.query<{
      sum: number;
      ok: number;
      slots: number;
      v: Buffer;
      q: Buffer | null;
    }>(sql`
      select sum, ok, slots, v, q from load_day join channel using (channel_id) where point_id is not null order by point_id`);
    expect(rows.map(({ sum, ok }) => ({ sum, ok }))).toEqual([
      { sum: 95, ok: 95 },
      { sum: 94, ok: 94 },
    ]);
    const marked = unpackDay(rows[1]?.v ?? new Uint8Array(), rows[1]?.q ?? null, 96);
    expect(marked.values[50]).toBeNaN();
    expect(marked.flags[50]).toBe(quality.decreased | quality.suspect);
  } finally {
    await dropOther();
  }
});

test("a factor entered late changes the point and its history keeps what was shown before", async () => {
  const { db: other, drop: dropOther } = await testDatabase();
  try {
    await importInventory(other, inventoryOf(1));
    const [meter = 0] = await meterIds(other);
    await storeDeliveries(
      other,
      [await delivery(other, meter, [profileOf(day.startMs, new Float64Array(96).fill(8))])],
      context,
    );
    const { rows: points } = await other.query<{ point_id: number }>(
      sql`update installation set ct_ratio = 2.5 returning point_id`,
    );
    const range = {
      pointIds: points.map(({ point_id }) => point_id),
      fromDay: "2026-09-01",
      toDay: "2026-10-01",
    };
    expect(await rederivePoints(other, range, context)).toBe(1);
    expect(await rederivePoints(other, range, context)).toBe(0);
    const { rows } = await other.query<{ energy: string; ver: number; before: string }>(sql`
      select load_day.sum * power(10::numeric, scale) as energy, load_day.ver,
        (select sum(value) from unpack(old.v, old.q, load_day.slots)) * power(10::numeric, scale) as before
      from load_day join channel using (channel_id) join load_day_hist as old using (channel_id, day) where point_id is not null`);
    expect(rows.map(({ energy, ver, before }) => [Number(energy), ver, Number(before)])).toEqual([
      [8 * 96 * 2.5, 2, 8 * 96],
    ]);
    // Deliveries after the change use the finer integers without being told.
    await storeDeliveries(
      other,
      [
        await delivery(other, meter, [
          profileOf(marketDay("2026-09-16", zone).startMs, new Float64Array(96).fill(3)),
        ]),
      ],
      context,
    );
    const { rows: later } = await other.query<{ energy: string }>(sql`
      select load_day.sum * power(10::numeric, scale) as energy from load_day join channel using (channel_id)
      where point_id is not null and day = '2026-09-16'`);
    expect(Number(later[0]?.energy)).toBe(3 * 96 * 2.5);
  } finally {
    await dropOther();
  }
});
