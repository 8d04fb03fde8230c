/** What can be told to wait: a socket. */
export interface Pausable {
  pause(): void;
  resume(): void;
}

/**
 * Bytes of all lines that came since something was last asked on them: more than this process can still hold for whoever reads. At the
 * bound a line that brings more is not read on, and TCP holds its device back; below four fifths all are read again. A question on
 * a line, and its end, free what it had, so nobody waits for ever.
 */
export class HeldBytes {
  readonly #bytesMax: number;
  readonly #paused = new Set<Pausable>();
  #bytes = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get pausedLines(): number {
    return this.#paused.size;
  }

  take(line: Pausable, bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes < this.#bytesMax) return;
    this.#paused.add(line);
    line.pause();
  }

  give(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes > this.#bytesMax * 0.8) return;
    for (const line of this.#paused) line.resume();
    this.#paused.clear();
  }

  /** The line has ended: nobody resumes it. */
  forget(line: Pausable): void {
    this.#paused.delete(line);
  }
}
