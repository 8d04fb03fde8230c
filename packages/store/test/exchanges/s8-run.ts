// Run by s8.test.ts in a process of its own, since the zone of a process is a fact of its start.
import { marketDay, slotsOf, unpackDay } from "@energsys/metering";
import { holdKeyRing, importInventory, openDatabase, sql, storeDeliveries } from "@energsys/store";
import { testKeyRing } from "@energsys/store/testing";
import { delivery, inventoryOf, meterIds, profileOf } from "../field.ts";

const [url = "", zone = "", ...dates] = process.argv.slice(2);
const db = openDatabase({ url });
holdKeyRing(db, testKeyRing(db));
await importInventory(db, inventoryOf(1));
const [meterId = 0] = await meterIds(db);
const column = { obis: "1-0:1.8.0*255", kind: "index", unit: "Wh", scale: 0 } as const;
const context = { nowMs: Date.UTC(2026, 10, 20), zone };
const told: object[] = [];
for (const date of dates) {
  // The last border of the day before, then the end of each interval: as a meter stamps them.
  const day = marketDay(date, zone);
  const slots = slotsOf(day, 900);
  let index = 1_000_000;
  const values = Float64Array.from({ length: slots }, (_, slot) => (index += 100 + ((slot * 37) % 51)));
  const before = profileOf(day.startMs - 900_000, Float64Array.of(1_000_000), column);
  await storeDeliveries(
    db,
    [await delivery(db, meterId, [before, profileOf(day.startMs, values, column)])],
    context,
  );
  const { rows } = await db.query<{
    slots: number;
    sum: number;
    ok: number;
    v: Buffer;
    q: Buffer | null;
  }>(sql`
    select slots, sum, ok, v, q from load_day join channel using (channel_id)
    where point_id is not null and day = ${date}::date`);
  const { sum, ok, v, q } = rows[0]!;
  const energy = unpackDay(v, q, rows[0]!.slots).values;
  told.push({
    date,
    slots: rows[0]!.slots,
    sum,
    ok,
    difference: index - 1_000_000,
    least: Math.min(...energy),
  });
}
await db.close();
process.stdout.write(JSON.stringify({ zone: Intl.DateTimeFormat().resolvedOptions().timeZone, days: told }));
