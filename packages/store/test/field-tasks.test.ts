import { alarmCodes } from "@energsys/metering/models";
import { afterAll, expect, test } from "vitest";
import {
  actingAs,
  addGroup,
  changeCase,
  changeTask,
  countFindings,
  decideErasure,
  endContract,
  everywhere,
  importInventory,
  listAlarms,
  listFindings,
  listTasks,
  openCase,
  openTask,
  readCase,
  readTask,
  requestErasure,
  type Scope,
  sql,
  startContract,
  type TaskSource,
} from "../src/index.ts";
import { testDatabase } from "../src/testing.ts";
import { inventoryOf } from "./field.ts";

const { db: plain, drop } = await testDatabase();
afterAll(drop);
const db = actingAs(plain, { actor: "ana", operation: "test" });
await importInventory(db, inventoryOf(2));
const { rows: stored } = await db.query<{ pointId: number; deviceId: number; branchId: number }>(sql`
  select point_id as "pointId", device_id as "deviceId", branch_id as "branchId"
  from point join location using (location_id) join installation using (point_id) join device using (meter_id) order by point_id`);
const [here, elsewhere] = stored as [(typeof stored)[0], (typeof stored)[0]];
const branchOf = (branchId: number): Scope => ({ parts: [{ branchIds: [branchId], supplierId: null }] });
const scope = branchOf(here.branchId);
const nowMs = Date.parse("2026-11-02T08:00:00Z");
const by = { name: "ana", nowMs };
const later = (minutes: number) => ({ name: "ion", nowMs: nowMs + minutes * 60_000 });

async function findingAt(pointId: number, day: string): Promise<number> {
  const { rows } = await db.query<{ id: number }>(sql`
    with c as (
      insert into channel (point_id, obis, kind, unit, scale, period_s) values (${pointId}, '1-0:1.29.0*255', 'delta', 'Wh', 0, 900)
      on conflict do nothing returning channel_id),
    own as (select channel_id from c union all select channel_id from channel where point_id = ${pointId} limit 1)
    insert into finding (channel_id, day, count, rule, words, severity, since, changed_at)
    select channel_id, ${day}::date, 0, 'V03', 'gap', 'W', '2026-11-01', '2026-11-01' from own returning finding_id as id`);
  return rows[0]!.id;
}
const task = (source: TaskSource, note = "") => ({ source, kind: "look", priority: "normal", note }) as const;
const due = async (waiting?: boolean) =>
  (
    await listFindings(db, everywhere, {
      states: ["open"],
      ...(waiting === undefined ? {} : { waiting }),
      fromDay: "2026-10-01",
      toDay: "2026-11-02",
      limit: 10,
    })
  ).rows.map(({ findingId, fieldTask }) => [findingId, fieldTask]);

