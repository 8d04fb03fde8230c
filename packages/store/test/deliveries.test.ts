import { marketDay, quality, slotsOf, unpackDay } from "@energsys/metering";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Delivery, importInventory, sql, storeDeliveries } from "../src/index.ts";
import { testDatabase } from "../src/testing.ts";
import { delivery, inventoryOf, meterIds, profileOf } from "./field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const zone = "Europe/Bucharest";
const context = { nowMs: Date.UTC(2026, 10, 23, 12), zone };
const curve = (slots: number, factor = 1) =>
  Float64Array.from({ length: slots }, (_, slot) => ((slot * 7919) % 613) * factor);

beforeAll(async () => {
  await importInventory(db, inventoryOf(4, { ctRatios: ["1", "20", "0.5", "1.25"] }));
});

const days = async (layer: "meter" | "point") => {
  const { rows } = await db.query<{
    id: number;
    obis: string;
    scale: number;
    day: string;
    ver: number;
    slots: number;
    ok: number;
    sum: number | null;
    max: number | null;
    flags: number;
    v: Buffer;
    q: Buffer | null;
  }>(
    layer === "meter"
      ? sql`select meter_id as id, obis, scale, load_day.* from load_day join channel using (channel_id) where meter_id is not null order by 1, 2, day`
      : sql`select point_id as id, obis, scale, load_day.* from load_day join channel using (channel_id) where point_id is not null order by 1, 2, day`,
  );
  return rows.map(({ v, q, ...row }) => ({
    ...row,
    seen: row.flags,
    ...unpackDay(v, q, row.slots),
  }));
};

test.each(["2026-03-29", "2026-10-25", "2026-06-01"])(
  "a day of the clock change, %s, is stored with its own number of quarter-hours",
  async (date) => {
    const [meterId = 0] = await meterIds(db);
    const day = marketDay(date, zone);
    const slots = slotsOf(day, 900);
    const outcome = await storeDeliveries(
      db,
      [await delivery(db, meterId, [profileOf(day.startMs, curve(slots))])],
      context,
    );
    expect(outcome).toMatchObject({ intervals: slots, daysWritten: 2, repeats: 0 });
    const stored = (await days("meter")).find((row) => row.day === date);
    expect(stored).toMatchObject({ slots, ok: slots, ver: 1, seen: 0 });
    expect(stored?.values).toEqual(curve(slots));
  },
);

test("the same delivery again writes no row of readings, and its raw block once more", async () => {
  const [meterId = 0] = await meterIds(db);
  const day = marketDay("2026-06-02", zone);
  const same = await delivery(db, meterId, [profileOf(day.startMs, curve(96))], {
    registers: [
      { obis: "1-0:1.8.0*255", measuredAtMs: day.endMs, value: "33402.264", unit: "kWh", flags: 0 },
    ],
    events: [{ atMs: day.startMs, code: "idis:1", seq: 0 }],
  });
  expect(await storeDeliveries(db, [same], context)).toMatchObject({
    intervals: 96,
    daysWritten: 2,
    registers: 1,
    events: 1,
    eventsOf: new Map([[same, 1]]),
  });
  const count = async () =>
    (
      await db.query(sql`
    select (select count(*) from load_day) as days, (select count(*) from load_day_hist) as replaced,
      (select count(*) from register_reading) as registers, (select count(*) from event) as events`)
    ).rows;
  const blocks = async () =>
    (await db.query<{ n: number }>(sql`select count(*) as n from block`)).rows[0]?.n ?? 0;
  const [before, blocksBefore] = [await count(), await blocks()];
  expect(await storeDeliveries(db, [same], context)).toMatchObject({
    intervals: 0,
    daysWritten: 0,
    registers: 0,
    events: 0,
    eventsOf: new Map(),
  });
  expect(await count()).toEqual(before);
  expect(await blocks()).toBe(blocksBefore + 1);
});

test("a changed value becomes a new version and the old one goes to the history with the block that replaced it", async () => {
  const [meterId = 0] = await meterIds(db);
  const day = marketDay("2026-06-03", zone);
  await storeDeliveries(db, [await delivery(db, meterId, [profileOf(day.startMs, curve(96))])], context);
  const other = curve(96);
  other[10] = 5555;
  await storeDeliveries(db, [await delivery(db, meterId, [profileOf(day.startMs, other)])], context);
  const stored = (await days("meter")).find((row) => row.day === "2026-06-03");
  expect(stored).toMatchObject({ ver: 2, max: 5555 });
  const { rows } = await db.query<{ ver: number; v: Buffer; cause: number; kind: string }>(sql`
    select ver, v, cause, block.kind from load_day_hist join channel using (channel_id) join block on block_id = cause
    where meter_id = ${meterId} and day = '2026-06-03'`);
  expect(rows).toHaveLength(1);
  expect(unpackDay(rows[0]?.v ?? new Uint8Array(), null, 96).values).toEqual(curve(96));
});

