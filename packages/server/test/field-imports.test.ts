import { createHash } from "node:crypto";
import { splitJournal, unpackDay } from "@energsys/metering";
import { findGatewayLine, sql, storeJournal } from "@energsys/store";
import { entryOf, journalOf, profileBody } from "@energsys/store/testing/journal-bytes";
import { expect, test } from "vitest";
import { browserOf, firstAccount, importPoints, networkPoint, testServer } from "./harness.ts";

const server = await testServer();
const { db, clock } = server;
const call = browserOf(server, await firstAccount(server));
await importPoints(db, [networkPoint(1), networkPoint(2)]);
const { rows: branches } = await db.query<{ id: number }>(
  sql`select branch_id as id from branch where name = 'Câmpulung'`,
);
const identity = "ENC0000000000001";
const { rows: made } = await db.query<{ id: number }>(sql`
  insert into gateway (identity) values (${identity}) returning gateway_id as id`);
const gatewayId = made[0]!.id;
await call("POST", `/equipment/${gatewayId}/adoption`, { name: "MC-1", branchId: branches[0]!.id });
await db.query(sql`
  insert into gateway_meter (gateway_id, logical_device, name, state, device_id) values
    (${gatewayId}, 16, 'ISK1', 'known', (select device_id from device where identity = 'ISK1')),
    (${gatewayId}, 17, 'ENS9', 'new', null)`);
await db.query(sql`update device set gateway_id = ${gatewayId} where identity = 'ISK1'`);

/** The 1st of November 2026 in Bucharest. */
const startMs = Date.UTC(2026, 9, 31, 22);
const dayMs = 86_400_000;
const context = { nowMs: clock.ms, zone: "Europe/Bucharest" };
const quarters = (value: number, count = 96) => Array.from({ length: count }, () => value);
const day = (nth: number, values: readonly number[]) => profileBody(startMs + nth * dayMs, values);

function dumpOf(entries: readonly Uint8Array[], first: number): string {
  const head = {
    identity,
    firmware: "1.0",
    made: "2026-11-23T12:00:00Z",
    first,
    last: first + entries.length - 1,
    taken: 0,
    meters: [],
  };
  const text = `${["ENERGSYS-MC-DUMP/1", JSON.stringify(head), ...entries.map((entry) => Buffer.from(entry).toString("hex"))].join("\n")}\n`;
  return `${text}END ${entries.length} ${createHash("sha256").update(text).digest("hex")}\n`;
}

async function overTheLine(entries: readonly Uint8Array[], cursor: number): Promise<void> {
  const line = (await findGatewayLine(db, identity))!;
  const { entries: good, poison } = splitJournal(journalOf(entries));
  await storeJournal(
    db,
    {
      gatewayId,
      deviceId: line.deviceId!,
      entries: good,
      poison,
      cursor,
      blockKind: "mc-journal",
      receivedAtMs: clock.ms,
    },
    context,
  );
}

/** Values of the meter's channel and of the point's on a day; null where one is missing. */
async function values(date: string): Promise<(number | null)[][]> {
  const { rows } = await db.query<{ v: Buffer; q: Buffer | null; slots: number }>(sql`
    select v, q, slots from load_day join channel using (channel_id) where day = ${date}::date order by meter_id nulls last`);
  return rows.map(({ v, q, slots }) =>
    [...unpackDay(v, q, slots).values].map((value) => (Number.isNaN(value) ? null : value)),
  );
}
const numbersOf = (list: (number | null)[][]) => list.map((row) => [...new Set(row)]);

