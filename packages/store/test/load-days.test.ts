import { marketDay, quality, slotsOf } from "@energsys/metering";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  closeMonthsBefore,
  importInventory,
  importLoadDays,
  needMonths,
  openDatabase,
  readLoadDays,
  sql,
  storeDeliveries,
  sumLoadDays,
} from "../src/index.ts";
import { testDatabase } from "../src/testing.ts";
import { delivery, inventoryOf, meterIds, profileOf } from "./field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const zone = "Europe/Bucharest";
const context = { nowMs: Date.UTC(2026, 10, 23, 12), zone };
const dates = ["2026-10-24", "2026-10-25", "2026-10-26"];
let channels: number[] = [];

const curve = (meter: number, date: string) =>
  Float64Array.from(
    { length: slotsOf(marketDay(date, zone), 900) },
    (_, slot) => (meter * 100 + slot * 13) % 971,
  );

beforeAll(async () => {
  await importInventory(db, inventoryOf(4));
  for (const [meter, meterId] of (await meterIds(db)).entries()) {
    const profiles = dates.map((date) => profileOf(marketDay(date, zone).startMs, curve(meter, date)));
    await storeDeliveries(db, [await delivery(db, meterId, profiles)], context);
  }
  const { rows } = await db.query<{ channel_id: number }>(
    sql`select channel_id from channel where meter_id is not null order by meter_id`,
  );
  channels = rows.map(({ channel_id }) => channel_id);
});

test("a channel's days come in order, the last day not included", async () => {
  const days = await readLoadDays(db, channels[1] ?? 0, "2026-10-24", "2026-10-26");
  expect(days.map(({ day, values, ok }) => [day, values.length, ok])).toEqual([
    ["2026-10-24", 96, 96],
    ["2026-10-25", 100, 100],
  ]);
  expect(days[1]?.values).toEqual(curve(1, "2026-10-25"));
});

test("a group is summed interval by interval over the day of 100 quarter-hours, and gaps are counted", async () => {
  const [first = 0] = await meterIds(db);
  const gap = curve(0, "2026-10-27").map((value, slot) => (slot < 10 ? Number.NaN : value));
  await storeDeliveries(
    db,
    [await delivery(db, first, [profileOf(marketDay("2026-10-27", zone).startMs, gap)])],
    context,
  );
  const total = await sumLoadDays(db, channels, "2026-10-25", "2026-10-28");
  expect(total.days).toEqual([
    { day: "2026-10-25", first: 0, slots: 100 },
    { day: "2026-10-26", first: 100, slots: 96 },
    { day: "2026-10-27", first: 196, slots: 96 },
  ]);
  const expected = ["2026-10-25", "2026-10-26"].flatMap((date) =>
    Array.from(curve(0, date), (_, slot) =>
      [0, 1, 2, 3].reduce((sum, meter) => sum + (curve(meter, date)[slot] ?? 0), 0),
    ),
  );
  expect([...total.sums.subarray(0, 196)]).toEqual(expected);
  expect([total.present[0], total.present[196], total.present[206]]).toEqual([4, 0, 1]);
  expect([total.sums[196], total.sums[206]]).toEqual([0, gap[10]]);
});

test("a day that the disk has garbled stops the sum with its code, and the connection serves on", async () => {
  const { db: many, url, drop: dropSingle } = await testDatabase();
  const single = openDatabase({ url, connectionsMax: 1 });
  try {
    await importInventory(many, inventoryOf(1));
    const [meter = 0] = await meterIds(single);
    const profile = profileOf(marketDay("2026-10-24", zone).startMs, curve(0, "2026-10-24"));
    await storeDeliveries(single, [await delivery(single, meter, [profile])], context);
    await single.query(sql`update load_day set v = '\\x09'::bytea where channel_id = 1`);
    const sum = sumLoadDays(single, [1], "2026-10-24", "2026-10-25");
    await expect(sum).rejects.toMatchObject({ code: "load-day.garbled" });
    expect((await single.query(sql`select 1 as still`)).rows).toEqual([{ still: 1 }]);
  } finally {
    await single.close();
    await dropSingle();
  }
});

test("channels of unlike unit are not summed", async () => {
  const { rows } = await db.query<{ channel_id: number }>(sql`
    insert into channel (meter_id, obis, kind, unit, scale, period_s) values (1, '1-0:32.7.0*255', 'instant', 'V', -1, 900)
    returning channel_id`);
  await expect(
    sumLoadDays(db, [channels[0] ?? 0, rows[0]?.channel_id ?? 0], "2026-10-24", "2026-10-25"),
  ).rejects.toMatchObject({
    code: "channel.not-alike",
  });
});

