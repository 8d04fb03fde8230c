import type { Queryable } from "../database.ts";
import { notify } from "../live.ts";
import type { Scope } from "../scope.ts";
import { sql } from "../sql.ts";

export const jobStates = ["queued", "running", "done", "failed", "cancelled"] as const;
export type JobState = (typeof jobStates)[number];

/** Work that takes longer than a call, as lists show it. Instants are epoch ms. */
export interface Job {
  readonly jobId: number;
  readonly kind: string;
  readonly label: string;
  /** The right by which it was asked for: who holds it sees the job. */
  readonly action: string;
  readonly requestedBy: string;
  readonly requestedAt: number;
  readonly state: JobState;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  /** Items in all; null while nobody knows. */
  readonly total: number | null;
  readonly done: number;
  readonly failed: number;
  readonly cancelRequestedBy: string | null;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  readonly result: Readonly<Record<string, unknown>> | null;
}

export interface NewJob {
  readonly kind: string;
  readonly label: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly action: string;
  readonly scope: Scope;
  readonly by: string;
  /** Of the jobs of a lane one runs at a time. */
  readonly lane?: string;
}

/** An item that could not be done, and why. */
export interface JobFailure {
  readonly item: string;
  readonly code: string;
  readonly detail: string;
}

const columns = sql`
  job_id as "jobId", kind, label, action, requested_by as "requestedBy", requested_at as "requestedAt", state,
  started_at as "startedAt", ended_at as "endedAt", total, done, failed, cancel_requested_by as "cancelRequestedBy",
  error_code as "errorCode", error_detail as "errorDetail", result`;

/** Writes a job down and wakes the runners. */
export async function queueJob(db: Queryable, job: NewJob): Promise<number> {
  const { rows } = await db.query<{ jobId: number }>(sql`
    insert into job (kind, label, input, action, scope, requested_by, lane)
    values (${job.kind}, ${job.label}, ${JSON.stringify(job.input)}::jsonb, ${job.action},
      ${JSON.stringify(job.scope)}::jsonb, ${job.by}, ${job.lane ?? null})
    returning job_id as "jobId"`);
  await notify(db, "energsys_jobs", { type: "job-queued" });
  return rows[0]!.jobId;
}

export async function findJob(db: Queryable, jobId: number): Promise<Job | undefined> {
  const { rows } = await db.query<Job>(sql`select ${columns} from job where job_id = ${jobId}::bigint`);
  return rows[0];
}

/** Open jobs and those that ended since `sinceMs`, the newest first: of these rights or of this person. */
export async function listJobs(
  db: Queryable,
  of: {
    readonly actions: readonly string[];
    readonly by: string;
    readonly sinceMs: number;
    readonly limit: number;
  },
): Promise<Job[]> {
  const { rows } = await db.query<Job>(sql`
    select ${columns} from job
    where (action = any(${of.actions}::text[]) or requested_by = ${of.by})
      and (state in ('queued', 'running') or ended_at >= ${new Date(of.sinceMs).toISOString()}::timestamptz)
    order by job_id desc limit ${of.limit}`);
  return rows;
}

/** What could not be done, in the order of its items. */
export async function listJobFailures(db: Queryable, jobId: number, limit: number): Promise<JobFailure[]> {
  const { rows } = await db.query<JobFailure>(sql`
    select item, code, detail from job_failure where job_id = ${jobId}::bigint
    order by length(item), item limit ${limit}`);
  return rows;
}

/**
 * Asks a job to stop. One that waits ends at once; one that runs begins no further item and ends itself. `false` when it has ended
 * already.
 */
export async function cancelJob(db: Queryable, jobId: number, by: string): Promise<boolean> {
  const { rows } = await db.query(sql`
    update job set cancel_requested_by = coalesce(cancel_requested_by, ${by}),
      state = case when state = 'queued' then 'cancelled' else state end,
      ended_at = case when state = 'queued' then now() end
    where job_id = ${jobId}::bigint and state in ('queued', 'running') returning 1`);
  if (rows.length === 1) await notify(db, "energsys_jobs", { type: "job-cancelled", jobId });
  return rows.length === 1;
}
