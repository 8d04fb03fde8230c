import { setTimeout as wait } from "node:timers/promises";
import {
  cancelJob,
  everywhere,
  findJob,
  type Job,
  listJobFailures,
  queueJob,
  sql,
  takeJob,
} from "@energsys/store";
import { testDatabase } from "@energsys/store/testing";
import pino from "pino";
import { afterAll, afterEach, expect, test } from "vitest";
import { JobError, type JobKind } from "../src/jobs/kind.ts";
import { JobRunner } from "../src/jobs/runner.ts";

const { db, drop } = await testDatabase();
afterAll(drop);

/** Counts to `input.to`, one item after the other, as slowly as it is told to. */
const counting: JobKind = {
  async run({ job, tell, fail, signal }) {
    const to = Number(job.input.to);
    tell({ total: to });
    for (let done = 1; done <= to; done++) {
      if (signal.aborted) return { counted: done - 1 };
      await wait(Number(job.input.paceMs ?? 0));
      if (done === job.input.bad) await fail({ item: `item ${done}`, code: "row.wrong", detail: "three" });
      tell({ done });
    }
    return { counted: to };
  },
};
const refusing: JobKind = {
  run: () => Promise.reject(new JobError("job.kind-unknown", "nothing to do here")),
};
const breaking: JobKind = { run: () => Promise.reject(new Error("password=secret")) };
/** Writes a row in the name of whoever asked. */
const writing: JobKind = {
  async run(context) {
    await context.db.query(sql`insert into setting (name, value) values ('job-test', '1'::jsonb)`);
    return undefined;
  },
};

/** Does what it has to in one go, whoever cancels meanwhile. */
const atOnce: JobKind = {
  async run({ tell, signal }) {
    tell({ total: 1 });
    while (!signal.aborted) await wait(5);
    tell({ done: 1 });
    return { whole: true };
  },
};

const kinds = { counting, refusing, breaking, writing, atOnce };
const runners: JobRunner[] = [];
async function runner(parallelMax = 2) {
  const made = new JobRunner({
    db,
    keyRing: undefined,
    kinds,
    zone: "Europe/Bucharest",
    now: Date.now,
    logger: pino({ level: "silent" }),
    parallelMax,
    tellMs: 20,
    lookMs: 100,
  });
  runners.push(made);
  await made.start();
  return made;
}
afterEach(async () => {
  await Promise.all(runners.splice(0).map((each) => each.stop()));
});

const ask = (kind: string, input: Record<string, unknown> = {}) =>
  queueJob(db, { kind, label: "test", input, action: "points.change", scope: everywhere, by: "ana" });

async function until(jobId: number, fits: (job: Job) => boolean): Promise<Job> {
  for (let tries = 0; tries < 500; tries++) {
    const job = await findJob(db, jobId);
    if (job && fits(job)) return job;
    await wait(10);
  }
  throw new Error(`job ${jobId} is ${JSON.stringify(await findJob(db, jobId))}`);
}
const ended = (jobId: number) => until(jobId, ({ endedAt }) => endedAt !== null);

test("a job is done, tells how far it is, and keeps what could not be done", async () => {
  await runner();
  const jobId = await ask("counting", { to: 5, bad: 3 });
  expect(await ended(jobId)).toMatchObject({
    state: "done",
    total: 5,
    done: 5,
    failed: 1,
    result: { counted: 5 },
    requestedBy: "ana",
  });
  expect(await listJobFailures(db, jobId, 10)).toEqual([
    { item: "item 3", code: "row.wrong", detail: "three" },
  ]);
});

test("a job that is cancelled begins no further item and says what it did", async () => {
  await runner();
  const jobId = await ask("counting", { to: 10_000, paceMs: 5 });
  await until(jobId, ({ done }) => done > 3);
  expect(await cancelJob(db, jobId, "radu")).toBe(true);
  const job = await ended(jobId);
  expect(job).toMatchObject({ state: "cancelled", cancelRequestedBy: "radu" });
  expect(job.result).toEqual({ counted: job.done });
  expect(await cancelJob(db, jobId, "radu")).toBe(false);
});

