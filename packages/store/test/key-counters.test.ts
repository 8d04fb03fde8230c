import { afterAll, expect, test } from "vitest";
import {
  acceptCounter,
  findHeardCounter,
  findSentCounter,
  importInventory,
  keyIdOf,
  reserveCounters,
  sql,
} from "../src/index.ts";
import { testDatabase } from "../src/testing.ts";
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

test.each([
  ["sent", sql`update sent_counter set next = next - 1`],
  ["heard", sql`update heard_counter set highest = highest - 1`],
])("the database itself refuses to lower a counter that was %s", async (_, lowered) => {
  await expect(db.query(lowered)).rejects.toThrow("never lowered");
});
