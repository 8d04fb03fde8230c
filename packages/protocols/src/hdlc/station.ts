import { concatBytes } from "../dlms/bytes.ts";
import { apduLengthMax as apduLengthLimit } from "../dlms/cursor.ts";
import { DecodeError } from "../errors.ts";
import type { HdlcAddress } from "./address.ts";
import type { HdlcControl } from "./control.ts";
import { encodeFrame, FrameReader, type ReceivedFrame } from "./frame.ts";
import { llcResponse, stripLlc } from "./llc.ts";
import { decodeParameters, defaultParameters, encodeParameters } from "./parameters.ts";

export interface HdlcStationOptions {
  /** Logical device to which this station answers; a server address without a physical part is accepted too. */
  readonly logical: number;
  readonly physical?: number;
  /** Largest information field that the device sends and takes (default 128). */
  readonly informationLengthMax?: number;
  /** Frames that the device sends, or takes, before an acknowledgement (1 to 7, default 1). */
  readonly windowMax?: number;
  readonly apduLengthMax?: number;
}

export interface HdlcStationHandlers {
  /** Sends bytes to the reader. */
  write(bytes: Uint8Array): void;
  /** A whole APDU came; what is returned (at once or later) is the answer, `undefined` keeps silent. */
  onApdu(apdu: Uint8Array, client: number): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  /** SNRM: a new link; associations of the old one are gone. */
  onConnect?(client: number): void;
  /** DISC. */
  onDisconnect?(client: number): void;
}

/**
 * The secondary station (the meter's side) of one HDLC line: bytes in, frames out, whole APDUs to the device above.
 * It speaks only when it has the turn (P/F), cuts long answers into segments, and repeats what was not acknowledged.
 */
export class HdlcStation {
  readonly #options: HdlcStationOptions;
  readonly #handlers: HdlcStationHandlers;
  readonly #reader = new FrameReader();
  #connected: { client: HdlcAddress; server: HdlcAddress } | undefined;
  #transmitMax = defaultParameters.informationTransmitMax;
  #window = 1;
  /** N(S) of the first segment that is not acknowledged, and how many of them are on the way. */
  #sending = 0;
  #underWay = 0;
  #receiving = 0;
  /** Segments of the request that are there already. */
  #request: Uint8Array[] = [];
  #requestLength = 0;
  /** Segments of the answer that are not acknowledged yet. */
  #answer: Uint8Array[] = [];
  /** Counts links, so that the answer of an old one is not sent on a new one. */
  #generation = 0;

  constructor(options: HdlcStationOptions, handlers: HdlcStationHandlers) {
    this.#options = options;
    this.#handlers = handlers;
  }

  receive(chunk: Uint8Array): void {
    for (const frame of this.#reader.push(chunk)) {
      if (frame.fcs === "good" && this.#isForUs(frame.destination)) this.#take(frame);
    }
  }

  #isForUs(address: HdlcAddress): boolean {
    const { logical, physical } = this.#options;
    if (address.logical !== logical) return false;
    if (address.physical === undefined || physical === undefined) return true;
    const all = address.bytes === 4 ? 0x3fff : 0x7f;
    return address.physical === physical || address.physical === all;
  }

