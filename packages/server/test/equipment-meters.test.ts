import { sql } from "@energsys/store";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db, clock } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1), networkPoint(2)]);
const { rows: branches } = await db.query<{ id: number }>(
  sql`select branch_id as id from branch where name = 'Câmpulung'`,
);
const { rows: made } = await db.query<{ id: number }>(sql`
  insert into gateway (identity) values ('ENC0000000000001') returning gateway_id as id`);
const gatewayId = made[0]!.id;
await call("POST", `/equipment/${gatewayId}/adoption`, { name: "MC-1", branchId: branches[0]!.id });
await db.query(sql`
  insert into gateway_meter (gateway_id, logical_device, name, model, line, address, state, entry) values
    (${gatewayId}, 16, 'ENS70500001', 'pulse', 'a', '12', 'new', 1),
    (${gatewayId}, 17, 'ENS70500002', 'iskra-me162', 'a', '13', 'new', 1),
    (${gatewayId}, 18, 'ENS70500003', 'pulse', 'a', '14', 'new', 1),
    (${gatewayId}, 19, 'ISK1', 'iskra-me162', 'a', '15', 'new', 1)`);
await db.query(sql`
  insert into gateway_difference (gateway_id, logical_device, entry, kind, at)
  select ${gatewayId}, logical_device, 1, 'new', now() from gateway_meter`);
const page = async () => (await call("GET", `/equipment/${gatewayId}`)).body;
const adopt = async (meters: readonly object[], dryRun = false) =>
  (await call("POST", `/equipment/${gatewayId}/meters/adoptions`, { meters, dryRun })).body.meters;

test("what would come of an adoption is said before, for each meter, and nothing is written", async () => {
  expect(
    await adopt(
      [
        { logicalDevice: 16, pod: "RO001NEW0000001" },
        { logicalDevice: 19, pod: "RO001EMO0000001" },
        { logicalDevice: 17, pod: "RO001EMO0000002" },
        { logicalDevice: 99, pod: "RO001NEW0000009" },
        { logicalDevice: 18, pod: "RO001NEW0000001" },
      ],
      true,
    ),
  ).toMatchObject([
    { logicalDevice: 16, name: "ENS70500001", outcome: "new", errorCode: null, pointId: null },
    { logicalDevice: 19, outcome: "existing", errorCode: null },
    { logicalDevice: 17, outcome: "refused", errorCode: "point.has-meter" },
    { logicalDevice: 99, outcome: "refused", errorCode: "gateway.meter-not-found" },
    { logicalDevice: 18, outcome: "refused", errorCode: "point.has-meter" },
  ]);
  expect((await page()).openDifferences).toHaveLength(4);
  expect((await call("GET", "/points?limit=10")).body.total).toBe(2);
});

test("many at once: new points in the concentrator's branch, and one that was entered with its meter", async () => {
  const outcome = await adopt([
    { logicalDevice: 16, pod: "RO001NEW0000001" },
    { logicalDevice: 17, pod: "RO001NEW0000002", name: "Scara B", address: "Str. Lungă 7" },
    { logicalDevice: 19, pod: "RO001EMO0000001" },
  ]);
  expect(outcome.map(({ outcome }: { outcome: string }) => outcome)).toEqual(["new", "new", "existing"]);
  const { body: point } = await call("GET", `/points/${outcome[1].pointId}`);
  expect(point).toMatchObject({ name: "Scara B", address: "Str. Lungă 7", branch: ["Argeș", "Câmpulung"] });
  const { rows } = await db.query(sql`
    select identity, url, gateway_id = ${gatewayId} as here, serial, meter.model
    from device join meter using (meter_id) where identity in ('ENS70500001', 'ENS70500002', 'ISK1') order by identity`);
  expect(rows).toEqual([
    {
      identity: "ENS70500001",
      url: "dlms+tcp://?client=2&server=16",
      here: true,
      serial: "70500001",
      model: "generic-dlms",
    },
    {
      identity: "ENS70500002",
      url: "dlms+tcp://?client=2&server=17",
      here: true,
      serial: "70500002",
      model: "iskra-me162",
    },
    {
      identity: "ISK1",
      url: "dlms+tcp://?client=2&server=19",
      here: true,
      serial: "4000000001",
      model: "iskra-me162",
    },
  ]);
  const after = await page();
  expect(after.openDifferences).toMatchObject([{ logicalDevice: 18 }]);
  expect(after.meterList.map(({ pod }: { pod: string | null }) => pod)).toEqual([
    "RO001NEW0000001",
    "RO001NEW0000002",
    null,
    "RO001EMO0000001",
  ]);
  expect(await adopt([{ logicalDevice: 16, pod: "RO001NEW0000001" }])).toMatchObject([
    { outcome: "refused", errorCode: "gateway.meter-adopted" },
  ]);
});

