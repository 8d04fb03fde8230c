import { type DlmsUrl, parseDeviceUrl, readDevice, realClock } from "@energsys/drivers";
import { findMeterModel } from "@energsys/metering/models";
import {
  beginKeyRoll,
  importInventory,
  openMeterKeys,
  type RollGroup,
  type RollKind,
  rollGroups,
  sql,
  storeActiveKeys,
} from "@energsys/store";
import { testKeyRing } from "@energsys/store/testing";
import { afterAll, describe, expect, test } from "vitest";
import { rollKeys } from "../src/key-roll.ts";
import { openDeviceKeys } from "../src/secrets.ts";
import { CuttingProxy } from "./cutting-proxy.ts";
import { quick, startSimulator, testDatabase } from "./town.ts";

/* Master key, broadcast key, password and secret of a meter are changed over the line; cut anywhere, the meter stays reachable. */
const ends: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of ends.reverse()) await end();
});
const zone = "Europe/Bucharest";
const options = { clock: realClock, limits: quick };

/** A virtual meter behind a line that can be cut, and its keys in a database of its own. */
async function meterOf(kind: "dlms-gmac" | "dlms-wrapper" | "dlms-high") {
  const { db, drop } = await testDatabase();
  ends.push(drop);
  const sim = await startSimulator({
    points: kind === "dlms-wrapper" ? 12 : 1,
    seed: 5,
    days: 1,
    shares: { [kind]: 1 },
  });
  ends.push(() => sim.stop());
  const keyRing = testKeyRing(db);
  await importInventory(db, sim.inventory, { keyRing });
  // Of plain meters one in five asks for a password.
  const asks = (url: string) => kind !== "dlms-wrapper" || url.includes("auth=low");
  const { device } = sim.inventory.points.find((point) => asks(point.device.url))!;
  const { rows } = await db.query<{ id: number }>(
    sql`select device_id as id from device where identity = ${device.identity}`,
  );
  const deviceId = rows[0]!.id;
  const direct = parseDeviceUrl(device.url) as DlmsUrl;
  const proxy = await CuttingProxy.before(direct.line as { host: string; port: number });
  ends.push(() => proxy.close());
  const meter = { identity: device.identity, model: findMeterModel(device.model)!, zone };
  const source = { db, keyRing, clock: realClock };
  const through: DlmsUrl = { ...direct, line: { kind: "tcp", host: "127.0.0.1", port: proxy.port } };
  return {
    db,
    deviceId,
    keyRing,
    proxy,
    roll: (kinds: readonly RollKind[], url = through) =>
      rollKeys({ deviceId, url, kinds, by: "ana" }, meter, options, source),
    valuesOf: async (kinds: readonly RollKind[], state: "ACTIVE" | "NEW") =>
      (await openMeterKeys(db, keyRing, deviceId))
        .filter((key) => key.state === state && kinds.includes(key.kind as RollKind))
        .map(({ value }) => Buffer.from(value.reveal()).toString("hex")),
    /** As an attempt reads: the keys in use, then the new ones. */
    isReachable: async () => {
      for (const { keys } of await openDeviceKeys(source, deviceId)) {
        const read = readDevice(direct, { ...meter, clock: true, keys }, options);
        const opened = await read.then(
          () => true,
          () => false,
        );
        if (opened) return true;
      }
      return false;
    },
  };
}

const cases = [
  ["master", "dlms-gmac"],
  ["broadcast", "dlms-gmac"],
  ["password", "dlms-wrapper"],
  ["secret", "dlms-high"],
] as const satisfies readonly (readonly [RollGroup, string])[];

// Every byte with ENERGSYS_CUT_EVERY=1; otherwise a sample that reaches every exchange.
const step = Number(process.env.ENERGSYS_CUT_EVERY ?? 89);

