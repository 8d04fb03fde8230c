import { afterAll, expect, test } from "vitest";
import {
  everywhere,
  findPoint,
  type Inventory,
  type InventoryPoint,
  importInventory,
  openDatabase,
  openMeterKeys,
  searchPoints,
  sql,
} from "../src/index.ts";
import { testDatabase, testKeyRing } from "../src/testing.ts";

const { db, url, drop } = await testDatabase();
afterAll(drop);

const keyRing = testKeyRing(db);
const encryptionKey = "000102030405060708090A0B0C0D0E0F";

const point = (number: number): InventoryPoint => ({
  pod: `RO${String(number).padStart(9, "0")}`,
  name: `Familia Ștefănescu ${number}`,
  address: `Strada Păcii ${number}, Câmpina`,
  branch: ["Câmpina", `PT ${number % 20}`],
  latitude: 45.126,
  longitude: 25.7353,
  phases: 1,
  approvedPowerW: 6000,
  meter: {
    serial: `${40000000 + number}`,
    manufacturer: "ISK",
    model: "iskra-me162",
    phases: 1,
    maxCurrentA: 85,
    indexDigits: 6,
  },
  installedAt: "2025-01-01T00:00:00Z",
  ctRatio: "20",
  device: {
    identity: `ISK${40000000 + number}`,
    model: "iskra-me162",
    url: `iec62056-21+tcp://127.0.0.1:${10000 + number}`,
    direction: "dial",
    ...(number === 1 ? { password: "12345678", encryptionKey, authenticationKey: encryptionKey } : {}),
  },
});

const inventory: Inventory = {
  branches: [{ path: ["Câmpina"] }, { path: ["Câmpina", "PT 99"] }],
  points: Array.from({ length: 200 }, (_, index) => point(index + 1)),
  plan: { name: "quarter-hours", everySeconds: 900, backfillDays: 40 },
};

const counts = async () => {
  const { rows } = await db.query(sql`
    select (select count(*) from branch) as branches, (select count(*) from location) as locations,
      (select count(*) from point) as points, (select count(*) from meter) as meters,
      (select count(*) from installation) as installations, (select count(*) from device) as devices,
      (select count(*) from device_plan) as planned`);
  return rows[0];
};

test("an inventory is imported whole, and a second time changes nothing", async () => {
  const first = await importInventory(db, inventory, { keyRing });
  expect(first).toEqual({
    branches: 22,
    points: 200,
    meters: 200,
    installations: 200,
    devices: 200,
    gateways: 0,
  });
  const whole = {
    branches: 22,
    locations: 200,
    points: 200,
    meters: 200,
    installations: 200,
    devices: 200,
    planned: 200,
  };
  expect(await counts()).toEqual(whole);
  const second = await importInventory(db, inventory, { keyRing });
  expect(second).toEqual({ branches: 0, points: 0, meters: 0, installations: 0, devices: 0, gateways: 0 });
  expect(await counts()).toEqual(whole);
});

test("only what differs is written and sealed anew", async () => {
  const read = async () =>
    (
      await db.query<{ text: string }>(sql`
        select string_agg(point.ctid::text || encode(point.sealed, 'hex') || location.ctid::text
          || encode(location.sealed, 'hex'), ' ' order by point_id) as text
        from point join location using (location_id)`)
    ).rows[0]?.text.split(" ");
  const before = await read();
  const changed = inventory.points.map((each, nth) => (nth === 4 ? { ...each, name: "Familia Nouă" } : each));
  await importInventory(db, { branches: [], points: changed }, { keyRing });
  const after = await read();
  expect(after?.flatMap((each, nth) => (each === before?.[nth] ? [] : [nth]))).toEqual([4]);
  await importInventory(db, inventory, { keyRing });
});

test.each([
  ["its name without diacritics", "stefanescu 7"],
  ["its code", "RO000000007"],
  ["a part of its code", "0000007"],
  ["its address and its branch", "pacii 7, pt 7"],
  ["its serial number", "40000007"],
])("a point is found by %s", async (_, text) => {
  const found = await searchPoints(db, everywhere, text, 5);
  expect(found[0]).toMatchObject({ pod: "RO000000007" });
});

test("the database itself searches in branch, serial number and identity, and in nothing personal", async () => {
  const [point] = await searchPoints(db, everywhere, "RO000000007", 1);
  const { rows } = await db.query<{ text: string }>(
    sql`select search_text as text from point where point_id = ${point!.pointId}`,
  );
  expect(rows[0]?.text).toBe("campina pt 7 40000007 isk40000007");
});

