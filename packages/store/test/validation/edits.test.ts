import { methodOf, quality } from "@energsys/metering";
import {
  acceptFinding,
  countFindings,
  decideEdit,
  dryRunValidation,
  type EditRequest,
  editValues,
  everywhere,
  listEdits,
  readFindings,
  sql,
  undoEdit,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dateOf, quiet, startOf, TestPoint, zone } from "./town.ts";

const first = "2026-09-01";
const date = "2026-10-01";
const nobody = { parts: [] };

let database: Awaited<ReturnType<typeof testDatabase>>;
let point: TestPoint;
const context = () => ({ nowMs: point.nowMs, zone });
beforeEach(async () => {
  database = await testDatabase();
  point = await TestPoint.make(database.db, first, 30);
  point.nowMs = startOf(dateOf(date, 2));
  const values = quiet(date);
  values.fill(Number.NaN, 20, 24);
  await point.deliver(date, values);
  await point.validate();
});
afterEach(() => database.drop());

const edit = (values: EditRequest["values"], more: Partial<EditRequest> = {}) =>
  editValues(
    database.db,
    everywhere,
    {
      channelId: point.channelId,
      day: date,
      values,
      reason: "misreading",
      comment: "seen on site",
      by: "ana",
      ...more,
    },
    context(),
  );
const versions = async () => {
  const { rows } = await database.db.query<{ kind: string; by: string | null }>(sql`
    select kind, by from point_overlay where channel_id = ${point.channelId} and day = ${date} order by ver`);
  return rows.map(({ kind, by }) => `${kind} ${by}`);
};

test("an edit counts at once, is marked, outlives what comes late, and leaves every version readable", async () => {
  const before = await point.day(date);
  expect(
    await edit([
      { slot: 21, value: 777 },
      { slot: 50, value: 5 },
    ]),
  ).toMatchObject({ state: "applied" });
  const edited = await point.day(date);
  expect([edited?.values[21], edited?.flags[21], edited?.values[50], edited?.flags[50]]).toEqual([
    777,
    quality.edited,
    5,
    quality.edited,
  ]);
  // The estimates around it stay until the day is validated, and then go around it.
  await point.validate();
  expect((await point.day(date))?.values[21]).toBe(777);
  expect(await point.found(date)).toEqual(["V03 gap estimated"]);
  await point.deliver(date, quiet(date));
  await point.validate();
  const late = await point.day(date);
  expect([late?.values[20], late?.values[21], late?.values[50]]).toEqual([quiet(date)[20], 777, 5]);
  const { rows } = await database.db.query<{ ver: number; v: Buffer }>(sql`
    select ver from load_day_hist where channel_id = ${point.channelId} and day = ${date} order by ver`);
  expect(rows.length).toBeGreaterThanOrEqual(2);
  expect(rows.map(({ ver }) => ver)).toContain(before?.ver);
  expect(await listEdits(database.db, everywhere, { channelId: point.channelId, limit: 10 })).toMatchObject([
    {
      values: [
        { slot: 21, value: 777 },
        { slot: 50, value: 5 },
      ],
      reason: "misreading",
      requestedBy: "ana",
      state: "applied",
    },
  ]);
  expect(await listEdits(database.db, nobody, { limit: 10 })).toEqual([]);
});

test("taking an edit back is a version more: measured values return, estimates are made anew", async () => {
  const before = await point.day(date);
  const { editId } = await edit([
    { slot: 21, value: 777 },
    { slot: 50, value: 5 },
  ]);
  await point.validate();
  const undo = { editId, comment: "wrong day", by: "dan" };
  await undoEdit(database.db, everywhere, undo, context());
  await point.validate();
  const after = await point.day(date);
  expect(after?.values).toEqual(before?.values);
  expect(after?.flags).toEqual(before?.flags);
  expect(after?.ver).toBeGreaterThan(before?.ver ?? 0);
  expect(await versions()).toEqual(expect.arrayContaining(["validation null", "edit ana", "undo dan"]));
  await expect(undoEdit(database.db, everywhere, undo, context())).rejects.toMatchObject({
    code: "edit.not-applied",
  });
  await expect(undoEdit(database.db, nobody, undo, context())).rejects.toMatchObject({
    code: "edit.not-found",
  });
});

