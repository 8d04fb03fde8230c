import { openDatabase, sql } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { pino } from "pino";
import { afterAll, expect, test } from "vitest";
import { startValidation } from "../src/validation.ts";

const { db, url, drop } = await testDatabase();
afterAll(drop);

const context = { zone: "Europe/Bucharest", now: Date.now, logger: pino({ level: "silent" }) };
const work = () =>
  db.query(sql`insert into validation_change (channel_ids, days) values ('{1}', '{2026-10-01}')`);
const waiting = async () =>
  (await db.query<{ n: number }>(sql`select count(*)::int as n from validation_change`)).rows[0]?.n;

test("what is on the change list is worked off while the server runs, and its connection is closed with it", async () => {
  await work();
  const own = openDatabase({ url, connectionsMax: 1 });
  const stop = startValidation(own, context);
  await expect.poll(waiting, { timeout: 30_000 }).toBe(0);
  await stop();
  await expect(own.query(sql`select 1`)).rejects.toThrow();
});

test("a round that cannot go on does not keep the server from stopping", async () => {
  await work();
  const own = openDatabase({ url, connectionsMax: 1 });
  await db.transaction(async (transaction) => {
    // Somebody holds the list for long: the round waits.
    await transaction.query(sql`lock table validation_change in access exclusive mode`);
    const stop = startValidation(own, context);
    const began = performance.now();
    await stop();
    expect(performance.now() - began).toBeLessThan(8_000);
  });
});
