import type { Database, HeldJob, JobFailure, KeyRing } from "@energsys/store";
import type { Logger } from "pino";

/** What the work of a job is given. */
export interface JobContext {
  readonly job: HeldJob;
  /** Writes in the name of whoever asked for the job. */
  readonly db: Database;
  readonly keyRing: KeyRing | undefined;
  readonly zone: string;
  readonly now: () => number;
  readonly logger: Logger;
  /** Aborted when somebody cancels, when the process stops, or when the job has become another's. */
  readonly signal: AbortSignal;
  /** How far it is. Cheap: what is told is written once a second. */
  tell(progress: { readonly total?: number; readonly done?: number; readonly failed?: number }): void;
  /** Items that could not be done; they are counted as failed. */
  fail(...failures: readonly JobFailure[]): Promise<void>;
}

/**
 * A kind of long work. `run` looks at the signal between items and then returns; what it has done by then stays. A runner may die in
 * the middle of it, and another begins it again: an item that was done must not be done twice.
 */
export interface JobKind {
  readonly run: (context: JobContext) => Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** What a job cannot do at all, with a code of docs/errors.md. */
export class JobError extends Error {
  override readonly name = "JobError";
  readonly code: string;

  constructor(code: string, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
