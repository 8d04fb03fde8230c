import { LinkError } from "../errors.ts";

/**
 * Keeps the invocation counters of one encryption key (IEC 62056-5-3, security): a counter that was used twice gives the
 * key away, so what is sent is reserved durably before it is used, and what is received must rise.
 */
export interface CounterKeeper {
  /** Reserves `count` values to send and gives the first; they must be stored as used before the promise resolves. */
  reserve(count: number): Promise<number>;
  /** Gives one value, reserved already: where several senders use the key at the same time, so that what they send rises together. */
  next?(): Promise<number>;
  /** The highest counter received in a message whose tag agreed; absent when there was none. */
  received(): number | undefined;
  /** A message with this counter was verified: remember it. */
  accept(counter: number): void | Promise<void>;
}

export const counterMax = 0xffff_ffff;
/** Values reserved at once: a restart skips what is left of them. */
export const blockLength = 256;

/** Counters in memory only: for tests, for dedicated keys (new in every association), never for a stored key. */
export function countersInMemory(next = 0, received?: number): CounterKeeper {
  let free = next;
  let last = received;
  return {
    async reserve(count) {
      const first = free;
      free += count;
      return first;
    },
    received: () => last,
    accept(counter) {
      last = counter;
    },
  };
}

/** Hands out the counters of one key, in blocks that its keeper reserved. */
export class SendingCounter {
  readonly #keeper: CounterKeeper;
  #next = 0;
  #end = 0;

  constructor(keeper: CounterKeeper) {
    this.#keeper = keeper;
  }

  /** @throws LinkError `dlms.counter-exhausted`: no counter may be used twice, the key must be changed */
  async next(): Promise<number> {
    if (this.#keeper.next) return within(await this.#keeper.next());
    if (this.#next === this.#end) {
      this.#next = await this.#keeper.reserve(blockLength);
      this.#end = this.#next + blockLength;
    }
    return within(this.#next++);
  }
}

function within(counter: number): number {
  if (counter <= counterMax) return counter;
  throw new LinkError("dlms.counter-exhausted", "all invocation counters of this key are used");
}
