import { concatBytes } from "../dlms/bytes.ts";
import { apduLengthMax as apduLengthLimit } from "../dlms/cursor.ts";
import type { ApduLink } from "../dlms/link.ts";
import { DecodeError, LinkError } from "../errors.ts";
import type { ByteStream, Clock, LinkRecorder } from "../io.ts";
import { answersTo, clientAddress, type HdlcAddress, sameAddress, serverAddress } from "./address.ts";
import type { HdlcControl } from "./control.ts";
import { encodeFrame, FrameReader, frameLengthMax, type ReceivedFrame } from "./frame.ts";
import { llcCommand, stripLlc } from "./llc.ts";
import { decodeParameters, defaultParameters, encodeParameters } from "./parameters.ts";

export interface HdlcLinkOptions {
  /** Client SAP (16 = public client). */
  readonly client: number;
  /** Logical device of the meter (1 = management). */
  readonly server: number;
  /** Physical address below the logical one; absent for an address of 1 byte. */
  readonly physical?: number;
  readonly serverAddressBytes?: 1 | 2 | 4;
  /** How long to wait for the next frame. Progress starts the wait anew. */
  readonly responseTimeoutMs: number;
  /** Sends of one frame, polls included, before the link is given up (default 3). */
  readonly attemptsMax?: number;
  /** Information field that we propose in SNRM (default 1024). 128 sends an empty SNRM. */
  readonly informationLengthMax?: number;
  /** Frames sent, or taken, before an acknowledgement: what we propose in SNRM (1 to 7, default 1). */
  readonly windowMax?: number;
  readonly apduLengthMax?: number;
  readonly recorder?: LinkRecorder;
  /** Close the stream with the link (default). A device that called in keeps its stream for the next association. */
  readonly closeStream?: boolean;
  /** Takes APDUs that the meter pushes in UI frames. */
  readonly onUnsolicited?: (apdu: Uint8Array) => void;
}

/** Longest information field that fits a frame with the longest addresses. */
const informationLimit = frameLengthMax - 15;
const framesWaitingMax = 16;
/** Numbers go modulo 8: with 8 on the way nobody could tell all from none. */
const windowLimit = 7;

/**
 * The primary station: sets the link up, cuts and joins APDUs, repeats a frame only when the meter shows that it did not
 * take it (IEC 62056-46). Frames with a wrong check and bytes between frames are ignored; what they held is asked for again.
 */
export class HdlcLink implements ApduLink {
  readonly #stream: ByteStream;
  readonly #clock: Clock;
  readonly #options: HdlcLinkOptions;
  readonly #reader = new FrameReader();
  readonly #client: HdlcAddress;
  readonly #server: HdlcAddress;
  #state: "new" | "connected" | "ended" = "new";
  #ended: LinkError | undefined;
  #busy = false;
  #frames: ReceivedFrame[] = [];
  #waiting: { resolve(frame: ReceivedFrame | "timeout"): void; reject(error: LinkError): void } | undefined;
  #transmitMax = defaultParameters.informationTransmitMax;
  #window = 1;
  /** N(S) of our next frame, N(S) that we expect from the meter. */
  #sending = 0;
  #receiving = 0;

