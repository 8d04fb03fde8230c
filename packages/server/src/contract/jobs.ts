import { JobFailures, JobList, JobParams, jobSchema } from "../schemas/jobs.ts";
import { nothing, operation } from "./operation.ts";

/** Calls about long work. Each shows what the caller asked for, and what others did by a right that the caller holds everywhere. */
export const jobOperations = {
  listJobs: operation({
    method: "GET",
    url: "/jobs",
    action: "own.session",
    tag: "jobs",
    summary: "Long work that is open or ended within a day",
    answer: JobList,
  }),
  getJob: operation({
    method: "GET",
    url: "/jobs/:jobId",
    action: "own.session",
    tag: "jobs",
    summary: "One job",
    params: JobParams,
    answer: jobSchema.reference,
    problems: [404],
  }),
  listJobFailures: operation({
    method: "GET",
    url: "/jobs/:jobId/failures",
    action: "own.session",
    tag: "jobs",
    summary: "What of a job could not be done, and why",
    params: JobParams,
    answer: JobFailures,
    problems: [404],
  }),
  cancelJob: operation({
    method: "POST",
    url: "/jobs/:jobId/cancel",
    action: "own.session",
    tag: "jobs",
    summary: "Begins no further item; what is done stays",
    params: JobParams,
    status: 204,
    answer: nothing,
    problems: [404, 409],
  }),
} as const;
