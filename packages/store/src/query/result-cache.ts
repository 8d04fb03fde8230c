/** Results by what they were made of, the least used forgotten first. What a key names must never change: versions are part of it. */
export class ResultCache {
  readonly #bytesMax: number;
  readonly #entries = new Map<string, { readonly bytes: number; readonly result: Promise<unknown> }>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The remembered result, or that of `make`; who asks for the same meanwhile waits for it. A failure is not remembered. */
  async get<Result>(
    key: string,
    make: () => Promise<Result>,
    sizeOf: (result: Result) => number,
  ): Promise<Result> {
    const known = this.#entries.get(key);
    if (known) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known.result as Promise<Result>;
    }
    const result = make();
    const entry = { bytes: 0, result };
    this.#entries.set(key, entry);
    try {
      const made = await result;
      this.#keep(key, entry, sizeOf(made) + key.length * 2);
      return made;
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  #keep(key: string, entry: { readonly result: Promise<unknown> }, bytes: number): void {
    if (this.#entries.get(key) !== entry) return;
    this.#entries.set(key, { bytes, result: entry.result });
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#entries) {
      if (this.#bytes <= this.#bytesMax) return;
      this.#entries.delete(oldest);
      this.#bytes -= freed;
    }
  }
}
