import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { marketDay, unpackDay } from "@energsys/metering";
import { expect, test } from "vitest";
import { findServerProcesses } from "../src/embedded/running.ts";
import {
  holdKeyRing,
  importInventory,
  migrate,
  openDatabase,
  sql,
  startEmbeddedPostgres,
  storeDeliveries,
  withReconnect,
} from "../src/index.ts";
import { temporaryFolder, testKeyRing } from "../src/testing.ts";
import { delivery, inventoryOf, meterIds, profileOf } from "./field.ts";

const zone = "Europe/Bucharest";
const context = { nowMs: Date.UTC(2026, 10, 23, 12), zone };

/** Value of one slot, from which everything can be checked afterwards. */
const slotValue = (meterId: number, day: number, slot: number) => (meterId * 31 + day * 7 + slot) % 997;

/** When it is killed, as a part of all that is written. */
const moments = process.env["ENERGSYS_TIMES"] === undefined ? [0.3, 0.7] : [0.1, 0.2, 0.3, 0.45, 0.6, 0.7];

test("PostgreSQL killed again and again in the middle of loads loses nothing that was acknowledged and doubles nothing", async () => {
  const root = temporaryFolder("kill");
  const folder = join(root, "server");
  const server = await startEmbeddedPostgres({ folder });
  const db = openDatabase({ url: server.url, connectionsMax: 5 });
  try {
    await migrate(db);
    holdKeyRing(db, testKeyRing(db));
    await importInventory(db, inventoryOf(40));
    const meters = await meterIds(db);
    const dates = Temporal.PlainDate.from("2026-09-01");
    const acknowledged = new Set<string>();
    let next = 0;
    let kills = 0;
    const total = 40 * 30;
    const write = async () => {
      for (let job = next++; job < total; job = next++) {
        const meterId = meters[job % 40] ?? 0;
        const day = Math.floor(job / 40);
        const date = dates.add({ days: day }).toString();
        const values = Float64Array.from({ length: 96 }, (_, slot) => slotValue(meterId, day, slot));
        await withReconnect(30_000, async () => {
          const reading = await delivery(db, meterId, [profileOf(marketDay(date, zone).startMs, values)]);
          await storeDeliveries(db, [reading], context);
        });
        acknowledged.add(`${meterId} ${date}`);
      }
    };
    const killer = async () => {
      for (const at of moments) {
        while (acknowledged.size < total * at) await wait(5);
        for (const pid of findServerProcesses(join(folder, "data"))) process.kill(pid, "SIGKILL");
        kills++;
      }
    };
    await Promise.all([write(), write(), write(), write(), killer()]);
    expect(kills).toBe(moments.length);
    expect(acknowledged.size).toBe(total);
    const { rows } = await db.query<{
      meter_id: number | null;
      day: string;
      ver: number;
      slots: number;
      v: Buffer;
      q: Buffer | null;
    }>(
      sql`select coalesce(channel.meter_id, installation.meter_id) as meter_id, day, ver, slots, v, q
        from load_day join channel using (channel_id) left join installation on installation.point_id = channel.point_id`,
    );
    expect(rows).toHaveLength(total * 2);
    for (const { meter_id, day, ver, slots, v, q } of rows) {
      const nth = dates.until(day).days;
      expect(acknowledged.has(`${meter_id} ${day}`)).toBe(true);
      expect(ver).toBe(1);
      expect(unpackDay(v, q, slots).values).toEqual(
        Float64Array.from({ length: 96 }, (_, slot) => slotValue(meter_id ?? 0, nth, slot)),
      );
    }
  } finally {
    await db.close();
    await server.stop();
    rmSync(root, { recursive: true, force: true });
  }
}, 90_000);
