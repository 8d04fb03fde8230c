import { createHash } from "node:crypto";
import { readEntry, splitJournal } from "@energsys/metering";
import { expect, test } from "vitest";
import {
  acknowledgeDifference,
  actingAs,
  adoptGateway,
  adoptGatewayMeter,
  because,
  changeGateway,
  everywhere,
  findConcentrator,
  findGatewayLine,
  importDump,
  importInventory,
  listDifferences,
  listGatewayMeters,
  listGateways,
  recordAnnouncement,
  sql,
  storeJournal,
  storeKeptEntries,
} from "../src/index.ts";
import { entryOf, journalOf, metersBody, profileBody } from "../src/testing/journal-bytes.ts";
import { testDatabase } from "../src/testing.ts";
import { inventoryOf } from "./field.ts";

const { db } = await testDatabase();
const identity = "ENC0000000000001";
const nowMs = Date.UTC(2026, 10, 23, 12);
const context = { nowMs, zone: "Europe/Bucharest" };
const startMs = Date.UTC(2026, 10, 18, 22);

await importInventory(db, inventoryOf(2));
const announcement = {
  identity,
  protocol: "ENERGSYS-MC/1",
  firmware: "1.0",
  meters: 2,
  newest: 9,
  oldest: 1,
  taken: 0,
  supply: "mains",
} as const;

const storedSlots = async () =>
  (
    await db.query<{
      n: number;
    }>(sql`select coalesce(sum(ok), 0)::int as n from load_day join channel using (channel_id)
    where meter_id is not null`)
  ).rows[0]!.n;

const part = async (entries: Uint8Array[], cursor?: number) => {
  const line = (await findGatewayLine(db, identity))!;
  const { entries: good, poison } = splitJournal(journalOf(entries));
  return storeJournal(
    db,
    {
      gatewayId: line.gatewayId,
      deviceId: line.deviceId!,
      entries: good,
      poison,
      ...(cursor === undefined ? {} : { cursor }),
      blockKind: "mc-journal",
      receivedAtMs: nowMs,
    },
    context,
  );
};

test("an unknown concentrator waits in quarantine until somebody adopts it", async () => {
  const line = await recordAnnouncement(db, announcement, { remoteAddress: "127.0.0.1", atMs: nowMs });
  expect(line).toMatchObject({ state: "quarantine", deviceId: null });
  await adoptGateway(db, everywhere, line!.gatewayId, { by: "ana", name: "PT 12" });
  const [gateway] = await listGateways(db);
  expect(gateway).toMatchObject({ state: "adopted", name: "PT 12", adoptedBy: "ana", hasLine: false });
});

test("what a concentrator was called, whose it was and where it stood is kept, whoever changes it", async () => {
  const [gateway] = await listGateways(db);
  const gatewayId = gateway!.gatewayId;
  const { rows: made } = await db.query<{ branchId: number; locationId: number }>(sql`
    with b as (insert into branch (name) values ('Stații') returning branch_id)
    insert into location (branch_id) select branch_id from b returning branch_id as "branchId", location_id as "locationId"`);
  const { branchId, locationId } = made[0]!;
  const by = because(actingAs(db, { actor: "ana" }), "moved to the new station");
  await changeGateway(by, everywhere, gatewayId, { name: "PT 12 nou", branchId });
  await changeGateway(by, everywhere, gatewayId, { name: "PT 12 nou" });
  await adoptGateway(db, everywhere, gatewayId, { by: "ana", locationId });
  await changeGateway(db, everywhere, gatewayId, { name: "PT 12" });
  const found = await findConcentrator(db, everywhere, gatewayId);
  // The change that changed nothing left nothing.
  expect(found?.versions).toMatchObject([
    { name: "PT 12", ownership: "adopted", branch: ["Stații"], to: null, endedBy: null },
    { name: "PT 12 nou", branch: ["Stații"], address: "" },
    { name: "PT 12 nou", branch: ["Stații"], address: null },
    { name: "PT 12", branch: [], endedBy: "ana", reason: "moved to the new station" },
    { name: "", ownership: "quarantine", from: found?.firstSeenAt },
  ]);
  const versions = found!.versions;
  expect(versions.slice(1).map(({ to }) => to)).toEqual(versions.slice(0, -1).map(({ from }) => from));
  const then = (onMs: number) => findConcentrator(db, everywhere, gatewayId, onMs);
  expect(await then(versions[3]!.from)).toMatchObject({
    name: "PT 12",
    branchId: null,
    since: versions[3]!.from,
  });
  expect(await then(versions[2]!.from)).toMatchObject({ name: "PT 12 nou", branchId, address: null });
  expect(await then(found!.firstSeenAt)).toMatchObject({ name: "", ownership: "quarantine" });
  expect(await then(found!.firstSeenAt - 1)).toBeUndefined();
  await expect(
    db.query(sql`
      insert into gateway_version (gateway_id, during, state, name, ended_by)
      select gateway_id, during, 'retired', 'x', 'x' from gateway_version where gateway_id = ${gatewayId} limit 1`),
  ).rejects.toThrow(/gateway_version_gateway_id_during_excl/);
});

