import { type Database, isConnectionLost, sql } from "@energsys/store";
import { Problem } from "./problem.ts";

/**
 * Whether the database answers. A connection of its own is asked again and again; once it has been silent too long, calls under
 * way and new ones are refused at once (503 within a second) instead of waiting for time-outs, until it answers again.
 */
export class Availability {
  readonly #probe: Database;
  readonly #silentMs: number;
  readonly #timer: NodeJS.Timeout;
  readonly #tickMs: number;
  #askedAt: number | undefined;
  #lastTickAt = performance.now();
  #up = true;
  #refuseWaiting = new Set<() => void>();
  readonly #onChange: (up: boolean) => void;

  /** `probe` is a pool of one connection that nobody else uses; it stays the caller's to close. */
  constructor(
    probe: Database,
    options: { probeMs: number; silentMs: number; onChange: (up: boolean) => void },
  ) {
    this.#probe = probe;
    this.#silentMs = options.silentMs;
    this.#tickMs = options.probeMs;
    this.#onChange = options.onChange;
    this.#timer = setInterval(() => this.#tick(), options.probeMs);
    this.#tick();
  }

  get up(): boolean {
    return this.#up;
  }

  /** Gives what `work` gives, or a problem as soon as the database is away. @throws Problem `database.away` */
  async whileUp<T>(work: () => Promise<T>): Promise<T> {
    if (!this.#up) throw away();
    let refuse = () => {};
    const refused = new Promise<never>((_, reject) => {
      refuse = () => reject(away());
    });
    this.#refuseWaiting.add(refuse);
    try {
      return await Promise.race([work(), refused]);
    } catch (error) {
      throw isConnectionLost(error) ? away(error) : error;
    } finally {
      this.#refuseWaiting.delete(refuse);
    }
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    const now = performance.now();
    // When our own loop stood still the answer may lie unread in the socket: the silence was ours.
    const stalled = now - this.#lastTickAt > this.#tickMs + this.#silentMs / 4;
    this.#lastTickAt = now;
    if (this.#askedAt !== undefined) {
      if (stalled) this.#askedAt = now;
      else if (now - this.#askedAt > this.#silentMs) this.#set(false);
      return;
    }
    this.#askedAt = now;
    this.#probe.query(sql`select 1`).then(
      () => this.#answered(true),
      () => this.#answered(false),
    );
  }

  #answered(up: boolean): void {
    this.#askedAt = undefined;
    this.#set(up);
  }

  #set(up: boolean): void {
    if (up === this.#up) return;
    this.#up = up;
    this.#onChange(up);
    if (up) return;
    for (const refuse of this.#refuseWaiting) refuse();
    this.#refuseWaiting.clear();
  }
}

const away = (cause?: unknown) => new Problem("database.away", { retryAfterSeconds: 2 }, cause);
