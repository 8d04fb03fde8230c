import {
  addMeterTest,
  askBillingClose,
  cancelJob,
  closeBillingMonth,
  decideBillingClose,
  decideHeldValues,
  editValues,
  everywhere,
  listBilledValues,
  listBillingCloses,
  listBillingCorrections,
  listEdits,
  queueJob,
  runBillingCorrections,
  sql,
  undoEdit,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { refineChannel } from "../src/rescale.ts";
import { keepMonthSums } from "../src/retention/keep-sums.ts";
import { queueDays } from "../src/validation/queue.ts";
import { dateOf, quiet, startOf, TestPoint, zone } from "./validation/town.ts";

const month = "2026-10-01";
const gapDay = "2026-10-12";
const slot = 40;

let database: Awaited<ReturnType<typeof testDatabase>>;
let point: TestPoint;
beforeEach(async () => {
  database = await testDatabase();
  point = await TestPoint.make(database.db, "2026-09-01", 30);
  point.nowMs = startOf("2026-11-03");
  for (let nth = 0; nth < 31; nth++) {
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
async function close(): Promise<number> {
  const { db } = database;
  const closeId = await askBillingClose(db, part, { by: "ana", reason: "month is over", ...context() });
  const decision = { closeId, approve: true, note: "", by: "dan", nowMs: point.nowMs };
  await decideBillingClose(db, everywhere, decision);
  await closeBillingMonth(db, closeId, context());
  point.nowMs += 60_000;
  return closeId;
}
const corrections = () =>
  listBillingCorrections(database.db, everywhere, { month, branchId: null, limit: 20 });
async function run() {
  await point.validate();
  point.nowMs += 60_000;
  const outcome = await runBillingCorrections(database.db, everywhere, {
    ...part,
    by: "ana",
    ...context(),
  });
  point.nowMs += 60_000;
  return outcome.found;
}
async function edit(day: string, at: number, more: number) {
  const before = (await point.day(day))!.values[at]!;
  const values = [{ slot: at, value: before + more }];
  const request = { channelId: point.channelId, day, values, reason: "misreading" as const, comment: "seen" };
  await editValues(database.db, everywhere, { ...request, by: "ana" }, context());
}
/** Takes the days of a month as retention does; its sums are kept. */
async function removeDays(first: string) {
  await keepMonthSums(database.db, first.slice(0, 7));
  await database.db.query(sql`
    delete from load_day where day >= ${first}::date and day < ${first}::date + interval '1 month'`);
}
/** What the gap was, as it comes late. */
const lateBy = (more: number) =>
  quiet(gapDay)
    .slice(slot, slot + 4)
    .map((value) => value + more);
async function undoLast() {
  const [last] = await listEdits(database.db, everywhere, { state: "applied", limit: 1 });
  const undo = { editId: last!.editId, comment: "was right", by: "dan" };
  await undoEdit(database.db, everywhere, undo, context());
}

test("late values that somebody left are not asked about again when another day changes", async () => {
  await close();
  // As before but for the gap, so that nothing but the gap is late.
  await point.deliver(gapDay, lateBy(30), { fromSlot: slot });
  expect(await run()).toBe(1);
  const [held] = await corrections();
  expect(held).toMatchObject({ kind: "held", state: "waiting" });
  const decision = { correctionId: held!.correctionId, take: false, note: "billed as it was", by: "dan" };
  await decideHeldValues(database.db, everywhere, { ...decision, ...context() });
  await edit("2026-10-05", 10, 700);
  expect(await run()).toBe(1);
  expect((await corrections()).map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    "changed noted",
    "held left",
  ]);
  // Other values than those that somebody left are asked about.
  await point.deliver(gapDay, lateBy(50), { fromSlot: slot });
  expect(await run()).toBe(1);
  expect((await corrections())[0]).toMatchObject({ kind: "held", state: "waiting" });
});

test("late values that no longer wait, since somebody gave others, ask nobody any more", async () => {
  await close();
  await point.deliver(gapDay, lateBy(30), { fromSlot: slot });
  expect(await run()).toBe(1);
  for (let at = slot; at < slot + 4; at++) await edit(gapDay, at, 10);
  expect(await run()).toBe(1);
  expect((await corrections()).map(({ kind, state, decidedBy }) => [kind, state, decidedBy])).toEqual([
    ["changed", "noted", null],
    ["held", "left", null],
  ]);
  // The edits taken back, the late values wait again: nobody has left them.
  for (let nth = 0; nth < 4; nth++) await undoLast();
  expect(await run()).toBe(2);
  expect((await corrections())[0]).toMatchObject({ kind: "held", state: "waiting" });
});

test("a correction names what made it, not what an earlier one was made by", async () => {
  await close();
  await edit("2026-10-05", 10, 700);
  expect(await run()).toBe(1);
  await point.deliver("2026-10-20", quiet("2026-10-20", 110));
  expect(await run()).toBe(1);
  await undoLast();
  expect(await run()).toBe(1);
  const told = await corrections();
  expect(
    told.map(({ cause, causedBy, oldEnergy, newEnergy }) => [cause, causedBy, newEnergy - oldEnergy]),
  ).toEqual([
    ["undo", "dan", -700],
    ["late-values", null, 960],
    ["edit", "ana", 700],
  ]);
  expect(await run()).toBe(0);
});

test("an edit of a billed estimate and its undo leave the estimate as billed", async () => {
  const closeId = await close();
  const estimated = (await point.day(gapDay))!.values.slice();
  await edit(gapDay, slot + 1, 500);
  expect(await run()).toBe(1);
  await undoLast();
  expect(await run()).toBe(1);
  await point.deliver(gapDay, lateBy(30), { fromSlot: slot });
  expect(await run()).toBe(1);
  expect([...(await point.day(gapDay))!.values]).toEqual([...estimated]);
  expect((await corrections()).map(({ kind }) => kind)).toEqual(["held", "changed", "changed"]);
  const [value] = await listBilledValues(database.db, everywhere, { closeId, afterPointId: 0, limit: 10 });
  expect((await corrections())[0]!.oldEnergy).toBe(value!.energy);
});

test("after the quantity has got finer integers, a second change is told by what it is", async () => {
  const { db } = database;
  await close();
  await refineChannel(db, point.channelId, -1);
  await edit("2026-10-05", 10, 7_000);
  expect(await run()).toBe(1);
  await edit("2026-10-06", 10, 50);
  expect(await run()).toBe(1);
  const told = await corrections();
  expect(told.map(({ newEnergy, oldEnergy, scale }) => [newEnergy - oldEnergy, scale])).toEqual([
    [50, -1],
    [7_000, -1],
  ]);
});

test("a test of the meter that is entered after the month was billed is listed with who entered it", async () => {
  const { db } = database;
  const { rows } = await db.query<{ sum: number }>(sql`
    select sum(sum)::int as sum from load_day where channel_id = ${point.channelId} and day >= ${month}`);
  const last = ((100_000 + rows[0]!.sum + 300) / 1000).toFixed(3);
  await point.deliver("2026-11-01", new Float64Array(0), {
    registers: [point.register(month, "100.000"), point.register("2026-11-01", last)],
  });
  await point.validate();
  const closeId = await close();
  const [value] = await listBilledValues(db, everywhere, { closeId, afterPointId: 0, limit: 10 });
  expect(value).toMatchObject({ basis: "register" });
  const fromMs = startOf("2026-10-20");
  await addMeterTest(
    db,
    everywhere,
    point.meterId,
    { fromMs, toMs: fromMs + 3_600_000, reason: "load of the laboratory", by: "ana" },
    context(),
  );
  expect(await run()).toBe(1);
  expect((await corrections())[0]).toMatchObject({
    kind: "changed",
    oldEnergy: value!.energy,
    cause: "meter-test",
    causedBy: "ana",
  });
});

test("a closing whose job was cancelled before it began, or broke, is decided again and goes on", async () => {
  const { db } = database;
  const closeId = await askBillingClose(db, part, { by: "ana", reason: "month is over", ...context() });
  const decision = { closeId, approve: true, note: "", by: "dan", nowMs: point.nowMs };
  const queued = () =>
    queueJob(db, {
      kind: "close-billing-month",
      label: "2026-10",
      input: { closeId },
      action: "billing.approve",
      scope: everywhere,
      by: "dan",
    });
  const states = async () =>
    (await listBillingCloses(db, everywhere, { limit: 5 })).map(({ state }) => state);
  await decideBillingClose(db, everywhere, decision);
  const jobId = await queued();
  expect(await states()).toEqual(["closing"]);
  await expect(decideBillingClose(db, everywhere, decision)).rejects.toMatchObject({
    code: "billing.decided",
  });
  await cancelJob(db, jobId, "dan");
  expect(await states()).toEqual(["waiting"]);
  await expect(decideBillingClose(db, everywhere, { ...decision, by: "ana" })).rejects.toMatchObject({
    code: "billing.own-request",
  });
  await decideBillingClose(db, everywhere, decision);
  await queued();
  // A part of it frozen, it cannot be refused any more.
  await closeBillingMonth(db, closeId, context(), undefined, () => false);
  await db.query(sql`update billing_close set state = 'closing', closed_at = null`);
  await db.query(
    sql`update job set state = 'failed', ended_at = now(), error_code = 'job.broke', error_detail = ''`,
  );
  await expect(decideBillingClose(db, everywhere, { ...decision, approve: false })).rejects.toMatchObject({
    code: "billing.decided",
  });
  await decideBillingClose(db, everywhere, decision);
  expect(await closeBillingMonth(db, closeId, context())).toEqual({ points: 1, billable: 1 });
  expect(await states()).toEqual(["closed"]);
});

test("a billed month whose days went with their time is not less for a few that are brought again", async () => {
  const closeId = await close();
  await removeDays(month);
  expect(await run()).toBe(0);
  await point.deliver("2026-10-20", quiet("2026-10-20"));
  expect(await run()).toBe(0);
  expect(await corrections()).toEqual([]);
  expect(
    await listBilledValues(database.db, everywhere, { closeId, afterPointId: 0, limit: 5 }),
  ).toHaveLength(1);
});

test("an estimate beside days that went with their time stays as it was when its day is validated again", async () => {
  const { db } = database;
  const { rows } = await db.query<{ sum: number }>(sql`
    select sum(sum)::int as sum from load_day where channel_id = ${point.channelId} and day >= '2026-09-20' and day < '2026-10-20'`);
  const last = ((1_000_000 + rows[0]!.sum + 40) / 1000).toFixed(3);
  await point.deliver("2026-10-20", new Float64Array(0), {
    registers: [point.register("2026-09-20", "1000.000"), point.register("2026-10-20", last)],
  });
  await point.validate();
  const before = (await point.day(gapDay))!;
  const found = await point.found(gapDay);
  await removeDays("2026-09-01");
  for (const day of [month, gapDay]) {
    await queueDays(db, { pointIds: [point.pointId], fromDay: day, toDay: dateOf(day, 1) });
    await point.validate();
  }
  expect([...(await point.day(gapDay))!.values]).toEqual([...before.values]);
  expect(await point.found(gapDay)).toEqual(found);
  expect(await point.found(month)).toEqual([]);
  expect(await point.found("2026-09-30")).toEqual([]);
});

test("a billed point that goes to another branch stays in what the closing of its branch lists", async () => {
  const { db } = database;
  const { rows } = await db.query<{ id: number }>(sql`
    select branch_id as id from location join point using (location_id) where point_id = ${point.pointId}`);
  const branchId = rows[0]!.id;
  const closeId = await askBillingClose(db, { month, branchId }, { by: "ana", reason: "over", ...context() });
  const decision = { closeId, approve: true, note: "", by: "dan", nowMs: point.nowMs };
  await decideBillingClose(db, everywhere, decision);
  await closeBillingMonth(db, closeId, context());
  await db.query(sql`
    with other as (insert into branch (name, parent_id) select 'Elsewhere', parent_id from branch where branch_id = ${branchId} returning branch_id)
    select branch_id from other`);
  await db.query(sql`
    update location set branch_id = (select branch_id from branch where name = 'Elsewhere')
    where location_id = (select location_id from point where point_id = ${point.pointId})`);
  const own = { parts: [{ branchIds: [branchId], supplierId: null }] };
  expect(await listBilledValues(db, own, { closeId, afterPointId: 0, limit: 10 })).toHaveLength(1);
});
