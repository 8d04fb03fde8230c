import type { ByteStream, Clock, LineSettings } from "@energsys/protocols";
import type { LineConfig } from "./config.ts";
import { ConcentratorError } from "./errors.ts";

/** Orders and what people wait for go before the schedule, a scan behind it. */
export const priorities = { order: 0, through: 1, schedule: 2, scan: 3 } as const;
export type Priority = keyof typeof priorities;

/** After an answer the master waits (docs/protocols/module-concentrator.md, section 1). */
const turnMs = 30;
/** After a failure: what was late must not pass for the answer to the next question. */
const quietMs = 200;
const backOffFirstMs = 1000;
const backOffMostMs = 60_000;
/** A job of the schedule gives way when something urgent has waited this long. */
const giveWayMs = 5000;
const jobsMax = 20_000;

interface Job {
  readonly priority: Priority;
  readonly run: (stream: ByteStream, signal: AbortSignal) => Promise<void>;
  readonly fail: (error: Error) => void;
}

/**
 * One line and its only user: one exchange at a time, the urgent ones first. Each job is lent a stream of its own; what comes after it
 * has ended is dropped. A line that cannot be opened is tried again when there is something to do, later each time up to a minute.
 */
export class LineOwner {
  readonly config: LineConfig;
  readonly #clock: Clock;
  readonly #open: (line: LineConfig) => Promise<ByteStream>;
  readonly #onBroken: (broken: boolean, detail: string) => void;
  readonly #queues: Job[][] = Object.keys(priorities).map(() => []);
  #stream: ByteStream | undefined;
  #hearer: { bytes: ((chunk: Uint8Array) => void)[]; ends: ((cause?: Error) => void)[] } | undefined;
  /** Hears what comes while nobody is asked: the supply unit sends by itself. */
  onUnasked: ((chunk: Uint8Array) => void) | undefined;
  #running: { priority: Priority; abort: AbortController } | undefined;
  #pumping = false;
  #backOffMs = 0;
  #openAtMs = 0;
  #broken = false;
  #closed = false;

  constructor(
    config: LineConfig,
    clock: Clock,
    open: (line: LineConfig) => Promise<ByteStream>,
    onBroken: (broken: boolean, detail: string) => void,
  ) {
    this.config = config;
    this.#clock = clock;
    this.#open = open;
    this.#onBroken = onBroken;
  }

  get broken(): boolean {
    return this.#broken;
  }

  get waiting(): number {
    return this.#queues.reduce((sum, queue) => sum + queue.length, 0);
  }

  /**
   * Runs `work` when it is its turn. `signal` ends it when something urgent waits; only schedule and scan are ever ended.
   * @throws ConcentratorError `line.broken`, `line.closed`, `line.busy`; whatever `work` throws
   */
  run<Result>(
    priority: Priority,
    work: (stream: ByteStream, signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    if (this.#closed) return Promise.reject(new ConcentratorError("line.closed"));
    if (this.waiting >= jobsMax) return Promise.reject(new ConcentratorError("line.busy"));
    return new Promise<Result>((resolve, reject) => {
      this.#queues[priorities[priority]]!.push({
        priority,
        run: (stream, signal) =>
          work(stream, signal).then(resolve, (error: Error) => {
            reject(error);
            throw error;
          }),
        fail: reject,
      });
      const running = this.#running;
      if (
        running &&
        priorities[priority] < priorities.schedule &&
        priorities[running.priority] >= priorities.schedule
      ) {
        this.#clock.after(giveWayMs, () => {
          if (this.#running === running) running.abort.abort();
        });
      }
      void this.#pump();
    });
  }

  /** Opens the line without having anything to ask, for a unit that sends by itself. */
  async listen(): Promise<void> {
    await this.run("scan", async () => undefined).catch(() => undefined);
  }

  /** Devices that used to answer are all silent, or one answers again. */
  mark(broken: boolean, detail: string): void {
    if (broken === this.#broken) return;
    this.#broken = broken;
    this.#onBroken(broken, detail);
  }

  close(): void {
    this.#closed = true;
    for (const queue of this.#queues)
      for (const job of queue.splice(0)) job.fail(new ConcentratorError("line.closed"));
    this.#running?.abort.abort();
    this.#stream?.close();
  }

  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (;;) {
        const job = this.#queues.find((queue) => queue.length > 0)?.shift();
        if (!job || this.#closed) break;
        let stream: ByteStream;
        try {
          stream = await this.#opened();
        } catch (cause) {
          job.fail(
            new ConcentratorError("line.broken", `${this.config.name}: ${(cause as Error).message}`, cause),
          );
          continue;
        }
        const abort = new AbortController();
        this.#running = { priority: job.priority, abort };
        let pauseMs = turnMs;
        try {
          await job.run(this.#lend(stream), abort.signal);
        } catch {
          pauseMs = quietMs;
        }
        this.#hearer = undefined;
        this.#running = undefined;
        if (!this.#closed) await new Promise<void>((resolve) => this.#clock.after(pauseMs, resolve));
      }
    } finally {
      this.#pumping = false;
    }
    if (!this.#closed && this.waiting > 0) void this.#pump();
  }

  async #opened(): Promise<ByteStream> {
    if (this.#stream) return this.#stream;
    if (this.#clock.now() < this.#openAtMs && this.#clock.now() > this.#openAtMs - 2 * backOffMostMs)
      throw new Error("waits before it is opened again");
    try {
      const stream = await this.#open(this.config);
      this.#backOffMs = 0;
      this.#stream = stream;
      stream.onBytes((chunk) => {
        if (this.#hearer) for (const listener of this.#hearer.bytes) listener(chunk);
        else this.onUnasked?.(chunk);
      });
      stream.onEnd((cause) => {
        this.#stream = undefined;
        if (this.#closed) return;
        this.mark(true, cause?.message ?? "closed");
        for (const listener of this.#hearer?.ends ?? []) listener(cause);
      });
      this.mark(false, "");
      return stream;
    } catch (error) {
      this.#backOffMs = Math.min(backOffMostMs, Math.max(backOffFirstMs, 2 * this.#backOffMs));
      this.#openAtMs = this.#clock.now() + this.#backOffMs;
      this.mark(true, (error as Error).message);
      throw error;
    }
  }

  /** A view of the stream whose close only takes it back. */
  #lend(stream: ByteStream): ByteStream {
    const hearer = { bytes: [] as ((chunk: Uint8Array) => void)[], ends: [] as ((cause?: Error) => void)[] };
    this.#hearer = hearer;
    const mine = () => this.#hearer === hearer && this.#stream === stream;
    return {
      write: (bytes) => {
        if (mine()) stream.write(bytes);
      },
      onBytes: (listener) => hearer.bytes.push(listener),
      onEnd: (listener) => hearer.ends.push(listener),
      close: () => {
        hearer.bytes = [];
      },
      ...(stream.setLine ? { setLine: (settings: LineSettings) => stream.setLine!(settings) } : {}),
    };
  }
}
