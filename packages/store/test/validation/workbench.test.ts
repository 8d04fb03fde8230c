import { quality } from "@energsys/metering";
import {
  acceptFinding,
  assignFinding,
  chosenEstimate,
  editValues,
  everywhere,
  listFindings,
  readFindingDetail,
  reopenFinding,
  sql,
  undoEdit,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dateOf, quiet, startOf, TestPoint, zone } from "./town.ts";

const first = "2026-09-01";
const date = "2026-10-01";
const nobody = { parts: [] };
const states = ["open", "accepted", "estimated", "edited", "cleared"] as const;

let database: Awaited<ReturnType<typeof testDatabase>>;
let point: TestPoint;
const context = () => ({ nowMs: point.nowMs, zone });
beforeEach(async () => {
  database = await testDatabase();
  point = await TestPoint.make(database.db, first, 30);
  point.nowMs = startOf(dateOf(date, 2));
});
afterEach(() => database.drop());

const deliver = async (change: (values: Float64Array) => void, registers = true) => {
  const values = quiet(date);
  change(values);
  await point.deliver(
    date,
    values,
    registers
      ? { registers: [point.register(date, "100.000"), point.register(dateOf(date, 1), "111.952")] }
      : {},
  );
  await point.validate();
};
const rows = async (of: readonly string[] = states) => {
  const found = await listFindings(database.db, everywhere, {
    states: of as typeof states,
    fromDay: date,
    toDay: dateOf(date, 1),
    limit: 10,
  });
  return found.rows;
};
const detail = async (findingId: number) => readFindingDetail(database.db, everywhere, findingId, context());

test("one finding brings what each method would give, the register's difference, similar days and the rule", async () => {
  await deliver((values) => values.fill(Number.NaN, 20, 24));
  const [gap] = await rows();
  expect(gap).toMatchObject({ rule: "V03", state: "estimated", count: 4, method: "E3+S" });
  const { slots, estimates, register, similar, rule, measured, counted, methods } = await detail(
    gap!.findingId,
  );
  expect(slots).toEqual([20, 21, 22, 23]);
  expect(estimates.map(({ method }) => method)).toEqual(["E3+S", "E4+S", "E5+S", "E7+S"]);
  // All of them are scaled to what the register knows of the gap.
  const known = register!.step - register!.measured!;
  expect(register).toMatchObject({ fromMs: startOf(date), toMs: startOf(dateOf(date, 1)), step: 11_952 });
  for (const { total } of estimates) expect(total).toBe(known);
  expect(gap?.estimate).toBe(known);
  expect(estimates[1]?.sources).toHaveLength(3);
  expect(similar?.days).toEqual(estimates[1]?.sources);
  expect(similar?.values[20]).toBe(quiet(date)[20]);
  expect(rule).toMatchObject({ code: "V03", pointClass: "household", thresholds: { waitMinutes: 60 } });
  expect([measured[21], methods[21], methods[30]]).toEqual([null, "E3+S", null]);
  expect(counted[30]).toBe(quiet(date)[30]);
  // Closed for billing: a change would be a correction.
  expect((await detail(gap!.findingId)).closed).toBe(false);
  await database.db.query(sql`
    with closed as (
      insert into billing_close (month, reason, state, requested_by, requested_at, decided_by, decided_at, closed_at)
      values ('2026-10-01', 'month is over', 'closed', 'ana', now(), 'dan', now(), now()) returning billing_close_id)
    insert into billing_value (billing_close_id, point_id, month, scale, expected, present, good, estimated, billable, basis,
      obis, unit, seen)
    select billing_close_id, ${gap!.pointId}::int, '2026-10-01', 0, 1, 1, 1, 0, true, 'intervals', '1-0:1.8.0*255', 'Wh', 1
    from closed`);
  expect((await detail(gap!.findingId)).closed).toBe(true);
});

test("an estimate is accepted as it stands, and taken back", async () => {
  await deliver((values) => values.fill(Number.NaN, 20, 24));
  const [gap] = await rows();
  const before = await point.day(date);
  const acceptance = { findingId: gap!.findingId, stands: "estimate", note: "", by: "ana" } as const;
  await expect(acceptFinding(database.db, nobody, acceptance, context())).rejects.toMatchObject({
    code: "finding.not-found",
  });
  await acceptFinding(database.db, everywhere, acceptance, context());
  await expect(acceptFinding(database.db, everywhere, acceptance, context())).rejects.toMatchObject({
    code: "finding.not-open",
  });
  expect(await point.day(date)).toEqual(before);
  await point.validate();
  expect((await rows())[0]?.state).toBe("accepted");
  const reopening = { findingId: gap!.findingId, note: "", by: "dan" };
  await reopenFinding(database.db, everywhere, reopening, context());
  await expect(reopenFinding(database.db, everywhere, reopening, context())).rejects.toMatchObject({
    code: "finding.not-accepted",
  });
  expect((await rows())[0]?.state).toBe("estimated");
  expect(
    (await detail(gap!.findingId)).decisions.map(({ decision, decidedBy }) => [decision, decidedBy]),
  ).toEqual([
    ["undo", "dan"],
    ["accept-estimate", "ana"],
  ]);
});