test("a job that waits is cancelled without being begun", async () => {
  const jobId = await ask("counting", { to: 1 });
  expect(await cancelJob(db, jobId, "ana")).toBe(true);
  await runner();
  await wait(150);
  expect(await findJob(db, jobId)).toMatchObject({ state: "cancelled", startedAt: null });
});

test("a failure has a code; what broke by our fault shows nothing of its words", async () => {
  await runner();
  expect(await ended(await ask("refusing"))).toMatchObject({
    state: "failed",
    errorCode: "job.kind-unknown",
    errorDetail: "nothing to do here",
  });
  expect(await ended(await ask("breaking"))).toMatchObject({
    state: "failed",
    errorCode: "job.broke",
    errorDetail: "",
  });
  expect(await ended(await ask("of another release"))).toMatchObject({ errorCode: "job.kind-unknown" });
});

test("what a job changes stands in the log under the name of whoever asked for it", async () => {
  await runner();
  await ended(await ask("writing"));
  const { rows } = await db.query<{ actor: string }>(
    sql`select actor from audit.log where object_type = 'setting' and object_id = 'job-test'`,
  );
  expect(rows).toEqual([{ actor: "ana" }]);
});

test("a runner that stops gives its job back, and the next one finishes it", async () => {
  const first = await runner();
  const jobId = await ask("counting", { to: 60, paceMs: 5 });
  await until(jobId, ({ done }) => done > 3);
  await first.stop();
  expect(await findJob(db, jobId)).toMatchObject({ state: "queued" });
  await runner();
  expect(await ended(jobId)).toMatchObject({ state: "done", done: 60 });
});

test("a runner that died without a word loses its job, which another takes over; after three times nobody does", async () => {
  const jobId = await ask("counting", { to: 1 });
  const expire = () =>
    db.query(sql`update job set lease_until = now() - interval '1 second' where job_id = ${jobId}`);
  const dead = await takeJob(db, "00000000-0000-4000-8000-000000000001");
  expect(dead?.job).toMatchObject({ jobId, earlierTurns: 0 });
  expect(await takeJob(db, "00000000-0000-4000-8000-000000000002")).toBeUndefined();
  await expire();
  const second = await takeJob(db, "00000000-0000-4000-8000-000000000002");
  expect(second?.job.earlierTurns).toBe(1);
  expect(await dead!.lease.tell({ total: 1, done: 1, failed: 0 })).toMatchObject({ held: false });
  expect(await dead!.lease.end({ state: "done", result: null })).toBe(false);
  await expire();
  await takeJob(db, "00000000-0000-4000-8000-000000000003");
  await expire();
  expect(await takeJob(db, "00000000-0000-4000-8000-000000000004")).toBeUndefined();
  expect(await findJob(db, jobId)).toMatchObject({ state: "failed", errorCode: "job.gave-up" });
});

test("several runners share the jobs: each is done once", async () => {
  await Promise.all([runner(), runner(), runner()]);
  const jobs = await Promise.all(Array.from({ length: 30 }, () => ask("counting", { to: 3, paceMs: 1 })));
  for (const jobId of jobs) expect(await ended(jobId)).toMatchObject({ state: "done", done: 3 });
  const { rows } = await db.query<{ turns: number }>(
    sql`select distinct turns from job where job_id = any(${jobs}::bigint[])`,
  );
  expect(rows).toEqual([{ turns: 1 }]);
});

test("a job that had done all of its items when somebody cancelled it is done", async () => {
  await runner();
  const jobId = await ask("atOnce");
  await until(jobId, ({ state }) => state === "running");
  await cancelJob(db, jobId, "ana");
  expect(await ended(jobId)).toMatchObject({ state: "done", done: 1, result: { whole: true } });
});
