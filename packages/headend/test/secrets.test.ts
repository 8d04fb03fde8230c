import { realClock } from "@energsys/drivers";
import { importInventory, keyIdOf, reserveCounters, sealTrialSecret, sql } from "@energsys/store";
import { testDatabase, testKeyRing } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";
import { type KeySource, openDeviceKeys, openTrialKeys } from "../src/secrets.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const keyRing = testKeyRing(db);
const source: KeySource = { db, keyRing, clock: realClock };
const key = (byte: string) => byte.repeat(16);
const keyBytes = (byte: string) => new Uint8Array(Buffer.from(key(byte), "hex"));

await importInventory(
  db,
  {
    branches: [],
    points: [1, 2].map((number) => ({
      pod: `P${number}`,
      name: "",
      address: "A",
      branch: ["B"],
      phases: 1 as const,
      meter: { serial: `S${number}`, manufacturer: "M", model: "generic-dlms", phases: 1 as const },
      installedAt: "2026-01-01T00:00:00Z",
      device: {
        identity: `D${number}`,
        model: "generic-dlms",
        url: "dlms+tcp://127.0.0.1:1?auth=gmac",
        direction: "dial" as const,
        password: "12345678",
        hlsSecret: "hex:0102",
        encryptionKey: key(`0${number}`),
        authenticationKey: key("D0"),
      },
    })),
  },
  { keyRing },
);

async function keysOf(number: 1 | 2) {
  const { rows } = await db.query<{ deviceId: number }>(
    sql`select device_id as "deviceId" from device where identity = ${`D${number}`}`,
  );
  const sets = await openDeviceKeys(source, rows[0]!.deviceId);
  expect(sets.map(({ state }) => state)).toEqual(["ACTIVE"]);
  return sets[0]!.keys;
}

async function countersOf(number: 1 | 2) {
  const { openCounters } = await keysOf(number);
  return openCounters!();
}

test("a device's keys come out by their kind, as bytes", async () => {
  const { openCounters: _, ...keys } = await keysOf(1);
  expect(keys).toEqual({
    password: "12345678",
    hlsSecret: Uint8Array.of(1, 2),
    encryptionKey: keyBytes("01"),
    authenticationKey: keyBytes("D0"),
  });
});

test("without a master key the device is not read, and the code says why", async () => {
  await expect(openDeviceKeys({ db, clock: realClock }, 1)).rejects.toThrow("no master key");
});

test("counters go on after a restart, for device and trial alike, and never twice", async () => {
  const first = await countersOf(1);
  expect([first.fresh, await first.reserve(256), await first.reserve(256)]).toEqual([true, 1, 257]);
  const again = await countersOf(1);
  expect([again.fresh, await again.reserve(256)]).toEqual([false, 513]);
  const sealed = await sealTrialSecret(keyRing, {
    encryptionKey: key("01"),
    authenticationKey: key("D0"),
  });
  const trial = await (await openTrialKeys(source, sealed)).openCounters!();
  expect([trial.fresh, await trial.reserve(256)]).toEqual([false, 769]);
  again.raise(100_000);
  expect([await again.reserve(256), await first.reserve(256)]).toEqual([100_000, 100_256]);
});

test("what was heard once is a replay, also for another process that heard it meanwhile", async () => {
  const [one, other] = [await countersOf(2), await countersOf(2)];
  expect(one.received()).toBeUndefined();
  await one.accept(41);
  await expect(other.accept(41)).rejects.toMatchObject({ code: "dlms.replay" });
  await other.accept(42);
  expect((await countersOf(2)).received()).toBe(42);
  expect((await countersOf(1)).received()).toBeUndefined();
});

test("a key whose counters are half used up leaves an event, once", async () => {
  await reserveCounters(db, keyIdOf(keyBytes("02")), { count: 1, from: 2 ** 31 - 300 });
  const counters = await countersOf(2);
  for (let block = 0; block < 4; block++) await counters.reserve(256);
  const { rows } = await db.query(sql`select device_id, code from event`);
  expect(rows).toEqual([{ device_id: 2, code: "system:key.half-used" }]);
});