test("an older edit that is taken back leaves a newer one of the same interval alone", async () => {
  const { editId: older } = await edit([
    { slot: 50, value: 5 },
    { slot: 51, value: 6 },
  ]);
  const { editId: newer } = await edit([{ slot: 51, value: 9 }]);
  await undoEdit(database.db, everywhere, { editId: older, comment: "x", by: "ana" }, context());
  let shown = await point.day(date);
  expect([shown?.values[50], shown?.values[51]]).toEqual([quiet(date)[50], 9]);
  await undoEdit(database.db, everywhere, { editId: newer, comment: "x", by: "ana" }, context());
  shown = await point.day(date);
  // The older one is taken back already: its value does not return.
  expect(shown?.values[51]).toBe(quiet(date)[51]);
});

test("what an edit replaced returns with it, through edits that stand and past those that were taken back", async () => {
  const undo = (editId: number) =>
    undoEdit(database.db, everywhere, { editId, comment: "x", by: "ana" }, context());
  const shown = async () => (await point.day(date))?.values[51];
  const { editId: a } = await edit([{ slot: 51, value: 6 }]);
  const { editId: b } = await edit([{ slot: 51, value: 9 }]);
  const { editId: c } = await edit([{ slot: 51, value: 6 }]);
  const { editId: d } = await edit([{ slot: 51, value: 12 }]);
  await undo(b);
  await undo(a);
  await undo(d);
  expect(await shown()).toBe(6);
  await undo(c);
  expect(await shown()).toBe(quiet(date)[51]);
});

test("an edit that waits is taken back by who asked for it, and by nobody else", async () => {
  const { editId } = await edit([{ slot: 50, value: 150_000 }]);
  const undo = (by: string) =>
    undoEdit(database.db, everywhere, { editId, comment: "the wrong meter", by }, context());
  await expect(undo("dan")).rejects.toMatchObject({ code: "edit.not-applied" });
  const before = await point.day(date);
  await undo("ana");
  expect(await point.day(date)).toEqual(before);
  expect(await listEdits(database.db, everywhere, { state: "undone", limit: 5 })).toMatchObject([
    { editId, undoneBy: "ana", undoComment: "the wrong meter", decidedBy: null },
  ]);
  const decision = { editId, approve: true, by: "dan" };
  await expect(decideEdit(database.db, everywhere, decision, context())).rejects.toMatchObject({
    code: "edit.decided",
  });
  await expect(undo("ana")).rejects.toMatchObject({ code: "edit.not-applied" });
});

test("above the limit a second person decides, and never the first one", async () => {
  const before = await point.day(date);
  const { editId, state } = await edit([{ slot: 50, value: 150_000 }]);
  expect(state).toBe("waiting");
  expect(await point.day(date)).toEqual(before);
  const decide = (by: string, approve: boolean) =>
    decideEdit(database.db, everywhere, { editId, approve, by }, context());
  await expect(decide("ana", true)).rejects.toMatchObject({ code: "edit.same-person" });
  await decide("dan", true);
  expect((await point.day(date))?.values[50]).toBe(150_000);
  await expect(decide("dan", false)).rejects.toMatchObject({ code: "edit.decided" });
  expect(await listEdits(database.db, everywhere, { state: "applied", limit: 5 })).toMatchObject([
    { editId, requestedBy: "ana", decidedBy: "dan" },
  ]);
  const other = await edit([{ slot: 51, value: 150_000 }]);
  await decideEdit(database.db, everywhere, { editId: other.editId, approve: false, by: "dan" }, context());
  expect((await point.day(date))?.values[51]).toBe(quiet(date)[51]);
  await expect(
    database.db.query(sql`update value_edit set decided_by = requested_by where value_edit_id = ${editId}`),
  ).rejects.toThrow(/check/);
});

test("an edit names intervals that the day has, once each, and energies", async () => {
  for (const [values, code] of [
    [[], "edit.empty"],
    [[{ slot: 96, value: 1 }], "edit.slot"],
    [
      [
        { slot: 1, value: 1 },
        { slot: 1, value: 2 },
      ],
      "edit.slot",
    ],
    [[{ slot: 1, value: -1 }], "edit.value"],
    [[{ slot: 1, value: 0.5 }], "edit.value"],
    [[{ slot: 1, value: 2 ** 50 }], "edit.value"],
  ] as const)
    await expect(edit(values)).rejects.toMatchObject({ code });
  await expect(edit([{ slot: 1, value: 1 }], { day: "2199-01-01" })).rejects.toMatchObject({
    code: "edit.future",
  });
  await expect(edit([{ slot: 1, value: 1 }], { channelId: 99_999 })).rejects.toMatchObject({
    code: "channel.not-found",
  });
});

