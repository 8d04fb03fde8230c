import { errorCode } from "@energsys/drivers";
import type { Clock } from "@energsys/protocols";
import {
  type AskedDay,
  type AttemptProgress,
  type Database,
  type DeviceOutcome,
  type LinkLease,
  markAsked,
  recordOutcomes,
  recordProgress,
  releaseLinks,
  type TrialResult,
} from "@energsys/store";

/** How an attempt ended, and what its end changes elsewhere: all of it in one transaction. */
export interface AttemptEnd {
  readonly state: "done" | "failed" | "cancelled";
  readonly errorCode?: string;
  readonly errorDetail?: string;
  readonly result?: TrialResult;
  readonly outcome?: DeviceOutcome;
  readonly lease?: LinkLease;
  readonly asked: readonly AskedDay[];
}

/** One attempt while it runs; counters are set by whoever runs it. */
export class RunningAttempt {
  readonly attemptId: number;
  readonly abort = new AbortController();
  state: "connecting" | "reading" | "storing" = "connecting";
  bytesSent = 0;
  bytesReceived = 0;
  intervals = 0;
  registers = 0;
  events = 0;
  readonly #journal: AttemptJournal;
  #stages: { stage: string; at: string }[] = [];
  #end: AttemptEnd | undefined;
  #ended: (() => void) | undefined;

  constructor(journal: AttemptJournal, attemptId: number) {
    this.#journal = journal;
    this.attemptId = attemptId;
  }

  stage(stage: string, state = this.state): void {
    if (this.#end) return;
    this.state = state;
    this.#stages.push({ stage, at: new Date(this.#journal.now()).toISOString() });
    this.#journal.changed(this);
  }

  /** Resolves when the end is in the database, or when the attempt turned out to be somebody else's by now. */
  end(end: AttemptEnd): Promise<void> {
    this.stage(end.state);
    this.#end = end;
    this.#journal.changed(this);
    return new Promise((resolve) => {
      this.#ended = resolve;
    });
  }

  /** Stopped by a person or with the head-end, not because it took too long. */
  get cancelled(): boolean {
    return this.abort.signal.aborted && this.abort.signal.reason !== "too-long";
  }

  /** Code of a failure; what broke the attempt off goes before what came of it. */
  codeOf(failure: unknown): string {
    const { aborted, reason } = this.abort.signal;
    if (!aborted) return errorCode(failure);
    if (reason === "too-long") return "attempt.too-long";
    return reason === "stopping" ? "attempt.stopped" : "attempt.cancelled";
  }

  get ending(): AttemptEnd | undefined {
    return this.#end;
  }

  /** What to write now. The stages are taken: `putBack` returns them when the database did not. */
  take(): { progress: AttemptProgress; putBack: () => void } {
    const stages = this.#stages;
    this.#stages = [];
    const { attemptId, bytesSent, bytesReceived, intervals, registers, events } = this;
    const end = this.#end;
    const progress: AttemptProgress = {
      attemptId,
      state: end?.state ?? this.state,
      stages,
      bytesSent,
      bytesReceived,
      intervals,
      registers,
      events,
      ...(end?.errorCode === undefined ? {} : { errorCode: end.errorCode }),
      ...(end?.errorDetail === undefined ? {} : { errorDetail: end.errorDetail }),
      ...(end?.result === undefined ? {} : { result: end.result }),
    };
    return {
      progress,
      putBack: () => {
        this.#stages = [...stages, ...this.#stages];
      },
    };
  }

  settled(): void {
    this.#ended?.();
  }
}

/**
 * Writes what happens to attempts, many in one transaction. Nothing of an end is visible before all of it is: the state, the
 * device's contact, what was asked for, the link given back.
 */
export class AttemptJournal {
  readonly #db: Database;
  readonly #owner: string;
  readonly #clock: Clock;
  readonly #waitMs: number;
  readonly #onTrouble: (error: unknown) => void;
  #changed = new Set<RunningAttempt>();
  #timer: (() => void) | undefined;
  #writing: Promise<void> | undefined;

  constructor(
    db: Database,
    options: { owner: string; clock: Clock; waitMs: number; onTrouble: (error: unknown) => void },
  ) {
    this.#db = db;
    this.#owner = options.owner;
    this.#clock = options.clock;
    this.#waitMs = options.waitMs;
    this.#onTrouble = options.onTrouble;
  }

  now(): number {
    return this.#clock.now();
  }

  start(attemptId: number): RunningAttempt {
    return new RunningAttempt(this, attemptId);
  }

  changed(attempt: RunningAttempt): void {
    this.#changed.add(attempt);
    this.#schedule(this.#waitMs);
  }

  /** Resolves when everything that was reported is written. */
  async flush(): Promise<void> {
    while (this.#changed.size > 0 || this.#writing) {
      await (this.#writing ?? this.#write());
    }
  }

  #schedule(delayMs: number): void {
    if (this.#timer || this.#writing) return;
    this.#timer = this.#clock.after(delayMs, () => {
      this.#timer = undefined;
      void this.#write();
    });
  }

  #write(): Promise<void> {
    this.#timer?.();
    this.#timer = undefined;
    this.#writing ??= this.#writeOnce().finally(() => {
      this.#writing = undefined;
      if (this.#changed.size > 0) this.#schedule(this.#waitMs);
    });
    return this.#writing;
  }

  async #writeOnce(): Promise<void> {
    const attempts = [...this.#changed];
    this.#changed = new Set();
    const taken = attempts.map((attempt) => ({ attempt, end: attempt.ending, ...attempt.take() }));
    const ends = taken.flatMap(({ end }) => (end ? [end] : []));
    try {
      const written = await this.#db.transaction(async (db) => {
        await markAsked(
          db,
          ends.flatMap((end) => end.asked),
        );
        await recordOutcomes(
          db,
          ends.flatMap((end) => (end.outcome ? [end.outcome] : [])),
        );
        await releaseLinks(
          db,
          this.#owner,
          ends.flatMap((end) => (end.lease ? [end.lease] : [])),
        );
        return new Set(
          await recordProgress(
            db,
            this.#owner,
            taken.map(({ progress }) => progress),
          ),
        );
      });
      for (const { attempt, end } of taken) {
        if (end) attempt.settled();
        // Our lease ran out and somebody ended it: there is nobody left to report to.
        else if (!written.has(attempt.attemptId)) attempt.abort.abort();
      }
    } catch (error) {
      this.#onTrouble(error);
      for (const { attempt, putBack } of taken) {
        putBack();
        this.#changed.add(attempt);
      }
      await new Promise<void>((resolve) => this.#clock.after(Math.max(this.#waitMs, 250), resolve));
    }
  }
}
