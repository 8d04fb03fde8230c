import {
  findDeviceByIdentity,
  importInventory,
  readDevices,
  recordSystemEvent,
  releaseLinks,
  renewLinks,
  sql,
  storeDeliveries,
  takeLinks,
} from "@energsys/store";
import { type TestDatabase, testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { inventoryOf } from "./planning-inventory.ts";

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase();
  await importInventory(base.db, inventoryOf(3));
});
afterAll(() => base.drop());
beforeEach(async () => {
  await base.db.query(sql`delete from link`);
  await base.db.query(sql`delete from event`);
});

const open = { leaseSeconds: 60, state: "open" as const };

test("one link has one owner, whose number grows with every owner", async () => {
  expect(await takeLinks(base.db, "h1", [1, 2], open)).toEqual([
    { deviceId: 1, fence: 1 },
    { deviceId: 2, fence: 1 },
  ]);
  expect(await takeLinks(base.db, "h2", [1, 3], open)).toEqual([{ deviceId: 3, fence: 1 }]);
  expect(await takeLinks(base.db, "h1", [1], open)).toEqual([]);
  await releaseLinks(base.db, "h1", [{ deviceId: 1, fence: 1 }]);
  expect(await takeLinks(base.db, "h2", [1], open)).toEqual([{ deviceId: 1, fence: 2 }]);
});

test("a holder that slept past its lease finds it lost, and cannot give away what is another's", async () => {
  await takeLinks(base.db, "h1", [1], { ...open, leaseSeconds: -1 });
  expect(await takeLinks(base.db, "h2", [1], open)).toEqual([{ deviceId: 1, fence: 2 }]);
  expect(await renewLinks(base.db, "h1", [{ deviceId: 1, fence: 1 }], 60)).toEqual(new Set());
  await releaseLinks(base.db, "h1", [{ deviceId: 1, fence: 1 }]);
  expect(await renewLinks(base.db, "h2", [{ deviceId: 1, fence: 2 }], 60)).toEqual(new Set([1]));
});

test("a head-end that lost a link may not store what it read over it", async () => {
  await takeLinks(base.db, "h1", [1], { ...open, leaseSeconds: -1 });
  const delivery = {
    deviceId: 1,
    meterId: 1,
    receivedAtMs: Date.now(),
    blocks: [],
    profiles: [],
    registers: [{ obis: "1-0:1.8.0*255", measuredAtMs: Date.now(), value: "1", unit: "kWh", flags: 0 }],
    events: [],
    fence: 1,
  };
  const context = { nowMs: Date.now(), zone: "Europe/Bucharest" };
  expect(await storeDeliveries(base.db, [delivery], context)).toMatchObject({ registers: 1 });
  await takeLinks(base.db, "h2", [1], open);
  await expect(storeDeliveries(base.db, [delivery], context)).rejects.toMatchObject({ code: "link.fenced" });
  expect(await storeDeliveries(base.db, [{ ...delivery, fence: 2 }], context)).toMatchObject({
    registers: 0,
  });
});

test("twenty takers of one link at once: one gets it", async () => {
  const taken = await Promise.all(
    Array.from({ length: 20 }, (_, index) => takeLinks(base.db, `h${index}`, [1], open)),
  );
  expect(taken.flat()).toHaveLength(1);
});

test("a device is found by what it claims to be", async () => {
  expect(await findDeviceByIdentity(base.db, "ID2")).toMatchObject({
    deviceId: 2,
    enabled: true,
  });
  expect(await findDeviceByIdentity(base.db, "nobody")).toBeUndefined();
  expect(await readDevices(base.db, [1, 3])).toHaveLength(2);
});

test("a system event repeated within a second is one event", async () => {
  const atMs = Date.now();
  const event = {
    deviceId: 1,
    atMs,
    code: "system:identity.duplicate",
    detail: { remote: "10.0.0.1" },
  } as const;
  await recordSystemEvent(base.db, event);
  await recordSystemEvent(base.db, event);
  const { rows } = await base.db.query(sql`select code, seq, detail from event`);
  expect(rows).toEqual([{ code: "system:identity.duplicate", seq: 0, detail: { remote: "10.0.0.1" } }]);
});
