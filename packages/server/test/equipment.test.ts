import { alarmCodes } from "@energsys/metering/models";
import { acknowledgeAlarms, countAlarms, type GatewayStatus, listAlarms, sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1), networkPoint(2)]);
const { rows: places } = await db.query<{ deviceId: number; branchId: number; locationId: number }>(sql`
  select device_id as "deviceId", branch_id as "branchId", location_id as "locationId"
  from device join installation using (meter_id) join point using (point_id) join location using (location_id) order by point_id`);
const [first] = places as [(typeof places)[0]];

/** A concentrator as the head-end leaves it behind; `minutes` ago it announced itself. */
async function concentrator(n: number, minutes: number, adopted: boolean): Promise<number> {
  const identity = `ENC${String(n).padStart(13, "0")}`;
  const { rows: devices } = await db.query<{ id: number }>(sql`
    insert into device (identity, model, url, direction) values (${identity}, 'generic-dlms', 'dlms+tcp://', 'call-in')
    returning device_id as id`);
  const { rows } = await db.query<{ id: number }>(sql`
    insert into gateway (identity, state, device_id, name, branch_id, location_id, firmware, newest, cursor, supply, announced_at)
    values (${identity}, ${adopted ? "adopted" : "quarantine"}, ${adopted ? devices[0]!.id : null}, ${adopted ? `MC-${n}` : ""},
            ${adopted ? first.branchId : null}, ${adopted ? first.locationId : null}, '2.4', 900, 880, 'mains',
            now() - make_interval(mins => ${minutes}::int)) returning gateway_id as id`);
  return rows[0]!.id;
}
const online = await concentrator(1, 1, true);
const silent = await concentrator(2, 42, true);
const stranger = await concentrator(3, 1, false);
const gone = await concentrator(4, 42, true);
await db.query(
  sql`update gateway set supply = 'shutting-down', shutdown_announced_at = announced_at where gateway_id = ${gone}`,
);
await db.query(sql`
  insert into gateway_meter (gateway_id, logical_device, name, line, address, module, input, state, device_id) values
    (${online}, 16, 'ML-1', 'rs485-1', '1', null, null, 'known', null),
    (${online}, 17, 'ISK40000001', 'rs485-1', '', 16, 1, 'known', ${first.deviceId}),
    (${online}, 18, 'ISK40000009', 'rs485-1', '', 16, 2, 'missing', null)`);
await db.query(sql`
  insert into gateway_difference (gateway_id, logical_device, entry, kind, at, detail) values
    (${online}, 18, 7, 'missing', now(), '{"name":"ISK40000009"}'),
    (${online}, 17, 8, 'moved', now(), '{"line":"rs485-1","address":"7","before":{"line":"rs485-2","address":"3"}}')`);

await db.query(
  sql`update gateway set status = ${JSON.stringify({
    modem: "connected",
    signalDbm: -77,
    batteryPercent: 97,
    storeDaysLeft: 58,
    storeBytes: 12_400_000,
    entriesNotTaken: 20,
    starts: 3,
    lastStart: "2026-11-20T08:00:00.000Z",
  } satisfies GatewayStatus)}::jsonb where gateway_id = ${online}`,
);

test("a concentrator's page has what it said of itself: its modem and signal, battery, room; null before it was asked", async () => {
  expect((await call("GET", `/equipment/${online}`)).body.status).toMatchObject({
    modem: "connected",
    signalDbm: -77,
    batteryPercent: 97,
  });
  expect((await call("GET", `/equipment/${silent}`)).body.status).toBeNull();
});

test("a concentrator is given as it was then, and not before it was seen first", async () => {
  const before = new Date().toISOString();
  await call("PATCH", `/equipment/${silent}`, { name: "MC-2 nou" });
  const then = await call("GET", `/equipment/${silent}?on=${before}`);
  expect(then.body).toMatchObject({ name: "MC-2", ownership: "adopted", on: before });
  const now = await call("GET", `/equipment/${silent}`);
  expect(now.body).toMatchObject({
    name: "MC-2 nou",
    on: null,
    versions: [
      { name: "MC-2 nou", to: null },
      { name: "MC-2", branch: ["Argeș", "Câmpulung"], endedBy: expect.any(String) },
    ],
  });
  expect((await call("GET", `/equipment/${silent}?on=2019-01-01`)).status).toBe(404);
  expect((await call("GET", `/equipment/${silent}?on=2026-02-30`)).status).toBe(400);
  await call("PATCH", `/equipment/${silent}`, { name: "MC-2" });
});

test("concentrators are listed with their state, the ones that need somebody first, and what of their journal is missing", async () => {
  const { status, body } = await call("GET", "/equipment");
  expect(status).toBe(200);
  expect(body.counts).toEqual({ online: 1, silent: 1, shutdown: 1, quarantine: 1, retired: 0 });
  expect(body.rows.map((row: { gatewayId: number; state: string }) => [row.gatewayId, row.state])).toEqual([
    [stranger, "quarantine"],
    [silent, "silent"],
    [gone, "shutdown"],
    [online, "online"],
  ]);
  expect(body.rows[3]).toMatchObject({
    name: "MC-1",
    branch: ["Argeș", "Câmpulung"],
    meters: 3,
    missing: 1,
    differences: 2,
    entriesWaiting: 20,
    supply: "mains",
  });
});

test("state, branch and text narrow the list; the counts stay those of all states", async () => {
  const only = await call("GET", "/equipment?state=silent");
  expect([only.body.total, only.body.rows[0].gatewayId, only.body.counts.online]).toEqual([1, silent, 1]);
  expect((await call("GET", "/equipment?q=mc-4")).body.rows).toMatchObject([{ gatewayId: gone }]);
  expect((await call("GET", `/equipment?branch=${first.branchId}`)).body.total).toBe(3);
  expect((await call("GET", "/equipment?q=100%25")).body.total).toBe(0);
});