test("entries of a meter that nobody adopted are kept, and stored when somebody does", async () => {
  const outcome = await part(
    [
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
    ],
    2,
  );
  expect(outcome).toMatchObject({ kept: 1, intervals: 0 });
  expect(await storedSlots()).toBe(0);
  const [difference] = await listDifferences(db, { limit: 10 });
  expect(difference).toMatchObject({
    kind: "new",
    logicalDevice: 16,
    state: "open",
    detail: { name: "TST1" },
  });
  const line = (await findGatewayLine(db, identity))!;
  expect(line.cursor).toBe(2);
  const { rows } = await db.query<{ id: number; other: number }>(sql`
    select (select device_id from device where identity = 'TST1') as id, (select device_id from device where identity = 'TST2') as other`);
  const { id, other } = rows[0]!;
  const adoption = { gatewayId: line.gatewayId, logicalDevice: 16, by: "ana" };
  await expect(adoptGatewayMeter(db, { ...adoption, deviceId: other })).rejects.toMatchObject({
    code: "gateway.other-name",
  });
  await adoptGatewayMeter(db, { ...adoption, deviceId: id });
  const gateway = { gatewayId: line.gatewayId, deviceId: line.deviceId! };
  expect(await storeKeptEntries(db, gateway, context)).toBe(1);
  expect(await storeKeptEntries(db, gateway, context)).toBe(0);
  expect(await storedSlots()).toBe(96);
  expect(await listDifferences(db, { limit: 10, state: "adopted" })).toHaveLength(1);
  expect(await listGatewayMeters(db, line.gatewayId)).toMatchObject([{ deviceId: id, entriesKept: 0 }]);
});

test("a poison entry is kept aside and stops neither the others nor the cursor; all of it twice changes nothing", async () => {
  const bad = entryOf(3, 16, 1, Uint8Array.of(0x02, 0x01, 0x11, 0x07));
  const good = entryOf(
    4,
    16,
    1,
    profileBody(
      startMs + 86_400_000,
      Array.from({ length: 96 }, () => 5),
    ),
  );
  expect(await part([bad, good], 4)).toMatchObject({ poison: 1, intervals: 96 });
  expect(await part([bad, good], 4)).toMatchObject({ intervals: 0, daysWritten: 0 });
  expect((await listGateways(db))[0]).toMatchObject({ cursor: 4, poisonEntries: 1 });
  expect(await storedSlots()).toBe(192);
});

test("a meter that is missing is on the work list until somebody has seen it; the same entry again does not bring it back", async () => {
  const missing = entryOf(5, 1, 4, metersBody(16, "TST1", 2));
  await part([missing], 5);
  const [difference] = await listDifferences(db, { limit: 10, state: "open" });
  expect(difference).toMatchObject({ kind: "missing", detail: { before: { state: "new" } } });
  await acknowledgeDifference(db, difference!.gatewayDifferenceId, "ana", "power was off");
  await expect(acknowledgeDifference(db, difference!.gatewayDifferenceId, "ana")).rejects.toMatchObject({
    code: "gateway.difference-settled",
  });
  await part([missing], 5);
  expect(await listDifferences(db, { limit: 10, state: "open" })).toEqual([]);
});