  constructor(stream: ByteStream, clock: Clock, options: HdlcLinkOptions) {
    this.#stream = stream;
    this.#clock = clock;
    this.#options = options;
    this.#client = clientAddress(options.client);
    this.#server = serverAddress(options.server, options.physical, options.serverAddressBytes);
    stream.onBytes((chunk) => this.#receive(chunk));
    stream.onEnd((cause) => this.#end(new LinkError("link.closed", undefined, cause)));
  }

  /**
   * Sends SNRM and takes the limits of UA.
   * @throws LinkError `link.timeout`, `link.closed`, `link.garbled`, `link.refused` (DM or FRMR)
   */
  async connect(): Promise<void> {
    await this.#alone(async () => {
      const proposed = Math.min(this.#options.informationLengthMax ?? 1024, informationLimit);
      const window = Math.min(Math.max(this.#options.windowMax ?? 1, 1), windowLimit);
      const information =
        proposed === defaultParameters.informationTransmitMax && window === 1
          ? new Uint8Array(0)
          : encodeParameters({
              ...defaultParameters,
              informationTransmitMax: proposed,
              informationReceiveMax: proposed,
              windowTransmit: window,
              windowReceive: window,
            });
      for (let attempt = 0; attempt < this.#attemptsMax; attempt++) {
        this.#send({ kind: "SNRM", final: true }, information);
        const answer = await this.#nextOf(["UA", "DM", "FRMR"]);
        if (answer === "timeout") continue;
        if (answer.control.kind !== "UA")
          throw new LinkError("link.refused", `${answer.control.kind} to SNRM`);
        const granted = decodeParameters(answer.information);
        this.#transmitMax = Math.min(proposed, granted.informationReceiveMax);
        this.#window = Math.min(window, granted.windowReceive, windowLimit);
        this.#sending = 0;
        this.#receiving = 0;
        this.#state = "connected";
        return;
      }
      throw new LinkError("link.timeout", "no answer to SNRM");
    });
  }

  /** @throws LinkError `link.timeout`, `link.closed`, `link.garbled`, `link.unexpected`, `link.refused`, `link.busy` */
  async exchange(apdu: Uint8Array): Promise<Uint8Array> {
    return this.#alone(async () => {
      if (this.#state !== "connected") throw new LinkError("link.closed", "the HDLC link is not connected");
      const unit = concatBytes(llcCommand, apdu);
      const segments: Uint8Array[] = [];
      for (let offset = 0; offset < unit.length; offset += this.#transmitMax) {
        segments.push(unit.subarray(offset, offset + this.#transmitMax));
      }
      return stripLlc(await this.#collect(await this.#sendSegments(segments)));
    });
  }

  /** Sends DISC and waits for one answer at most. Never throws: the link is ended in any case. */
  async close(): Promise<void> {
    if (this.#state === "ended") return;
    if (this.#state === "connected" && !this.#busy) {
      try {
        await this.#alone(async () => {
          this.#send({ kind: "DISC", final: true });
          await this.#nextOf(["UA", "DM"]);
        });
      } catch (error) {
        if (!(error instanceof LinkError)) throw error;
      }
    }
    this.#end(new LinkError("link.closed"), this.#options.closeStream ?? true);
  }

  get #attemptsMax(): number {
    return this.#options.attemptsMax ?? 3;
  }

  /**
   * Sends all segments, a window at a time, until the meter has them; gives the first frame of the answer. After a
   * time-out the meter is asked by RR what it has: a request that was taken must not be sent twice.
   */
  async #sendSegments(segments: readonly Uint8Array[]): Promise<ReceivedFrame> {
    const first = this.#sending;
    const numberOf = (index: number): number => (first + index) & 7;
    this.#sending = numberOf(segments.length);
    /** How many the meter has, and how many are on the way beyond them. */
    let taken = 0;
    let underWay = 0;
    let wasBusy = false;
    const sendWindow = () => {
      const end = Math.min(taken + this.#window, segments.length);
      for (let index = taken; index < end; index++) {
        this.#send(
          { kind: "I", sending: numberOf(index), receiving: this.#receiving, final: index === end - 1 },
          segments[index],
          index < segments.length - 1,
        );
      }
      underWay = end - taken;
    };
    const poll = () => this.#send({ kind: "RR", receiving: this.#receiving, final: true });
    sendWindow();
    for (let attempt = 1; ; ) {
      const frame = await this.#nextOf(["I", "RR", "RNR"]);
      if (frame === "timeout") {
        if (++attempt > this.#attemptsMax) throw new LinkError("link.timeout");
        poll();
        continue;
      }
      const { control } = frame;
      if (control.kind !== "I" && control.kind !== "RR" && control.kind !== "RNR") continue;
      const more = (control.receiving - numberOf(taken)) & 7;
      if (control.kind === "I") {
        const all = more <= underWay && taken + more === segments.length;
        if (all && control.sending === this.#receiving) return frame;
        // A repetition of what we have: say what we expect, as long as the meter gave us the turn.
        if (++attempt > this.#attemptsMax * 8) throw new LinkError("link.garbled", "wrong sequence numbers");
        if (control.final) poll();
        continue;
      }
      if (more > underWay) {
        throw new LinkError("link.garbled", "the meter acknowledges a frame that was not sent");
      }
      taken += more;
      underWay -= more;
      if (more > 0) attempt = 1;
      // Without the turn nothing may be sent: more of its words follow.
      if (!control.final && this.#window > 1) continue;
      if (taken === segments.length || control.kind === "RNR") {
        // The answer is not there yet, or the meter has no room: wait, then poll.
        if (await this.#pause()) continue;
        // A meter that says RNR is there: it gets more time than one that is silent.
        wasBusy = control.kind === "RNR";
        const limit = wasBusy ? this.#attemptsMax * 8 : this.#attemptsMax;
        if (++attempt > limit) throw new LinkError("link.timeout");
        poll();
        continue;
      }
      if (wasBusy) attempt = 1;
      else if (more === 0 && ++attempt > this.#attemptsMax) throw new LinkError("link.timeout");
      wasBusy = false;
      sendWindow();
    }
  }

  /** Waits until a frame came (true) or the response time-out is over (false), without taking the frame. */
  async #pause(): Promise<boolean> {
    if (this.#frames.length > 0) return true;
    const frame = await this.#next();
    if (frame === "timeout") return false;
    this.#frames.unshift(frame);
    return true;
  }

  /** Joins the segments of an answer, acknowledging each turn with RR. */
  async #collect(first: ReceivedFrame): Promise<Uint8Array> {
    const lengthMax = this.#options.apduLengthMax ?? apduLengthLimit;
    const parts: Uint8Array[] = [];
    let length = 0;
    for (let frame = first; ; ) {
      this.#receiving = (this.#receiving + 1) & 7;
      length += frame.information.length;
      if (length > lengthMax) throw new LinkError("link.garbled", "the answer is longer than the limit");
      parts.push(frame.information.slice());
      if (!frame.segmented) return concatBytes(...parts);
      if (frame.control.final) this.#acknowledge();
      frame = await this.#nextSegment();
    }
  }

  async #nextSegment(): Promise<ReceivedFrame> {
    for (let attempt = 1; ; ) {
      const frame = await this.#nextOf(["I", "RR", "RNR"]);
      if (frame === "timeout") {
        if (++attempt > this.#attemptsMax) throw new LinkError("link.timeout");
        this.#acknowledge();
        continue;
      }
      const { control } = frame;
      if (control.kind === "I" && control.sending === this.#receiving) return frame;
      if (++attempt > this.#attemptsMax * 8) throw new LinkError("link.garbled", "wrong sequence numbers");
      if (control.final) this.#acknowledge();
    }
  }

  #acknowledge(): void {
    this.#send({ kind: "RR", receiving: this.#receiving, final: true });
  }

  /** Runs one dialogue; any failure ends the link. */
  async #alone<Result>(dialogue: () => Promise<Result>): Promise<Result> {
    if (this.#ended) throw this.#ended;
    if (this.#busy) throw new LinkError("link.busy");
    this.#busy = true;
    this.#frames = [];
    try {
      return await dialogue();
    } catch (cause) {
      const error =
        cause instanceof DecodeError ? new LinkError("link.garbled", cause.message, cause) : (cause as Error);
      if (error instanceof LinkError) this.#end(error);
      throw error;
    } finally {
      this.#busy = false;
    }
  }

  #send(control: HdlcControl, information: Uint8Array = new Uint8Array(0), segmented = false): void {
    const bytes = encodeFrame({
      destination: this.#server,
      source: this.#client,
      control,
      segmented,
      information,
    });
    this.#options.recorder?.sent(bytes);
    this.#stream.write(bytes);
  }

  async #nextOf(kinds: readonly HdlcControl["kind"][]): Promise<ReceivedFrame | "timeout"> {
    for (;;) {
      const frame = await this.#next();
      if (frame === "timeout") {
        // A cut frame must not hold back the repetition that comes after it.
        this.#reader.clear();
        return frame;
      }
      const { kind } = frame.control;
      if (kinds.includes(kind)) return frame;
      if (kind === "FRMR") throw new LinkError("link.refused", "the meter rejects a frame (FRMR)");
      if (kind === "DM" || kind === "DISC") throw new LinkError("link.closed", "the meter is disconnected");
    }
  }

  #next(): Promise<ReceivedFrame | "timeout"> {
    const queued = this.#frames.shift();
    if (queued) return Promise.resolve(queued);
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(this.#options.responseTimeoutMs, () => {
        this.#waiting = undefined;
        resolve("timeout");
      });
      this.#waiting = {
        resolve: (frame) => {
          cancel();
          resolve(frame);
        },
        reject: (error) => {
          cancel();
          reject(error);
        },
      };
    });
  }

  #receive(chunk: Uint8Array): void {
    if (this.#ended) return;
    this.#options.recorder?.received(chunk);
    for (const frame of this.#reader.push(chunk)) this.#handOver(frame);
  }

  #handOver(frame: ReceivedFrame): void {
    if (frame.fcs !== "good" || this.#ended) return;
    if (frame.control.kind === "UI") {
      this.#push(frame);
      return;
    }
    // An own frame that an optical head or a two-wire bus echoes has our address as its source.
    if (!sameAddress(frame.destination, this.#client) || !answersTo(this.#server, frame.source)) return;
    const waiting = this.#waiting;
    if (waiting) {
      this.#waiting = undefined;
      waiting.resolve(frame);
    } else if (this.#busy && this.#frames.length < framesWaitingMax) {
      this.#frames.push(frame);
    } else if (frame.control.kind === "I" && frame.control.sending === this.#receiving) {
      this.#end(new LinkError("link.unexpected"));
    }
  }

  #push(frame: ReceivedFrame): void {
    try {
      this.#options.onUnsolicited?.(stripLlc(frame.information).slice());
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
    }
  }

  #end(error: LinkError, closeStream = true): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#state = "ended";
    this.#waiting?.reject(error);
    this.#waiting = undefined;
    if (closeStream) this.#stream.close();
  }
}
