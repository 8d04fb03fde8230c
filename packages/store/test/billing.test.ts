import { quality } from "@energsys/metering";
import {
  addMeterTest,
  askBillingClose,
  closeBillingMonth,
  decideBillingClose,
  decideHeldValues,
  editValues,
  everywhere,
  listBilledValues,
  listBillingCloses,
  listBillingCorrections,
  readBillingOutlook,
  runBillingCorrections,
  sql,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dateOf, quiet, startOf, TestPoint, zone } from "./validation/town.ts";

/** A month with the long day of 100 quarter-hours in it. */
const month = "2026-10-01";
const days = 31;
const gapDay = "2026-10-12";
const slot = 40;
const nobody = { parts: [] };
const monthSum = (level = 100) =>
  Array.from({ length: days }, (_, nth) => quiet(dateOf(month, nth), level))
    .flatMap((values) => [...values])
    .reduce((sum, value) => sum + value, 0);

let database: Awaited<ReturnType<typeof testDatabase>>;
let point: TestPoint;
beforeEach(async () => {
  database = await testDatabase();
  // September and October, the gap of October in the first delivery already.
  point = await TestPoint.make(database.db, "2026-09-01", 30);
  point.nowMs = startOf("2026-11-03");
  for (let nth = 0; nth < days; nth++) {
    const date = dateOf(month, nth);
    const values = quiet(date);
    if (date === gapDay) values.fill(Number.NaN, slot, slot + 4);
    await point.deliver(date, values);
  }
  await point.validate();
});
afterEach(() => database.drop());

const context = () => ({ zone, nowMs: point.nowMs });
const part = { month, branchId: null };
async function close() {
  const { db } = database;
  const closeId = await askBillingClose(db, part, { by: "ana", reason: "month is over", ...context() });
  await decideBillingClose(db, everywhere, {
    closeId,
    approve: true,
    note: "",
    by: "dan",
    nowMs: point.nowMs,
  });
  return { closeId, ...(await closeBillingMonth(db, closeId, context())) };
}
const billed = async (closeId: number) =>
  await listBilledValues(database.db, everywhere, { closeId, afterPointId: 0, limit: 10 });
const corrections = () =>
  listBillingCorrections(database.db, everywhere, { month, branchId: null, limit: 10 });
const run = () => runBillingCorrections(database.db, everywhere, { ...part, by: "ana", ...context() });

test("a month is closed by a second person, by the intervals with the reason, estimates counted", async () => {
  const { db } = database;
  const shown = (await point.day(gapDay))!.values;
  const difference = shown.reduce((sum, value, at) => sum + value - quiet(gapDay)[at]!, 0);
  expect(await readBillingOutlook(db, everywhere, part, zone)).toMatchObject({
    points: 1,
    ready: 1,
    estimated: 1,
    gaps: 0,
    byRule: [],
  });
  const closeId = await askBillingClose(db, part, { by: "ana", reason: "month is over", ...context() });
  await expect(askBillingClose(db, part, { by: "eve", reason: "again", ...context() })).rejects.toMatchObject(
    {
      code: "billing.asked",
    },
  );
  const decision = { closeId, approve: true, note: "", by: "ana", nowMs: point.nowMs };
  await expect(decideBillingClose(db, everywhere, decision)).rejects.toMatchObject({
    code: "billing.own-request",
  });
  await expect(decideBillingClose(db, nobody, { ...decision, by: "dan" })).rejects.toMatchObject({
    code: "billing.not-found",
  });
  await decideBillingClose(db, everywhere, { ...decision, by: "dan" });
  expect(await closeBillingMonth(db, closeId, context())).toEqual({ points: 1, billable: 1 });
  expect(await billed(closeId)).toMatchObject([
    {
      basis: "intervals",
      reason: "no-register",
      billable: true,
      energy: monthSum() + difference,
      expected: days * 96 + 4,
      present: days * 96 + 4,
      estimated: 4,
    },
  ]);
  await expect(decideBillingClose(db, everywhere, { ...decision, by: "dan" })).rejects.toMatchObject({
    code: "billing.decided",
  });
  expect(await listBillingCloses(db, nobody, { limit: 10 })).toEqual([]);
  // What is told to nobody cannot be taken away either: the table itself refuses one person for both.
  await expect(db.query(sql`update billing_close set decided_by = requested_by`)).rejects.toMatchObject({
    code: "23514",
  });
});

test("the register at midnight of the first days is what is billed where it was read, and the intervals stand beside it", async () => {
  const shown = (await point.day(gapDay))!.values;
  const sum = monthSum() + shown.reduce((more, value, at) => more + value - quiet(gapDay)[at]!, 0);
  const last = (1_000 + (sum + 300) / 1_000).toFixed(3);
  await point.deliver(month, new Float64Array(), {
    registers: [point.register(month, "1000.000"), point.register("2026-11-01", last)],
  });
  await point.validate();
  const { closeId } = await close();
  expect(await billed(closeId)).toMatchObject([
    {
      basis: "register",
      reason: null,
      billable: true,
      // 0.3 kWh more than the intervals: within what the sum check lets pass.
      energy: sum + 300,
      intervals: sum,
      registerFrom: "1000.000",
      registerTo: last,
    },
  ]);
});

