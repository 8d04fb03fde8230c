import { concatBytes } from "../dlms/bytes.ts";
import type { ApduLink } from "../dlms/link.ts";
import { DecodeError, LinkError } from "../errors.ts";
import type { Clock, LinkRecorder } from "../io.ts";
import { encodeWrapperFrame, takeWrapperFrame } from "./frame.ts";

/** One end of a datagram socket that talks to one device. */
export interface DatagramPort {
  send(datagram: Uint8Array): void;
  onDatagram(listener: (datagram: Uint8Array) => void): void;
  onEnd(listener: (cause?: Error) => void): void;
  close(): void;
}

export interface DatagramLinkOptions {
  readonly client: number;
  readonly server: number;
  readonly responseTimeoutMs: number;
  readonly recorder?: LinkRecorder;
  readonly closePort?: boolean;
  /** Takes notifications at any time, and anything of the device while no request waits. */
  readonly onUnsolicited?: (apdu: Uint8Array) => void;
}

/** Data notification, event notification: never the answer to a request. */
const unsolicitedTags: ReadonlySet<number | undefined> = new Set([0x0f, 0xc2]);

/**
 * The wrapper over UDP (IEC 62056-47): a datagram holds one whole frame. Others are dropped, since anybody may send one.
 * A request is never repeated: it may have been carried out, and only the answer been lost. A time-out ends the link, so
 * that a late answer cannot pass for the next one.
 */
export class WrapperDatagramLink implements ApduLink {
  readonly #port: DatagramPort;
  readonly #clock: Clock;
  readonly #options: DatagramLinkOptions;
  #waiting: { resolve(apdu: Uint8Array): void; reject(error: LinkError): void } | undefined;
  #ended: LinkError | undefined;

  constructor(port: DatagramPort, clock: Clock, options: DatagramLinkOptions) {
    this.#port = port;
    this.#clock = clock;
    this.#options = options;
    port.onDatagram((datagram) => this.#receive(datagram));
    port.onEnd((cause) => this.#end(new LinkError("link.closed", undefined, cause)));
  }

  /** There is nothing to set up. @throws LinkError `link.closed` */
  async connect(): Promise<void> {
    if (this.#ended) throw this.#ended;
  }

  /** @throws LinkError `link.timeout`, `link.closed`, `link.busy` */
  async exchange(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.#ended) throw this.#ended;
    if (this.#waiting) throw new LinkError("link.busy");
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
    const { client, server, responseTimeoutMs, recorder } = this.#options;
    const cancel = this.#clock.after(responseTimeoutMs, () => this.#end(new LinkError("link.timeout")));
    try {
      const frame = encodeWrapperFrame({ sourcePort: client, destinationPort: server, apdu });
      recorder?.sent(frame);
      this.#port.send(frame);
      return await answer;
    } finally {
      cancel();
    }
  }

  async close(): Promise<void> {
    this.#end(new LinkError("link.closed"), this.#options.closePort ?? true);
  }

  #receive(datagram: Uint8Array): void {
    if (this.#ended) return;
    const frame = wholeFrame(datagram);
    const { client, server, onUnsolicited, recorder } = this.#options;
    if (!frame || frame.sourcePort !== server || frame.destinationPort !== client) return;
    recorder?.received(datagram);
    const apdu = concatBytes(frame.apdu);
    const waiting = this.#waiting;
    if (waiting && !unsolicitedTags.has(apdu[0])) {
      this.#waiting = undefined;
      waiting.resolve(apdu);
    } else {
      onUnsolicited?.(apdu);
    }
  }

  #end(error: LinkError, closePort = true): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#waiting?.reject(error);
    this.#waiting = undefined;
    if (closePort) this.#port.close();
  }
}

function wholeFrame(datagram: Uint8Array) {
  try {
    const taken = takeWrapperFrame(datagram);
    return taken && taken.end === datagram.length ? taken.frame : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