test("a dump is checked before, taken in, listed, and taken back: each interval is what it was before, with the history kept", async () => {
  // The line brought the 1st, and half of the 2nd with other values than the store has.
  await overTheLine([entryOf(1, 16, 1, day(0, quarters(5))), entryOf(2, 16, 1, day(1, quarters(7, 48)))], 2);
  const text = dumpOf(
    [
      entryOf(3, 16, 1, day(1, quarters(9))),
      entryOf(4, 16, 1, day(2, quarters(3))),
      entryOf(5, 17, 1, day(2, quarters(1))),
      entryOf(6, 16, 1, [0x02, 0x01, 0x00]),
    ],
    3,
  );
  const body = { fileName: "MC-1.dump", text };
  const check = await call("POST", "/field-imports/checks", body);
  expect(check.body).toMatchObject({
    kind: "concentrator-dump",
    identity,
    first: 3,
    last: 6,
    entries: 4,
    beyondCursor: 4,
    meters: [
      { name: "ISK1", adopted: true, intervals: 192, added: 144, differ: 48 },
      { name: "ENS9", adopted: false, intervals: 0 },
    ],
    before: null,
    stored: null,
  });
  expect((await call("GET", "/field-imports")).body.rows).toEqual([]);
  const before = await values("2026-11-02");
  const taken = await call("POST", "/field-imports", body);
  expect(taken.status).toBe(201);
  expect(taken.body.stored).toMatchObject({ intervals: 192, kept: 1 });
  expect(numbersOf(await values("2026-11-02"))).toEqual([[9], [9]]);
  expect(numbersOf(await values("2026-11-03"))).toEqual([[3], [3]]);
  const { importId } = taken.body.stored;
  const again = await call("POST", "/field-imports", body);
  expect(again.body).toMatchObject({ before: importId, stored: { importId, intervals: 0 } });
  expect((await call("GET", "/field-imports")).body.rows).toMatchObject([
    { importId, gateway: "MC-1", intervals: 192, importedBy: "ana", finished: true, undoneBy: null },
  ]);

  expect((await call("POST", `/field-imports/${importId}/undo`, {})).status).toBe(400);
  const undone = await call("POST", `/field-imports/${importId}/undo`, { reason: "altă stradă" });
  expect(undone.body).toEqual({ intervals: 192, registers: 0, kept: 0 });
  expect(await values("2026-11-02")).toEqual(before);
  expect(numbersOf(await values("2026-11-03"))).toEqual([[null], [null]]);
  expect(numbersOf(await values("2026-11-01"))).toEqual([[5], [5]]);
  const { rows: history } = await db.query(sql`
    select ver from load_day_hist join channel using (channel_id) where meter_id is not null and day = '2026-11-02' order by ver`);
  expect(history).toEqual([{ ver: 1 }, { ver: 2 }]);
  expect((await call("POST", `/field-imports/${importId}/undo`, { reason: "din nou" })).body.code).toBe(
    "import.undone",
  );
  expect((await call("GET", "/field-imports")).body.rows).toMatchObject([
    { importId, undoneBy: "ana", undoReason: "altă stradă", undoneIntervals: 192 },
  ]);
  // The file may be taken in anew.
  expect((await call("POST", "/field-imports", body)).body.stored).toMatchObject({ intervals: 192 });
});

test("what somebody changed after the import stays when it is taken back, and what the line brought is asked of it again", async () => {
  const text = dumpOf([entryOf(10, 16, 1, day(5, quarters(4)))], 10);
  const { body } = await call("POST", "/field-imports", { fileName: "later.dump", text });
  await overTheLine([entryOf(10, 16, 1, day(5, [...quarters(4, 48), ...quarters(8, 48)]))], 10);
  const undone = await call("POST", `/field-imports/${body.stored.importId}/undo`, { reason: "de probă" });
  expect(undone.body).toEqual({ intervals: 48, registers: 0, kept: 48 });
  expect(numbersOf(await values("2026-11-06"))[0]).toEqual([null, 8]);
  const { rows } = await db.query<{ request: unknown }>(sql`
    select request from attempt where cause = 'gateway' and state = 'queued' order by attempt_id desc limit 1`);
  expect(rows[0]!.request).toEqual({ gateway: { action: "reread", from: 10, to: 10 } });
});

test("a hand-held's file: each line is used or refused with a reason, and its readings go when it is taken back", async () => {
  await db.query(sql`
    insert into register_reading (meter_id, obis, measured_at, value, unit, received_at)
    select meter_id, '1-0:1.8.0*255', '2026-11-19T08:00:00Z', 500, 'kWh', now() from device where identity = 'ISK2'`);
  const text = [
    "serie;registru;data;valoare",
    "4000000001;1.8.0;2026-11-20 10:05;1523,4",
    "ISK4000000001;2.8.0;2026-11-20T08:05:00Z;0",
    "4000000002;1.8.0;2026-11-20T08:06:00Z;499,9",
    "4000000002;1.8.0;2026-11-19T08:00:00Z;501",
    "999;1.8.0;2026-11-20 10:05;7",
    "4000000001;1.8.0;2026-11-20 10:05;1",
    "4000000001;1.8.0;2026-10-25 03:30;1",
    "4000000001;1.8.0;2099-01-01 00:00;1",
    "4000000001;1.8.0;2026-11-20 11:00;12a",
    "",
  ].join("\r\n");
  const body = { fileName: "ruta-7.csv", text };
  const { body: check } = await call("POST", "/field-imports/checks", body);
  expect(check).toMatchObject({ kind: "hand-held", entries: 4, refusedTotal: 5, stored: null });
  expect(check.meters).toMatchObject(
    [
      { name: "4000000001", readings: 1, added: 1, differ: 0, lower: 0 },
      { name: "4000000002", readings: 2, added: 1, differ: 1, lower: 1 },
    ].map((meter, nth) => (nth === 0 ? { ...meter, readings: 2, added: 2 } : meter)),
  );
  expect(check.refused.map(({ line, reason }: { line: number; reason: string }) => [line, reason])).toEqual([
    [6, "unknown-meter"],
    [7, "twice"],
    [8, "time"],
    [9, "time-ahead"],
    [10, "value"],
  ]);
  const { body: taken } = await call("POST", "/field-imports", body);
  expect(taken.stored).toMatchObject({ registers: 4 });
  const stored = async () =>
    (
      await db.query(sql`
        select serial, obis, trim_scale(value)::text as value, unit, version, flags from register_reading join meter using (meter_id)
        order by serial, measured_at, obis, version`)
    ).rows;
  expect(await stored()).toEqual([
    { serial: "4000000001", obis: "1-0:1.8.0*255", value: "1523.4", unit: "kWh", version: 1, flags: 0 },
    { serial: "4000000001", obis: "1-0:2.8.0*255", value: "0", unit: "kWh", version: 1, flags: 0 },
    { serial: "4000000002", obis: "1-0:1.8.0*255", value: "500", unit: "kWh", version: 1, flags: 0 },
    { serial: "4000000002", obis: "1-0:1.8.0*255", value: "501", unit: "kWh", version: 2, flags: 0 },
    { serial: "4000000002", obis: "1-0:1.8.0*255", value: "499.9", unit: "kWh", version: 1, flags: 256 },
  ]);
  const undone = await call("POST", `/field-imports/${taken.stored.importId}/undo`, { reason: "altă rută" });
  expect(undone.body).toEqual({ intervals: 0, registers: 4, kept: 0 });
  expect(await stored()).toEqual([
    { serial: "4000000002", obis: "1-0:1.8.0*255", value: "500", unit: "kWh", version: 1, flags: 0 },
  ]);
});