test("a month with a gap that nothing was laid over is not billable, and can be closed later; what is billed stays", async () => {
  const { db } = database;
  await db.query(sql`delete from load_day where channel_id = ${point.channelId} and day = '2026-10-20'`);
  const first = await close();
  expect(first.billable).toBe(0);
  expect(await billed(first.closeId)).toMatchObject([{ billable: false, reason: "gap" }]);
  expect(await run()).toEqual({ lookedAt: 0, found: 0 });
  await point.deliver("2026-10-20", quiet("2026-10-20", 101));
  await point.validate();
  const second = await close();
  expect(second.billable).toBe(1);
  const [value] = await billed(second.closeId);
  await point.deliver("2026-10-21", quiet("2026-10-21", 150));
  await point.validate();
  const third = await close();
  expect(third.billable).toBe(0);
  expect(await billed(second.closeId)).toEqual([value]);
});

test("late values take an estimate's place before it is billed; afterwards they wait, and the estimate stands", async () => {
  const { closeId } = await close();
  const estimated = (await point.day(gapDay))!;
  expect(estimated.flags[slot]).toBe(quality.estimated);
  point.nowMs += 86_400_000;
  await point.deliver(gapDay, quiet(gapDay, 120));
  await point.validate();
  const after = (await point.day(gapDay))!;
  expect([...after.values.slice(slot, slot + 4)]).toEqual([...estimated.values.slice(slot, slot + 4)]);
  // The other intervals of the day were measured, so the newer delivery counts there and is a change of what was billed.
  const late = quiet(gapDay, 120);
  const held = [0, 1, 2, 3].reduce((sum, at) => sum + late[slot + at]! - estimated.values[slot + at]!, 0);
  expect(await run()).toEqual({ lookedAt: 1, found: 2 });
  const [waiting, changed] = await corrections();
  const [value] = await billed(closeId);
  expect(changed).toMatchObject({
    kind: "changed",
    state: "noted",
    cause: "late-values",
    causedBy: null,
    oldEnergy: value!.energy,
    newEnergy: value!.energy! + 92 * 20,
  });
  expect(waiting).toMatchObject({
    kind: "held",
    state: "waiting",
    oldEnergy: value!.energy,
    newEnergy: changed!.newEnergy + held,
  });
  expect(await run()).toEqual({ lookedAt: 0, found: 0 });
  point.nowMs += 60_000;
  const decision = {
    correctionId: waiting!.correctionId,
    take: true,
    note: "meter was read on site",
    by: "dan",
  };
  await expect(decideHeldValues(database.db, nobody, { ...decision, ...context() })).rejects.toMatchObject({
    code: "billing.correction-not-found",
  });
  // A day that cannot be written leaves the decision open.
  await database.db.query(sql`alter table point_overlay add constraint full_disk check (kind <> 'late')`);
  await expect(
    decideHeldValues(database.db, everywhere, { ...decision, ...context() }),
  ).rejects.toMatchObject({ code: "23514" });
  await database.db.query(sql`alter table point_overlay drop constraint full_disk`);
  await decideHeldValues(database.db, everywhere, { ...decision, ...context() });
  await point.validate();
  expect((await point.day(gapDay))!.values).toEqual(late);
  expect(await run()).toEqual({ lookedAt: 1, found: 1 });
  expect((await corrections())[0]).toMatchObject({
    kind: "changed",
    oldEnergy: changed!.newEnergy,
    newEnergy: changed!.newEnergy + held,
    cause: "edit",
    causedBy: "dan",
  });
  // What was billed is what it was.
  expect(await billed(closeId)).toEqual([value]);
});

test("an edit of a billed month is listed with old and new energy, who and why", async () => {
  const { closeId } = await close();
  const [value] = await billed(closeId);
  point.nowMs += 60_000;
  const before = (await point.day("2026-10-05"))!.values[10]!;
  await editValues(
    database.db,
    everywhere,
    {
      channelId: point.channelId,
      day: "2026-10-05",
      values: [{ slot: 10, value: before + 700 }],
      reason: "misreading",
      comment: "seen on site",
      by: "ana",
    },
    context(),
  );
  await point.validate();
  // Two people look at the same time: it is found once.
  const looks = await Promise.all([run(), run()]);
  expect(looks.reduce((sum, { found }) => sum + found, 0)).toBe(1);
  expect(await corrections()).toMatchObject([
    {
      kind: "changed",
      cause: "edit",
      causedBy: "ana",
      causeReason: "misreading: seen on site",
      oldEnergy: value!.energy,
      newEnergy: value!.energy! + 700,
    },
  ]);
});

test("a month with a test of the meter is billed by its intervals: the index holds what was counted under test", async () => {
  const { db } = database;
  const kWh = (wh: number) => (wh / 1000).toFixed(3);
  const total = (
    await database.db.query<{ sum: number }>(sql`
    select sum(sum)::int as sum from load_day where channel_id = ${point.channelId} and day >= ${month}`)
  ).rows[0]!.sum;
  await point.deliver("2026-11-01", new Float64Array(0), {
    registers: [point.register(month, "100.000"), point.register("2026-11-01", kWh(100_000 + total))],
  });
  const fromMs = startOf("2026-10-20");
  await addMeterTest(
    db,
    everywhere,
    point.meterId,
    { fromMs, toMs: fromMs + 3_600_000, reason: "load of the laboratory", by: "ana" },
    context(),
  );
  await point.validate();
  const { closeId } = await close();
  expect(await billed(closeId)).toMatchObject([{ basis: "intervals", reason: "meter-test", billable: true }]);
});