test("findings of a point wait for one task, once, and come back to the front with what it came to", async () => {
  const [old, next, latest] = [
    await findingAt(here.pointId, "2026-10-29"),
    await findingAt(here.pointId, "2026-10-30"),
    await findingAt(here.pointId, "2026-10-31"),
  ];
  const foreign = await findingAt(elsewhere.pointId, "2026-10-30");
  const mixed = openTask(db, everywhere, task({ findingIds: [old, foreign] }), by);
  await expect(mixed).rejects.toMatchObject({ code: "field-task.findings" });
  const unseen = openTask(db, scope, task({ findingIds: [foreign] }), by);
  await expect(unseen).rejects.toMatchObject({ code: "finding.not-found" });

  // Two people at the same moment: one task.
  const both = await Promise.all([
    openTask(db, scope, task({ findingIds: [old] }, "câinele e rău"), by),
    openTask(db, scope, task({ findingIds: [next, old] }), later(0)),
  ]);
  expect(both.map(({ opened }) => opened).sort()).toEqual([false, true]);
  expect(both[0].taskId).toBe(both[1].taskId);
  const { taskId } = both[0];
  await changeTask(db, scope, taskId, { findingIds: [old, next], assigneeId: null, note: "" }, later(1));
  expect(await due()).toEqual([
    [latest, null],
    [next, "waiting"],
    [foreign, null],
    [old, "waiting"],
  ]);
  expect(await due(false)).toEqual([
    [latest, null],
    [foreign, null],
  ]);
  const waiting = await countFindings(db, everywhere, { waiting: true });
  expect(waiting).toEqual([{ rule: "V03", severity: "W", count: 2 }]);

  const wordless = changeTask(db, scope, taskId, { state: "done", note: "" }, later(2));
  await expect(wordless).rejects.toMatchObject({ code: "field-task.outcome" });
  await changeTask(db, scope, taskId, { state: "done", note: "contor ars" }, later(3));
  expect((await due()).slice(0, 2)).toEqual([
    [next, "back"],
    [old, "back"],
  ]);
  const found = await readTask(db, scope, taskId);
  expect(found).toMatchObject({ state: "done", outcome: "contor ars", closedBy: "ion", findings: 2 });
  expect(found.about.map(({ findingId }) => findingId)).toEqual([next, old]);
  const moved = changeTask(db, scope, taskId, { kind: "exchange", note: "" }, later(4));
  await expect(moved).rejects.toMatchObject({ code: "field-task.closed" });

  // While another one is open for one of them, it is not opened again.
  const second = await openTask(db, scope, task({ findingIds: [old] }), later(5));
  expect(second.opened).toBe(true);
  const again = changeTask(db, scope, taskId, { state: "open", note: "" }, later(6));
  await expect(again).rejects.toMatchObject({ code: "field-task.open" });
  await changeTask(db, scope, second.taskId, { state: "cancelled", note: "greșeală" }, later(7));
  await changeTask(db, scope, taskId, { state: "open", note: "nu e gata" }, later(8));
  expect(await due(true)).toHaveLength(2);
  // A finding that goes and comes back later is another story.
  await changeTask(db, scope, taskId, { state: "done", note: "schimbat" }, later(9));
  await db.query(
    sql`update finding set since = ${new Date(later(60).nowMs).toISOString()}::timestamptz where finding_id = ${next}`,
  );
  expect((await due())[0]).toEqual([old, "back"]);
  expect((await due())[1]).toEqual([latest, null]);
});

test("an alarm, a concentrator and a case of a group are gone for once at a time, each in its own branch", async () => {
  const { rows } = await db.query<{ id: number }>(sql`
    with own as (insert into device (identity, model, url, direction)
      values ('ENC0000000000001', 'generic-dlms', 'dlms+tcp://', 'call-in') returning device_id)
    insert into gateway (identity, state, device_id, name, branch_id)
    select 'ENC0000000000001', 'adopted', device_id, 'MC-1', ${here.branchId} from own returning gateway_id as id`);
  const gatewayId = rows[0]!.id;
  const alarm = { deviceId: here.deviceId, at: nowMs - 60_000, code: alarmCodes[0]!.code, seq: 0 };
  await db.query(sql`
    insert into event (device_id, at, code, seq, received_at)
    values (${alarm.deviceId}, ${new Date(alarm.at).toISOString()}::timestamptz, ${alarm.code}, 0, now())`);
  const ofAlarm = await openTask(db, scope, task({ alarm }), by);
  expect(await openTask(db, scope, task({ alarm }), by)).toEqual({ ...ofAlarm, opened: false });
  const { rows: alarms } = await listAlarms(db, scope, { state: "all", fromMs: 0, limit: 10 });
  expect(alarms).toMatchObject([{ pointId: here.pointId, gatewayId: null, fieldTaskId: ofAlarm.taskId }]);
  const ofGateway = await openTask(db, scope, task({ gatewayId }), by);
  const groupId = await addGroup(db, { kind: "transformer", name: "PT 7", branchId: here.branchId });
  const caseId = await openCase(db, scope, { groupId, note: "" }, by);
  const ofCase = await openTask(db, scope, task({ caseId }), by);
  const { rows: seen } = await listTasks(db, scope, { states: ["open"] }, 10);
  expect(seen.map(({ taskId, gateway, group, alarm: of }) => [taskId, gateway, group, of?.code])).toEqual([
    [ofCase.taskId, null, "PT 7", undefined],
    [ofGateway.taskId, "MC-1", null, undefined],
    [ofAlarm.taskId, null, null, alarm.code],
  ]);
  const foreign = branchOf(elsewhere.branchId);
  expect((await listTasks(db, foreign, {}, 10)).rows).toEqual([]);
  for (const source of [{ alarm }, { gatewayId }, { caseId }, { pointId: here.pointId }])
    await expect(openTask(db, foreign, task(source), by)).rejects.toMatchObject({
      code: expect.stringMatching(/\.not-found$/),
    });
  await expect(readTask(db, foreign, ofCase.taskId)).rejects.toMatchObject({ code: "field-task.not-found" });

  // The case is in the field as long as somebody goes there, and not a moment longer.
  expect((await readCase(db, scope, caseId)).state).toBe("in-field");
  const closing = { state: "closed", outcome: "fault", note: "" } as const;
  await expect(changeCase(db, scope, caseId, closing, by)).rejects.toMatchObject({ code: "case.in-field" });
  await changeTask(db, scope, ofCase.taskId, { state: "done", note: "siguranță arsă" }, later(1));
  expect((await readCase(db, scope, caseId)).state).toBe("open");
  await changeCase(db, scope, caseId, closing, later(2));
  const late = changeTask(db, scope, ofCase.taskId, { state: "open", note: "" }, later(3));
  await expect(late).rejects.toMatchObject({ code: "field-task.case-closed" });
});

