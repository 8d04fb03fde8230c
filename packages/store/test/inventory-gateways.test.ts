import { splitJournal } from "@energsys/metering";
import { expect, test } from "vitest";
import {
  findGatewayLine,
  type Inventory,
  importInventory,
  listDifferences,
  listGatewayMeters,
  listGateways,
  recordAnnouncement,
  sql,
  storeJournal,
} from "../src/index.ts";
import { entryOf, journalOf, metersBody, profileBody } from "../src/testing/journal-bytes.ts";
import { testDatabase } from "../src/testing.ts";
import { inventoryOf } from "./field.ts";

const { db } = await testDatabase();
const identity = "ENC0000000000042";
const nowMs = Date.UTC(2026, 10, 23, 12);
const context = { nowMs, zone: "Europe/Bucharest" };
const startMs = Date.UTC(2026, 10, 18, 22);

/** States of a meter in an entry of kind 4. */
const [fresh, known, exchanged] = [0, 1, 4] as const;

const plain = inventoryOf(2);
const behind = (number: number) => {
  const point = plain.points[number - 1]!;
  const device = { ...point.device, url: "dlms+tcp://?client=2&server=1", direction: "call-in" as const };
  return { ...point, device };
};
const inventory: Inventory = {
  ...plain,
  points: [behind(1), plain.points[1]!],
  plan: { name: "quarter-hours", everySeconds: 900, backfillDays: 40 },
  gateways: [{ identity, name: "PT 12 / 1", branch: ["Network", "PT 12"], meters: ["TST1"] }],
};

const devices = async () =>
  (
    await db.query<{
      identity: string;
      url: string;
      direction: string;
      gateway: string | null;
      plans: number;
    }>(sql`
      select device.identity, url, direction, gateway.identity as gateway,
        (select count(*)::int from device_plan where device_plan.device_id = device.device_id) as plans
      from device left join gateway using (gateway_id) where device.identity like 'TST%' order by device.identity`)
  ).rows;

test("concentrators of an inventory are adopted where they stand, and their meters leave the reading plan", async () => {
  const outcome = await importInventory(db, inventory);
  expect(outcome.gateways).toBe(1);
  const [gateway] = await listGateways(db);
  expect(gateway).toMatchObject({
    identity,
    name: "PT 12 / 1",
    state: "adopted",
    announcedAtMs: null,
    adoptedBy: "import",
  });
  const { rows } = await db.query<{ name: string }>(
    sql`select name from branch where branch_id = ${gateway!.branchId}`,
  );
  expect(rows).toEqual([{ name: "PT 12" }]);
  expect(await devices()).toMatchObject([
    { identity: "TST1", direction: "call-in", gateway: identity, plans: 0 },
    { identity: "TST2", gateway: null, plans: 1 },
  ]);
});

test("what such a concentrator tells and brings needs no hand", async () => {
  const line = (await findGatewayLine(db, identity))!;
  const { entries, poison } = splitJournal(
    journalOf([
      entryOf(1, 1, 4, metersBody(16, "TST1", 0)),
      entryOf(
        2,
        16,
        1,
        profileBody(
          startMs,
          Array.from({ length: 96 }, (_, nth) => nth),
        ),
      ),
    ]),
  );
  const outcome = await storeJournal(
    db,
    {
      gatewayId: line.gatewayId,
      deviceId: line.deviceId!,
      entries,
      poison,
      cursor: 2,
      blockKind: "mc-journal",
      receivedAtMs: nowMs,
    },
    context,
  );
  expect(outcome).toMatchObject({ intervals: 96, kept: 0 });
  expect(await listDifferences(db, { limit: 10, state: "open" })).toEqual([]);
  const [meter] = await listGatewayMeters(db, line.gatewayId);
  expect(meter).toMatchObject({ name: "TST1", logicalDevice: 16 });
});

test("a second import changes nothing: the number that the concentrator gave stays", async () => {
  const before = await devices();
  expect(before[0]?.url).toBe("dlms+tcp://?client=2&server=16");
  expect(await importInventory(db, inventory)).toEqual({
    branches: 0,
    points: 0,
    meters: 0,
    installations: 0,
    devices: 0,
    gateways: 0,
  });
  expect(await devices()).toEqual(before);
});

test("one that waits in quarantine is adopted by the import, and told to the head-end", async () => {
  const stranger = "ENC0000000000043";
  const heard: string[] = [];
  const stop = await db.listen("energsys_work", (payload) => heard.push(payload));
  const waiting = await recordAnnouncement(
    db,
    {
      identity: stranger,
      protocol: "ENERGSYS-MC/1",
      firmware: "1.0",
      meters: 0,
      newest: 0,
      oldest: 1,
      taken: 0,
      supply: "mains",
    },
    { remoteAddress: "127.0.0.1", atMs: nowMs },
  );
  expect(waiting).toMatchObject({ state: "quarantine" });
  const gateways = [{ identity: stranger, branch: ["Network", "PT 12"], meters: ["TST2"] }];
  await importInventory(db, { ...inventory, points: [behind(2)], gateways });
  expect(await findGatewayLine(db, stranger)).toMatchObject({ state: "adopted" });
  await expect
    .poll(() => heard.map((text) => JSON.parse(text)))
    .toContainEqual({ type: "gateway-changed", gatewayId: waiting!.gatewayId });
  await stop();
  expect((await devices())[1]).toMatchObject({ gateway: stranger, plans: 0 });
});

test("an exchange that stands in the inventory is settled when its concentrator tells it; one that nobody entered is open", async () => {
  const third = "ENC0000000000044";
  const [entered, unentered] = inventoryOf(8)
    .points.slice(6)
    .map((point) => ({
      ...point,
      device: { ...point.device, url: "dlms+tcp://?client=2&server=1", direction: "call-in" as const },
    }));
  const removedAt = "2026-11-20T10:00:00Z";
  await importInventory(db, {
    branches: [],
    points: [
      {
        ...entered!,
        meter: { ...entered!.meter, serial: "70" },
        device: { ...entered!.device, identity: "TST70" },
        installedAt: removedAt,
        before: [
          {
            meter: entered!.meter,
            device: entered!.device,
            installedAt: entered!.installedAt,
            removedAt,
          },
        ],
      },
      unentered!,
    ],
    gateways: [{ identity: third, branch: ["Network", "PT 12"], meters: ["TST7", "TST70", "TST8"] }],
  });
  const line = (await findGatewayLine(db, third))!;
  const told = [
    entryOf(1, 1, 4, metersBody(16, "TST7", known)),
    entryOf(2, 1, 4, metersBody(17, "TST8", known)),
    entryOf(3, 1, 4, metersBody(16, "TST7", exchanged)),
    entryOf(4, 1, 4, metersBody(18, "TST70", fresh)),
    entryOf(5, 1, 4, metersBody(17, "TST8", exchanged)),
    entryOf(6, 1, 4, metersBody(19, "TST80", fresh)),
  ];
  const { entries, poison } = splitJournal(journalOf(told));
  await storeJournal(
    db,
    {
      gatewayId: line.gatewayId,
      deviceId: line.deviceId!,
      entries,
      poison,
      cursor: 6,
      blockKind: "mc-journal",
      receivedAtMs: nowMs,
    },
    context,
  );
  const differences = await listDifferences(db, { gatewayId: line.gatewayId, limit: 10 });
  expect(differences.map(({ logicalDevice, kind, state }) => [logicalDevice, kind, state]).sort()).toEqual([
    [16, "exchanged", "settled"],
    [17, "exchanged", "open"],
    [18, "new", "adopted"],
    [19, "new", "open"],
  ]);
});
