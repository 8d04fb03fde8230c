import { createCipheriv, randomBytes } from "node:crypto";
import { afterAll, beforeEach, expect, test } from "vitest";
import {
  adoptFirstSecrets,
  beginKeyRoll,
  countMeterKeys,
  finishKeyRoll,
  importInventory,
  keyIdOf,
  listMeterKeys,
  openMeterKeys,
  reserveCounters,
  sql,
  storeActiveKeys,
  withdrawKeyRoll,
} from "../src/index.ts";
import { testDatabase, testKeyProvider, testKeyRing, testMasterKey } from "../src/testing.ts";
import { inventoryOf } from "./planning-inventory.ts";

const { db, drop } = await testDatabase();
afterAll(drop);
const ring = testKeyRing(db);
await importInventory(db, inventoryOf(3));
beforeEach(async () => {
  await db.query(sql`delete from meter_key`);
});

const key = () => new Uint8Array(randomBytes(16));
const enter = (deviceId: number, kind: "unicast" | "authentication" | "lls-password", value: Uint8Array) =>
  db.transaction((transaction) =>
    storeActiveKeys(transaction, ring, [{ deviceId, kind, value }], { origin: "entered", by: "ana" }),
  );
const statesOf = async (deviceId: number) =>
  (await listMeterKeys(db, [deviceId])).map(({ kind, state }) => `${kind} ${state}`).sort();
const opened = async (deviceId: number) =>
  (await openMeterKeys(db, ring, deviceId)).map(({ kind, state, value }) => ({
    kind,
    state,
    hex: Buffer.from(value.reveal()).toString("hex"),
  }));

test("a key that is entered replaces the one in use, and the same key again changes nothing", async () => {
  const [one, two] = [key(), key()];
  expect(await enter(1, "unicast", one)).toBe(1);
  expect(await enter(1, "unicast", one)).toBe(0);
  expect(await enter(1, "unicast", two)).toBe(1);
  expect(await statesOf(1)).toEqual(["unicast ACTIVE", "unicast EXPIRED"]);
  expect(await opened(1)).toEqual([
    { kind: "unicast", state: "ACTIVE", hex: Buffer.from(two).toString("hex") },
  ]);
});

test("a key that enciphers is one device's for ever; a password may be shared", async () => {
  const shared = key();
  await enter(1, "unicast", shared);
  await expect(enter(2, "unicast", shared)).rejects.toMatchObject({ code: "key.elsewhere" });
  await enter(1, "unicast", key());
  await expect(enter(2, "unicast", shared)).rejects.toMatchObject({ code: "key.elsewhere" });
  await enter(1, "lls-password", shared);
  await enter(2, "lls-password", shared);
  expect(await statesOf(2)).toEqual(["lls-password ACTIVE"]);
});

test("the database itself refuses two keys in use of one kind", async () => {
  await enter(1, "unicast", key());
  await enter(1, "unicast", key());
  await expect(
    db.query(sql`update meter_key set state = 'ACTIVE', ended_at = null where device_id = 1`),
  ).rejects.toThrow("meter_key_active");
});

test("a change of keys draws new ones once, however often it is begun, and swaps them all at once", async () => {
  await enter(1, "unicast", key());
  await enter(1, "authentication", key());
  const begun = await Promise.all(
    Array.from({ length: 4 }, () =>
      beginKeyRoll(db, ring, { deviceId: 1, kinds: ["unicast", "authentication"], by: "ana" }),
    ),
  );
  expect(begun.filter(({ resumed }) => !resumed)).toHaveLength(1);
  const during = await opened(1);
  expect(during.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    "unicast ACTIVE",
    "authentication ACTIVE",
    "unicast NEW",
    "authentication NEW",
  ]);
  expect(await finishKeyRoll(db, 1)).toBe(true);
  expect(await finishKeyRoll(db, 1)).toBe(false);
  expect((await opened(1)).map(({ hex }) => hex)).toEqual(during.slice(2).map(({ hex }) => hex));
  expect(await statesOf(1)).toEqual([
    "authentication ACTIVE",
    "authentication EXPIRED",
    "unicast ACTIVE",
    "unicast EXPIRED",
  ]);
});

test("a change that the meter refused leaves the old keys in use", async () => {
  const old = key();
  await enter(1, "unicast", old);
  await expect(beginKeyRoll(db, ring, { deviceId: 1, kinds: ["authentication"] })).rejects.toMatchObject({
    code: "key.none-active",
  });
  await beginKeyRoll(db, ring, { deviceId: 1, kinds: ["unicast"] });
  await withdrawKeyRoll(db, 1);
  expect(await opened(1)).toEqual([
    { kind: "unicast", state: "ACTIVE", hex: Buffer.from(old).toString("hex") },
  ]);
  expect(await statesOf(1)).toEqual(["unicast ACTIVE", "unicast WITHDRAWN"]);
});

test("pages see states, fingerprints and counters, and nothing that opens", async () => {
  const value = key();
  await enter(1, "unicast", value);
  await reserveCounters(db, keyIdOf(value), { count: 256, from: 2 ** 31 });
  const rows = await listMeterKeys(db, [1]);
  expect(rows).toMatchObject([
    { kind: "unicast", state: "ACTIVE", origin: "entered", createdBy: "ana", nextCounter: 2 ** 31 + 256 },
  ]);
  expect(rows[0]!.fingerprint).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/);
  expect(JSON.stringify(rows)).not.toContain(Buffer.from(value).toString("hex"));
  expect(await countMeterKeys(db)).toMatchObject([
    { kind: "unicast", state: "ACTIVE", keys: 1, counterAlarms: 1 },
  ]);
});

test("what release 0.1 sealed with the master key itself moves into the table, once", async () => {
  const sealSecret = (key: Uint8Array, context: string, text: string) => {
    const iv = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, iv).setAAD(Buffer.from(context));
    return Buffer.concat([
      Buffer.of(1),
      iv,
      cipher.update(text, "utf8"),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
  };
  const seal = (context: string, text: string) => sealSecret(testMasterKey, context, text);
  const { rows } = await db.query<{ id: number; identity: string }>(
    sql`select device_id as id, identity from device order by 1`,
  );
  const [first, second, third] = rows;
  const hex = Buffer.from(key()).toString("hex");
  for (const [device, sealed] of [
    [first, seal(`device password ${first!.identity}`, "12345678")],
    [
      second,
      seal(
        `device secret ${second!.identity}`,
        JSON.stringify({ encryptionKey: hex, authenticationKey: hex }),
      ),
    ],
    [third, sealSecret(new Uint8Array(randomBytes(32)), `device password ${third!.identity}`, "lost")],
  ] as const) {
    await db.query(sql`update device set secret = ${sealed}::bytea where device_id = ${device!.id}`);
  }
  expect(await adoptFirstSecrets(db, ring, testKeyProvider)).toEqual({ adopted: 2, unreadable: 1 });
  expect(await adoptFirstSecrets(db, ring, testKeyProvider)).toEqual({ adopted: 0, unreadable: 1 });
  expect(await opened(first!.id)).toMatchObject([
    { kind: "lls-password", hex: Buffer.from("12345678").toString("hex") },
  ]);
  expect(await opened(second!.id)).toMatchObject([
    { kind: "unicast", hex },
    { kind: "authentication", hex },
  ]);
  const left = await db.query(sql`select device_id from device where secret is not null`);
  expect(left.rows).toEqual([{ device_id: third!.id }]);
});
