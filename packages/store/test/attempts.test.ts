import {
  cancelAttempt,
  endOrphanedAttempts,
  everyAttempt,
  findAttempt,
  findMessage,
  importInventory,
  type LiveMessage,
  listAttempts,
  queueAttempt,
  recordProgress,
  sql,
  takeQueuedAttempts,
  type WorkMessage,
} from "@energsys/store";
import { type TestDatabase, testDatabase } from "@energsys/store/testing";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { inventoryOf } from "./planning-inventory.ts";

let base: TestDatabase;
const live: LiveMessage[] = [];
const work: WorkMessage[] = [];
const taker = { owner: "h1", limit: 10, leaseSeconds: 60, lineDeviceIds: [] };

beforeAll(async () => {
  base = await testDatabase();
  await importInventory(base.db, inventoryOf(2));
  await base.db.listen("energsys_live", (payload) => live.push(findMessage<"energsys_live">(payload)!));
  await base.db.listen("energsys_work", (payload) => work.push(findMessage<"energsys_work">(payload)!));
});
afterAll(() => base.drop());
beforeEach(async () => {
  await base.db.query(sql`delete from attempt`);
  live.length = 0;
  work.length = 0;
});

const progress = (attemptId: number, more: object) => ({
  attemptId,
  state: "reading" as const,
  stages: [],
  bytesSent: 0,
  bytesReceived: 0,
  intervals: 0,
  registers: 0,
  events: 0,
  ...more,
});

async function heard(list: readonly unknown[], count: number): Promise<void> {
  await expect.poll(() => list.length).toBeGreaterThanOrEqual(count);
}

test("a read goes from the queue to done, and every step is told in the transaction that makes it true", async () => {
  const id = await queueAttempt(base.db, { deviceId: 1, cause: "read-now", requestedBy: "ana" });
  await heard(work, 1);
  expect(work).toEqual([{ type: "attempt-queued", attemptId: id }]);

  expect(await takeQueuedAttempts(base.db, taker)).toEqual([
    { attemptId: id, deviceId: 1, cause: "read-now", request: {}, requestedBy: "ana" },
  ]);
  expect(await takeQueuedAttempts(base.db, taker)).toEqual([]);

  const at = "2026-01-05T10:00:00.000Z";
  await recordProgress(base.db, "h1", [progress(id, { stages: [{ stage: "connected", at }] })]);
  await recordProgress(base.db, "h1", [
    progress(id, {
      state: "done",
      stages: [{ stage: "done", at }],
      bytesSent: 12,
      intervals: 96,
      registers: 4,
    }),
  ]);
  const attempt = await findAttempt(base.db, everyAttempt, id);
  expect(attempt).toMatchObject({
    deviceId: 1,
    pointId: 1,
    requestedBy: "ana",
    state: "done",
    bytesSent: 12,
    intervals: 96,
    registers: 4,
    errorCode: null,
  });
  expect(attempt?.stages.map((stage) => stage.stage)).toEqual(["queued", "connected", "done"]);
  expect(attempt?.endedAt).not.toBeNull();
  await heard(live, 3);
  expect(live.map((message) => message.type === "attempt" && message.state)).toEqual([
    "queued",
    "reading",
    "done",
  ]);
  expect(live[2]).toMatchObject({ deviceId: 1, meterId: 1, cause: "read-now", intervals: 96 });
});

test("pressing read twice before it started reads once", async () => {
  const first = await queueAttempt(base.db, { deviceId: 1, cause: "read-now" });
  expect(await queueAttempt(base.db, { deviceId: 1, cause: "read-now" })).toBe(first);
  expect(await queueAttempt(base.db, { deviceId: 2, cause: "read-now" })).not.toBe(first);
});

