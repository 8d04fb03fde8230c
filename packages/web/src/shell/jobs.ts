import { useSyncExternalStore } from "react";
import { recall, remember } from "../text/settings.ts";

/** A read that this browser started: remembered until it is removed, so a reload loses nothing. */
export interface Job {
  readonly attemptId: number;
  readonly name: string;
  readonly pointId: number | null;
  /** Its end was told already. */
  readonly told: boolean;
}

const jobsMax = 20;
let jobs: readonly Job[] = readJobs(recall("jobs"));
const watchers = new Set<() => void>();

/** What storage holds, as far as it can be believed. */
export function readJobs(text: string | undefined): readonly Job[] {
  try {
    const found: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(found)) return [];
    return found.filter(
      (job): job is Job =>
        typeof job === "object" &&
        job !== null &&
        Number.isInteger(job.attemptId) &&
        typeof job.name === "string",
    );
  } catch {
    return [];
  }
}

function change(next: readonly Job[]): void {
  jobs = next.slice(-jobsMax);
  remember("jobs", JSON.stringify(jobs));
  for (const watcher of watchers) watcher();
}

export function addJob(job: Omit<Job, "told">): void {
  change([...jobs.filter((other) => other.attemptId !== job.attemptId), { ...job, told: false }]);
}

export function removeJob(attemptId: number): void {
  change(jobs.filter((job) => job.attemptId !== attemptId));
}

export function markTold(attemptId: number): void {
  change(jobs.map((job) => (job.attemptId === attemptId ? { ...job, told: true } : job)));
}

function watch(watcher: () => void): () => void {
  const fromOtherTab = (event: StorageEvent) => {
    if (event.key !== "energsys.jobs") return;
    jobs = readJobs(event.newValue ?? undefined);
    watcher();
  };
  watchers.add(watcher);
  window.addEventListener("storage", fromOtherTab);
  return () => {
    watchers.delete(watcher);
    window.removeEventListener("storage", fromOtherTab);
  };
}

export function useJobs(): readonly Job[] {
  return useSyncExternalStore(watch, () => jobs);
}
