import { type Database, queueDueReports } from "@energsys/store";
import type { Logger } from "pino";
import { type Deliverer, deliverDue } from "../delivery/deliver.ts";

export interface ReportClockOptions {
  readonly db: Database;
  readonly zone: string;
  readonly now: () => number;
  readonly logger: Logger;
  readonly deliverer: Deliverer;
  readonly lookMs?: number;
}

const lookMsUsual = 10_000;

/** Looks for reports that are due and for files that wait to be delivered, until it is stopped. */
export class ReportClock {
  readonly #options: ReportClockOptions;
  readonly #stop = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  /** Turns under way. A mail server that is slow keeps no report from being begun. */
  readonly #turns = new Map<string, Promise<void>>();

  constructor(options: ReportClockOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), this.#options.lookMs ?? lookMsUsual);
    this.look();
  }

  /** Begins a turn of each kind, unless one is under way. */
  look(): void {
    const { deliverer, logger } = this.#options;
    this.#begin(
      "queue",
      () => this.#queue(),
      (error) => logger.warn({ err: error }, "reports that are due cannot be looked for"),
    );
    this.#begin(
      "deliver",
      () => deliverDue(deliverer, this.#stop.signal),
      (error) => logger.warn({ err: error }, "files of reports cannot be delivered"),
    );
  }

  #begin(kind: string, work: () => Promise<unknown>, tell: (error: unknown) => void): void {
    if (this.#turns.has(kind) || this.#stop.signal.aborted) return;
    const turn = work()
      .then(() => undefined, tell)
      .finally(() => this.#turns.delete(kind));
    this.#turns.set(kind, turn);
  }

  /** Waits for what it is at: a message that is half sent would be sent again. */
  async stop(): Promise<void> {
    this.#stop.abort();
    clearInterval(this.#timer);
    await Promise.all(this.#turns.values());
  }

  async #queue(): Promise<void> {
    const { db, zone, now, logger } = this.#options;
    const queued = await queueDueReports(db, now(), zone);
    if (queued > 0) logger.info({ queued }, "reports are due");
  }
}