test("a waiting attempt is cancelled at once, a running one is asked to stop, an ended one is left alone", async () => {
  const waiting = await queueAttempt(base.db, { deviceId: 1, cause: "read-now" });
  expect(await cancelAttempt(base.db, everyAttempt, waiting)).toBe(true);
  expect(await findAttempt(base.db, everyAttempt, waiting)).toMatchObject({
    state: "cancelled",
    errorCode: "attempt.cancelled",
  });
  expect(await cancelAttempt(base.db, everyAttempt, waiting)).toBe(false);

  const running = await queueAttempt(base.db, { deviceId: 1, cause: "read-now" });
  await takeQueuedAttempts(base.db, taker);
  expect(await cancelAttempt(base.db, everyAttempt, running)).toBe(true);
  expect(await findAttempt(base.db, everyAttempt, running)).toMatchObject({ state: "connecting" });
  await expect.poll(() => work, { timeout: 10_000 }).toContainEqual({ type: "cancel", attemptId: running });
});

test("two head-ends never take the same attempt", async () => {
  for (let i = 0; i < 20; i++)
    await queueAttempt(base.db, { cause: "trial", request: { url: `dlms+tcp://h${i}` } });
  const [one, two] = await Promise.all([
    takeQueuedAttempts(base.db, { ...taker, owner: "h1", limit: 12 }),
    takeQueuedAttempts(base.db, { ...taker, owner: "h2", limit: 12 }),
  ]);
  const all = [...one, ...two].map((each) => each.attemptId);
  expect(new Set(all).size).toBe(all.length);
  expect(all.length).toBeGreaterThanOrEqual(12);
});

test("what a dead head-end left is found: people's work once more, planned work failed with a code", async () => {
  const again = await queueAttempt(base.db, { deviceId: 1, cause: "read-now" });
  const planned = await queueAttempt(base.db, { deviceId: 2, cause: "plan" });
  await takeQueuedAttempts(base.db, { ...taker, leaseSeconds: -1 });
  expect(await endOrphanedAttempts(base.db)).toEqual({ requeued: 1, failed: 1 });
  expect(await findAttempt(base.db, everyAttempt, planned)).toMatchObject({
    state: "failed",
    errorCode: "attempt.orphaned",
  });
  expect(await findAttempt(base.db, everyAttempt, again)).toMatchObject({ state: "queued", startedAt: null });

  await takeQueuedAttempts(base.db, { ...taker, leaseSeconds: -1 });
  expect(await endOrphanedAttempts(base.db)).toEqual({ requeued: 0, failed: 1 });
  expect(await findAttempt(base.db, everyAttempt, again)).toMatchObject({
    state: "failed",
    errorCode: "attempt.orphaned",
  });
});

test("a living head-end's work is not taken for orphaned, and a lost attempt is not its to report", async () => {
  const id = await queueAttempt(base.db, { deviceId: 1, cause: "plan" });
  await takeQueuedAttempts(base.db, taker);
  expect(await endOrphanedAttempts(base.db)).toEqual({ requeued: 0, failed: 0 });
  expect(await recordProgress(base.db, "somebody else", [progress(id, { state: "done" })])).toEqual([]);
  expect(await recordProgress(base.db, "h1", [progress(id, { state: "done" })])).toEqual([id]);
});

test("the history of a device comes newest first and in pages", async () => {
  const ids: number[] = [];
  for (let i = 0; i < 5; i++) {
    ids.push(await queueAttempt(base.db, { deviceId: 1, cause: "plan" }));
    await takeQueuedAttempts(base.db, taker);
  }
  const first = await listAttempts(base.db, everyAttempt, { deviceIds: [1], limit: 3 });
  expect(first.map((attempt) => attempt.attemptId)).toEqual(ids.slice(2).reverse());
  const next = await listAttempts(base.db, everyAttempt, {
    deviceIds: [1],
    limit: 3,
    beforeId: first[2]!.attemptId,
  });
  expect(next.map((attempt) => attempt.attemptId)).toEqual(ids.slice(0, 2).reverse());
});
