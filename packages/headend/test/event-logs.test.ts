import { sql } from "@energsys/store";
import { afterAll, expect, test } from "vitest";
import {
  countOf,
  importTown,
  makeAllDue,
  startSimulator,
  startTestHeadend,
  testDatabase,
  until,
  zone,
} from "./town.ts";

const { db, drop } = await testDatabase();
const startedMs = Date.now();
const days = 20;
const town = await startSimulator({
  points: 12,
  seed: 6,
  days,
  zone,
  shares: { "dlms-gmac": 1, "dlms-high": 1, "dlms-wrapper": 1, "iec-own": 1 },
  likelihood: { plannedOutage: 0.2, faultOutage: 0.2, clockSet: 0.05, cover: 0.2 },
});
await importTown(db, town);
const headend = await startTestHeadend(db);
afterAll(async () => {
  await headend.stop();
  await town.stop();
  await drop();
});

const done = sql`select count(*) as n from attempt where state = 'done'`;

/** Rows of the event table of one meter, and what its logs hold of a time. */
async function compare(index: number, fromMs: number, toMs: number) {
  const meter = town.meters[index]!;
  const { serial, security, clockOffsetMs } = meter.description;
  const { rows } = await db.query<{ at: number; code: string }>(sql`
    select at, code from event join device using (device_id) join meter using (meter_id)
    where serial = ${serial} and code not like 'system:%' order by at, code`);
  const within = ({ atMs }: { readonly atMs: number }) => atMs >= fromMs && atMs < toMs + clockOffsetMs;
  const held = [
    ...meter.events(fromMs, Infinity),
    ...(security ? meter.quality(fromMs, Infinity) : []),
  ].filter(within);
  const stored = rows.filter(({ at }) => within({ atMs: at }));
  return { stored, held };
}

test("every log of a meter becomes rows: standard, fraud, disconnector, power quality, and P.98", async () => {
  await until(async () => (await countOf(db, done)) >= 12 || countOf(db, done));
  const fromMs = startedMs - (days - 1) * 86_400_000;
  const codes = new Set<string>();
  for (const [index] of town.meters.entries()) {
    const { stored, held } = await compare(index, fromMs, startedMs - 60_000);
    const seconds = (atMs: number) => Math.floor(atMs / 1000);
    expect(stored.map(({ at }) => seconds(at))).toEqual(held.map(({ atMs }) => seconds(atMs)).sort());
    for (const { code } of stored) codes.add(code);
  }
  // Which of them struck depends on the days that the test runs on: power failed in any case, and some voltage was too low or too high.
  expect([...codes]).toContain("idis:1");
  expect([...codes].filter((code) => /^idis:(7[6-9]|8[0-7])$/.test(code))).not.toEqual([]);
  expect([...codes].filter((code) => code.startsWith("energsys-virtual:")).length).toBeGreaterThan(1);
});

test("an entry that was told at once hides none that came before it in another log", async () => {
  const secured = town.meters.find(({ description }) => description.security)!;
  expect(secured.switchRelay("remote", "disconnect")).toBe(true);
  await db.query(sql`
    insert into event (device_id, at, code, seq, received_at)
    select device_id, now(), 'idis:99', 0, now() from device join meter using (meter_id)
    where serial = ${secured.description.serial}`);
  const before = await countOf(db, done);
  await makeAllDue(db);
  await until(async () => (await countOf(db, done)) >= before + 12 || countOf(db, done));
  const { rows } = await db.query(sql`
    select code from event join device using (device_id) join meter using (meter_id)
    where serial = ${secured.description.serial} and code = 'idis:62'`);
  expect(rows).toHaveLength(1);
});
