import {
  cutoffOf,
  listRetentionRuns,
  makePartitions,
  openDatabase,
  readRetentionEffect,
  runRetention,
  setRetentionRule,
  sql,
  storeDeliveries,
} from "@energsys/store";
import { testDatabase, urlOfRole } from "@energsys/store/testing";
import { afterAll, expect, test } from "vitest";
import { delivery, profileOf } from "./field.ts";
import { dateOf, quiet, startOf, TestPoint, zone } from "./validation/town.ts";

const { db, url, drop } = await testDatabase();
/** What is shown is read by the server, which has no rights on a month by itself. */
const server = openDatabase({ url: urlOfRole(url, "app_web"), applicationName: "test" });
afterAll(async () => {
  await server.close();
  await drop();
});
const first = "2023-09-20";
const point = await TestPoint.make(db, first, 20);
const nowMs = Date.parse("2026-11-26T10:00:00Z");
const days = async () =>
  (
    await db.query<{ month: string; n: number }>(sql`
      select to_char(day, 'YYYY-MM') as month, count(*)::int as n from load_day group by 1 order by 1`)
  ).rows.map(({ month, n }) => `${month} ${n}`);

test("the month that is kept first is whole", () => {
  expect(cutoffOf(36, nowMs)).toBe("2023-11-01");
  expect(cutoffOf(13, Date.parse("2026-01-31T23:00:00Z"))).toBe("2024-12-01");
});

test("a run shows before what it takes, takes just that by whole months, and says so; events and registers have their own time", async () => {
  await db.query(sql`
    insert into register_reading (meter_id, obis, measured_at, value, unit, received_at) values
      (${point.meterId}, '1-0:1.8.0*255', '2016-10-01', 1, 'kWh', '2016-10-01'),
      (${point.meterId}, '1-0:1.8.0*255', '2023-09-21', 2, 'kWh', '2023-09-21')`);
  await makePartitions(db, { from: "2021-09-01", to: "2021-10-01", nowMs });
  await db.query(sql`
    insert into event (at, device_id, code) select '2021-09-10', device_id, 'idis:2' from device`);
  await db.query(sql`
    insert into load_day_hist (channel_id, day, ver, replaced_at, v)
    select channel_id, day, 1, now(), v from load_day where day = ${first}`);
  expect(await days()).toEqual(["2023-09 22", "2023-10 18"]);
  // September is due at 37 months, October is not.
  await setRetentionRule(db, { class: "intervals", months: 37, purpose: "settlement", by: "ana", nowMs });
  const effects = await readRetentionEffect(server, nowMs);
  expect(effects.map(({ class: name, cutoff }) => [name, cutoff])).toEqual([
    ["intervals", "2023-10-01"],
    ["registers", "2016-11-01"],
    ["events", "2021-11-01"],
    ["imports", "2026-08-01"],
  ]);
  const months = effects[0]!.months.map(({ part, rows }) => [part, rows]);
  expect(months).toContainEqual(["load_day_2023_09", 22]);
  expect(months.map(([part]) => part)).not.toContain("load_day_2023_10");
  expect(effects[0]!.rows).toContainEqual({ table: "load_day_hist", rows: 2 });
  expect(effects[1]!.rows).toContainEqual({ table: "register_reading", rows: 1 });
  expect(effects[2]!.months.find(({ part }) => part === "event_2021_09")).toMatchObject({ rows: 1 });
  // Nothing went for being looked at.
  expect(await days()).toEqual(["2023-09 22", "2023-10 18"]);
  const outcomes = await runRetention(db, { by: "ana", nowMs });
  expect(outcomes[0]).toMatchObject({ rowsRemoved: 2, kept: [] });
  expect(outcomes[0]!.bytesFreed).toBeGreaterThan(0);
  expect(await days()).toEqual(["2023-10 18"]);
  expect((await db.query(sql`select value from register_reading`)).rows).toHaveLength(1);
  expect((await db.query(sql`select 1 from event`)).rows).toEqual([]);
  expect(
    (await listRetentionRuns(db, 10)).map(({ class: name, runBy }) => `${name} ${runBy}`).sort(),
  ).toEqual(["events ana", "intervals ana", "registers ana"]);
  const again = await runRetention(db, { by: "ana", nowMs });
  expect(again.map(({ monthsDropped, rowsRemoved }) => [monthsDropped, rowsRemoved])).toEqual([
    [[], 0],
    [[], 0],
    [[], 0],
    [[], 0],
  ]);
});

