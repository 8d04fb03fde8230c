import type { Target } from "../security/rights.ts";

/** One message of the stream, in the form in which it is sent. */
export interface StreamMessage {
  readonly id: number;
  readonly frame: string;
  /** Where it happened; `any` is for everybody, `network` for who sees all of it. */
  readonly where: Target;
}

/** The newest messages under growing ids, so that a browser that comes back gets what it missed. */
export class MessageRing {
  readonly #max: number;
  readonly #messages: StreamMessage[] = [];
  #oldest = 0;
  #nextId: number;

  /**
   * `firstId` must be above every id given out before a restart (the clock's, in thousandths of a millisecond): an id of an
   * earlier life is then below the ring and asks for a fresh start.
   */
  constructor(max: number, firstId: number) {
    this.#max = max;
    this.#nextId = firstId;
  }

  get lastId(): number {
    return this.#nextId - 1;
  }

  add(event: string, json: string, where: Target): StreamMessage {
    const id = this.#nextId++;
    const message = { id, frame: `id: ${id}\nevent: ${event}\ndata: ${json}\n\n`, where };
    if (this.#messages.length < this.#max) this.#messages.push(message);
    else {
      this.#messages[this.#oldest] = message;
      this.#oldest = (this.#oldest + 1) % this.#max;
    }
    return message;
  }

  /** What came after `id`, oldest first; `undefined` when some of it is no longer here, or the id is not of this life. */
  after(id: number): StreamMessage[] | undefined {
    const count = this.#messages.length;
    if (id > this.lastId || id < this.lastId - count) return undefined;
    const missed: StreamMessage[] = [];
    for (let back = this.lastId - id; back > 0; back--) {
      const message = this.#messages[(this.#oldest + count - back) % count];
      if (message) missed.push(message);
    }
    return missed;
  }
}