test("an exchange gives the point to the new meter, with the old one's last index and its own first", async () => {
  await db.query(sql`update gateway_meter set state = 'exchanged' where logical_device = 17`);
  await db.query(sql`
    insert into gateway_difference (gateway_id, logical_device, entry, kind, at) values (${gatewayId}, 17, 2, 'exchanged', now())`);
  const before = await page();
  const pointId = before.meterList.find(
    ({ logicalDevice }: { logicalDevice: number }) => logicalDevice === 17,
  ).pointId;
  const at = new Date(clock.ms - 3_600_000).toISOString();
  const body = {
    oldDevice: 17,
    newDevice: 18,
    at,
    finalIndexKwh: "48210.5",
    initialIndexKwh: "0.2",
    reason: "schimb planificat",
  };
  const exchange = (more: object = {}) =>
    call("POST", `/equipment/${gatewayId}/meters/exchanges`, { ...body, ...more });
  expect((await exchange({ newDevice: 16 })).body.code).toBe("gateway.meter-adopted");
  expect((await exchange({ oldDevice: 99 })).body.code).toBe("gateway.meter-not-found");
  expect((await exchange({ at: "2001-01-01T00:00:00Z" })).body.code).toBe("installation.too-early");
  expect((await exchange({ at: new Date(clock.ms + 3_600_000).toISOString() })).body.fields).toHaveProperty(
    "/at",
  );
  const made = (await exchange()).body;
  expect(made).toMatchObject({ pointId, days: 0 });
  const { rows } = await db.query(sql`
    select serial, upper_inf(during) as stands, trim_scale(value)::text as index, unit from installation join meter using (meter_id)
    left join register_reading using (meter_id) where point_id = ${pointId} order by lower(during)`);
  expect(rows).toEqual([
    { serial: "70500002", stands: false, index: "48210.5", unit: "kWh" },
    { serial: "70500003", stands: true, index: "0.2", unit: "kWh" },
  ]);
  const after = await page();
  expect(after.openDifferences).toEqual([]);
  expect(
    after.meterList.find(({ logicalDevice }: { logicalDevice: number }) => logicalDevice === 18).pointId,
  ).toBe(pointId);
  const { rows: acts } = await db.query(sql`
    select reason from audit.log where action = 'exchange' and object_type = 'point' and object_id = ${String(pointId)}`);
  expect(acts).toEqual([{ reason: "schimb planificat" }]);
  // It is an exchange like those that people enter: among the point's own, to be taken back.
  const kept = await call("GET", `/points/${pointId}/exchanges`);
  expect(kept.body.rows).toMatchObject([
    {
      exchangeId: made.exchangeId,
      oldSerial: "70500002",
      newSerial: "70500003",
      reason: "schimb planificat",
    },
  ]);
});

test("concentrators, and the meters of one, as files", async () => {
  const all = await call("GET", "/equipment.csv?state=silent");
  expect(all.text).toContain("MC-1;ENC0000000000001;Argeș › Câmpulung;;nu comunică;");
  const { text } = await call("GET", `/equipment/${gatewayId}/meters.csv`);
  expect(text.split("\r\n").slice(0, 2)).toEqual([
    "\uFEFFDispozitiv logic;Serie contor;Model;Linie;Adresă;Modul;Intrare;Stare;Ultimul contact (UTC);POD;Diferențe",
    "16;ENS70500001;pulse;a;12;;;nou;;RO001NEW0000001;",
  ]);
  expect((await call("GET", "/equipment/999999/meters.csv")).status).toBe(404);
});