test("a chosen method stands as an edit that says which, until it is taken back", async () => {
  await deliver((values) => values.fill(Number.NaN, 20, 24), false);
  const [gap] = await rows();
  const { estimates } = await detail(gap!.findingId);
  const chosen = chosenEstimate({ estimates }, "E5");
  expect(() => chosenEstimate({ estimates }, "E1")).toThrow(/does not apply/);
  const { editId } = await editValues(
    database.db,
    everywhere,
    {
      kind: "estimate",
      ...chosen,
      channelId: gap!.channelId,
      day: date,
      reason: "communication-fault",
      comment: "Monday",
      by: "ana",
    },
    context(),
  );
  await point.validate();
  expect((await rows())[0]).toMatchObject({ state: "edited" });
  const shown = await point.day(date);
  expect([shown?.values[20], shown?.flags[20]]).toEqual([chosen.values[0]?.value, quality.edited]);
  const again = await detail(gap!.findingId);
  expect(again.edits).toMatchObject([{ editId, kind: "estimate", method: "E5", state: "applied" }]);
  // What is there to choose from does not depend on what was chosen.
  expect(again.estimates).toEqual(estimates);
  await undoEdit(database.db, everywhere, { editId, comment: "x", by: "ana" }, context());
  await point.validate();
  expect((await rows())[0]).toMatchObject({ state: "estimated", method: "E3" });
});

test("what a person refuses is estimated, though no rule refuses it, and counts again when that is taken back", async () => {
  await deliver((values) => {
    values[40] = 3000;
  }, false);
  const spike = (await rows()).find(({ rule }) => rule === "V10");
  expect(spike).toMatchObject({ severity: "W", state: "open" });
  const { slots, refused, estimates, measured } = await detail(spike!.findingId);
  expect([slots, refused, measured[40]]).toEqual([[40], [], 3000]);
  const refusal = {
    kind: "refusal" as const,
    channelId: spike!.channelId,
    day: date,
    values: [{ slot: 40, value: 0 }],
    reason: "implausible" as const,
    comment: "no such load",
    by: "ana",
  };
  const { editId, state } = await editValues(database.db, everywhere, refusal, context());
  expect(state).toBe("applied");
  expect((await point.day(date))?.flags[40]).toBe(quality.suspect);
  await point.validate();
  const day = await point.day(date);
  expect([day?.values[40], day?.flags[40]]).toEqual([estimates[0]?.values[40], quality.estimated]);
  expect((await rows()).find(({ rule }) => rule === "V10")?.state).toBe("edited");
  const after = await detail(spike!.findingId);
  expect([after.refused, after.measured[40], after.methods[40]]).toEqual([[40], 3000, "E3"]);
  await undoEdit(database.db, everywhere, { editId, comment: "x", by: "ana" }, context());
  await point.validate();
  expect((await point.day(date))?.values[40]).toBe(3000);
  expect((await rows()).find(({ rule }) => rule === "V10")?.state).toBe("open");
  await expect(
    editValues(database.db, everywhere, { ...refusal, day: dateOf(date, 1) }, context()),
  ).rejects.toMatchObject({ code: "edit.nothing-measured" });
});

test("the list is narrowed by who looks after a finding", async () => {
  await deliver((values) => values.fill(Number.NaN, 20, 24));
  const [gap] = await rows();
  await expect(
    assignFinding(database.db, everywhere, { findingId: gap!.findingId, to: "dan", by: "ana" }, context()),
  ).rejects.toMatchObject({ code: "finding.assignee-unknown" });
  await database.db.query(sql`
    insert into account (name, display_name, language, password_hash) values ('dan', 'Dan', 'ro', 'x')`);
  await assignFinding(
    database.db,
    everywhere,
    { findingId: gap!.findingId, to: "dan", by: "ana" },
    context(),
  );
  const of = async (assignedTo: string | null) =>
    (
      await listFindings(database.db, everywhere, {
        states,
        assignedTo,
        fromDay: date,
        toDay: dateOf(date, 1),
        limit: 10,
      })
    ).total;
  expect([await of("dan"), await of("ana"), await of(null)]).toEqual([1, 0, 0]);
});
