import { errorCode } from "@energsys/drivers";
import type { Clock } from "@energsys/protocols";
import type { Delivery } from "@energsys/store";

export interface DeliveryQueueOptions {
  /** Stores some deliveries in one transaction; when it resolves they are durable. Gives how many events of each were new. */
  readonly store: (deliveries: readonly Delivery[]) => Promise<ReadonlyMap<Delivery, number>>;
  /** The database is away or was interrupted: the same batch may succeed later. */
  readonly isTransient: (error: unknown) => boolean;
  readonly clock: Clock;
  readonly rowsMax: number;
  readonly batchDeliveries: number;
  readonly batchWaitMs: number;
  /** Transactions at the same time. */
  readonly writers: number;
  readonly onTrouble?: (trouble: {
    code: string;
    error: unknown;
    transient: boolean;
    deliveries: number;
  }) => void;
}

interface Waiting {
  readonly delivery: Delivery;
  readonly rows: number;
  readonly resolve: (eventsAdded: number) => void;
  readonly reject: (error: unknown) => void;
}

const highShare = 0.8;
const lowShare = 0.2;
const retryDelaysMs = [50, 100, 250, 500, 1000, 2000];

/**
 * The bounded way from the readers to the database. `put` waits while the queue is full, so that a slow database stops the
 * asking of devices and not the memory of the process; what it returns resolves after COMMIT and not before.
 */
export class DeliveryQueue {
  readonly #options: DeliveryQueueOptions;
  readonly #waiting: Waiting[] = [];
  #rows = 0;
  #full = false;
  #roomListeners: (() => void)[] = [];
  #idleListeners: (() => void)[] = [];
  #writing = 0;
  #timer: (() => void) | undefined;
  /** Milliseconds that transactions took, and how many deliveries they held: for the bench and the metrics. */
  readonly spent = { storeMs: 0, batches: 0, deliveries: 0, rows: 0 };

  constructor(options: DeliveryQueueOptions) {
    this.#options = options;
  }

  /** Rows that wait or are being written. */
  get rows(): number {
    return this.#rows;
  }

  /** Resolves when the delivery is in the queue; the result's `committed` when it is durable, with the number of its new events. */
  async put(delivery: Delivery): Promise<{ committed: Promise<number> }> {
    while (this.#full) await new Promise<void>((resolve) => this.#roomListeners.push(resolve));
    const rows = rowsOf(delivery);
    this.#rows += rows;
    if (this.#rows >= this.#options.rowsMax * highShare) this.#full = true;
    const committed = new Promise<number>((resolve, reject) => {
      this.#waiting.push({ delivery, rows, resolve, reject });
    });
    // Whoever put it may have gone (cancelled): a refusal must not end the process.
    committed.catch(() => {});
    this.#schedule();
    return { committed };
  }

  /** Resolves when everything that was put is durable or refused. */
  async idle(): Promise<void> {
    while (this.#waiting.length > 0 || this.#writing > 0) {
      await new Promise<void>((resolve) => this.#idleListeners.push(resolve));
    }
  }

  #schedule(): void {
    if (this.#writing >= this.#options.writers || this.#waiting.length === 0) return;
    if (this.#waiting.length >= this.#options.batchDeliveries || this.#full) {
      this.#cancelTimer();
      this.#begin();
    } else {
      this.#timer ??= this.#options.clock.after(this.#options.batchWaitMs, () => {
        this.#timer = undefined;
        this.#begin();
      });
    }
  }

  #begin(): void {
    const batch = this.#waiting.splice(0, this.#options.batchDeliveries);
    if (batch.length === 0) return;
    this.#writing++;
    this.#write(batch).finally(() => {
      this.#writing--;
      this.#free(batch);
      this.#schedule();
      if (this.#waiting.length === 0 && this.#writing === 0) {
        for (const listener of this.#idleListeners.splice(0)) listener();
      }
    });
  }

  /** Never rejects: each delivery hears of its own end. */
  async #write(batch: readonly Waiting[]): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      const startedMs = performance.now();
      try {
        const added = await this.#options.store(batch.map(({ delivery }) => delivery));
        this.#count(batch, startedMs);
        for (const { delivery, resolve } of batch) resolve(added.get(delivery) ?? 0);
        return;
      } catch (error) {
        const transient = this.#options.isTransient(error);
        const code = errorCode(error);
        this.#options.onTrouble?.({ code, error, transient, deliveries: batch.length });
        if (!transient) {
          // One delivery that the database refuses must not take the others of its batch with it.
          if (batch.length === 1) batch[0]!.reject(error);
          else for (const one of batch) await this.#write([one]);
          return;
        }
        const delayMs = retryDelaysMs[Math.min(attempt, retryDelaysMs.length - 1)]!;
        await new Promise<void>((resolve) => this.#options.clock.after(delayMs, resolve));
      }
    }
  }

  #count(batch: readonly Waiting[], startedMs: number): void {
    this.spent.storeMs += performance.now() - startedMs;
    this.spent.batches++;
    this.spent.deliveries += batch.length;
    for (const { rows } of batch) this.spent.rows += rows;
  }

  #free(batch: readonly Waiting[]): void {
    for (const { rows } of batch) this.#rows -= rows;
    if (this.#full && this.#rows <= this.#options.rowsMax * lowShare) {
      this.#full = false;
      for (const listener of this.#roomListeners.splice(0)) listener();
    }
  }

  #cancelTimer(): void {
    this.#timer?.();
    this.#timer = undefined;
  }
}

function rowsOf(delivery: Delivery): number {
  const profileRows = delivery.profiles.reduce((sum, profile) => sum + profile.startsMs.length, 0);
  return profileRows + delivery.registers.length + delivery.events.length + delivery.blocks.length;
}
