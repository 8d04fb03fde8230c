import {
  everyImport,
  everywhere,
  importFieldFile,
  importInventory,
  listFindings,
  listImports,
  readLoadDays,
  type Scope,
  sql,
  undoImport,
  validateChanged,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";
import { inventoryOf } from "./field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);
await importInventory(db, inventoryOf(2, { ctRatios: ["1", "20"] }));
const zone = "Europe/Bucharest";
const context = { nowMs: Date.parse("2026-11-20T10:00:00Z"), zone };
const bytes = (lines: readonly string[]) => new TextEncoder().encode(lines.join("\r\n"));
const take = (lines: readonly string[], dryRun = false) =>
  importFieldFile(db, bytes(lines), { fileName: "old.csv", by: "ana", scope: everywhere, dryRun }, context);

/** The long day of 2024 as an older system writes it: local times, the hour from 03:00 twice. */
function longDay(serial: string): string[] {
  const lines: string[] = [];
  const start = Temporal.PlainDate.from("2024-10-27").toZonedDateTime(zone);
  for (let slot = 0; slot < 100; slot++) {
    const local = start
      .add({ minutes: 15 * slot })
      .toPlainDateTime()
      .toString()
      .slice(0, 16)
      .replace("T", " ");
    lines.push(`${serial};${local};0,${String(100 + slot).padStart(3, "0")}`);
  }
  return lines;
}
const days = async (pointId: number) => {
  const { rows } = await db.query<{ id: number }>(
    sql`select channel_id as id from channel where point_id = ${pointId}`,
  );
  return rows[0] ? readLoadDays(db, rows[0].id, "2024-10-27", "2024-10-28") : [];
};
const expected = Array.from({ length: 100 }, (_, slot) => 100 + slot);

test("a day of 100 quarter-hours comes in as it was, with the factor of its installation, is checked before and taken back after", async () => {
  const file = ["Serie;Inceput;Valoare", ...longDay("1"), ...longDay("2"), "999;2024-10-27 00:00;1,5"];
  const check = await take(file, true);
  expect(check).toMatchObject({
    kind: "load-curves",
    entries: 200,
    meters: [
      { name: "1", intervals: 100, added: 100, differ: 0 },
      { name: "2", intervals: 100, added: 100, differ: 0 },
    ],
    refused: [{ reason: "unknown-meter", text: "999" }],
  });
  expect(await days(1)).toEqual([]);
  const { stored } = await take(file);
  expect(stored).toMatchObject({ intervals: 200 });
  const [one] = await days(1);
  const [two] = await days(2);
  expect([...one!.values]).toEqual(expected);
  expect([...two!.values]).toEqual(expected.map((value) => value * 20));
  // The very same file again changes nothing.
  expect((await take(file)).stored).toMatchObject({ importId: stored!.importId, intervals: 0 });
  expect(await listImports(db, everyImport("ana"), 10)).toMatchObject([
    { kind: "load-curves", intervals: 200, meters: 2 },
  ]);
  // Who took it in has the rights of one of the two branches by now: nothing is written to the meter of the other one.
  const { rows: branches } = await db.query<{ id: number }>(
    sql`select branch_id as id from branch where name = 'PT 0'`,
  );
  const scope: Scope = { parts: [{ branchIds: [branches[0]!.id], supplierId: null }] };
  await expect(
    undoImport(db, { scope, by: "ana" }, stored!.importId, { reason: "trial" }, context),
  ).rejects.toMatchObject({ code: "import.not-found" });
  expect((await days(1))[0]!.values[0]).toBe(100);
  expect(
    await undoImport(db, everyImport("ana"), stored!.importId, { reason: "trial" }, context),
  ).toMatchObject({
    intervals: 200,
    kept: 0,
  });
  expect((await days(1))[0]?.values.every((value) => Number.isNaN(value)) ?? true).toBe(true);
});

test("one file that people of two branches bring is an import of each, and each takes back their own", async () => {
  const file = bytes(["Serie;Inceput;Valoare", ...longDay("1"), ...longDay("2")]);
  const imports = [];
  for (const [by, name] of [
    ["ana", "PT 0"],
    ["ben", "PT 1"],
  ] as const) {
    const { rows } = await db.query<{ id: number }>(
      sql`select branch_id as id from branch where name = ${name}`,
    );
    const scope: Scope = { parts: [{ branchIds: [rows[0]!.id], supplierId: null }] };
    const given = { fileName: "old.csv", by, scope, dryRun: false };
    const { before, stored } = await importFieldFile(db, file, given, context);
    expect([before, stored?.intervals]).toEqual([null, 100]);
    imports.push({ view: { scope, by }, importId: stored!.importId });
  }
  const [, theirs] = imports;
  const undone = await undoImport(db, theirs!.view, theirs!.importId, { reason: "trial" }, context);
  expect(undone).toMatchObject({ intervals: 100, kept: 0 });
  expect((await days(1))[0]?.values[0]).toBe(100);
  expect((await days(2))[0]?.values.every((value) => Number.isNaN(value)) ?? true).toBe(true);
});

test("lines that cannot be used are refused alone, each with its reason", async () => {
  const outcome = await take(
    [
      "serial;start;value;unit;obis;quality",
      "1;2024-05-01 00:00;0.5;kWh;;",
      "1;2024-05-01 00:15;1500;Wh;1-0:1.29.0*255;estimated",
      "1;2024-05-01 00:15;2;kWh;;",
      "1;2024-05-01 00:20;2;kWh;1.8.0;",
      "1;31.02.2024 00:30;2;kWh;;",
      "1;2024-03-31 03:30;2;kWh;;",
      "1;2024-05-01 00:45;-2;kWh;;",
      "1;2024-05-01 00:45;2;litres;;",
      "1;2024-05-01 01:07;2;kWh;1-0:2.29.0*255;",
      "1;2024-05-01 01:15;2;kWh;1-0:2.29.0*255;",
      ";2024-05-01 00:45;2;kWh;;",
      "1;2030-05-01 00:45;2;kWh;;",
    ],
    true,
  );
  expect(outcome.refused.map(({ line, reason }) => `${line} ${reason}`).sort()).toEqual(
    [
      "4 twice",
      "5 register",
      "6 time",
      "7 time",
      "8 value",
      "9 unit",
      "10 period",
      "12 serial",
      "13 time-ahead",
    ].sort(),
  );
  expect(outcome.entries).toBe(2);
});

test("values declared final replace others and nobody need look; what comes after them is looked at again", async () => {
  const at = "2024-05-02 00:00";
  const bring = (value: string, isFinal = false) =>
    importFieldFile(
      db,
      bytes(["serial;start;value;unit", `1;${at};${value};kWh`, `1;2024-05-02 00:15;0.2;kWh`]),
      { fileName: "partner.csv", by: "ana", scope: everywhere, dryRun: false, isFinal },
      context,
    );
  const twice = async () => {
    while ((await validateChanged(db, context)).changes > 0);
    const { rows } = await listFindings(db, everywhere, {
      states: ["open"],
      rules: ["V05"],
      fromDay: "2024-05-02",
      toDay: "2024-05-03",
      limit: 10,
    });
    return rows.map(({ words, count }) => `${words} ${count}`);
  };
  await bring("0.1");
  expect(await twice()).toEqual([]);
  await bring("0.3", true);
  expect(await twice()).toEqual([]);
  expect(await listImports(db, everyImport("ana"), 1)).toMatchObject([{ isFinal: true }]);
  await bring("0.4");
  expect(await twice()).toEqual(["delivered-twice 1"]);
  // The very same file, declared final now.
  await bring("0.4", true);
  expect(await twice()).toEqual([]);
  await expect(
    importFieldFile(
      db,
      bytes(["serial;obis;time;value", "1;1.8.0;2024-05-02 00:00;5"]),
      { fileName: "hand.csv", by: "ana", scope: everywhere, dryRun: false, isFinal: true },
      context,
    ),
  ).rejects.toMatchObject({ code: "import.not-final" });
});

test("an import that was taken back is no second delivery: what stood before stands undoubted", async () => {
  const bring = (value: string) =>
    importFieldFile(
      db,
      bytes(["serial;start;value;unit", `1;2024-05-06 00:00;${value};kWh`, "1;2024-05-06 00:15;0.2;kWh"]),
      { fileName: "partner.csv", by: "ana", scope: everywhere, dryRun: false },
      context,
    );
  const twice = async () => {
    while ((await validateChanged(db, context)).changes > 0);
    const { rows } = await listFindings(db, everywhere, {
      states: ["open", "accepted", "estimated"],
      rules: ["V05"],
      fromDay: "2024-05-06",
      toDay: "2024-05-07",
      limit: 10,
    });
    return rows.map(({ words, count }) => `${words} ${count}`);
  };
  await bring("0.1");
  expect(await twice()).toEqual([]);
  const { stored } = await bring("0.4");
  expect(await twice()).toEqual(["delivered-twice 1"]);
  await undoImport(db, everyImport("ana"), stored!.importId, { reason: "wrong file" }, context);
  expect(await twice()).toEqual([]);
  // What comes twice after that is looked at.
  await bring("0.5");
  expect(await twice()).toEqual(["delivered-twice 1"]);
});

test("an undo that broke off before the energy of the points followed makes up for it when it is done again", async () => {
  const shown = async () => (await readLoadDays(db, channelId, "2024-05-08", "2024-05-09"))[0]!.values[0];
  const bring = (value: string) =>
    importFieldFile(
      db,
      bytes(["serial;start;value;unit", `1;2024-05-08 00:00;${value};kWh`, "1;2024-05-08 00:15;0.2;kWh"]),
      { fileName: "partner.csv", by: "ana", scope: everywhere, dryRun: false },
      context,
    );
  await bring("0.1");
  const { rows } = await db.query<{ id: number }>(
    sql`select channel_id as id from channel where point_id = 1`,
  );
  const channelId = rows[0]!.id;
  const before = await shown();
  const { stored } = await bring("0.4");
  expect(await shown()).not.toBe(before);
  const undo = () => undoImport(db, everyImport("ana"), stored!.importId, { reason: "wrong file" }, context);
  await db.query({
    text: `alter table load_day add constraint killed check (channel_id <> ${channelId} or day <> '2024-05-08') not valid`,
    values: [],
  });
  await expect(undo()).rejects.toMatchObject({ code: "23514" });
  await db.query(sql`alter table load_day drop constraint killed`);
  await undo();
  expect(await shown()).toBe(before);
});

test("an import that broke off is finished when its file is brought again, and takes back no more than it brought", async () => {
  const bring = (value: string, name: string) =>
    importFieldFile(
      db,
      bytes(["serial;start;value;unit", `1;2024-05-10 00:00;${value};kWh`, "1;2024-05-10 00:15;0.2;kWh"]),
      { fileName: name, by: "ana", scope: everywhere, dryRun: false },
      context,
    );
  await bring("0.1", "first.csv");
  await db.query(sql`alter table reading_import add constraint killed check (finished_at is null) not valid`);
  await expect(bring("0.4", "broken.csv")).rejects.toMatchObject({ code: "23514" });
  await db.query(sql`alter table reading_import drop constraint killed`);
  const { stored } = await bring("0.4", "broken.csv");
  expect((await listImports(db, everyImport("ana"), 1))[0]).toMatchObject({
    importId: stored!.importId,
    finished: true,
  });
  await bring("0.7", "later.csv");
  const undone = await undoImport(db, everyImport("ana"), stored!.importId, { reason: "wrong" }, context);
  expect(undone).toMatchObject({ intervals: 0, kept: 1 });
});
