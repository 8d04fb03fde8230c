/** Both stretches of a pulse last at least so long; what is shorter is a bounce. */
export const pulseStretchMs = 30;
/** After 9999999999 comes 0. */
export const pulsesModulo = 10_000_000_000;

/** All pulses of a meter's output from its first day until an instant: rises only, and may be asked for any later instant. */
export type PulseSource = (atMs: number) => number;

/**
 * The counter of one input. Pulses come as edges of the contact with their times, debounced here; or, for towns, as the
 * running total of a meter's output, which costs nothing until the counter is looked at.
 */
export class PulseInput {
  readonly #counter: { pulses: number };
  #closed = false;
  /** When the contact last moved. */
  #movedMs = Number.NEGATIVE_INFINITY;
  /** The last state that stood long enough. */
  #stableClosed = false;
  #source: PulseSource | undefined;
  #sourceTaken = 0;

  /** @param counter where the count is kept, in memory that survives everything */
  constructor(counter: { pulses: number }) {
    this.#counter = counter;
  }

  /** The contact closes or opens. */
  edge(closed: boolean, atMs: number): void {
    if (closed === this.#closed) return;
    this.#hold(atMs);
    this.#closed = closed;
    this.#movedMs = atMs;
  }

  /** Whole pulses, debounced already. */
  add(pulses: number): void {
    this.#counter.pulses = (this.#counter.pulses + pulses) % pulsesModulo;
  }

  /** From now on the total of `source` is counted: what it had before `atMs` is not this input's. */
  follow(source: PulseSource | undefined, atMs: number): void {
    this.settle(atMs);
    this.#source = source;
    this.#sourceTaken = source?.(atMs) ?? 0;
  }

  /** Brings the counter to an instant. */
  settle(atMs: number): void {
    this.#hold(atMs);
    if (!this.#source) return;
    const total = this.#source(atMs);
    if (total > this.#sourceTaken) this.add(total - this.#sourceTaken);
    this.#sourceTaken = Math.max(total, this.#sourceTaken);
  }

  /** What came until an instant is lost: the module had no supply, or the line was broken. */
  skip(atMs: number): void {
    this.#sourceTaken = Math.max(this.#sourceTaken, this.#source?.(atMs) ?? 0);
    this.#closed = false;
    this.#stableClosed = false;
    this.#movedMs = atMs;
  }

  #hold(atMs: number): void {
    if (atMs - this.#movedMs < pulseStretchMs || this.#closed === this.#stableClosed) return;
    this.#stableClosed = this.#closed;
    if (!this.#closed) this.add(1);
  }
}
