import { setTimeout as wait } from "node:timers/promises";
import type { Database } from "../database.ts";
import { isConflict } from "../errors.ts";
import { watchPeaks } from "../peaks/watch.ts";
import { foldGroups } from "./fold.ts";

export interface FolderOptions {
  readonly zone: string;
  readonly now: () => number;
  /** Pause after a round that found nothing; 1 s unless told. */
  readonly idleMs?: number;
  /** Pause between rounds while there is something: changes of the same group come together in it. 250 ms unless told. */
  readonly busyMs?: number;
  readonly onFault: (error: unknown) => void;
}

/**
 * A large group takes no more than this part of the time: one of 100,000 points that changes all day is summed every few
 * seconds, not without pause.
 */
const shareOfLarge = 0.1;
const restedMaxMs = 60_000;

/** Sums groups, and looks for peaks in what changed, in the background until it is stopped; rounds that fail are done again. */
export class GroupFolder {
  readonly #db: Database;
  readonly #options: FolderOptions;
  readonly #restUntil = new Map<number, number>();
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;

  constructor(db: Database, options: FolderOptions) {
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
    const { idleMs = 1_000, busyMs = 250, onFault } = this.#options;
    while (!this.#stopping.signal.aborted) {
      let pauseMs = idleMs;
      try {
        if (await this.round()) pauseMs = busyMs;
      } catch (error) {
        // Somebody else sums, or the database is away: what is marked stays marked.
        if (!isConflict(error)) onFault(error);
      }
      await wait(pauseMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
  }

  /** One round; true when there was something to do. */
  async round(): Promise<boolean> {
    const { zone, now } = this.#options;
    const nowMs = now();
    for (const [groupId, untilMs] of this.#restUntil) if (untilMs <= nowMs) this.#restUntil.delete(groupId);
    const { changes, days, slow } = await foldGroups(this.#db, {
      zone,
      nowMs,
      resting: [...this.#restUntil.keys()],
    });
    for (const { groupId, tookMs } of slow) {
      const restMs = Math.min(restedMaxMs, tookMs * (1 / shareOfLarge - 1));
      if (restMs > 1_000) this.#restUntil.set(groupId, now() + restMs);
    }
    const watched = await watchPeaks(this.#db, { zone, nowMs });
    return changes > 0 || days > 0 || watched.days > 0;
  }
}