  #take(frame: ReceivedFrame): void {
    const { control, source, destination } = frame;
    if (control.kind === "SNRM") {
      this.#connect(frame);
    } else if (control.kind === "DISC") {
      const answer = this.#connected ? "UA" : "DM";
      this.#connected = undefined;
      this.#generation++;
      this.#send({ source: destination, destination: source }, { kind: answer, final: true });
      if (answer === "UA") this.#handlers.onDisconnect?.(source.logical);
    } else if (!this.#connected || source.logical !== this.#connected.client.logical) {
      if (control.final)
        this.#send({ source: destination, destination: source }, { kind: "DM", final: true });
    } else if (control.kind === "RR" || control.kind === "RNR") {
      this.#acknowledged(control.receiving);
      if (control.final && control.kind === "RR") this.#speak();
      // A reader without room: it asks what we have, and wants no answer yet.
      if (control.final && control.kind === "RNR") this.#acknowledge();
    } else if (control.kind === "I") {
      this.#takeSegment(frame, control);
    }
  }

  #connect(frame: ReceivedFrame): void {
    let asked: ReturnType<typeof decodeParameters>;
    try {
      asked = decodeParameters(frame.information);
    } catch (error) {
      if (error instanceof DecodeError) return;
      throw error;
    }
    const own = this.#options.informationLengthMax ?? defaultParameters.informationTransmitMax;
    this.#connected = { client: frame.source, server: frame.destination };
    this.#generation++;
    this.#transmitMax = Math.min(own, asked.informationReceiveMax);
    const window = Math.min(Math.max(this.#options.windowMax ?? 1, 1), 7);
    this.#window = Math.min(window, asked.windowReceive);
    this.#sending = 0;
    this.#underWay = 0;
    this.#receiving = 0;
    this.#request = [];
    this.#requestLength = 0;
    this.#answer = [];
    this.#reply(
      { kind: "UA", final: true },
      encodeParameters({
        ...defaultParameters,
        informationTransmitMax: this.#transmitMax,
        informationReceiveMax: Math.min(own, asked.informationTransmitMax),
        windowTransmit: this.#window,
        windowReceive: Math.min(window, asked.windowTransmit),
      }),
    );
    this.#handlers.onConnect?.(frame.source.logical);
  }

  #takeSegment(frame: ReceivedFrame, control: Extract<HdlcControl, { kind: "I" }>): void {
    this.#acknowledged(control.receiving);
    if (control.sending !== this.#receiving) {
      // A repetition: say what is expected, and repeat the answer if there is one.
      if (control.final) this.#speak();
      return;
    }
    this.#requestLength += frame.information.length;
    if (this.#requestLength > (this.#options.apduLengthMax ?? apduLengthLimit)) {
      this.#connected = undefined;
      this.#send({ source: frame.destination, destination: frame.source }, { kind: "DM", final: true });
      return;
    }
    this.#receiving = (this.#receiving + 1) & 7;
    this.#request.push(frame.information.slice());
    if (frame.segmented) {
      if (control.final) this.#speak();
      return;
    }
    const unit = concatBytes(...this.#request);
    this.#request = [];
    this.#requestLength = 0;
    // A new request means that the old answer is of no use any more.
    this.#answer = [];
    this.#underWay = 0;
    this.#ask(unit, frame.source.logical);
  }

  #ask(unit: Uint8Array, client: number): void {
    let apdu: Uint8Array;
    try {
      apdu = stripLlc(unit);
    } catch (error) {
      if (error instanceof DecodeError) return;
      throw error;
    }
    const generation = this.#generation;
    const answered = this.#handlers.onApdu(apdu, client);
    if (answered instanceof Promise) {
      answered.then((apdu) => this.#answerWith(apdu, generation));
    } else {
      this.#answerWith(answered, generation);
    }
  }

  #answerWith(apdu: Uint8Array | undefined, generation: number): void {
    if (!apdu || generation !== this.#generation) return;
    const unit = concatBytes(llcResponse, apdu);
    for (let offset = 0; offset < unit.length; offset += this.#transmitMax) {
      this.#answer.push(unit.subarray(offset, offset + this.#transmitMax));
    }
    this.#speak();
  }

  /** N(R) of the reader: drops the segments that it has. */
  #acknowledged(receiving: number): void {
    const taken = (receiving - this.#sending) & 7;
    if (taken === 0 || taken > this.#underWay) return;
    this.#sending = receiving;
    this.#underWay -= taken;
    this.#answer.splice(0, taken);
  }

  #acknowledge(): void {
    this.#reply({ kind: "RR", receiving: this.#receiving, final: true });
  }

  /** Uses the turn: the next segments of the answer, from the first that the reader does not have, or RR. */
  #speak(): void {
    if (this.#answer.length === 0) {
      this.#acknowledge();
      return;
    }
    const count = Math.min(this.#window, this.#answer.length);
    // Set before anything is written: a reader may answer at once.
    this.#underWay = count;
    const { sending, receiving } = { sending: this.#sending, receiving: this.#receiving };
    const segments = this.#answer.slice(0, count);
    const more = this.#answer.length > count;
    segments.forEach((segment, index) => {
      const final = index === count - 1;
      const control: HdlcControl = { kind: "I", sending: (sending + index) & 7, receiving, final };
      this.#reply(control, segment, more || !final);
    });
  }

  #reply(control: HdlcControl, information?: Uint8Array, segmented?: boolean): void {
    if (!this.#connected) return;
    const { client, server } = this.#connected;
    this.#send({ destination: client, source: server }, control, information, segmented);
  }

  #send(
    addresses: { destination: HdlcAddress; source: HdlcAddress },
    control: HdlcControl,
    information: Uint8Array = new Uint8Array(0),
    segmented = false,
  ): void {
    this.#handlers.write(encodeFrame({ ...addresses, control, information, segmented }));
  }
}