test("parts of a day come together, and a gap stays a gap", async () => {
  const [meterId = 0] = await meterIds(db);
  const day = marketDay("2026-06-04", zone);
  const whole = curve(96);
  const part = (from: number, to: number) => profileOf(day.startMs + from * 900_000, whole.slice(from, to));
  await storeDeliveries(db, [await delivery(db, meterId, [part(60, 90)])], context);
  await storeDeliveries(db, [await delivery(db, meterId, [part(0, 40), part(30, 50)])], context);
  const stored = (await days("meter")).find((row) => row.day === "2026-06-04");
  expect(stored).toMatchObject({ ver: 2, ok: 80 });
  expect([...(stored?.values ?? [])].map((value) => (Number.isNaN(value) ? null : value))).toEqual(
    [...whole].map((value, slot) => (slot < 50 || (slot >= 60 && slot < 90) ? value : null)),
  );
});

test("filling empty slots leaves no history behind, however many times a day grows", async () => {
  const [meterId = 0] = await meterIds(db);
  const day = marketDay("2026-06-05", zone);
  const whole = curve(96);
  for (let from = 0; from < 96; from += 4) {
    const part = profileOf(day.startMs + from * 900_000, whole.slice(from, from + 4));
    await storeDeliveries(db, [await delivery(db, meterId, [part])], context);
  }
  const stored = (await days("meter")).find((row) => row.day === "2026-06-05");
  expect(stored).toMatchObject({ ver: 24, ok: 96 });
  const { rows } = await db.query<{ n: number }>(
    sql`select count(*)::int as n from load_day_hist where day = '2026-06-05'`,
  );
  expect(rows).toEqual([{ n: 0 }]);
});

test("the point has the meter's energy times the factor of its installation, exactly", async () => {
  const meters = await meterIds(db);
  const day = marketDay("2026-06-05", zone);
  const deliveries: Delivery[] = [];
  for (const meterId of meters)
    deliveries.push(await delivery(db, meterId, [profileOf(day.startMs, curve(96))]));
  await storeDeliveries(db, deliveries, context);
  const points = (await days("point")).filter((row) => row.day === "2026-06-05");
  expect(points.map(({ scale }) => scale)).toEqual([0, 0, -1, -2]);
  expect(points.map(({ values }) => [...values])).toEqual([
    [...curve(96)],
    [...curve(96, 20)],
    [...curve(96, 5)],
    [...curve(96, 125)],
  ]);
});

test("a value stamped ahead of our clock is kept and marked, and is not good", async () => {
  const [meterId = 0] = await meterIds(db);
  const day = marketDay("2026-06-06", zone);
  const nowMs = day.startMs + 50 * 900_000 - 120_000;
  const reading = await delivery(db, meterId, [profileOf(day.startMs, curve(60))], { receivedAtMs: nowMs });
  await storeDeliveries(db, [reading], { nowMs, zone });
  const stored = (await days("meter")).find((row) => row.day === "2026-06-06");
  expect(stored?.ok).toBe(50);
  expect(stored?.flags[50]).toBe(quality.future);
  expect(stored?.flags[51]).toBe(quality.future | quality.suspect);
});

test("anyone with psql reads the same slots from the view as the decoder", async () => {
  const [meterId = 0] = await meterIds(db);
  const { rows } = await db.query<{
    day: string;
    slot: number;
    starts_at: number;
    value: number | null;
    quality: number;
  }>(sql`
    select day, slot, starts_at, value, quality from load_interval join channel using (channel_id)
    where meter_id = ${meterId} order by day, slot`);
  const stored = (await days("meter")).filter((row) => row.id === meterId);
  expect(rows).toEqual(
    stored.flatMap(({ day, values, flags }) =>
      Array.from(values, (value, slot) => ({
        day,
        slot,
        starts_at: marketDay(day, zone).startMs + slot * 900_000,
        value: Number.isNaN(value) ? null : value,
        quality: flags[slot],
      })),
    ),
  );
});

test("a database keeps to the zone of its first write", async () => {
  const [meterId = 0] = await meterIds(db);
  const other = storeDeliveries(db, [await delivery(db, meterId, [])], {
    ...context,
    zone: "America/New_York",
  });
  await expect(other).rejects.toMatchObject({ code: "store.zone-changed" });
});