test("one concentrator shows its meters with their points, what differs from before, and its events", async () => {
  await db.query(sql`
    insert into event (at, device_id, code) select now(), device_id, 'energsys-mc:257' from gateway where gateway_id = ${online}`);
  const { body } = await call("GET", `/equipment/${online}`);
  expect(body.meterList).toMatchObject([
    { logicalDevice: 16, module: null },
    { logicalDevice: 17, module: 16, input: 1, pod: "RO001EMO0000001" },
    { logicalDevice: 18, state: "missing", pod: null },
  ]);
  expect(body.openDifferences).toMatchObject([
    { kind: "moved", was: "rs485-2 3", is: "rs485-1 7" },
    { kind: "missing", name: "ISK40000009", was: null, is: null },
  ]);
  expect(body.events).toMatchObject([{ eventName: "mains-failed" }]);
  expect((await call("GET", "/equipment/999999")).body.code).toBe("gateway.not-found");
});

test("differences are acknowledged in bulk with a note, once, and stand in the log", async () => {
  const { body } = await call("GET", `/equipment/${online}`);
  const differenceIds = body.openDifferences.map((row: { differenceId: number }) => row.differenceId);
  const payload = { differenceIds, note: "schimb programat" };
  expect((await call("POST", "/equipment/differences/acknowledgements", payload)).body).toEqual({
    acknowledged: 2,
  });
  expect((await call("POST", "/equipment/differences/acknowledgements", payload)).body).toEqual({
    acknowledged: 0,
  });
  expect((await call("GET", `/equipment/${online}`)).body.openDifferences).toEqual([]);
  const { rows } = await db.query<{ after: Record<string, unknown> }>(sql`
    select after from audit.log where object_type = 'gateway_difference' and actor = 'ana'`);
  expect(rows.map(({ after }) => [after.state, after.note])).toEqual([
    ["acknowledged", "schimb programat"],
    ["acknowledged", "schimb programat"],
  ]);
});

test("a concentrator's own alarms are for those who hold its branch, and for no other branch", async () => {
  const { rows: inserted } = await db.query<{ deviceId: number; at: number; code: string; seq: number }>(sql`
    insert into event (at, device_id, code)
    select date_trunc('milliseconds', now()), device_id, ${alarmCodes[0]!.code} from gateway where gateway_id = ${silent}
    returning device_id as "deviceId", at, code, seq`);
  const { deviceId } = inserted[0]!;
  const within = (branchId: number) => ({ parts: [{ branchIds: [branchId], supplierId: null }] });
  const filter = { state: "all", fromMs: 0, deviceId, limit: 10 } as const;
  const total = async (branchId: number) =>
    Object.values(await countAlarms(db, within(branchId), 0)).reduce((sum, count) => sum + count, 0);
  const acknowledge = (branchId: number) =>
    acknowledgeAlarms(db, within(branchId), { keys: inserted, by: "ana", note: "", nowMs: Date.now() });

  expect((await listAlarms(db, within(first.branchId), filter)).rows).toMatchObject([
    { deviceId, pod: null, branch: ["Argeș", "Câmpulung"] },
  ]);
  expect((await listAlarms(db, within(-1), filter)).rows).toEqual([]);
  expect((await listAlarms(db, { parts: [{ branchIds: null, supplierId: 1 }] }, filter)).rows).toEqual([]);
  const before = await total(first.branchId);
  expect([before > 0, await total(-1)]).toEqual([true, 0]);
  expect([await acknowledge(-1), await acknowledge(first.branchId)]).toEqual([0, 1]);
  expect(await total(first.branchId)).toBe(before - 1);
});

test("J1 a concentrator that is away is one incident with the number of points behind it, and its meters are none", async () => {
  await db.query(sql`update device set gateway_id = ${silent}, last_contact_at = now() - interval '30 days'
    where device_id = ${first.deviceId}`);
  await db.query(sql`
    insert into gateway_meter (gateway_id, logical_device, name, line, address, module, input, state, device_id) values
      (${silent}, 20, 'ML-1', 'rs485-1', '1', null, null, 'known', null),
      (${silent}, 21, 'ISK1', 'rs485-1', '', 20, 4, 'missing', ${first.deviceId})`);
  const { concentrators, silent: devices } = (await call("GET", "/operations")).body;
  expect(concentrators).toMatchObject([
    { gatewayId: silent, name: "MC-2", branch: ["Argeș", "Câmpulung"], state: "silent", points: 1 },
    { gatewayId: gone, state: "shutdown", points: 0 },
  ]);
  expect(concentrators[0].silentSeconds).toBeGreaterThan(2_400);
  expect(devices.rows).toEqual([]);
});

test("a point shows the chain to its meter, each part with its state; one that is reached by itself has none", async () => {
  const pointOf = async (pod: string) => (await call("GET", `/points?q=${pod}`)).body.rows[0].pointId;
  const behind = (await call("GET", `/points/${await pointOf("RO001EMO0000001")}`)).body;
  expect(behind.chain).toMatchObject({
    gatewayId: silent,
    gateway: "MC-2",
    gatewayState: "silent",
    hasLine: false,
    module: "ML-1",
    moduleState: "known",
    input: 4,
    meterState: "missing",
  });
  expect((await call("GET", `/points/${await pointOf("RO001EMO0000002")}`)).body.chain).toBeNull();
});
