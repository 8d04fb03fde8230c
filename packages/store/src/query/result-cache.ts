interface Entry {
  readonly bytes: number;
  readonly result: Promise<unknown>;
  /** How many wait for it while it is made. */
  waiting: number;
  readonly stop: AbortController;
}

/** Results by what they were made of, the least used forgotten first. What a key names must never change: versions are part of it. */
export class ResultCache {
  readonly #bytesMax: number;
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /**
   * The remembered result, or that of `make`; who asks for the same meanwhile waits for it. A failure is not remembered. `make` is told to stop
   * when the last of those who wait has left.
   */
  async get<Result>(
    key: string,
    make: (signal: AbortSignal) => Promise<Result>,
    sizeOf: (result: Result) => number,
    signal?: AbortSignal,
  ): Promise<Result> {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return this.#await(key, known, signal) as Promise<Result>;
    }
    const stop = new AbortController();
    const result = make(stop.signal);
    const entry: Entry = { bytes: 0, result, waiting: 0, stop };
    this.#entries.set(key, entry);
    try {
      const made = (await this.#await(key, entry, signal)) as Result;
      this.#keep(key, entry, sizeOf(made) + key.length * 2);
      return made;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  async #await(key: string, entry: Entry, signal: AbortSignal | undefined): Promise<unknown> {
    const leave = () => {
      entry.waiting -= 1;
      if (entry.waiting > 0) return;
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      entry.stop.abort();
    };
    entry.waiting += 1;
    signal?.addEventListener("abort", leave, { once: true });
    try {
      return await entry.result;
    } finally {
      signal?.removeEventListener("abort", leave);
    }
  }

  #keep(key: string, entry: Entry, bytes: number): void {
    if (this.#entries.get(key) !== entry) return;
    this.#entries.set(key, { ...entry, bytes });
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#entries.delete(oldest);
      this.#bytes -= freed;
    }
  }
}
