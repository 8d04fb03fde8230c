import { type DlmsUrl, parseDeviceUrl, readDevice, realClock } from "@energsys/drivers";
import { findMeterModel } from "@energsys/metering/models";
import {
  cancelKeyWork,
  importInventory,
  listKeyWork,
  listMeterKeys,
  openMeterKeys,
  queueKeyRolls,
  rollKinds,
  sql,
} from "@energsys/store";
import { testKeyRing } from "@energsys/store/testing";
import { afterAll, beforeEach, expect, test } from "vitest";
import { rollKeys } from "../src/key-roll.ts";
import { openDeviceKeys } from "../src/secrets.ts";
import { CuttingProxy } from "./cutting-proxy.ts";
import { quick, startSimulator, startTestHeadend, testDatabase, until } from "./town.ts";

const { db, drop } = await testDatabase();
const sim = await startSimulator({ points: 1, seed: 3, days: 1, shares: { "dlms-gmac": 1 } });
const keyRing = testKeyRing(db);
await importInventory(db, sim.inventory, { keyRing });
const { device } = sim.inventory.points[0]!;
const direct = parseDeviceUrl(device.url) as DlmsUrl;
const proxy = await CuttingProxy.before(direct.line as { host: string; port: number });
afterAll(async () => {
  proxy.close();
  await sim.stop();
  await drop();
});

const deviceId = 1;
const zone = "Europe/Bucharest";
const model = findMeterModel(device.model)!;
const source = { db, keyRing, clock: realClock };
const options = { clock: realClock, limits: quick };
const through: DlmsUrl = { ...direct, line: { kind: "tcp", host: "127.0.0.1", port: proxy.port } };

const roll = (url = through) =>
  rollKeys(
    { deviceId, url, kinds: rollKinds, by: "ana" },
    { identity: device.identity, model, zone },
    options,
    source,
  );

/** An ordinary read, as an attempt makes it: the keys in use, then the new ones. True when one set opened the meter. */
async function isReachable(): Promise<boolean> {
  for (const { keys } of await openDeviceKeys(source, deviceId)) {
    const read = readDevice(direct, { identity: device.identity, model, zone, clock: true, keys }, options);
    if (
      await read.then(
        () => true,
        () => false,
      )
    )
      return true;
  }
  return false;
}

const hexOf = async (state: "ACTIVE" | "NEW") =>
  (await openMeterKeys(db, keyRing, deviceId))
    .filter((key) => key.state === state && key.kind !== "master")
    .map(({ kind, value }) => `${kind} ${Buffer.from(value.reveal()).toString("hex")}`)
    .sort();

beforeEach(() => proxy.heal());

test("keys of a virtual meter are changed, proven and swapped; the old ones open nothing any more", async () => {
  const [before] = await openDeviceKeys(source, deviceId);
  const old = await hexOf("ACTIVE");
  await roll();
  const now = await hexOf("ACTIVE");
  expect(now).toHaveLength(2);
  expect(now).not.toEqual(old);
  expect(await hexOf("NEW")).toEqual([]);
  expect(await isReachable()).toBe(true);
  await expect(
    readDevice(direct, { identity: device.identity, model, zone, clock: true, keys: before!.keys }, options),
  ).rejects.toMatchObject({ code: "dlms.deciphering-refused" });
});

test("a meter whose master key is another refuses, and keeps the keys that it has", async () => {
  const old = await hexOf("ACTIVE");
  const { rows } = await db.query<{ id: number; sealed: Buffer }>(
    sql`select meter_key_id as id, sealed from meter_key where kind = 'master' and state = 'ACTIVE'`,
  );
  const { id, sealed } = rows[0]!;
  const place = { table: "meter_key", row: id, kind: "meter-key" } as const;
  const wrong = await keyRing.sealField(
    place,
    new Uint8Array(16).map((_, i) => i * 7 + 1),
  );
  await db.query(sql`update meter_key set sealed = ${wrong}::bytea where meter_key_id = ${id}`);
  await expect(roll()).rejects.toMatchObject({ code: "key.refused" });
  await db.query(sql`update meter_key set sealed = ${sealed}::bytea where meter_key_id = ${id}`);
  expect(await hexOf("ACTIVE")).toEqual(old);
  expect(await hexOf("NEW")).toEqual([]);
  const states = (await listMeterKeys(db, [deviceId])).map(({ state }) => state);
  expect(states.filter((state) => state === "WITHDRAWN")).toHaveLength(2);
  expect(await isReachable()).toBe(true);
});