test("a month that went is made anew when history of it is stored, by a process that knew the old one", async () => {
  await storeDeliveries(db, [await delivery(db, point.meterId, [profileOf(startOf(first), quiet(first))])], {
    nowMs,
    zone,
  });
  expect(await days()).toEqual(["2023-09 2", "2023-10 18"]);
});

test("a month for which somebody has to decide stays, and is named", async () => {
  await db.query(sql`
    insert into value_edit (channel_id, day, slots, v, energy, reason, comment, requested_by, requested_at, state)
    values (${point.channelId}, ${dateOf(first, 1)}, 96, '\x01', 1, 'misreading', 'x', 'ana', now(), 'waiting')`);
  const [effect] = await readRetentionEffect(server, nowMs);
  expect([effect!.months.map(({ part }) => part), effect!.kept]).toEqual([[], ["2023-09"]]);
  const [outcome] = await runRetention(db, { by: "ana", nowMs });
  expect(outcome).toMatchObject({ monthsDropped: [], rowsRemoved: 0, kept: ["2023-09"] });
});

test("files of points go after some months with what was there before, unless a job has them; their time may be shorter than a year", async () => {
  await db.query(sql`
    insert into points_import (name, lines, mapping, sealed, state, made_by, made_at) values
      ('old', 1, '{}', '\x01', 'done', 'ana', '2026-07-31T20:00:00Z'), ('never stored', 1, '{}', '\x01', 'checked', 'ana', '2026-05-01'),
      ('under way', 1, '{}', '\x01', 'undoing', 'ana', '2026-05-01'), ('young', 1, '{}', '\x01', 'done', 'ana', '2026-08-02')`);
  await db.query(sql`
    insert into points_import_line (points_import_id, line, is_new, sealed)
    select points_import_id, 1, false, '\x01' from points_import`);
  const effect = (await readRetentionEffect(server, nowMs)).find((each) => each.class === "imports");
  expect(effect?.rows).toEqual([{ table: "points_import", rows: 2 }]);
  const jobs = openDatabase({ url: urlOfRole(url, "app_jobs"), connectionsMax: 1 });
  try {
    await runRetention(jobs, { by: "ana", nowMs });
  } finally {
    await jobs.close();
  }
  const { rows } = await db.query<{ name: string; lines: number }>(sql`
    select name, (select count(*)::int from points_import_line as l where l.points_import_id = i.points_import_id) as lines
    from points_import as i order by name`);
  expect(rows).toEqual([
    { name: "under way", lines: 1 },
    { name: "young", lines: 1 },
  ]);
  const set = (name: "imports" | "events") =>
    setRetentionRule(db, { class: name, months: 1, purpose: "as long as it is undone", by: "ana", nowMs });
  await set("imports");
  await expect(set("events")).rejects.toMatchObject({ code: "23514" });
});

test("nobody takes a month of the last thirteen, and only the jobs take any", async () => {
  const jobs = openDatabase({ url: urlOfRole(url, "app_jobs"), connectionsMax: 1 });
  const web = openDatabase({ url: urlOfRole(url, "app_web"), connectionsMax: 1 });
  try {
    const young = `load_day_${new Date().toISOString().slice(0, 7).replace("-", "_")}`;
    await expect(jobs.query(sql`select drop_month(${young})`)).rejects.toMatchObject({ code: "22023" });
    await expect(jobs.query(sql`select drop_month('account')`)).rejects.toMatchObject({ code: "22023" });
    await expect(web.query(sql`select drop_month('event_2021_09')`)).rejects.toMatchObject({ code: "42501" });
  } finally {
    await jobs.close();
    await web.close();
  }
});
