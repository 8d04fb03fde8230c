import { LinkError } from "../errors.ts";
import { decodeApdu, encodeApdu } from "./apdu.ts";
import type { GeneralBlock } from "./apdu-types.ts";
import { garbled } from "./association.ts";
import { concatBytes } from "./bytes.ts";
import { apduLengthMax } from "./cursor.ts";
import { type ApduLink, refusalOf } from "./link.ts";
import { apduTags } from "./tags.ts";

// General block transfer (IEC 62056-5-3): any APDU, ciphered or not, cut into numbered blocks. A sender may send a window
// of blocks on end (streaming); what was lost is sent again from the block after the last that the receiver has.

/** Tag, control, two numbers, length in its longest form. */
const blockOverhead = 9;
const blockNumberMax = 0xffff;
const empty = new Uint8Array(0);

export interface GeneralBlockLimits {
  /** Longest block APDU. */
  readonly lengthMax: number;
  /** Blocks that we send, or take, before an acknowledgement (1 to 63). */
  readonly window?: number;
}

/** Cuts one APDU and sends it window by window, again from where the receiver says. */
export class GeneralBlockSender {
  readonly #parts: Uint8Array[] = [];
  readonly #window: number;
  /** Our number of the last block that the receiver has. */
  #taken = 0;

  constructor(apdu: Uint8Array, { lengthMax, window = 1 }: GeneralBlockLimits) {
    const room = lengthMax - blockOverhead;
    if (room < 1) throw new LinkError("dlms.pdu-too-small");
    for (let offset = 0; offset < apdu.length; offset += room)
      this.#parts.push(apdu.subarray(offset, offset + room));
    if (this.#parts.length > blockNumberMax) throw new LinkError("dlms.too-long", "too many blocks");
    this.#window = window;
  }

  get done(): boolean {
    return this.#taken >= this.#parts.length;
  }

  /** The next window: what follows the last block that the receiver has. `acknowledged` is what we have of the other. */
  next(acknowledged = 0): GeneralBlock[] {
    const end = Math.min(this.#taken + this.#window, this.#parts.length);
    const blocks: GeneralBlock[] = [];
    for (let index = this.#taken; index < end; index++) {
      blocks.push({
        kind: "general-block-transfer",
        last: index === this.#parts.length - 1,
        // The last of a window asks for the acknowledgement.
        streaming: index < end - 1,
        window: this.#window,
        block: index + 1,
        acknowledged,
        raw: this.#parts[index] as Uint8Array,
      });
    }
    return blocks;
  }

  /** @throws LinkError `dlms.block-number` for a number that was never sent */
  acknowledge(block: number): void {
    if (block > this.#parts.length) throw new LinkError("dlms.block-number", `block ${block} was not sent`);
    this.#taken = Math.max(this.#taken, block);
  }
}

/** Joins blocks to the APDU that was cut, whatever is lost or comes twice on the way. */
export class GeneralBlockReceiver {
  readonly #lengthMax: number;
  #parts: Uint8Array[] = [];
  #length = 0;

  constructor(lengthMax: number = apduLengthMax) {
    this.#lengthMax = lengthMax;
  }

  /** The last block of an unbroken row: what an acknowledgement names. */
  get taken(): number {
    return this.#parts.length;
  }

  /**
   * Takes one block. Gives the whole APDU with the last block, else whether the sender waits for an acknowledgement. A
   * block after a gap is dropped: the acknowledgement makes the sender go on from the gap.
   * @throws LinkError `dlms.too-long`
   */
  take(block: GeneralBlock): { readonly apdu?: Uint8Array; readonly acknowledge: boolean } {
    if (block.block === this.#parts.length + 1) {
      this.#length += block.raw.length;
      if (this.#length > this.#lengthMax) throw new LinkError("dlms.too-long");
      this.#parts.push(block.raw.slice());
      if (block.last) return { apdu: concatBytes(...this.#parts), acknowledge: false };
    }
    return { acknowledge: !block.streaming || block.last };
  }
}

/** A client's link that cuts long requests and joins long answers where general block transfer is negotiated. */
export class GeneralBlockLink implements ApduLink {
  readonly #link: ApduLink;
  readonly #lengthMax: number;

  constructor(link: ApduLink, limits: GeneralBlockLimits) {
    this.#link = link;
    this.#lengthMax = limits.lengthMax;
  }

  connect(): Promise<void> {
    return this.#link.connect();
  }

  close(): Promise<void> {
    return this.#link.close();
  }

  /** @throws LinkError those of the link, `dlms.block-number`, `dlms.too-long`, `link.garbled` */
  async exchange(apdu: Uint8Array): Promise<Uint8Array> {
    let sent = 0;
    let answer: Uint8Array;
    if (apdu.length <= this.#lengthMax) {
      answer = await this.#link.exchange(apdu);
    } else {
      const sender = new GeneralBlockSender(apdu, { lengthMax: this.#lengthMax });
      for (let repetitions = 0; ; ) {
        const [block] = sender.next() as [GeneralBlock];
        answer = await this.#link.exchange(encodeApdu(block));
        sent = block.block;
        const reply = blockOf(answer);
        if (!reply) break;
        const before = sender.done;
        const was = sender.next()[0]?.block;
        sender.acknowledge(reply.acknowledged);
        if (sender.done && !before && reply.raw.length > 0) break;
        if (sender.done) {
          throw new LinkError("dlms.unexpected", "no answer after the last block");
        }
        if (sender.next()[0]?.block === was && ++repetitions > 3) {
          throw new LinkError("dlms.block-number", `block ${was} is not taken`);
        }
      }
    }
    return this.#collect(answer, sent);
  }

  /** Acknowledges block by block until the answer is whole. */
  async #collect(first: Uint8Array, sent: number): Promise<Uint8Array> {
    const receiver = new GeneralBlockReceiver();
    let answer = first;
    for (let number = sent, idle = 0; ; ) {
      const block = blockOf(answer);
      if (!block) {
        if (receiver.taken > 0) throw refusalOf(decodeOrThrow(answer));
        return answer;
      }
      const before = receiver.taken;
      const { apdu } = receiver.take(block);
      if (apdu) return apdu;
      idle = receiver.taken === before ? idle + 1 : 0;
      if (idle > 3) throw new LinkError("dlms.block-number", `block ${before + 1} does not come`);
      number = (number + 1) & blockNumberMax;
      answer = await this.#link.exchange(encodeApdu(acknowledgement(number, receiver.taken)));
    }
  }
}

/** An empty block: it only says what we have, and that we take one block at a time. */
export function acknowledgement(block: number, acknowledged: number, window = 1): GeneralBlock {
  return {
    kind: "general-block-transfer",
    last: true,
    streaming: false,
    window,
    block,
    acknowledged,
    raw: empty,
  };
}

/** A device's end: joins the blocks of requests, cuts answers that are longer than the client takes. */
export class GeneralBlockDevice {
  readonly #answer: (apdu: Uint8Array) => Promise<Uint8Array | undefined>;
  readonly #lengthMax: () => number;
  #receiver: GeneralBlockReceiver | undefined;
  #sender: GeneralBlockSender | undefined;
  #received = 0;

  /** @param lengthMax the client's longest APDU now, or 0 where general block transfer is not negotiated */
  constructor(answer: (apdu: Uint8Array) => Promise<Uint8Array | undefined>, lengthMax: () => number) {
    this.#answer = answer;
    this.#lengthMax = lengthMax;
  }

  async answer(bytes: Uint8Array): Promise<Uint8Array | undefined> {
    if (bytes[0] !== apduTags["general-block-transfer"]) {
      this.#receiver = undefined;
      this.#sender = undefined;
      this.#received = 0;
      return this.#cut(await this.#answer(bytes));
    }
    const block = blockOf(bytes) as GeneralBlock;
    if (this.#sender && block.raw.length === 0) {
      this.#received = block.block;
      this.#sender.acknowledge(block.acknowledged);
      const [next] = this.#sender.next(this.#received);
      if (!next) this.#sender = undefined;
      return next && encodeApdu(next);
    }
    this.#sender = undefined;
    this.#receiver ??= new GeneralBlockReceiver();
    const { apdu } = this.#receiver.take(block);
    this.#received = this.#receiver.taken;
    if (!apdu) return encodeApdu(acknowledgement(1, this.#received));
    this.#receiver = undefined;
    return this.#cut(await this.#answer(apdu), true);
  }

  /** An answer to blocks comes in blocks too, however short: it carries the acknowledgement of the last one. */
  #cut(answer: Uint8Array | undefined, always = false): Uint8Array | undefined {
    const lengthMax = this.#lengthMax();
    if (!answer || lengthMax === 0 || (!always && answer.length <= lengthMax)) return answer;
    this.#sender = new GeneralBlockSender(answer, { lengthMax });
    return encodeApdu(this.#sender.next(this.#received)[0] as GeneralBlock);
  }
}

function decodeOrThrow(bytes: Uint8Array) {
  try {
    return decodeApdu(bytes);
  } catch (cause) {
    throw garbled(cause);
  }
}

function blockOf(bytes: Uint8Array): GeneralBlock | undefined {
  if (bytes[0] !== apduTags["general-block-transfer"]) return undefined;
  return decodeOrThrow(bytes) as GeneralBlock;
}
