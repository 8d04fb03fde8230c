import { randomUUID } from "node:crypto";
import {
  actingAs,
  type Database,
  type HeldJob,
  type JobLease,
  type KeyRing,
  StoreError,
  takeJob,
} from "@energsys/store";
import type { Logger } from "pino";
import { JobError, type JobKind } from "./kind.ts";

export interface RunnerOptions {
  readonly db: Database;
  readonly keyRing: KeyRing | undefined;
  readonly kinds: Readonly<Record<string, JobKind>>;
  readonly zone: string;
  readonly now: () => number;
  readonly logger: Logger;
  /** Jobs at once. */
  readonly parallelMax?: number;
  readonly tellMs?: number;
  readonly lookMs?: number;
}

/** Whoever misses the message that a job waits finds it by looking. */
const lookMsUsual = 10_000;
const tellMsUsual = 1_000;

/** Runs jobs of the table, a few at once, until it is stopped; what it was at then waits for the next runner. */
export class JobRunner {
  readonly #options: RunnerOptions;
  readonly #id = randomUUID();
  readonly #running = new Map<number, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  #timer: NodeJS.Timeout | undefined;
  #unlisten: (() => Promise<void>) | undefined;
  #looking: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { db, lookMs = lookMsUsual } = this.#options;
    this.#timer = setInterval(() => this.#look(), lookMs);
    this.#unlisten = await db.listen(
      "energsys_jobs",
      () => this.#look(),
      () => this.#look(),
    );
    this.#look();
  }

  /** Asks every job to stop at its next item and waits for them. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    await this.#unlisten?.();
    await this.#looking;
    for (const { stop } of this.#running.values()) stop.abort("stopping");
    await Promise.all([...this.#running.values()].map(({ ended }) => ended));
  }

  #look(): void {
    if (this.#stopped) return;
    if (this.#looking) {
      this.#again = true;
      return;
    }
    this.#looking = this.#takeAll()
      .catch((error) => this.#options.logger.warn({ err: error }, "jobs cannot be looked for"))
      .finally(() => {
        this.#looking = undefined;
        if (this.#again) {
          this.#again = false;
          this.#look();
        }
      });
  }

  async #takeAll(): Promise<void> {
    const { db, parallelMax = 2 } = this.#options;
    while (!this.#stopped && this.#running.size < parallelMax) {
      const taken = await takeJob(db, this.#id);
      if (!taken) return;
      const stop = new AbortController();
      const ended = this.#run(taken.job, taken.lease, stop).finally(() => {
        this.#running.delete(taken.job.jobId);
        this.#look();
      });
      this.#running.set(taken.job.jobId, { stop, ended });
    }
  }

  async #run(job: HeldJob, lease: JobLease, stop: AbortController): Promise<void> {
    const { db, keyRing, zone, now, kinds, tellMs = tellMsUsual } = this.#options;
    const logger = this.#options.logger.child({ jobId: job.jobId, kind: job.kind });
    const progress = { total: null as number | null, done: 0, failed: 0 };
    const tellOnce = async () => {
      const { held, cancelled } = await lease.tell(progress);
      if (!held) stop.abort("lost");
      else if (cancelled) stop.abort("cancelled");
    };
    // One after the other: on a connection of its own an earlier word could come after the last one.
    let telling: Promise<void> = Promise.resolve();
    const tell = (): Promise<void> => {
      telling = telling.catch(() => undefined).then(tellOnce);
      return telling;
    };
    const timer = setInterval(() => {
      tell().catch((error) => logger.warn({ err: error }, "how far the job is could not be told"));
    }, tellMs);
    try {
      const kind = kinds[job.kind];
      if (!kind) throw new JobError("job.kind-unknown", `this release does not know the kind ${job.kind}`);
      const result = await kind.run({
        job,
        db: actingAs(db, { actor: job.requestedBy, operation: job.kind }),
        keyRing,
        zone,
        now,
        logger,
        signal: stop.signal,
        tell: (told) => void Object.assign(progress, told),
        fail: async (...failures) => {
          await lease.fail(failures);
          progress.failed += failures.length;
        },
      });
      clearInterval(timer);
      if (stop.signal.reason === "stopping") {
        await lease.giveBack();
        return;
      }
      await tell();
      if (stop.signal.reason === "lost") return;
      // Whoever cancels after the last item has cancelled nothing.
      const isWhole = progress.total !== null && progress.done >= progress.total;
      await lease.end({
        state: stop.signal.aborted && !isWhole ? "cancelled" : "done",
        result: result ?? null,
      });
    } catch (error) {
      clearInterval(timer);
      const code = error instanceof JobError || error instanceof StoreError ? error.code : "job.broke";
      logger.error({ err: error, code }, "job failed");
      const detail = error instanceof Error ? error.message : String(error);
      await lease
        .end({ state: "failed", errorCode: code, errorDetail: code === "job.broke" ? "" : detail })
        .catch((cause) => logger.warn({ err: cause }, "the end of the job could not be told"));
    }
  }
}