test("the secrets of a device lie sealed in the database and open with the key ring", async () => {
  const { rows } = await db.query<{ whole: string }>(sql`
    select (select jsonb_agg(device)::text from device) || (select jsonb_agg(meter_key)::text from meter_key) as whole`);
  expect(rows[0]?.whole).toContain("ISK40000001");
  expect(rows[0]?.whole).not.toMatch(/12345678|3132333435363738|000102030405/i);
  const device = await db.query<{ id: number }>(
    sql`select device_id as id from device where identity = 'ISK40000001'`,
  );
  const keys = await openMeterKeys(db, keyRing, device.rows[0]!.id);
  expect(keys.map(({ kind, value }) => [kind, Buffer.from(value.reveal()).toString("hex")])).toEqual([
    ["lls-password", Buffer.from("12345678").toString("hex")],
    ["unicast", encryptionKey.toLowerCase()],
    ["authentication", encryptionKey.toLowerCase()],
  ]);
});

test.each([
  ["a key that is too short", { encryptionKey: "00", authenticationKey: "00" }],
  ["a key that is no number", { encryptionKey: "x".repeat(32), authenticationKey: "x".repeat(32) }],
  ["keys of two lengths", { encryptionKey, authenticationKey: encryptionKey.repeat(2) }],
  ["an empty password", { password: "" }],
])("%s is refused, and the import with it", async (_, secret) => {
  const device = { ...point(2).device, ...secret };
  const refused = importInventory(db, { branches: [], points: [{ ...point(2), device }] }, { keyRing });
  await expect(refused).rejects.toThrow(/Key: |password: /);
});

test("a new address and another device URL replace the old ones; the location is kept", async () => {
  const moved = {
    ...point(3),
    address: "Strada Nouă 1",
    device: { ...point(3).device, url: "iec62056-21+tcp://127.0.0.1:9" },
  };
  await importInventory(db, { branches: [], points: [moved] });
  const [row] = await searchPoints(db, everywhere, moved.pod, 1);
  const point_ = await findPoint(db, everywhere, row!.pointId, { nowMs: Date.now() });
  expect(point_).toMatchObject({
    address: "Strada Nouă 1",
    location: { latitude: moved.latitude, longitude: moved.longitude },
    device: { url: "iec62056-21+tcp://127.0.0.1:9" },
  });
  expect((await counts())?.locations).toBe(200);
});

test("one connection is enough, also for what the key ring asks", async () => {
  const narrow = openDatabase({ url, connectionsMax: 1 });
  const device = { ...point(201).device, encryptionKey: "11".repeat(16), authenticationKey: "22".repeat(16) };
  const added = await importInventory(
    narrow,
    { branches: [], points: [{ ...point(201), device }] },
    { keyRing: testKeyRing(narrow) },
  );
  await narrow.close();
  expect(added).toEqual({ branches: 0, points: 1, meters: 1, installations: 1, devices: 1, gateways: 0 });
});

test("a meter that was exchanged comes with its time at the point and both indices, and nobody calls for it", async () => {
  const now = point(501);
  const exchanged: InventoryPoint = {
    ...now,
    installedAt: "2026-03-04T10:20:00Z",
    before: [
      {
        meter: { ...now.meter, serial: "41000501" },
        device: { ...now.device, identity: "ISK41000501" },
        installedAt: "2025-01-01T00:00:00Z",
        removedAt: "2026-03-04T10:20:00Z",
        finalIndexKwh: "12345.678",
        nextIndexKwh: "0.125",
      },
    ],
  };
  const both = { branches: [], points: [exchanged], plan: inventory.plan! };
  expect(await importInventory(db, both, { keyRing })).toMatchObject({
    points: 1,
    meters: 2,
    installations: 2,
    devices: 2,
  });
  const rows = async () =>
    (
      await db.query(sql`
        select serial, during::text as during, trim_scale(ct_ratio)::text as "ctRatio", enabled,
          (select string_agg(value::text || ' ' || unit || ' ' || measured_at::text, ', ') from register_reading as r
            where r.meter_id = meter.meter_id) as readings,
          exists (select from device_plan where device_plan.device_id = device.device_id) as planned
        from installation join meter using (meter_id) join device using (meter_id)
        where serial in ('41000501', '40000501') order by serial desc`)
    ).rows;
  const expected = [
    {
      serial: "41000501",
      during: '["2025-01-01 00:00:00+00","2026-03-04 10:20:00+00")',
      ctRatio: "20",
      enabled: false,
      readings: "12345.678 kWh 2026-03-04 10:20:00+00",
      planned: false,
    },
    {
      serial: "40000501",
      during: '["2026-03-04 10:20:00+00",)',
      ctRatio: "20",
      enabled: true,
      readings: "0.125 kWh 2026-03-04 10:20:00+00",
      planned: true,
    },
  ];
  expect(await rows()).toEqual(expected);
  // Again: nothing more.
  expect(await importInventory(db, both, { keyRing })).toMatchObject({
    points: 0,
    meters: 0,
    installations: 0,
    devices: 0,
  });
  expect(await rows()).toEqual(expected);
});
