import type { ByteStream, Clock, EpochMs, LineSettings } from "@energsys/protocols";

/** A clock that only a test moves. Actions run in order of their time. */
export class StageClock implements Clock {
  #now = 0;
  #due: { at: number; action: () => void }[] = [];

  now(): EpochMs {
    return this.#now;
  }

  after(delayMs: number, action: () => void): () => void {
    const entry = { at: this.#now + delayMs, action };
    this.#due.push(entry);
    return () => {
      this.#due = this.#due.filter((due) => due !== entry);
    };
  }

  /** Lets `durationMs` pass, with all that falls due in it; promises settle between. */
  async pass(durationMs: number): Promise<void> {
    const until = this.#now + durationMs;
    await settle();
    for (;;) {
      const next = this.#due.filter((due) => due.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      this.#due = this.#due.filter((due) => due !== next);
      this.#now = next.at;
      next.action();
      await settle();
    }
    this.#now = until;
  }

  get pending(): number {
    return this.#due.length;
  }
}

/** Lets promise callbacks run that are ready. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}

/** The meter's end of a line: what the reader writes is handed to `heard`, `say` gives the reader bytes. */
export class StageLine implements ByteStream {
  readonly written: Uint8Array[] = [];
  readonly settings: LineSettings[] = [];
  setLine?: (settings: LineSettings) => Promise<void>;
  heard: (bytes: Uint8Array) => void = () => {};
  closed = false;
  #listen: (bytes: Uint8Array) => void = () => {};
  #ended: (cause?: Error) => void = () => {};

  constructor(options: { settable?: boolean } = {}) {
    if (options.settable) {
      this.setLine = async (settings) => {
        this.settings.push(settings);
      };
    }
  }

  write(bytes: Uint8Array): void {
    this.written.push(bytes.slice());
    this.heard(bytes);
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#listen = listener;
  }

  onEnd(listener: (cause?: Error) => void): void {
    this.#ended = listener;
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#ended();
  }

  say(bytes: Uint8Array): void {
    this.#listen(bytes);
  }

  /** The other end hangs up. */
  hangUp(cause?: Error): void {
    this.closed = true;
    this.#ended(cause);
  }
}
