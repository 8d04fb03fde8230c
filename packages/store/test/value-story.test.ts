import { decideEdit, editValues, everywhere, tellInterval, tellRegister, undoEdit } from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { dateOf, quiet, startOf, TestPoint, zone } from "./validation/town.ts";

const first = "2026-09-01";
const date = "2026-10-25";
const slot = 30;

let database: Awaited<ReturnType<typeof testDatabase>>;
let point: TestPoint;
beforeEach(async () => {
  database = await testDatabase();
  point = await TestPoint.make(database.db, first, 54);
});
afterEach(() => database.drop());

const tell = async (ofSlot = slot) =>
  await tellInterval(database.db, {
    pointId: point.pointId,
    channelId: point.channelId,
    atMs: startOf(date) + ofSlot * 900_000 + 17_000,
    zone,
  });

test("an interval tells its estimate, the late value with its bytes, the edit with its persons, and that it was taken back", async () => {
  const values = quiet(date);
  const measured = values[slot]!;
  values.fill(Number.NaN, slot, slot + 4);
  point.nowMs = startOf(dateOf(date, 2));
  await point.deliver(date, values);
  await point.validate();
  const estimatedAt = point.nowMs;
  point.nowMs += 3_600_000;
  const lateAt = point.nowMs;
  await point.deliver(date, quiet(date), {
    receivedAtMs: lateAt - 2_000,
    blocks: [{ kind: "dlms", bytes: Uint8Array.of(1, 2, 3) }],
  });
  await point.validate();
  point.nowMs += 3_600_000;
  const context = { nowMs: point.nowMs, zone, alonePerEditWh: 1 };
  const { editId } = await editValues(
    database.db,
    everywhere,
    {
      channelId: point.channelId,
      day: date,
      values: [{ slot, value: 777 }],
      reason: "misreading",
      comment: "seen on site",
      by: "ana",
    },
    context,
  );
  point.nowMs += 60_000;
  await decideEdit(
    database.db,
    everywhere,
    { editId, approve: true, by: "dan" },
    { ...context, nowMs: point.nowMs },
  );
  await point.validate();
  const editedAt = point.nowMs;
  point.nowMs += 60_000;
  await undoEdit(
    database.db,
    everywhere,
    { editId, comment: "wrong point", by: "ana" },
    { ...context, nowMs: point.nowMs },
  );
  const story = await tell();
  expect(story?.own.versions).toMatchObject([
    { value: measured, origin: "measured", knownFrom: point.nowMs, knownTo: null, delivery: null },
    {
      value: 777,
      origin: "edited",
      knownFrom: editedAt,
      knownTo: point.nowMs,
      edit: {
        reason: "misreading",
        requestedBy: "ana",
        decidedBy: "dan",
        undoneBy: "ana",
        undoComment: "wrong point",
      },
    },
    {
      value: measured,
      origin: "measured",
      knownFrom: lateAt,
      knownTo: editedAt,
      delivery: { identity: "TST1", blocks: [{ kind: "dlms", bytes: Buffer.of(1, 2, 3), length: 3 }] },
    },
    { origin: "estimated", method: expect.stringMatching(/^E\d/), knownFrom: estimatedAt, knownTo: lateAt },
  ]);
  expect(story?.sources).toMatchObject([
    {
      meter: { serial: "1", factor: "1.000000" },
      versions: [{ value: measured, knownFrom: lateAt, knownTo: null }],
    },
  ]);
  expect(story?.findings).toMatchObject([{ rule: "V03", words: "gap", state: "cleared" }]);
  // The interval before the gap was there from the first delivery on, and tells nothing of what happened beside it.
  expect((await tell(slot - 1))?.own.versions).toHaveLength(1);
});

test("an interval that is not of the day, or of which nothing was stored, tells nothing", async () => {
  expect(await tell()).toBeUndefined();
});

test("a register reading tells its versions and what brought each", async () => {
  const receivedAtMs = Date.UTC(2026, 9, 5, 3);
  const deliver = (value: string, atMs: number, byte: number) =>
    point.deliver(first, new Float64Array(), {
      registers: [point.register(dateOf(first, 1), value)],
      receivedAtMs: atMs,
      blocks: [{ kind: "iec62056-21", bytes: Uint8Array.of(byte) }],
    });
  await deliver("100.5", receivedAtMs, 7);
  await deliver("110.5", receivedAtMs + 60_000, 8);
  const asked = {
    pointId: point.pointId,
    serial: "1",
    obis: "1-0:1.8.0*255",
    measuredAtMs: startOf(dateOf(first, 1)),
  };
  expect((await tellRegister(database.db, asked))?.versions).toMatchObject([
    {
      version: 2,
      value: "110.5",
      receivedAt: receivedAtMs + 60_000,
      replacedAt: null,
      delivery: { blocks: [{ bytes: Buffer.of(8) }] },
    },
    {
      version: 1,
      value: "100.5",
      replacedAt: receivedAtMs + 60_000,
      delivery: { blocks: [{ bytes: Buffer.of(7) }] },
    },
  ]);
  expect(await tellRegister(database.db, { ...asked, serial: "2" })).toBeUndefined();
});
