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
  #turn: Promise<void> | undefined;

  constructor(options: ReportClockOptions) {
    this.#options = options;
  }

  start(): void {
    this.#timer = setInterval(() => this.look(), this.#options.lookMs ?? lookMsUsual);
    this.look();
  }

  /** Begins a turn, unless one is under way. */
  look(): void {
    if (this.#turn || this.#stop.signal.aborted) return;
    this.#turn = this.#work()
      .catch((error) =>
        this.#options.logger.warn({ err: error }, "reports that are due cannot be looked for"),
      )
      .finally(() => {
        this.#turn = undefined;
      });
  }

  /** Waits for what it is at: a message that is half sent would be sent again. */
  async stop(): Promise<void> {
    this.#stop.abort();
    clearInterval(this.#timer);
    await this.#turn;
  }

  async #work(): Promise<void> {
    const { db, zone, now, logger, deliverer } = this.#options;
    const queued = await queueDueReports(db, now(), zone);
    if (queued > 0) logger.info({ queued }, "reports are due");
    await deliverDue(deliverer, this.#stop.signal);
  }
}
