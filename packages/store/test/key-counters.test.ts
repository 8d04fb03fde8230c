import { afterAll, expect, test } from "vitest";
import {
  acceptCounter,
  findHeardCounter,
  findSentCounter,
  importInventory,
  keyIdOf,
  reserveCounters,
  sql,
  storeDeliveries,
  takeLinks,
} from "../src/index.ts";
import { testDatabase } from "../src/testing.ts";
import { delivery, meterIds } from "./field.ts";
import { inventoryOf } from "./planning-inventory.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const keyId = keyIdOf(new Uint8Array(16).fill(1));

test("counters are given out in blocks, from 1 on, and each once, however many ask at the same time", async () => {
  expect(await findSentCounter(db, keyId)).toBeUndefined();
  const firsts = await Promise.all(
    Array.from({ length: 40 }, () => reserveCounters(db, keyId, { count: 256 })),
  );
  expect(firsts.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, block) => 1 + 256 * block));
  expect(await findSentCounter(db, keyId)).toBe(1 + 256 * 40);
});

test("a meter that is ahead lifts the counter; one that is behind does not lower it", async () => {
  expect(await reserveCounters(db, keyId, { count: 256, from: 1_000_000 })).toBe(1_000_000);
  expect(await reserveCounters(db, keyId, { count: 256, from: 5 })).toBe(1_000_256);
});

test("a counter that was heard once is not heard again, nor a lower one, from that device under that key", async () => {
  await importInventory(db, inventoryOf(2));
  expect(await findHeardCounter(db, 1, keyId)).toBeUndefined();
  expect(await acceptCounter(db, 1, keyId, 7)).toBe(true);
  expect(await acceptCounter(db, 1, keyId, 7)).toBe(false);
  expect(await acceptCounter(db, 1, keyId, 6)).toBe(false);
  expect(await acceptCounter(db, 1, keyId, 0xffff_ffff)).toBe(true);
  expect(await findHeardCounter(db, 1, keyId)).toBe(0xffff_ffff);
  expect(await acceptCounter(db, 2, keyId, 7)).toBe(true);
});

test("a counter that came with a delivery counts as heard when its rows are stored, and not before", async () => {
  const key = keyIdOf(new Uint8Array(16).fill(2));
  const [meterId = 0] = await meterIds(db);
  const received = { ...(await delivery(db, meterId, [])), heard: { keyId: key, counter: 12 } };
  const context = { nowMs: Date.UTC(2026, 10, 23, 12), zone: "Europe/Bucharest" };
  const [link] = await takeLinks(db, "another head-end", [received.deviceId], {
    leaseSeconds: 30,
    state: "open",
  });
  const fenced = storeDeliveries(db, [{ ...received, fence: link!.fence - 1 }], context);
  await expect(fenced).rejects.toMatchObject({ code: "link.fenced" });
  expect(await findHeardCounter(db, received.deviceId, key)).toBeUndefined();
  await storeDeliveries(db, [received], context);
  await storeDeliveries(db, [received, { ...received, heard: { keyId: key, counter: 11 } }], context);
  expect(await findHeardCounter(db, received.deviceId, key)).toBe(12);
});

test.each([
  ["sent", sql`update sent_counter set next = next - 1`],
  ["heard", sql`update heard_counter set highest = highest - 1`],
])("the database itself refuses to lower a counter that was %s", async (_, lowered) => {
  await expect(db.query(lowered)).rejects.toThrow("never lowered");
});