test("a refused value that a person accepts stands as it was measured, until the meter says otherwise", async () => {
  const day = dateOf(date, 1);
  point.nowMs = startOf(dateOf(day, 2));
  const values = quiet(day);
  values[50] = 5000;
  await point.deliver(day, values);
  await point.validate();
  expect((await point.day(day))?.flags[50]).toBe(quality.estimated);
  const findings = await readFindings(database.db, [{ channelId: point.channelId, date: day }]);
  const above = findings.find(({ rule }) => rule === "V12");
  const accept = {
    stands: "measured" as const,
    findingId: above?.findingId ?? 0,
    note: "new welding machine",
    by: "ana",
  };
  await acceptFinding(database.db, everywhere, accept, context());
  await point.validate();
  const shown = await point.day(day);
  expect([shown?.values[50], shown?.flags[50], shown?.ok]).toEqual([5000, 0, 96]);
  expect(await point.found(day)).toContain("V12 above-meter accepted");
  await expect(acceptFinding(database.db, everywhere, accept, context())).rejects.toMatchObject({
    code: "finding.not-open",
  });
  await expect(acceptFinding(database.db, nobody, accept, context())).rejects.toMatchObject({
    code: "finding.not-found",
  });
  values[50] = 6000;
  await point.deliver(day, values);
  await point.validate();
  expect((await point.day(day))?.flags[50]).toBe(quality.estimated);
  expect(await point.found(day)).toContain("V12 above-meter estimated");
});

test("the register of a month that ended differs from its days: found at its last day, and cleared by the edit that explains it", async () => {
  const total = Array.from({ length: 30 }, (_, nth) => quiet(dateOf(first, nth))).reduce(
    (sum, values) => sum + values.reduce((a, b) => a + b, 0),
    0,
  );
  const end = (total + 5000) / 1000;
  await point.deliver("", new Float64Array(0), {
    registers: [point.register(first, "100.0"), point.register(date, (100 + end).toFixed(1))],
  });
  await point.validate();
  const last = dateOf(date, -1);
  expect(await point.found(last)).toEqual(["V09 month-sum-differs open"]);
  const before = quiet("2026-09-10")[40] ?? 0;
  await editValues(
    database.db,
    everywhere,
    {
      channelId: point.channelId,
      day: "2026-09-10",
      values: [{ slot: 40, value: before + 5000 }],
      reason: "clock-set",
      comment: "lost while the clock was set",
      by: "ana",
    },
    context(),
  );
  await point.validate();
  expect(await point.found(last)).toEqual(["V09 month-sum-differs cleared"]);
});

test("a trial over what is stored says how many findings other thresholds would raise, and keeps nothing", async () => {
  const day = "2026-09-20";
  const values = quiet(day);
  values[70] = 1500;
  await point.deliver(day, values);
  await point.validate();
  const counts = await countFindings(database.db, everywhere);
  const trial = await dryRunValidation(
    database.db,
    everywhere,
    {
      settings: [{ rule: "V10", class: "household", thresholds: { excessPercent: 2000 } }],
      fromDay: first,
      toDay: dateOf(date, 1),
      pointsMax: 10,
    },
    context(),
  );
  expect(trial).toEqual({
    points: 1,
    days: 31,
    rulesMs: { asSet: expect.any(Number), asTried: expect.any(Number) },
    counts: [
      { rule: "V03", severity: "F", asSet: 1, asTried: 1 },
      // The day was delivered before, without the spike.
      { rule: "V05", severity: "W", asSet: 1, asTried: 1 },
      { rule: "V10", severity: "W", asSet: 1, asTried: 0 },
    ],
  });
  expect(await countFindings(database.db, everywhere)).toEqual(counts);
  expect(counts).toEqual([
    { rule: "V05", severity: "W", count: 1 },
    { rule: "V10", severity: "W", count: 1 },
  ]);
});

test("how a value came about has words", () => {
  expect([0, 3, 0x14, 0x20, 0x40].map(methodOf)).toEqual([undefined, "E3", "E4+S", "edited", "verified"]);
});
