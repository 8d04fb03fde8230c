import type { ByteStream, Clock } from "@energsys/protocols";
import {
  addressMatches,
  type DataSet,
  encodeBlock,
  encodeCommand,
  encodeP1,
  encodeText,
  formatDataSet,
  type IdentificationParts,
  type MeterRequest,
  RequestReader,
  type StationAnswer,
} from "@energsys/protocols/iec62056-21";

/** A device that answers its address with a mode D block and is changed by the programming mode. */
export interface BlockDevice {
  readonly identification: IdentificationParts;
  /** The addresses that it answers to, its serial number first. */
  addresses(): readonly string[];
  /** The data sets of its block; it has been read by them. */
  block(): readonly DataSet[];
  /** Whether it has what it needs to speak. */
  speaks(): boolean;
  command(
    command: string,
    address: string,
    argument: string,
  ): StationAnswer | Promise<StationAnswer | undefined>;
}

export interface BlockStationOptions {
  /** Between a request and its answer; 20 ms unless told. */
  readonly reactionMs?: number;
  /** Rate of a line that takes time, to know when a block has left. */
  readonly baudRate?: number;
  readonly password?: string;
  /** A block that nobody asks for, so often and at each `push`: a supply unit on a line of its own. */
  readonly sendEveryMs?: number;
}

/** The programming mode begins within this time after a block, and ends after so long without a command. */
const openMs = 1500;
const inactivityMs = 60_000;
/** Silence after which a request that was begun is forgotten. */
const characterGapMs = 1500;

const ack = Uint8Array.of(0x06);
const nak = Uint8Array.of(0x15);

/** The end of a block-answering device on an RS-485 line (docs/protocols/module-concentrator.md). */
export class BlockStation {
  readonly #stream: ByteStream;
  readonly #clock: Clock;
  readonly #device: BlockDevice;
  readonly #options: BlockStationOptions;
  readonly #requests = new RequestReader({ acknowledgement: "alone" });
  #state: "idle" | "read" | "programming" = "idle";
  #untilMs = 0;
  #lastHeardMs = 0;
  /** Counts sign-ons: an answer to what was asked before the last one is for nobody. */
  #turn = 0;
  #cancelAnswer: (() => void) | undefined;
  #cancelSending: (() => void) | undefined;
  #ended = false;

  constructor(stream: ByteStream, clock: Clock, device: BlockDevice, options: BlockStationOptions = {}) {
    this.#stream = stream;
    this.#clock = clock;
    this.#device = device;
    this.#options = options;
    stream.onBytes((chunk) => this.#receive(chunk));
    stream.onEnd(() => this.#end());
    this.#sendAgain();
  }

  /** Takes the device off the line. */
  close(): void {
    this.#stream.close();
  }

  /** Sends the block now, where the device sends by itself. */
  push(): void {
    if (this.#options.sendEveryMs === undefined || this.#ended) return;
    this.#cancelSending?.();
    if (this.#device.speaks()) this.#stream.write(this.#block());
    this.#sendAgain();
  }

  #sendAgain(): void {
    const { sendEveryMs } = this.#options;
    if (sendEveryMs === undefined || this.#ended) return;
    this.#cancelSending = this.#clock.after(sendEveryMs, () => this.push());
  }

  #end(): void {
    this.#ended = true;
    this.#cancelAnswer?.();
    this.#cancelSending?.();
  }

  #block(): Uint8Array {
    return encodeP1(this.#device.identification, this.#device.block());
  }

  #receive(chunk: Uint8Array): void {
    const now = this.#clock.now();
    if (now - this.#lastHeardMs > characterGapMs) this.#requests.clear();
    this.#lastHeardMs = now;
    for (const request of this.#requests.push(chunk)) this.#take(request);
  }

  #take(request: MeterRequest): void {
    if (request.kind === "sign-on") this.#signOn(request.address);
    else if (request.kind === "command") this.#command(request);
  }

  #signOn(address: string): void {
    this.#leave();
    if (!this.#device.addresses().some((own) => own !== "" && addressMatches(address, own))) return;
    this.#answer(() => {
      const block = this.#block();
      this.#state = "read";
      this.#untilMs = this.#clock.now() + this.#sendingMs(block) + openMs;
      return block;
    });
  }

  #command(request: Extract<MeterRequest, { kind: "command" }>): void {
    if (this.#state === "idle") return;
    if (this.#clock.now() > this.#untilMs) {
      this.#leave();
      return;
    }
    this.#untilMs = this.#clock.now() + inactivityMs;
    const { command, address, argument } = request;
    if (request.check === "bad" || !request.last) this.#answer(() => nak);
    else if (command === "B0") this.#leave();
    else if (command === "P1") this.#admit(argument);
    else if (this.#state === "programming") this.#carryOut(command, address, argument);
  }

  #admit(password: string): void {
    const right = password === (this.#options.password ?? "00000000");
    this.#state = right ? "programming" : "idle";
    this.#answer(() => (right ? ack : encodeCommand("B0")));
  }

  #carryOut(command: string, address: string, argument: string): void {
    const turn = this.#turn;
    const answered = this.#device.command(command, address, argument);
    if (!(answered instanceof Promise)) {
      this.#answer(() => bytesOf(answered));
      return;
    }
    void answered.then((answer) => {
      if (answer && turn === this.#turn) this.#answer(() => bytesOf(answer));
    });
  }

  #leave(): void {
    this.#state = "idle";
    this.#turn++;
    this.#cancelAnswer?.();
  }

  /** What is said is made when it is said: the device may have lost its supply by then. */
  #answer(bytes: () => Uint8Array): void {
    this.#cancelAnswer?.();
    this.#cancelAnswer = this.#clock.after(this.#options.reactionMs ?? 20, () => {
      if (!this.#ended && this.#device.speaks()) this.#stream.write(bytes());
    });
  }

  #sendingMs(bytes: Uint8Array): number {
    return this.#options.baudRate === undefined ? 0 : (bytes.length * 10_000) / this.#options.baudRate;
  }
}

function bytesOf(answer: StationAnswer): Uint8Array {
  switch (answer.kind) {
    case "ack":
      return ack;
    case "nak":
      return nak;
    case "error":
      return encodeBlock(`(${answer.text})`);
    case "data":
      return encodeBlock(answer.dataSets.map(formatDataSet).join("\r\n"));
    case "text":
      return encodeText(answer.body);
  }
}
