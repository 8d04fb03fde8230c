import { marketDay } from "@energsys/metering";
import { afterAll, expect, test } from "vitest";
import { importInventory, rederivePoints, sql, storeDeliveries } from "../src/index.ts";
import { testDatabase } from "../src/testing.ts";
import { delivery, inventoryOf, meterIds, profileOf } from "./field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const zone = "Europe/Bucharest";
const context = { nowMs: Date.UTC(2026, 10, 23, 12), zone };

/** Meter days without the point's day, or with another sum than it (all factors are 1). */
const apart = async () => {
  const { rows } = await db.query<{ meters: number; apart: number }>(sql`
    select count(*)::int as meters, count(*) filter (where ours.sum is distinct from at_point.sum)::int as apart
    from load_day as ours
    join channel as own on own.channel_id = ours.channel_id and own.meter_id is not null
    join installation using (meter_id)
    left join (load_day as at_point join channel as theirs on theirs.channel_id = at_point.channel_id)
      on theirs.point_id = installation.point_id and at_point.day = ours.day`);
  return rows[0];
};

test("installations that change while many writers store leave no meter's day without its point's", async () => {
  await importInventory(db, inventoryOf(60));
  const meters = await meterIds(db);
  const days = ["2026-09-15", "2026-09-16", "2026-09-17"];
  const queue = days.flatMap((date, nth) => meters.map((meterId) => ({ meterId, date, nth })));
  let storing = true;
  const change = async () => {
    while (storing) {
      await db.query(sql`update meter set index_digits = index_digits where meter_id = ${meters[0]}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const write = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { startMs } = marketDay(next.date, zone);
      const profile = profileOf(startMs, new Float64Array(96).fill(next.nth + 1));
      await storeDeliveries(db, [await delivery(db, next.meterId, [profile])], context);
    }
  };
  const changing = change();
  await Promise.all(Array.from({ length: 6 }, write)).finally(() => {
    storing = false;
  });
  await changing;
  expect(await apart()).toEqual({ meters: 180, apart: 0 });
}, 60_000);

test("a point that loses its only meter keeps none of its energy", async () => {
  const { rows } = await db.query<{ point_id: number }>(
    sql`delete from installation where meter_id = (select min(meter_id) from installation) returning point_id`,
  );
  const pointId = rows[0]?.point_id ?? 0;
  const range = { pointIds: [pointId], fromDay: "2026-09-01", toDay: "2026-10-01" };
  expect(await rederivePoints(db, range, context)).toBe(3);
  expect(await rederivePoints(db, range, context)).toBe(0);
  const left = await db.query(sql`
    select sum, ok from load_day join channel using (channel_id) where point_id = ${pointId} order by day`);
  expect(left.rows).toEqual([
    { sum: null, ok: 0 },
    { sum: null, ok: 0 },
    { sum: null, ok: 0 },
  ]);
});