describe.each(cases)("the %s of a meter", async (group, kind) => {
  const kinds = rollGroups[group];
  const { db, deviceId, keyRing, proxy, roll, valuesOf, isReachable } = await meterOf(kind);
  if ((await valuesOf(kinds, "ACTIVE")).length === 0)
    await storeActiveKeys(db, keyRing, [{ deviceId, kind: kinds[0], value: new Uint8Array(16).fill(9) }], {
      origin: "entered",
    });

  test("is changed, proven and swapped, and can be changed again", async () => {
    const old = await valuesOf(kinds, "ACTIVE");
    expect(old).toHaveLength(1);
    await roll(kinds);
    const now = await valuesOf(kinds, "ACTIVE");
    expect(now).toHaveLength(1);
    expect(now).not.toEqual(old);
    expect(await valuesOf(kinds, "NEW")).toEqual([]);
    expect(await isReachable()).toBe(true);
    // What is in the meter is what is stored: a change that needs it goes through.
    await roll(kinds);
    if (group === "master") await roll(rollGroups.cipher);
    expect(await isReachable()).toBe(true);
  });

  test(`cut after every ${step} bytes, the meter stays reachable and the change ends whole`, async () => {
    proxy.heal();
    await roll(kinds);
    const whole = proxy.passed;
    expect(whole).toBeGreaterThan(300);
    let cut = 0;
    for (let bytes = 0; bytes < whole; bytes += step) {
      const where = `cut after ${bytes} of ${whole} bytes`;
      const before = await valuesOf(kinds, "ACTIVE");
      proxy.cutAfter(bytes, { once: (bytes / step) % 2 === 1 });
      await roll(kinds).catch(() => {
        cut++;
      });
      const fresh = await valuesOf(kinds, "NEW");
      if (fresh.length > 0) expect(await valuesOf(kinds, "ACTIVE"), where).toEqual(before);
      expect(await isReachable(), where).toBe(true);
      proxy.heal();
      if (fresh.length > 0) {
        await roll(kinds);
        expect(await valuesOf(kinds, "ACTIVE"), where).toEqual(fresh);
      }
      expect(await valuesOf(kinds, "NEW"), where).toEqual([]);
      expect(await isReachable(), where).toBe(true);
    }
    expect(cut).toBeGreaterThan(0);
  }, 300_000);
});

test("a change that was begun is ended before another one begins", async () => {
  const { db, keyRing, roll, valuesOf } = await meterOf("dlms-gmac");
  await beginKeyRoll(db, keyRing, { deviceId: 1, kinds: ["master"] });
  const [begun] = await valuesOf(["master"], "NEW");
  const cipher = await valuesOf(rollGroups.cipher, "ACTIVE");
  await roll(rollGroups.cipher);
  expect(await valuesOf(["master"], "ACTIVE")).toEqual([begun]);
  expect(await valuesOf(rollGroups.cipher, "ACTIVE")).not.toEqual(cipher);
});

test("a meter whose master key is another refuses a new one and keeps what it has", async () => {
  const { db, keyRing, roll, valuesOf, isReachable } = await meterOf("dlms-gmac");
  const wrong = {
    deviceId: 1,
    kind: "master",
    value: new Uint8Array(16).map((_, at) => at * 7 + 1),
  } as const;
  await storeActiveKeys(db, keyRing, [wrong], { origin: "entered" });
  await expect(roll(["master"])).rejects.toMatchObject({ code: "key.unproven" });
  expect(await valuesOf(["master"], "ACTIVE")).toEqual([Buffer.from(wrong.value).toString("hex")]);
  await expect(roll(["broadcast"])).rejects.toMatchObject({ code: expect.stringMatching(/^key\./) });
  expect(await isReachable()).toBe(true);
});

test("a broadcast key stays that of the group: the second meter is given what the first was", async () => {
  const { db, keyRing, valuesOf } = await meterOf("dlms-gmac");
  const sim = await startSimulator({ points: 2, seed: 6, days: 1, shares: { "dlms-gmac": 1 } });
  ends.push(() => sim.stop());
  await importInventory(db, sim.inventory, { keyRing });
  const value = new Uint8Array(16).fill(3);
  await storeActiveKeys(
    db,
    keyRing,
    [1, 2].map((deviceId) => ({ deviceId, kind: "broadcast" as const, value })),
    { origin: "entered" },
  );
  await beginKeyRoll(db, keyRing, { deviceId: 1, kinds: ["broadcast"] });
  await beginKeyRoll(db, keyRing, { deviceId: 2, kinds: ["broadcast"] });
  const newOf = async (deviceId: number) =>
    (await openMeterKeys(db, keyRing, deviceId))
      .filter(({ kind, state }) => kind === "broadcast" && state === "NEW")
      .map(({ value: fresh }) => Buffer.from(fresh.reveal()).toString("hex"));
  expect(await newOf(2)).toEqual(await newOf(1));
  expect(await newOf(1)).toHaveLength(1);
  expect(await valuesOf(["broadcast"], "ACTIVE")).toEqual([Buffer.from(value).toString("hex")]);
});
