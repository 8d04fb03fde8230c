import { cancelJob, findJob, type Job, listJobFailures, listJobs } from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { isRight } from "../security/catalogue.ts";
import { can } from "../security/rights.ts";
import type { Caller } from "../security/sessions.ts";
import type { Services } from "../services.ts";

const endedWithinMs = 86_400_000;
const rowsMax = 100;
const failuresMax = 1_000;

const jobAnswer = ({ action: _, errorDetail: __, ...job }: Job) => ({
  ...job,
  requestedAt: iso(job.requestedAt),
  startedAt: iso(job.startedAt),
  endedAt: iso(job.endedAt),
});

/** A job is its asker's, and of whoever holds the right by which it was asked for in the whole network. */
const isOf = (caller: Caller, { action, requestedBy }: Job): boolean =>
  requestedBy === caller.account.name || (isRight(action) && can(caller.rights, action, "network").allow);

async function ownJob({ db }: Services, caller: Caller, jobId: number): Promise<Job> {
  const job = await findJob(db, jobId);
  if (!job || !isOf(caller, job)) throw new Problem("job.not-found");
  return job;
}

export const jobHandlers: Handlers<"listJobs" | "getJob" | "listJobFailures" | "cancelJob"> = {
  async listJobs({ caller, services: { db, now } }) {
    const actions = [...caller.rights.keys()].filter((right) => can(caller.rights, right, "network").allow);
    const jobs = await listJobs(db, {
      actions,
      by: caller.account.name,
      sinceMs: now() - endedWithinMs,
      limit: rowsMax,
    });
    return { rows: jobs.map(jobAnswer) };
  },

  async getJob({ params, caller, services }) {
    return jobAnswer(await ownJob(services, caller, params.jobId));
  },

  async listJobFailures({ params, caller, services }) {
    await ownJob(services, caller, params.jobId);
    return { rows: await listJobFailures(services.db, params.jobId, failuresMax) };
  },

  async cancelJob({ params, caller, services }) {
    await ownJob(services, caller, params.jobId);
    if (!(await cancelJob(services.db, params.jobId, caller.account.name))) throw new Problem("job.ended");
    return undefined;
  },
};
