import {
  addReadingPlan,
  importInventory,
  markAsked,
  nextDueInMs,
  readAskedDays,
  readStoredDays,
  readWindows,
  readWorkOf,
  recordOutcomes,
  spreadOverdue,
  sql,
  takeDueDevices,
  waitForWindow,
} from "@energsys/store";
import { type TestDatabase, testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { inventoryOf } from "./planning-inventory.ts";

let base: TestDatabase;
beforeAll(async () => {
  base = await testDatabase();
  await importInventory(base.db, inventoryOf(6));
});
afterAll(() => base.drop());
beforeEach(async () => {
  await base.db.query(sql`delete from link`);
  await base.db.query(sql`delete from attempt`);
  await base.db.query(
    sql`update device_plan set next_at = now() - interval '1 minute' * device_id, failures = 0`,
  );
  await base.db.query(
    sql`update device set enabled = true, direction = 'dial', last_success_at = null, last_error_code = null`,
  );
});

const taker = { owner: "h1", limit: 100, leaseSeconds: 60, lines: [] };

test("due devices are taken with everything that is needed, once, oldest first", async () => {
  const taken = await takeDueDevices(base.db, { ...taker, limit: 2 });
  expect(taken.map((work) => work.deviceId).sort()).toEqual([5, 6]);
  expect(taken[0]).toMatchObject({
    fence: 1,
    everySeconds: 900,
    backfillDays: 7,
    profile: true,
    registers: true,
    events: true,
    failures: 0,
    logsReadAtMs: null,
    model: "generic-dlms",
  });
  const { rows } = await base.db.query(sql`select state, owner, cause from attempt`);
  expect(rows).toEqual(Array(2).fill({ state: "connecting", owner: "h1", cause: "plan" }));
  expect((await takeDueDevices(base.db, taker)).map((work) => work.deviceId).sort()).toEqual([1, 2, 3, 4]);
  expect(await takeDueDevices(base.db, taker)).toEqual([]);
});

test("two head-ends share one network of devices without taking one twice", async () => {
  const [one, two] = await Promise.all([
    takeDueDevices(base.db, { ...taker, owner: "h1" }),
    takeDueDevices(base.db, { ...taker, owner: "h2" }),
  ]);
  const all = [...one, ...two].map((work) => work.deviceId).sort();
  expect(new Set(all).size).toBe(all.length);
});

test("a device that is switched off, held by another, or calls in on no line of ours is not taken", async () => {
  await base.db.query(sql`update device set enabled = false where device_id = 1`);
  await base.db.query(sql`update device set direction = 'call-in' where device_id in (2, 3)`);
  await base.db.query(sql`insert into link (device_id, fence, owner, leased_until)
    values (3, 7, 'h1', now() + interval '1 minute'), (4, 1, 'h2', now() + interval '1 minute')`);
  const taken = await takeDueDevices(base.db, { ...taker, lines: [{ deviceId: 3, fence: 7 }] });
  expect(taken.map((work) => [work.deviceId, work.fence]).sort()).toEqual([
    [3, 7],
    [5, 1],
    [6, 1],
  ]);
  const { rows } = await base.db.query(sql`select cause from attempt where device_id = 3`);
  expect(rows).toEqual([{ cause: "call-in" }]);
});

test("success clears the failures and moves the plan on, failure counts up and names its code", async () => {
  const [work] = await takeDueDevices(base.db, { ...taker, limit: 1 });
  const { deviceId, planIds } = work!;
  const nextAtMs = Date.now() + 3_600_000;
  await recordOutcomes(base.db, [{ deviceId, planIds, ok: false, errorCode: "link.timeout", nextAtMs }]);
  const plan = () =>
    base.db.query(sql`select failures, next_at from device_plan where device_id = ${deviceId}`);
  expect((await plan()).rows).toEqual([{ failures: 1, next_at: nextAtMs }]);
  const contactAtMs = Date.now();
  await recordOutcomes(base.db, [
    { deviceId, planIds, ok: true, contactAtMs, clockOffsetMs: 9e15, nextAtMs },
  ]);
  expect((await plan()).rows).toEqual([{ failures: 0, next_at: nextAtMs }]);
  const { rows } = await base.db.query(
    sql`select last_error_code, last_success_at, clock_offset_ms from device where device_id = ${deviceId}`,
  );
  expect(rows).toEqual([
    { last_error_code: null, last_success_at: contactAtMs, clock_offset_ms: 2_147_483_647 },
  ]);
});

test("what was asked only moves forward", async () => {
  const day = { deviceId: 1, obis: "1-0:99.1.0*255", day: "2026-11-20" };
  await markAsked(base.db, [
    { ...day, askedUntilMs: 2000 },
    { ...day, askedUntilMs: 5000 },
  ]);
  await markAsked(base.db, [{ ...day, askedUntilMs: 1000 }]);
  expect(await readAskedDays(base.db, [1], "2026-11-01")).toEqual([{ ...day, askedUntilMs: 5000 }]);
  expect(await readAskedDays(base.db, [1], "2026-11-21")).toEqual([]);
});

test("stored days come by one channel of each period, their values only where a slot is not good", async () => {
  await base.db.query(sql`insert into channel (meter_id, obis, kind, unit, scale, period_s)
    values (1, '1-0:1.8.0*255', 'index', 'Wh', 0, 900), (1, '1-0:2.8.0*255', 'index', 'Wh', 0, 900)`);
  const { rows } = await base.db.query<{ id: number }>(
    sql`select min(channel_id) as id from channel where meter_id = 1`,
  );
  const today = Temporal.Now.plainDateISO("UTC");
  const day = (back: number) => today.subtract({ days: back }).toString();
  await base.db.query(sql`insert into load_day (channel_id, day, ver, slots, ok, flags, v)
    values (${rows[0]!.id}, ${day(1)}, 1, 96, 96, 0, '\\x01'), (${rows[0]!.id}, ${day(0)}, 1, 96, 40, 0, '\\x02')`);
  const days = await readStoredDays(base.db, [1, 2], day(7));
  expect(days.sort((a, b) => a.day.localeCompare(b.day))).toEqual([
    { meterId: 1, periodSeconds: 900, day: day(1), slots: 96, ok: 96, v: null, q: null },
    { meterId: 1, periodSeconds: 900, day: day(0), slots: 96, ok: 40, v: Buffer.from([2]), q: null },
  ]);
});

test("a read now reaches as far back as the plans, or as told without one", async () => {
  expect(await readWorkOf(base.db, 1, 3)).toEqual({
    everySeconds: 900,
    backfillDays: 7,
    logsReadAtMs: null,
  });
  await base.db.query(sql`delete from device_plan where device_id = 1`);
  expect(await readWorkOf(base.db, 1, 3)).toEqual({
    everySeconds: 900,
    backfillDays: 3,
    logsReadAtMs: null,
  });
  expect(await readWorkOf(base.db, 999, 3)).toBeUndefined();
});

test("logs are read from an hour before the last attempt that read them to their end", async () => {
  const attempt = (state: string, startedAt: string, stage: string) =>
    base.db.query(sql`insert into attempt (device_id, cause, state, started_at, stages)
      values (1, 'plan', ${state}, now() - ${startedAt}::interval, jsonb_build_array(jsonb_build_object('stage', ${stage}::text)))`);
  await attempt("done", "3 hours", "events");
  await attempt("done", "2 hours", "registers");
  await attempt("failed", "1 hour", "events");
  await base.db.query(sql`update device set clock_offset_ms = -60000 where device_id = 1`);
  const work = await readWorkOf(base.db, 1, 3);
  expect(Date.now() - work!.logsReadAtMs!).toBeGreaterThanOrEqual(4 * 3_600_000 + 60_000);
  expect(Date.now() - work!.logsReadAtMs!).toBeLessThan(4 * 3_600_000 + 120_000);
});

test("after a start overdue plans are spread by their number and never further than told", async () => {
  const moved = await spreadOverdue(base.db, { perSecond: 1, spreadSecondsMax: 120 });
  expect(moved).toBeGreaterThanOrEqual(5);
  const { rows } = await base.db.query<{ most: number }>(
    sql`select max(extract(epoch from next_at - now()))::float8 as most from device_plan`,
  );
  expect(rows[0]!.most).toBeLessThanOrEqual(moved);
  expect(await nextDueInMs(base.db)).toBeLessThan(moved * 1000);
});

test("moments give a plan its period; what is due in a shut window waits, and nobody is silent for it", async () => {
  const facts = { profile: true, registers: true, events: true, backfillDays: 5, everySeconds: 900 };
  const any = { moments: [], windowFrom: null, windowTo: null };
  const twice = await addReadingPlan(base.db, {
    ...facts,
    name: "twice a day",
    times: { ...any, moments: [720, 15, 720] },
  });
  const nights = await addReadingPlan(base.db, {
    ...facts,
    name: "nights",
    times: { moments: [], windowFrom: 1_320, windowTo: 360 },
  });
  await expect(
    addReadingPlan(base.db, { ...facts, name: "both", times: { moments: [1], windowFrom: 1, windowTo: 2 } }),
  ).rejects.toMatchObject({ code: "plan.times" });
  expect(await readWindows(base.db)).toEqual([
    { planId: nights, moments: [], windowFrom: 1_320, windowTo: 360 },
  ]);
  await base.db.query(sql`update device_plan set reading_plan_id = ${nights} where device_id = 3`);
  await base.db.query(sql`update device_plan set reading_plan_id = ${twice} where device_id = 2`);
  const { rows } = await base.db.query(
    sql`select quiet_seconds from device where device_id in (2, 3) order by device_id desc`,
  );
  expect(rows).toEqual([{ quiet_seconds: 3 * 16 * 3_600 }, { quiet_seconds: 3 * 44_100 }]);
  await waitForWindow(base.db, nights, Date.now() + 3_600_000, 120);
  const taken = await takeDueDevices(base.db, taker);
  expect(taken.map(({ deviceId }) => deviceId)).not.toContain(3);
  expect(taken.find(({ deviceId }) => deviceId === 2)).toMatchObject({
    everySeconds: 44_100,
    times: { moments: [15, 720], windowFrom: null, windowTo: null },
  });
});