test("a bulk import adds new days, leaves equal ones and merges those that differ, with history", async () => {
  const channel = { channelId: channels[2] ?? 0, kind: "delta" as const };
  const day = (date: string, values: Float64Array) => ({
    channel,
    date,
    values,
    flags: new Uint16Array(values.length),
  });
  const changed = curve(2, "2026-10-24");
  changed[5] = 12_345;
  const days = [
    day("2021-03-28", curve(2, "2021-03-28")),
    day("2026-10-24", changed),
    day("2026-10-26", curve(2, "2026-10-26")),
  ];
  expect(await importLoadDays(db, days, context)).toEqual({ added: 1, merged: 1, unchanged: 1 });
  expect(await importLoadDays(db, days, context)).toEqual({ added: 0, merged: 0, unchanged: 3 });
  const [old] = await readLoadDays(db, channel.channelId, "2021-03-28", "2021-03-29");
  expect(old?.values).toHaveLength(92);
  const [merged] = await readLoadDays(db, channel.channelId, "2026-10-24", "2026-10-25");
  expect([merged?.ver, merged?.max, merged?.maxAt]).toEqual([2, 12_345, 5]);
  const { rows } = await db.query(sql`select ver from load_day_hist where channel_id = ${channel.channelId}`);
  expect(rows).toEqual([{ ver: 1 }]);
});

test("a mean power becomes energy of the quarter-hour, exactly, and what the meter calls invalid is suspect at the point", async () => {
  const [, meter = 0] = await meterIds(db);
  const { startMs } = marketDay("2026-10-28", zone);
  const flags = new Uint16Array(96);
  flags[7] = quality.notValid;
  const profile = profileOf(startMs, new Float64Array(96).fill(1003), {
    obis: "1-0:3.5.0*255",
    kind: "demand",
    unit: "var",
    flags,
  });
  await storeDeliveries(db, [await delivery(db, meter, [profile])], context);
  const { rows } = await db.query<{ channel_id: number; scale: number; unit: string }>(
    sql`select channel_id, scale, unit from channel where point_id is not null and obis = '1-0:3.29.0*255'`,
  );
  expect(rows).toMatchObject([{ scale: -2, unit: "varh" }]);
  const [day] = await readLoadDays(db, rows[0]?.channel_id ?? 0, "2026-10-28", "2026-10-29");
  expect([day?.values[0], day?.ok]).toEqual([25_075, 95]);
  expect(day?.flags[7]).toBe(quality.notValid | quality.suspect);
});

test("more than the meter can measure is suspect at the point, and the meter's own value stays as it was read", async () => {
  const [, , meter = 0] = await meterIds(db);
  const { startMs } = marketDay("2026-10-29", zone);
  // 1 × 230 V × 60 A is 3,450 Wh in a quarter-hour, and a tenth is allowed for.
  const values = new Float64Array(96).fill(3795);
  values[3] = 3796;
  await storeDeliveries(db, [await delivery(db, meter, [profileOf(startMs, values)])], context);
  const { rows } = await db.query<{ layer: string; ok: number; flags: number }>(sql`
    select case when meter_id is null then 'point' else 'meter' end as layer, ok, load_day.flags
    from load_day join channel using (channel_id) where day = '2026-10-29' order by 1`);
  expect(rows).toEqual([
    { layer: "meter", ok: 96, flags: 0 },
    { layer: "point", ok: 95, flags: quality.suspect },
  ]);
});

test("open months leave room for new versions of their rows and are closed once", async () => {
  await needMonths(db, "load_day", ["2030-01"], context.nowMs);
  const fill = async () =>
    (
      await db.query<{ reloptions: string[] }>(
        sql`select reloptions from pg_class where relname = 'load_day_2030_01'`,
      )
    ).rows[0]?.reloptions;
  expect(await fill()).toEqual(["fillfactor=50"]);
  expect(await closeMonthsBefore(db, "2030-02-01")).toContain("load_day_2030_01");
  expect(await fill()).toEqual(["fillfactor=100"]);
  expect(await closeMonthsBefore(db, "2030-02-01")).toEqual([]);
});

test("a clock that names another century neither loses the event nor stops the delivery", async () => {
  const [, , , meter = 0] = await meterIds(db);
  const event = { atMs: Date.UTC(1970, 0, 1, 5), code: "idis:2", seq: 0 };
  const far = profileOf(Date.UTC(1970, 0, 1), new Float64Array(4).fill(1));
  const reading = await delivery(db, meter, [far], { events: [event] });
  expect(await storeDeliveries(db, [reading], context)).toMatchObject({
    events: 1,
    refused: 4,
    intervals: 0,
  });
  expect(await storeDeliveries(db, [reading], context)).toMatchObject({ events: 0 });
  const { rows } = await db.query(sql`select at, detail from event where code = 'idis:2'`);
  expect(rows).toEqual([{ at: Date.UTC(2000, 0, 1), detail: { deviceTime: "1970-01-01T05:00:00.000Z" } }]);
});
