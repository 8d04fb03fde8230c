import { marketDay, quality } from "@energsys/metering";
import {
  acknowledgeAlarms,
  addGroup,
  addPeakRule,
  applyGroupChange,
  changePeakRule,
  countAlarms,
  everywhere,
  GroupFolder,
  importInventory,
  listAlarms,
  listPeakRules,
  type PeakRuleGiven,
  removePeakRule,
  type Scope,
  sql,
  storeDeliveries,
  tryPeakRule,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { delivery, inventoryOf, meterIds, profileOf } from "./field.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

const zone = "Europe/Bucharest";
const today = "2026-11-23";
let nowMs = Date.UTC(2026, 10, 23, 20);
const folder = new GroupFolder(db, {
  zone,
  now: () => nowMs,
  onFault: (error) => {
    throw error;
  },
});
/** What the server does after a commit, until nothing is left to do. */
const settle = async () => {
  while (await folder.round());
};
let points: number[] = [];
let meters: number[] = [];
let groupId = 0;

beforeAll(async () => {
  await importInventory(db, inventoryOf(4, { ctRatios: ["1", "1", "2.5", "1"] }));
  points = (await db.query<{ id: number }>(sql`select point_id as id from point order by point_id`)).rows.map(
    ({ id }) => id,
  );
  meters = await meterIds(db);
  groupId = await addGroup(db, { kind: "free", name: "G", branchId: null });
  await applyGroupChange(
    db,
    everywhere,
    {
      groupId,
      side: "members",
      fromMs: Date.UTC(2026, 0, 1),
      add: points.slice(0, 3).map((pointId) => ({ pointId, sign: 1 as const })),
    },
    { by: "test", reason: "" },
  );
});
beforeEach(async () => {
  nowMs = Date.UTC(2026, 10, 23, 20);
  await db.query(sql`delete from peak_rule`);
  for (const table of ["load_day", "load_day_hist", "group_day", "peak_due"])
    await db.query({ text: `delete from ${table}`, values: [] });
  await approve(points, null);
});

/** An approved power that has held since ever. */
async function approve(pointIds: readonly number[], powerW: number | null): Promise<void> {
  await db.query(
    sql`update point set approved_power_w = ${powerW}::int where point_id = any(${pointIds}::int[])`,
  );
  await db.query(sql`delete from point_attribute`);
}

/** Quarter-hours of a day from `from` on, Wh, by the meter of a point; the rest of the day is 100 Wh each. */
async function read(
  nth: number,
  day: string,
  given: Readonly<Record<number, number>>,
  { flags = {} }: { flags?: Readonly<Record<number, number>> } = {},
): Promise<void> {
  const values = new Float64Array(96).fill(100);
  const bits = new Uint16Array(96);
  for (const [slot, value] of Object.entries(given)) values[Number(slot)] = value;
  for (const [slot, flag] of Object.entries(flags)) bits[Number(slot)] = flag;
  await storeDeliveries(
    db,
    [await delivery(db, meters[nth]!, [profileOf(marketDay(day, zone).startMs, values, { flags: bits })])],
    { nowMs, zone },
  );
}

const rule = (more: Partial<PeakRuleGiven> = {}): PeakRuleGiven => ({
  name: "Peak",
  watched: { kind: "point", pointId: points[0]! },
  energy: "A+",
  threshold: { basis: "power", powerKw: "5" },
  quarters: 1,
  estimates: false,
  dayKind: "all",
  hours: null,
  severity: "medium",
  enabled: true,
  ...more,
});
const by = "ana";
const add = (more?: Partial<PeakRuleGiven>) => addPeakRule(db, everywhere, { ...rule(more), by, today });
const alarms = async (state: "unacknowledged" | "all" = "all", scope: Scope = everywhere) =>
  (await listAlarms(db, scope, { state, fromMs: 0, limit: 50 })).rows;

test("a quarter-hour above the threshold is one alarm of the day, with exact figures, and reading it again changes nothing", async () => {
  const told: { code?: string }[] = [];
  const unlisten = await db.listen("energsys_live", (payload) => told.push(JSON.parse(payload)));
  const ruleId = await add({ threshold: { basis: "power", powerKw: "5.0003" } });
  // 1250 Wh are 5 kW: not above. 1251 Wh are 5.004 kW.
  await read(0, today, { 40: 1250, 60: 1251, 61: 1251 });
  await settle();
  const [alarm, ...more] = await alarms();
  expect(more).toEqual([]);
  expect(alarm).toMatchObject({
    deviceId: null,
    code: "peak:1",
    severity: "medium",
    at: marketDay(today, zone).startMs + 60 * 900_000,
    pointId: points[0],
    pod: "POD000001",
    branch: ["Network", "PT 0"],
    endedAt: null,
    peak: {
      ruleId,
      rule: "Peak",
      day: today,
      demandKw: "5.004",
      thresholdKw: "5.0003",
      basis: "power",
      basisKw: null,
      quarters: 2,
      expected: 1,
      present: 1,
      estimated: 0,
    },
  });
  const before = await alarms();
  nowMs += 60_000;
  await read(0, today, { 40: 1250, 60: 1251, 61: 1251 });
  await settle();
  expect(await alarms()).toEqual(before);
  await unlisten();
  // Once, as what the device there has told.
  expect(told.filter(({ code }) => code === "peak:1")).toEqual([
    { type: "event", deviceId: 1, at: alarm?.at, code: "peak:1" },
  ]);
});

test("a greater quarter-hour that comes later is the same alarm with its figures", async () => {
  await add();
  await read(0, today, { 40: 1300 });
  await settle();
  await read(0, today, { 40: 1300, 70: 2000 });
  await settle();
  expect((await alarms()).map(({ peak }) => [peak?.demandKw, peak?.quarters])).toEqual([["8", 2]]);
});

test("a corrected value ends the alarm, and one that comes back stands again", async () => {
  await add();
  await read(0, today, { 40: 1300 });
  await settle();
  nowMs += 60_000;
  await read(0, today, { 40: 1200 });
  await settle();
  expect((await alarms()).map(({ endedAt, peak }) => [endedAt, peak?.demandKw])).toEqual([[nowMs, "5.2"]]);
  expect(await alarms("unacknowledged")).toEqual([]);
  expect(await countAlarms(db, everywhere, 0)).toEqual({ critical: 0, medium: 0, low: 0 });
  await read(0, today, { 40: 1300 });
  await settle();
  expect((await alarms("unacknowledged")).map(({ endedAt }) => endedAt)).toEqual([null]);
});

test("a day that comes late is an alarm of its day, and none from before the rule", async () => {
  await add();
  nowMs += 3 * 86_400_000;
  await read(0, "2026-11-24", { 10: 1300 });
  await read(0, "2026-11-22", { 10: 1300 });
  await settle();
  expect((await alarms()).map(({ peak }) => peak?.day)).toEqual(["2026-11-24"]);
});

test("refused values are no peak, and estimated ones only where the rule asks for them", async () => {
  await add({ name: "measured" });
  await add({ name: "also estimated", estimates: true });
  await read(0, today, { 40: 9000, 50: 1400 }, { flags: { 40: quality.notValid, 50: quality.estimated } });
  await settle();
  expect((await alarms()).map(({ peak }) => [peak?.rule, peak?.demandKw, peak?.estimated])).toEqual([
    ["also estimated", "5.6", 1],
  ]);
});

test("a rule of four quarter-hours on end finds them over midnight, and not three", async () => {
  await add({ quarters: 4 });
  nowMs = Date.UTC(2026, 10, 25, 12);
  await read(0, today, { 20: 1300, 21: 1300, 22: 1300, 94: 1400, 95: 1300 });
  await settle();
  expect(await alarms()).toEqual([]);
  await read(0, "2026-11-24", { 0: 1500, 1: 1300, 30: 9999 });
  await settle();
  expect((await alarms()).map(({ peak }) => [peak?.day, peak?.demandKw, peak?.quarters])).toEqual([
    ["2026-11-24", "6", 2],
    [today, "5.6", 2],
  ]);
});

test("a rule by approved power watches each point that has one, with the power of that day", async () => {
  await approve([points[0]!, points[2]!], 4000);
  await add({ watched: { kind: "approved" }, threshold: { basis: "approved", percent: "110" } });
  await read(0, today, { 40: 1101 });
  await read(1, today, { 40: 9000 });
  // Behind a transformer of 2.5: 440 Wh are 1100 Wh, 4.4 kW, which is not above; 441 are.
  await read(2, today, { 40: 440, 41: 441 });
  await settle();
  expect(
    (await alarms()).map(({ pointId, peak }) => [pointId, peak?.demandKw, peak?.thresholdKw, peak?.basisKw]),
  ).toEqual([
    [points[2], "4.41", "4.4", "4"],
    [points[0], "4.404", "4.4", "4"],
  ]);
});

test("the demand of a group is the sum at one instant, and the alarm says of how many members", async () => {
  await add({
    watched: { kind: "group", groupId, side: "members" },
    threshold: { basis: "power", powerKw: "8" },
  });
  // Each has its own peak of 6 kW; at no instant are they above 8 kW together.
  await read(0, today, { 40: 1500 });
  await read(1, today, { 44: 1500 });
  await settle();
  expect(await alarms()).toEqual([]);
  await read(1, today, { 40: 1500 });
  await settle();
  expect(await alarms()).toMatchObject([
    {
      pointId: null,
      pod: null,
      peak: {
        groupId,
        groupName: "G",
        side: "members",
        demandKw: "12",
        expected: 3,
        present: 2,
        estimated: 0,
      },
    },
  ]);
});

test("a part of the former maximum needs days before, and is compared with the greatest of them", async () => {
  nowMs = Date.UTC(2026, 10, 24, 20);
  await add({ threshold: { basis: "former", percent: "90", formerDays: 7 } });
  await read(0, "2026-11-24", { 40: 1300 });
  await settle();
  expect(await alarms()).toEqual([]);
  await read(0, "2026-11-20", { 40: 1400 });
  await read(0, "2026-11-24", { 40: 1261, 41: 1260 });
  await settle();
  expect((await alarms()).map(({ peak }) => [peak?.demandKw, peak?.thresholdKw, peak?.basisKw])).toEqual([
    ["5.044", "5.04", "5.6"],
  ]);
});

test("a rule that is off raises nothing; switched on it finds what came today; removed it finds nothing more and its alarms stay", async () => {
  const ruleId = await add({ enabled: false });
  await read(0, today, { 40: 1300 });
  await settle();
  expect(await alarms()).toEqual([]);
  await expect(
    changePeakRule(db, everywhere, ruleId, { ...rule(), by, today, seenMs: 0 }),
  ).rejects.toMatchObject({ code: "peak-rule.changed" });
  const changedAt = (await listPeakRules(db, everywhere, { nowMs }))[0]!.changedAt;
  await changePeakRule(db, everywhere, ruleId, { ...rule(), by, today, seenMs: changedAt });
  await settle();
  expect(await alarms()).toHaveLength(1);
  expect(await listPeakRules(db, everywhere, { nowMs })).toMatchObject([
    { ruleId, raised: 1, createdBy: by },
  ]);
  await removePeakRule(db, everywhere, ruleId, { by });
  await read(0, today, { 40: 1200 });
  await settle();
  expect((await alarms()).map(({ endedAt }) => endedAt)).toEqual([null]);
  expect(await listPeakRules(db, everywhere, { nowMs })).toEqual([]);
});

test("an alarm is acknowledged once, by who may see its point", async () => {
  await add();
  await read(0, today, { 40: 1300 });
  await settle();
  const peaks = [(await alarms())[0]!.peak!.alarmId];
  const foreign: Scope = { parts: [{ branchIds: [], supplierId: null }] };
  const seen = { keys: [], peaks, by, note: "boiler", nowMs };
  expect(await alarms("all", foreign)).toEqual([]);
  expect(await acknowledgeAlarms(db, foreign, seen)).toBe(0);
  expect(await acknowledgeAlarms(db, everywhere, seen)).toBe(1);
  expect(await acknowledgeAlarms(db, everywhere, seen)).toBe(0);
  expect((await alarms()).map(({ acknowledgedBy, note }) => [acknowledgedBy, note])).toEqual([
    [by, "boiler"],
  ]);
  expect(await alarms("unacknowledged")).toEqual([]);
});

test("what was acknowledged is asked for again when its day brings a peak that is much greater, and only then", async () => {
  const told: number[] = [];
  const unlisten = await db.listen("energsys_live", (payload) => told.push(JSON.parse(payload).at));
  await add();
  await read(0, today, { 40: 1300 });
  await settle();
  const acknowledge = async () => {
    const peaks = (await alarms()).map(({ peak }) => peak!.alarmId);
    return acknowledgeAlarms(db, everywhere, { keys: [], peaks, by, note: "", nowMs });
  };
  expect(await acknowledge()).toBe(1);
  // 5.2 kW and a tenth are 5.72 kW: 1430 Wh.
  await read(0, today, { 40: 1300, 44: 1430 });
  await settle();
  expect(await alarms("unacknowledged")).toEqual([]);
  expect((await alarms()).map(({ acknowledgedBy, peak }) => [acknowledgedBy, peak?.demandKw])).toEqual([
    [by, "5.72"],
  ]);
  expect(await acknowledge()).toBe(0);
  await read(0, today, { 40: 1300, 44: 1430, 48: 1431 });
  await settle();
  expect((await alarms("unacknowledged")).map(({ peak }) => peak?.demandKw)).toEqual(["5.724"]);
  expect(await countAlarms(db, everywhere, 0)).toEqual({ critical: 0, medium: 1, low: 0 });
  expect(await acknowledge()).toBe(1);
  // Corrected to what was seen before: nobody is asked.
  await read(0, today, { 40: 1300, 44: 1430, 48: 100 });
  await settle();
  expect((await alarms()).map(({ acknowledgedBy }) => acknowledgedBy)).toEqual([by]);
  await unlisten();
  const start = marketDay(today, zone).startMs;
  expect(told.filter((at) => at >= start)).toEqual([40, 48].map((slot) => start + slot * 900_000));
});

test("a rule looks at its hours and days alone, also over midnight, by the clock on the wall", async () => {
  nowMs = Date.UTC(2026, 11, 3, 12);
  const days = async (more: Partial<PeakRuleGiven>, given: Record<string, Record<number, number>>) => {
    for (const [day, values] of Object.entries(given)) await read(0, day, values);
    const [fromDay, toDay] = ["2026-10-20", "2026-12-03"];
    const { peaks } = await tryPeakRule(db, everywhere, rule(more), { fromDay, toDay, zone, nowMs });
    return peaks.map(({ day, startMs }) => `${day} ${(startMs - marketDay(day, zone).startMs) / 900_000}`);
  };
  // Sunday 22, Monday 23 (a workday), and 30 November, a Monday that is a holiday.
  const all = {
    "2026-11-22": { 30: 2000 },
    "2026-11-23": { 30: 2000, 67: 1400, 68: 1500, 91: 1600, 92: 1900 },
    "2026-11-30": { 30: 2000 },
  };
  expect(await days({ dayKind: "workdays" }, all)).toEqual(["2026-11-23 30"]);
  expect(await days({ dayKind: "restdays" }, all)).toEqual(["2026-11-30 30", "2026-11-22 30"]);
  // 17:00 to 23:00 is 68 to 91.
  const evening = { fromMinute: 17 * 60, toMinute: 23 * 60 };
  expect(await days({ hours: evening }, all)).toEqual(["2026-11-23 91"]);
  expect(await days({ hours: { fromMinute: 23 * 60, toMinute: 60 } }, all)).toEqual(["2026-11-23 92"]);
  // A part of the former maximum of the same hours: 0.4 and 6.4 kW of evenings, not the 8 kW of mornings.
  expect(
    await days(
      { hours: evening, threshold: { basis: "former", percent: "100", formerDays: 7 } },
      { ...all, "2026-11-24": { 70: 1700 } },
    ),
  ).toEqual(["2026-11-24 70", "2026-11-23 91"]);
});

test("on the day of 100 quarter-hours an hour of the clock is where the clock has it", async () => {
  nowMs = Date.UTC(2026, 9, 26, 12);
  const day = "2026-10-25";
  const values = new Float64Array(100).fill(100);
  // 03:00 comes twice, at 12 and at 16; 04:00 is at 20.
  [values[12], values[16], values[20]] = [1300, 1400, 2000];
  await storeDeliveries(
    db,
    [await delivery(db, meters[0]!, [profileOf(marketDay(day, zone).startMs, values)])],
    { nowMs, zone },
  );
  const period = { fromDay: day, toDay: "2026-10-26", zone, nowMs };
  const night = rule({ hours: { fromMinute: 180, toMinute: 240 } });
  const { peaks } = await tryPeakRule(db, everywhere, night, period);
  expect(peaks.map(({ startMs, quarters }) => [startMs, quarters])).toEqual([
    [marketDay(day, zone).startMs + 16 * 900_000, 2],
  ]);
});

test("a trial says what a rule would have raised, as the rule then does", async () => {
  const days = ["2026-11-20", "2026-11-21", "2026-11-22"];
  for (const [nth, day] of days.entries())
    await read(0, day, { [40 + nth]: 1300 + nth, 50: nth === 1 ? 100 : 900 });
  await read(2, "2026-11-22", { 40: 2000 });
  await approve([points[0]!, points[2]!], 4000);
  await settle();
  const period = { fromDay: "2026-11-21", toDay: "2026-11-24", zone, nowMs };
  const of = async (more: Partial<PeakRuleGiven>) =>
    (await tryPeakRule(db, everywhere, rule(more), period)).peaks.map(({ pointId, day }) => [pointId, day]);
  expect(await of({})).toEqual([
    [points[0], "2026-11-22"],
    [points[0], "2026-11-21"],
  ]);
  expect(
    await of({ watched: { kind: "approved" }, threshold: { basis: "approved", percent: "100" } }),
  ).toEqual([
    [points[0], "2026-11-22"],
    [points[2], "2026-11-22"],
    [points[0], "2026-11-21"],
  ]);
  expect(
    await of({
      watched: { kind: "group", groupId, side: "members" },
      threshold: { basis: "power", powerKw: "20" },
    }),
  ).toEqual([[null, "2026-11-22"]]);
  const { rows } = await db.query(sql`select from peak_due`);
  expect(rows).toEqual([]);
});

test("what a rule shall watch is there and may be seen, and its name is its own", async () => {
  const foreign: Scope = { parts: [{ branchIds: [], supplierId: null }] };
  const given = { ...rule(), by, today };
  await expect(addPeakRule(db, foreign, given)).rejects.toMatchObject({ code: "peak-rule.no-subject" });
  await expect(
    addPeakRule(db, foreign, {
      ...given,
      watched: { kind: "approved" },
      threshold: { basis: "approved", percent: "90" },
    }),
  ).rejects.toMatchObject({ code: "peak-rule.no-subject" });
  await expect(
    tryPeakRule(db, foreign, given, { fromDay: today, toDay: today, zone, nowMs }),
  ).rejects.toMatchObject({
    code: "peak-rule.no-subject",
  });
  const ruleId = await add();
  await expect(add()).rejects.toMatchObject({ code: "peak-rule.name-taken" });
  await expect(changePeakRule(db, foreign, ruleId, { ...given, seenMs: 0 })).rejects.toMatchObject({
    code: "peak-rule.not-found",
  });
  await expect(removePeakRule(db, foreign, ruleId, { by })).rejects.toMatchObject({
    code: "peak-rule.not-found",
  });
  expect(await listPeakRules(db, foreign, { nowMs })).toEqual([]);
});
