import type { Database, Queryable } from "../database.ts";
import { sqlState } from "../errors.ts";
import type { Scope } from "../scope.ts";
import { sql } from "../sql.ts";
import type { JobFailure, JobState } from "./jobs.ts";

/** A runner that has not told of itself for so long is dead, and its job is another's. */
const leaseSeconds = 30;
/** A job whose runner died so often is not tried again: it may be what kills them. */
const turnsMax = 3;
const gaveUp = "job.gave-up";

/** What a runner has taken on. */
export interface HeldJob {
  readonly jobId: number;
  readonly kind: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly scope: Scope;
  readonly requestedBy: string;
  /** Runners before this one that died of it, or with it. */
  readonly earlierTurns: number;
}

export type JobEnd =
  | { readonly state: "done" | "cancelled"; readonly result: Readonly<Record<string, unknown>> | null }
  | { readonly state: "failed"; readonly errorCode: string; readonly errorDetail: string };

/**
 * Takes the oldest job that waits and whose lane is free, or whose runner has died; `undefined` when there is none. One whose runners died
 * three times fails with `job.gave-up`.
 */
export async function takeJob(
  db: Database,
  runner: string,
): Promise<{ job: HeldJob; lease: JobLease } | undefined> {
  await db.query(sql`
    update job set state = 'failed', ended_at = now(), runner = null, error_code = ${gaveUp},
      error_detail = 'the process that ran it ended ' || turns || ' times in the middle of it'
    where state = 'running' and lease_until < now() and turns >= ${turnsMax}::int`);
  const [job] = await takeOldest(db, runner);
  return job && { job, lease: new JobLease(db, job.jobId, runner) };
}

async function takeOldest(db: Database, runner: string): Promise<readonly HeldJob[]> {
  try {
    const { rows } = await db.query<HeldJob>(sql`
    update job set state = 'running', runner = ${runner}::uuid, turns = turns + 1, started_at = coalesce(started_at, now()),
      lease_until = now() + make_interval(secs => ${leaseSeconds}::int)
    where job_id = (
      select job_id from job
      where (state = 'running' and lease_until < now())
        or (state = 'queued' and not exists (select from job as its where its.lane = job.lane and its.state = 'running'))
      order by job_id limit 1 for update skip locked)
    returning job_id as "jobId", kind, input, scope, requested_by as "requestedBy", (turns - 1)::int as "earlierTurns"`);
    return rows;
  } catch (error) {
    // Another runner took one of the lane at the same moment: there will be another look.
    if (sqlState(error) === "23505") return [];
    throw error;
  }
}

/** A job as long as its runner has it. Each call says whether it still has: whoever was too slow must not write any more. */
export class JobLease {
  readonly #db: Queryable;
  readonly #jobId: number;
  readonly #runner: string;

  constructor(db: Queryable, jobId: number, runner: string) {
    this.#db = db;
    this.#jobId = jobId;
    this.#runner = runner;
  }

  /** Renews the lease and tells how far it is. Often enough: three times in 30 s at least. */
  async tell(progress: {
    readonly total: number | null;
    readonly done: number;
    readonly failed: number;
  }): Promise<{ readonly held: boolean; readonly cancelled: boolean }> {
    const { rows } = await this.#db.query<{ cancelled: boolean }>(sql`
      update job set total = ${progress.total}::int, done = ${progress.done}::int, failed = ${progress.failed}::int,
        lease_until = now() + make_interval(secs => ${leaseSeconds}::int)
      where job_id = ${this.#jobId}::bigint and runner = ${this.#runner}::uuid and state = 'running'
      returning cancel_requested_by is not null as cancelled`);
    return { held: rows.length === 1, cancelled: rows[0]?.cancelled ?? true };
  }

  /** Notes items that could not be done; the newest reason counts. */
  async fail(failures: readonly JobFailure[]): Promise<void> {
    await this.#db.query(sql`
      insert into job_failure (job_id, item, code, detail)
      select ${this.#jobId}::bigint, * from unnest(${failures.map(({ item }) => item)}::text[],
        ${failures.map(({ code }) => code)}::text[], ${failures.map(({ detail }) => detail)}::text[])
      on conflict (job_id, item) do update set code = excluded.code, detail = excluded.detail`);
  }

  /** The last word. `false` when the job was another's by then. */
  async end(end: JobEnd): Promise<boolean> {
    const state: JobState = end.state;
    const { rows } = await this.#db.query(sql`
      update job set state = ${state}, ended_at = now(), runner = null, lease_until = null,
        result = ${"result" in end && end.result ? JSON.stringify(end.result) : null}::jsonb,
        error_code = ${"errorCode" in end ? end.errorCode : null}, error_detail = ${"errorDetail" in end ? end.errorDetail : null}
      where job_id = ${this.#jobId}::bigint and runner = ${this.#runner}::uuid and state = 'running' returning 1`);
    return rows.length === 1;
  }

  /** Gives the job back as if it had not been begun: the runner is asked to stop. */
  async giveBack(): Promise<void> {
    await this.#db.query(sql`
      update job set state = 'queued', runner = null, lease_until = null, turns = turns - 1
      where job_id = ${this.#jobId}::bigint and runner = ${this.#runner}::uuid and state = 'running'`);
  }
}
