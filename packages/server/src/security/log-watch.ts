import {
  appendActs,
  type Database,
  keepErasures,
  keepHead,
  type LogFault,
  listDoneErasures,
  type SigningKey,
  signHead,
  verifyLog,
} from "@energsys/store";
import type { Logger } from "pino";

export interface LogChecked {
  readonly upTo: number;
  readonly atMs: number | undefined;
  readonly fault: { readonly seq: number; readonly reason: LogFault } | undefined;
}

const everyMs = 3_600_000;
const firstAfterMs = 15_000;

/**
 * Once an hour: what is new in the activity log is verified, and its head signed and put outside (a file in a folder, a line of the
 * process's log). A fault becomes an alarm. Beside the head goes what no backup of earlier can know: who was erased since.
 */
export class LogWatch {
  readonly #db: Database;
  readonly #now: () => number;
  readonly #logger: Logger;
  readonly #key: SigningKey | undefined;
  readonly #folder: string | undefined;
  readonly #timers: NodeJS.Timeout[] = [];
  #checked: LogChecked = { upTo: 0, atMs: undefined, fault: undefined };

  constructor(
    db: Database,
    options: { now: () => number; logger: Logger; key: SigningKey | undefined; folder: string | undefined },
  ) {
    this.#db = db;
    this.#now = options.now;
    this.#logger = options.logger;
    this.#key = options.key;
    this.#folder = options.folder;
  }

  /** How far the chain was seen to agree. */
  get checked(): LogChecked {
    return this.#checked;
  }

  start(): void {
    const run = () => {
      void this.look().catch((error: unknown) => {
        // The database is away, or the folder: the next hour tries again.
        this.#logger.error({ err: error }, "the head of the activity log could not be put outside");
      });
    };
    this.#timers.push(setTimeout(run, firstAfterMs), setInterval(run, everyMs));
  }

  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
  }

  async look(): Promise<void> {
    if (this.#key) {
      const head = await signHead(this.#db, this.#key, this.#now());
      if (this.#folder) keepHead(this.#folder, head);
      this.#logger.info({ ...head }, "head of the activity log");
    }
    const { upTo, fault: earlier } = this.#checked;
    // One entry back, so that what is new hangs on what was seen.
    const { ok, to, fault } = await verifyLog(this.#db, { from: earlier ? 1 : Math.max(1, upTo) });
    this.#checked = { upTo: ok ? Math.max(to, upTo) : (fault?.seq ?? 1) - 1, atMs: this.#now(), fault };
    if (fault && fault.seq !== earlier?.seq) {
      this.#logger.error({ ...fault }, "the activity log does not agree with its hashes");
      await appendActs(this.#db, [{ action: "log-broken", severity: "alarm", after: fault }]);
    }
    await this.keepErasures();
  }

  /** Puts erasures that were done outside, and says which of those there this database does not have. */
  async keepErasures(): Promise<void> {
    if (this.#folder === undefined) return;
    const missing = keepErasures(this.#folder, await listDoneErasures(this.#db));
    if (missing.length > 0)
      this.#logger.error(
        { subscriberIds: missing.map(({ subscriberId }) => subscriberId) },
        "this database was restored to before some erasures: energsys subscribers replay-erasures",
      );
  }
}