test("what is no file from the field is refused by name", async () => {
  const check = async (text: string) =>
    (await call("POST", "/field-imports/checks", { fileName: "f", text })).body.code;
  expect(await check("%PDF-1.7")).toBe("import.unknown-file");
  expect(await check("serial;value\n1;2\n")).toBe("import.unknown-file");
  expect(await check("ENERGSYS-MC-DUMP/1\n{}\n")).toBe("import.unreadable");
  const nothing = "serial;obis;time;value\n999;1.8.0;2026-11-20 10:05;7\n";
  expect((await call("POST", "/field-imports", { fileName: "f", text: nothing })).body.code).toBe(
    "import.nothing",
  );
  expect((await call("POST", "/field-imports/999999/undo", { reason: "nimic" })).body.code).toBe(
    "import.not-found",
  );
});

test("a file with heads of its own is mapped once; the next one with the same head is mapped so", async () => {
  const { rows } = await db.query<{ serial: string }>(
    sql`select serial from meter join device using (meter_id) where identity = 'ISK2'`,
  );
  const serial = rows[0]!.serial;
  const head = "Nr. contor;Data;Ora;Consum (kWh);Observații";
  const lines = Array.from(
    { length: 4 },
    (_, slot) =>
      `${serial};10.10.2026;0${Math.floor(slot / 4)}:${["00", "15", "30", "45"][slot % 4]};0,25;"a; b"`,
  );
  const text = [head, ...lines, `${serial};10.10.2026;01:00;mult;`].join("\n");
  const file = { fileName: "istoric.csv", text };
  const unknown = await call("POST", "/field-imports/checks", file);
  expect(unknown.body.code).toBe("import.unknown-file");
  const columns = (await call("POST", "/field-imports/columns", file)).body;
  expect(columns).toMatchObject({ lines: 5, profile: null });
  const [mapping] = columns.guesses;
  expect(mapping).toEqual({ kind: "load-curves", columns: { serial: 0, start: 1, clock: 2, value: 3 } });
  const incomplete = { ...mapping, columns: { serial: 0, value: 3 } };
  expect((await call("POST", "/field-imports/checks", { ...file, mapping: incomplete })).body.fields).toEqual(
    {
      "/mapping/columns/start": "No column holds it",
    },
  );
  const check = (await call("POST", "/field-imports/checks", { ...file, mapping })).body;
  expect(check).toMatchObject({ kind: "load-curves", entries: 4, refused: [{ line: 6, reason: "value" }] });
  const taken = (await call("POST", "/field-imports", { ...file, mapping })).body;
  expect(taken.stored).toMatchObject({ intervals: 4 });
  // Nobody has to map the next month's file.
  const next = { fileName: "istoric-2.csv", text: text.replaceAll("10.10.2026", "11.10.2026") };
  expect((await call("POST", "/field-imports/checks", next)).body).toMatchObject({ entries: 4 });
  expect((await call("POST", "/field-imports/columns", next)).body.profile).toEqual(mapping);
  const undone = await call("POST", `/field-imports/${taken.stored.importId}/undo`, { reason: "a trial" });
  expect(undone.body).toMatchObject({ intervals: 4, kept: 0 });
});
