import { randomBytes } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import {
  countDataKeys,
  KeyRing,
  masterKeyProvider,
  retireDataKeys,
  rewrapDataKeys,
  type SecretPlace,
  sql,
} from "../src/index.ts";
import { testDatabase } from "../src/testing.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const master = new Uint8Array(randomBytes(32));
const provider = masterKeyProvider([master]);
const ring = await KeyRing.open(db, provider);
const place: SecretPlace = { table: "meter_key", row: 17, kind: "meter-key" };

test("a sealed secret opens in its place and nowhere else", async () => {
  const sealed = await ring.sealField(place, "0011223344");
  expect((await ring.openField(place, sealed)).reveal()).toBe("0011223344");
  expect(sealed.includes("0011223344")).toBe(false);
  expect(await ring.sealField(place, "0011223344")).not.toEqual(sealed);

  const elsewhere: SecretPlace[] = [
    { ...place, table: "other" },
    { ...place, row: 18 },
    { ...place, kind: "personal" },
  ];
  for (const other of elsewhere) {
    await expect(ring.openField(other, sealed)).rejects.toMatchObject({ code: "secret.unreadable" });
  }
  for (let cut = 0; cut < sealed.length; cut++) {
    const short = ring.openField(place, sealed.subarray(0, cut));
    await expect(short).rejects.toMatchObject({ code: "secret.unreadable" });
    const changed = Buffer.from(sealed);
    changed[cut]! ^= 1;
    await expect(ring.openField(place, changed)).rejects.toMatchObject({ code: "secret.unreadable" });
  }
});

test("each kind and year has a data key of its own, and the database holds none of them in clear", async () => {
  const later = await KeyRing.open(db, provider, { now: () => Date.UTC(2031, 0, 1) });
  const old = await ring.sealField(place, "a");
  await later.sealField(place, "b");
  await ring.sealField({ ...place, kind: "personal" }, "c");
  expect((await later.openField(place, old)).reveal()).toBe("a");
  const { rows } = await db.query<{ kind: string; year: number }>(
    sql`select kind, year from data_key order by kind, year`,
  );
  const now = new Date().getUTCFullYear();
  expect(rows).toEqual([
    { kind: "meter-key", year: now },
    { kind: "meter-key", year: 2031 },
    { kind: "personal", year: now },
  ]);
});

test("processes that need the first data key of a kind at once agree on one", async () => {
  const rings = await Promise.all(Array.from({ length: 6 }, () => KeyRing.open(db, provider)));
  const where = { ...place, kind: "integration-password" as const };
  const sealed = await Promise.all(rings.map((each) => each.sealField(where, "ldap")));
  expect(new Set(sealed.map((bytes) => bytes.readUInt32BE(1))).size).toBe(1);
  for (const bytes of sealed) expect((await ring.openField(where, bytes)).reveal()).toBe("ldap");
});

test("who retires a data key waits for the transaction that seals by it, and then finds what it sealed", async () => {
  const where = { ...place, kind: "trial" as const };
  await ring.prepare(["trial"]);
  const steps: string[] = [];
  let retiring: Promise<void> | undefined;
  const sealed = await db.transaction(async (transaction) => {
    const held = ring.within(transaction);
    const first = await held.sealField(where, "a");
    retiring = retireDataKeys(db, "trial").then((count) => {
      steps.push(`retired ${count}`);
    });
    await wait(200);
    const second = await held.sealField(where, "b");
    expect(second.readUInt32BE(1)).toBe(first.readUInt32BE(1));
    steps.push("sealed");
    return second;
  });
  await retiring;
  expect(steps).toEqual(["sealed", "retired 1"]);
  expect((await ring.openField(where, sealed)).reveal()).toBe("b");
  expect((await ring.sealField(where, "c")).readUInt32BE(1)).not.toBe(sealed.readUInt32BE(1));
});

test("only the dispatcher's ring has business with switching secrets", async () => {
  const where = { ...place, kind: "switching" as const };
  await expect(ring.sealField(where, "x")).rejects.toThrow("no business");
  const dispatcher = await KeyRing.open(db, masterKeyProvider([randomBytes(32)]), { kinds: ["switching"] });
  const sealed = await dispatcher.sealField(where, "x");
  expect((await dispatcher.openField(where, sealed)).reveal()).toBe("x");
  await expect(ring.openField(where, sealed)).rejects.toMatchObject({ code: "secret.master-missing" });
});

test("a start with another master key than the one in use is refused", async () => {
  const other = KeyRing.open(db, masterKeyProvider([randomBytes(32)]));
  await expect(other).rejects.toMatchObject({ code: "secret.master-missing" });
});

test("equal values have equal hashes for one purpose, and other ones for another purpose or installation", async () => {
  const hash = async (purpose: `personal:${string}`, value: string) =>
    (await ring.indexHashes(purpose, [value]))[0]!;
  const one = await hash("personal:pod", "RO001");
  expect(one).toHaveLength(20);
  expect(await hash("personal:pod", "RO001")).toEqual(one);
  expect(await hash("personal:phone", "RO001")).not.toEqual(one);
  expect(await hash("personal:pod", "RO002")).not.toEqual(one);
  const key = await ring.lookupHash("meter-key", "Popescu Ion");
  expect(await ring.lookupHash("meter-key", "Popescu Ion")).toEqual(key);
});

test("a new master key re-wraps the data keys only; stopped half way it goes on, and readers never notice", async () => {
  const sealed = await ring.sealField(place, "unchanged");
  const newest = new Uint8Array(randomBytes(32));
  const both = masterKeyProvider([newest, master]);
  const before = (await countDataKeys(db)).reduce((sum, { dataKeys }) => sum + dataKeys, 0);

  let seen = 0;
  const stopped = rewrapDataKeys(db, both, {
    onProgress: () => {
      if (++seen === 3) throw new Error("power failure");
    },
  });
  await expect(stopped).rejects.toThrow("power failure");
  const half = await countDataKeys(db);
  expect(half.find((each) => each.dataKeys === 2)).toBeDefined();
  // Whoever has both keys works on meanwhile; one that knows the old key only still has its data keys in memory.
  const between = await KeyRing.open(db, both);
  expect((await between.openField(place, sealed)).reveal()).toBe("unchanged");
  expect((await ring.openField(place, sealed)).reveal()).toBe("unchanged");

  const { rewrapped } = await rewrapDataKeys(db, both);
  expect(rewrapped).toBe(before - 1 - 2); // the dispatcher's is not ours to touch
  const after = await KeyRing.open(db, masterKeyProvider([newest]));
  expect((await after.openField(place, sealed)).reveal()).toBe("unchanged");
  expect((await rewrapDataKeys(db, both)).rewrapped).toBe(0);
});
