import { concatBytes } from "../dlms/bytes.ts";
import type { ApduLink } from "../dlms/link.ts";
import { LinkError } from "../errors.ts";
import type { ByteStream, Clock, LinkRecorder } from "../io.ts";
import { encodeWrapperFrame, type TakenWrapperFrame, takeWrapperFrame } from "./frame.ts";

export interface WrapperLinkOptions {
  /** Client SAP, the source port of requests (16 = public client). */
  readonly client: number;
  /** Logical device, the destination port (1 = management). */
  readonly server: number;
  readonly responseTimeoutMs: number;
  readonly apduLengthMax?: number;
  readonly recorder?: LinkRecorder;
  /** Close the stream with the link (default). A device that called in keeps its stream for the next association. */
  readonly closeStream?: boolean;
  /** Takes what the device sends of itself: notifications and registrations at any time, anything while no request waits. */
  readonly onUnsolicited?: (apdu: Uint8Array, ports: WrapperPorts) => void;
}

/** The wrapper ports that a message came with: an answer to it goes the other way round. */
export interface WrapperPorts {
  readonly sourcePort: number;
  readonly destinationPort: number;
}

/** Data notification, event notification, and the bare structure of a registration: never the answer to a request. */
const unsolicitedTags: ReadonlySet<number | undefined> = new Set([0x0f, 0xc2, 0x02, undefined]);

/** One request at a time. Any error ends the link: a late answer could pass for the answer to the next request. */
export class WrapperLink implements ApduLink {
  readonly #stream: ByteStream;
  readonly #clock: Clock;
  readonly #options: WrapperLinkOptions;
  #received: Uint8Array = new Uint8Array(0);
  #waiting: { resolve(apdu: Uint8Array): void; reject(error: LinkError): void } | undefined;
  #ended: LinkError | undefined;

  constructor(stream: ByteStream, clock: Clock, options: WrapperLinkOptions) {
    this.#stream = stream;
    this.#clock = clock;
    this.#options = options;
    stream.onBytes((chunk) => this.#receive(chunk));
    stream.onEnd((cause) => this.#end("link.closed", cause));
  }

  /** The TCP connection is the link: there is nothing to set up. @throws LinkError `link.closed` */
  async connect(): Promise<void> {
    if (this.#ended) throw this.#ended;
  }

  /** @throws LinkError `link.timeout`, `link.closed`, `link.garbled`, `link.unexpected`, `link.busy` */
  async exchange(apdu: Uint8Array): Promise<Uint8Array> {
    if (this.#ended) throw this.#ended;
    if (this.#waiting) throw new LinkError("link.busy");
    const answer = new Promise<Uint8Array>((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
    const cancel = this.#clock.after(this.#options.responseTimeoutMs, () => this.#end("link.timeout"));
    try {
      const { client, server } = this.#options;
      this.#write(encodeWrapperFrame({ sourcePort: client, destinationPort: server, apdu }));
      return await answer;
    } finally {
      cancel();
    }
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = new LinkError("link.closed");
    this.#waiting?.reject(this.#ended);
    if (this.#options.closeStream ?? true) this.#stream.close();
  }

  #write(bytes: Uint8Array): void {
    this.#options.recorder?.sent(bytes);
    this.#stream.write(bytes);
  }

  #receive(chunk: Uint8Array): void {
    if (this.#ended) return;
    this.#options.recorder?.received(chunk);
    this.#received = concatBytes(this.#received, chunk);
    try {
      for (let taken = this.#take(); taken && !this.#ended; taken = this.#take()) {
        this.#received = this.#received.subarray(taken.end);
        this.#handOver(taken);
      }
    } catch (cause) {
      this.#end(cause instanceof LinkError ? cause.code : "link.garbled", cause);
    }
  }

  #take(): TakenWrapperFrame | undefined {
    return takeWrapperFrame(this.#received, this.#options.apduLengthMax);
  }

  #handOver({ frame }: TakenWrapperFrame): void {
    const { client, server, onUnsolicited } = this.#options;
    const { sourcePort, destinationPort } = frame;
    const ours =
      (sourcePort === server && destinationPort === client) ||
      // Seen in the field: a device that sends the ports back as they came.
      (sourcePort === client && destinationPort === server);
    const waiting = this.#waiting;
    if (waiting && ours && !unsolicitedTags.has(frame.apdu[0])) {
      this.#waiting = undefined;
      waiting.resolve(concatBytes(frame.apdu));
    } else if (onUnsolicited) {
      onUnsolicited(concatBytes(frame.apdu), { sourcePort, destinationPort });
    } else if (!unsolicitedTags.has(frame.apdu[0])) {
      throw new LinkError("link.unexpected");
    }
  }

  #end(code: string, cause?: unknown): void {
    if (this.#ended) return;
    this.#ended = new LinkError(code, undefined, cause);
    this.#waiting?.reject(this.#ended);
    this.#waiting = undefined;
    this.#stream.close();
  }
}