test("what is due comes first, of a day what is urgent", async () => {
  const open = async (dueDay: string | undefined, priority: "high" | "low") =>
    (
      await openTask(
        db,
        scope,
        { ...task({ pointId: here.pointId }), priority, ...(dueDay ? { dueDay } : {}) },
        by,
      )
    ).taskId;
  const [none, low, high, soon] = [
    await open(undefined, "high"),
    await open("2026-11-05", "low"),
    await open("2026-11-05", "high"),
    await open("2026-11-03", "low"),
  ];
  const { rows } = await listTasks(db, scope, { states: ["open"], pointId: here.pointId }, 10);
  expect(rows.map(({ taskId }) => taskId).slice(0, 4)).toEqual([soon, high, low, none]);
  const { total } = await listTasks(db, scope, { states: ["open"], dueBy: "2026-11-04" }, 10);
  expect(total).toBe(1);
});

test("an erasure takes notes away that name the subscriber, and leaves the others", async () => {
  const ion = {
    kind: "household",
    number: "A-1",
    name: "Popescu Ion",
    phone: "",
    email: "",
    address: "",
  } as const;
  const { contractId, subscriberId } = await startContract(db, everywhere, {
    pointId: elsewhere.pointId,
    number: "C-1",
    fromMs: nowMs - 86_400_000,
    subscriber: ion,
  });
  const { taskId } = await openTask(
    db,
    everywhere,
    task({ pointId: elsewhere.pointId }, "la Ion POPESCU, poarta verde"),
    by,
  );
  await changeTask(db, everywhere, taskId, { state: "done", note: "sigiliu pus" }, later(1));
  // In the log stands that something was noted, and not what.
  const { rows: logged } = await db.query<{ text: string }>(
    sql`select string_agg(log::text, ' ') as text from audit.log where object_type like 'field_task%'`,
  );
  expect(logged[0]!.text).toContain("field_task_entry");
  expect(logged[0]!.text).not.toContain("poarta");
  await endContract(db, everywhere, { contractId, atMs: nowMs - 3_600_000 });
  const erasureId = await requestErasure(db, everywhere, subscriberId, {
    name: "ana",
    nowMs,
    reason: "cerere",
  });
  await decideErasure(db, everywhere, erasureId, { name: "ion", nowMs, confirm: true, note: "" });
  const { entries } = await readTask(db, everywhere, taskId);
  expect(entries.map(({ note }) => note)).toEqual(["", "sigiliu pus"]);
});
