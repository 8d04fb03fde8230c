import { marketDay, type ProfileReading } from "@energsys/metering";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Database, type Delivery, importInventory, sql, storeDeliveries } from "../src/index.ts";
import { testDatabase } from "../src/testing.ts";
import { inventoryOf, profileOf } from "./field.ts";

const zone = "Europe/Bucharest";
const context = { nowMs: Date.UTC(2026, 10, 23, 12), zone };
const meterCount = 6;

/** What lies in the tables, without what depends on how often and in which pieces it came. */
async function contents(db: Database): Promise<unknown> {
  const { rows } = await db.query(sql`
    select
      (select md5(string_agg(concat_ws('|', coalesce('m' || meter_id, 'p' || point_id), obis, kind, scale, period_s, day, sum, max, max_at, slots,
          ok, flags, encode(v, 'hex'), encode(q, 'hex')), ',' order by meter_id, point_id, obis, kind, period_s, day))
        from load_day join channel using (channel_id)) as days,
      (select count(*) from load_day) as day_count,
      (select md5(string_agg(concat_ws('|', meter_id, obis, measured_at, version, value, unit), ',' order by meter_id, obis, measured_at, version))
        from register_reading) as registers,
      (select md5(string_agg(concat_ws('|', device_id, at, code, seq), ',' order by device_id, at, code, seq)) from event) as events,
      (select md5(string_agg(concat_ws('|', device_id, last_contact_at), ',' order by device_id)) from device) as cursors`);
  return rows[0];
}

/** Batches of a small network: deltas, indexes and powers, days in pieces, registers, events; meters 5 and 6 share a point. */
function batchesOf(seed: number): Delivery[][] {
  let state = seed >>> 0;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 0x1_0000_0000) * below);
  };
  const batches: Delivery[][] = [];
  for (const date of ["2026-10-24", "2026-10-25", "2026-10-26"]) {
    const { startMs, endMs } = marketDay(date, zone);
    const slots = (endMs - startMs) / 900_000;
    for (let piece = 0; piece < slots; piece += 20) {
      const count = Math.min(20, slots - piece);
      const batch: Delivery[] = [];
      for (let meterId = 1; meterId <= meterCount; meterId++) {
        const pieceMs = startMs + piece * 900_000;
        batch.push({
          deviceId: meterId,
          meterId,
          receivedAtMs: pieceMs + count * 900_000,
          blocks: [{ kind: "test", bytes: Uint8Array.of(meterId, piece) }],
          profiles: [profile(meterId, pieceMs, count, random)],
          registers: [
            {
              obis: "1-0:1.8.0*255",
              measuredAtMs: pieceMs,
              value: String(pieceMs / 900_000),
              unit: "Wh",
              flags: 0,
            },
          ],
          events: [{ atMs: pieceMs, code: "idis:2", seq: 0 }],
        });
      }
      batches.push(batch);
    }
  }
  return batches;
}

function profile(
  meterId: number,
  startMs: number,
  count: number,
  random: (below: number) => number,
): ProfileReading {
  if (meterId % 3 === 0) {
    // An index that grows with the clock, so that each piece goes on where the one before ended.
    const values = Float64Array.from(
      { length: count },
      (_, row) => (startMs / 900_000 + row) * 3 - 5_000_000,
    );
    return profileOf(startMs, values, { obis: "1-0:1.8.0*255", kind: "index" });
  }
  const values = Float64Array.from({ length: count }, () => (random(40) === 0 ? Number.NaN : random(4000)));
  const flags = Uint16Array.from(values, () => (random(30) === 0 ? 0x80 : 0));
  return meterId % 3 === 1
    ? profileOf(startMs, values, { flags })
    : profileOf(startMs, values, { obis: "1-0:1.5.0*255", kind: "demand", unit: "W", flags });
}

async function network(): Promise<Awaited<ReturnType<typeof testDatabase>>> {
  const made = await testDatabase({ connectionsMax: 4 });
  await importInventory(made.db, inventoryOf(meterCount, { ctRatios: ["1", "20", "1.5"] }));
  const at = new Date(marketDay("2026-10-25", zone).startMs + 787 * 60_000).toISOString();
  await made.db.query(sql`delete from installation where meter_id = 6`);
  await made.db.query(
    sql`update installation set during = tstzrange(lower(during), ${at}::timestamptz, '[)') where meter_id = 5`,
  );
  await made.db.query(sql`
    insert into installation (point_id, meter_id, during, ct_ratio)
    select point_id, 6, tstzrange(${at}::timestamptz, null, '[)'), 40 from installation where meter_id = 5`);
  return made;
}

test("each batch delivered one to five times, shuffled, by four connections, leaves the same tables as one clean run", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 60, maxLength: 60 }),
      fc.infiniteStream(fc.nat()),
      async (seed, repeats, order) => {
        const batches = batchesOf(seed);
        const clean = await network();
        const shaken = await network();
        try {
          for (const batch of batches) await storeDeliveries(clean.db, batch, context);
          const queue = batches.flatMap((batch, index) =>
            Array.from({ length: repeats[index] ?? 1 }, () => batch),
          );
          for (let last = queue.length - 1; last > 0; last--) {
            const other = (order.next().value ?? 0) % (last + 1);
            [queue[last], queue[other]] = [queue[other]!, queue[last]!];
          }
          const writer = async () => {
            for (let batch = queue.pop(); batch; batch = queue.pop())
              await storeDeliveries(shaken.db, batch, context);
          };
          await Promise.all([writer(), writer(), writer(), writer()]);
          expect(await contents(shaken.db)).toEqual(await contents(clean.db));
        } finally {
          await clean.drop();
          await shaken.drop();
        }
      },
    ),
    { numRuns: 4, endOnFailure: true },
  );
}, 120_000);