test("an entry that the database refuses is poison of its own: the others of its part are stored", async () => {
  const otherUnit = entryOf(6, 16, 1, profileBody(startMs, [1, 2], 32));
  const good = entryOf(7, 16, 1, profileBody(startMs + 2 * 86_400_000, [1, 2, 3]));
  expect(await part([otherUnit, good], 7)).toMatchObject({ poison: 1, intervals: 3 });
  expect((await listGateways(db))[0]).toMatchObject({ cursor: 7, poisonEntries: 2 });
});

test("quarantine takes a limited number of strangers, and those that are known still come in", async () => {
  const call = (n: number) =>
    recordAnnouncement(
      db,
      { ...announcement, identity: `ENC9${String(n).padStart(12, "0")}` },
      { remoteAddress: "127.0.0.1", atMs: nowMs },
    );
  for (let n = 0; n < 500; n++) expect(await call(n)).toMatchObject({ state: "quarantine" });
  expect(await call(500)).toBeUndefined();
  expect(await call(3)).toMatchObject({ state: "quarantine" });
  expect(
    await recordAnnouncement(db, announcement, { remoteAddress: "127.0.0.1", atMs: nowMs }),
  ).toMatchObject({ state: "adopted", cursor: 7 });
});

test("an entry cut anywhere is poison with a code, and never more than that", () => {
  const whole = entryOf(8, 16, 1, profileBody(startMs, [1, 300, 70_000]));
  for (let end = 0; end < whole.length; end++) {
    expect(readEntry(whole.subarray(0, end))).toMatchObject({ code: expect.stringMatching(/^journal\./) });
  }
  expect(readEntry(whole)).toMatchObject({ number: 8, logicalDevice: 16, kind: "profile" });
});

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const dumpOf = (
  entries: readonly Uint8Array[],
  header = { identity, firmware: "1.0", made: "2026-11-23T12:00:00Z" },
) => {
  const first = 8;
  const lines = [
    "ENERGSYS-MC-DUMP/1",
    JSON.stringify({ ...header, first, last: first + entries.length - 1, taken: 0, meters: [] }),
    ...entries.map(hex),
  ];
  const text = `${lines.join("\n")}\n`;
  return Buffer.from(`${text}END ${entries.length} ${createHash("sha256").update(text).digest("hex")}\n`);
};
const file = { fileName: "dump.txt", by: "ana" };

test("a dump is checked, told and taken in; the line that comes later changes nothing", async () => {
  const entries = [3, 4].map((nth, index) =>
    entryOf(
      8 + index,
      16,
      1,
      profileBody(
        startMs - nth * 86_400_000,
        Array.from({ length: 96 }, () => nth),
      ),
    ),
  );
  const dump = dumpOf(entries);
  const before = await storedSlots();
  expect(await importDump(db, dump, { ...file, dryRun: true }, context)).toMatchObject({
    entries: 2,
    beyondCursor: 2,
    unreadable: 0,
  });
  expect(await storedSlots()).toBe(before);
  expect(await importDump(db, dump, file, context)).toMatchObject({ stored: { intervals: 192 } });
  expect(await importDump(db, dump, file, context)).toMatchObject({ stored: { intervals: 0 } });
  expect(await storedSlots()).toBe(before + 192);
  expect(await part(entries, 9)).toMatchObject({ intervals: 0, daysWritten: 0 });
});

test("a dump that was cut, changed or is of a stranger is refused as a whole", async () => {
  const dump = dumpOf([entryOf(8, 16, 1, profileBody(startMs - 9 * 86_400_000, [1]))]);
  const refused = async (bytes: Uint8Array, code: string) =>
    expect(importDump(db, bytes, file, context)).rejects.toMatchObject({ code });
  await refused(dump.subarray(0, dump.length - 1), "import.unreadable");
  const changed = Buffer.from(dump);
  changed[dump.indexOf("made")] = 0x58;
  await refused(Buffer.from(dump.toString().replace("firmware", "Firmware")), "import.hash");
  await refused(changed, "import.unreadable");
  await refused(
    dumpOf([], { identity: "ENC9999999999999", firmware: "", made: "2026-11-23T12:00:00Z" }),
    "import.unknown-gateway",
  );
});
