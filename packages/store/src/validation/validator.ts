import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "../database.ts";
import { isConflict } from "../errors.ts";
import { queueIncompleteDays } from "./queue.ts";
import { validateChanged } from "./validate-changed.ts";

export interface ValidatorOptions {
  readonly zone: string;
  readonly now: () => number;
  /** Pause after a round that found nothing; 2 s unless told. */
  readonly idleMs?: number;
  readonly onFault: (error: unknown) => void;
}

const sweepEveryMs = 600_000;

/** Validates what changed, in the background, until it is stopped; a round that fails is done again. */
export class BackgroundValidator {
  readonly #db: Database;
  readonly #options: ValidatorOptions;
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #sweptAtMs = Number.NEGATIVE_INFINITY;

  constructor(db: Database, options: ValidatorOptions) {
    this.#db = db;
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Waits for the round that is under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { idleMs = 2_000, onFault } = this.#options;
    while (!this.#stopping.signal.aborted) {
      let pauseMs = idleMs;
      try {
        if (await this.round()) pauseMs = 0;
      } catch (error) {
        // Somebody else validates, or the database is away: what is on the list stays on it.
        if (!isConflict(error)) onFault(error);
      }
      await wait(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
  }

  /** One round; true when there was something to do. */
  async round(): Promise<boolean> {
    const { zone, now } = this.#options;
    const nowMs = now();
    if (nowMs - this.#sweptAtMs >= sweepEveryMs) {
      await queueIncompleteDays(this.#db, { zone, nowMs });
      this.#sweptAtMs = nowMs;
    }
    const { changes } = await validateChanged(this.#db, { zone, nowMs });
    return changes > 0;
  }
}
