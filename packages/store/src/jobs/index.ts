export {
  cancelJob,
  findJob,
  type Job,
  type JobFailure,
  type JobState,
  jobStates,
  listJobFailures,
  listJobs,
  type NewJob,
  queueJob,
} from "./jobs.ts";
export { type HeldJob, type JobEnd, JobLease, takeJob } from "./lease.ts";