test.each([
  ["without a master key of the meter", "key.no-master", { ...through }],
  [
    "over an association without keys",
    "key.no-proof",
    { ...through, authentication: "none", protection: "none" },
  ],
] as const)("%s nothing is begun", async (_, code, url) => {
  if (code === "key.no-master")
    await db.query(sql`update meter_key set state = 'EXPIRED', ended_at = now() where kind = 'master'`);
  await expect(roll(url as DlmsUrl)).rejects.toMatchObject({ code });
  await db.query(sql`update meter_key set state = 'ACTIVE', ended_at = null where kind = 'master'`);
  expect(await hexOf("NEW")).toEqual([]);
});

// Every byte with ENERGSYS_CUT_EVERY=1 (some minutes); otherwise a sample that reaches every exchange.
const step = Number(process.env.ENERGSYS_CUT_EVERY ?? 97);

test(`cut after every ${step} bytes of the exchange, the meter stays reachable and the change ends whole`, async () => {
  proxy.heal();
  await roll();
  const whole = proxy.passed;
  expect(whole).toBeGreaterThan(1000);
  const outcome = { cut: 0, wentOn: 0 };
  for (let bytes = 0; bytes < whole; bytes += step) {
    const before = await hexOf("ACTIVE");
    proxy.cutAfter(bytes, { once: (bytes / step) % 2 === 1 });
    await roll().then(
      () => {},
      () => {
        outcome.cut++;
      },
    );
    const where = `cut after ${bytes} of ${whole} bytes`;
    const [active, fresh] = [await hexOf("ACTIVE"), await hexOf("NEW")];
    // Never a mixture: the old keys are in use, or the new ones are and none is left over.
    expect(active, where).toHaveLength(2);
    expect([0, 2], where).toContain(fresh.length);
    if (fresh.length > 0) expect(active, where).toEqual(before);
    expect(await isReachable(), where).toBe(true);
    proxy.heal();
    if (fresh.length > 0) {
      await roll();
      outcome.wentOn++;
      // It went on with the keys that may have been in the meter already, and made no third ones.
      expect(await hexOf("ACTIVE"), where).toEqual(fresh);
    }
    expect(await hexOf("NEW"), where).toEqual([]);
  }
  expect(outcome.cut).toBeGreaterThan(0);
  if (process.env.ENERGSYS_CUT_EVERY) process.stderr.write(`${JSON.stringify({ whole, ...outcome })}\n`);
}, 900_000);

test("asked for by a group, the head-end changes the keys as attempts of their own, with progress", async () => {
  proxy.heal();
  const before = await hexOf("ACTIVE");
  const { headend: running, stop } = await startTestHeadend(db);
  try {
    const work = { deviceIds: [deviceId], kinds: rollKinds, subject: "PT 12", by: "ana" };
    const { keyWorkId, total } = await queueKeyRolls(db, work);
    expect(total).toBe(1);
    await until(async () => (await listKeyWork(db, keyWorkId))[0]!.open === 0);
    expect(await listKeyWork(db, keyWorkId)).toMatchObject([
      { subject: "PT 12", requestedBy: "ana", total: 1, done: 1, failed: 0 },
    ]);
    expect(running.counts.done).toBeGreaterThan(0);
    expect(await hexOf("ACTIVE")).not.toEqual(before);
    const { rows } = await db.query<{ stages: { stage: string }[]; by: string }>(
      sql`select stages, requested_by as by from attempt where cause = 'key-change'`,
    );
    expect(rows[0]!.by).toBe("ana");
    expect(rows[0]!.stages.map(({ stage }) => stage)).toEqual(
      expect.arrayContaining(["queued", "associated", "keys-sent", "keys-proven"]),
    );
  } finally {
    await stop();
  }
  // What has not begun is taken back: nobody runs it now.
  const { keyWorkId } = await queueKeyRolls(db, {
    deviceIds: [deviceId],
    kinds: rollKinds,
    subject: "PT 12",
    by: "ana",
  });
  expect(await cancelKeyWork(db, keyWorkId)).toBe(1);
  expect(await listKeyWork(db, keyWorkId)).toMatchObject([{ total: 1, cancelled: 1, open: 0 }]);
});
