import type { ByteStream, Clock, LineSettings } from "../io.ts";
import { ack, nak } from "./checks.ts";
import { encodeIdentification, formatDataSet } from "./encode.ts";
import { encodeBlock, encodeCommand, encodeText } from "./frames.ts";
import { rateOf } from "./identification.ts";
import { withEvenParity } from "./parity.ts";
import { addressMatches, type MeterRequest, RequestReader } from "./requests.ts";
import type { StationAnswer, StationDevice, StationOptions } from "./station-options.ts";

type CommandRequest = Extract<MeterRequest, { kind: "command" }>;
type PartRequest = Extract<MeterRequest, { kind: "part" }>;

const partialCommands = ["R3", "R4", "R6"];

/**
 * The device's end of a line in modes A, B, C, D and E: answers sign-ons for its address, sends the readout, keeps the
 * programming mode with its access, partial blocks and repetitions, and hands the line over in mode E. What it hears and
 * cannot understand it answers with NAK in the programming mode, and with silence elsewhere, for the line may be a bus.
 */
export class IecStation {
  readonly #stream: ByteStream;
  readonly #clock: Clock;
  readonly #device: StationDevice;
  readonly #options: StationOptions;
  readonly #requests = new RequestReader();
  #state: "idle" | "identified" | "readOut" | "programming" | "binary" | "ended" = "idle";
  #rate = 300;
  #admitted = false;
  #wrongPasswords = 0;
  #lastHeardMs = 0;
  #operand = "";
  /** What was sent last, for a NAK, and the blocks that wait for an ACK. */
  #sent: Uint8Array = new Uint8Array(0);
  #blocks: Uint8Array[] = [];
  #writing: { command: string; address: string; value: string } | undefined;
  #cancelAnswer: (() => void) | undefined;
  #cancelPatience: (() => void) | undefined;
  #heard: ((chunk: Uint8Array) => void) | undefined;
  #heirEnd: ((cause?: Error) => void) | undefined;

  constructor(stream: ByteStream, clock: Clock, device: StationDevice, options: StationOptions = {}) {
    this.#stream = stream;
    this.#clock = clock;
    this.#device = device;
    this.#options = options;
    stream.onBytes((chunk) => this.#receive(chunk));
    stream.onEnd((cause) => this.#end(cause));
    this.#setLine(this.#initialBaudRate);
    if (options.sendEveryMs !== undefined) this.#sendByItself(options.sendEveryMs);
  }

  get #initialBaudRate(): number {
    return this.#options.initialBaudRate ?? 300;
  }

  #end(cause?: Error): void {
    this.#state = "ended";
    this.#cancelAnswer?.();
    this.#cancelPatience?.();
    this.#heirEnd?.(cause);
  }

  #receive(chunk: Uint8Array): void {
    if (this.#heard) {
      this.#heard(chunk);
      return;
    }
    if (this.#options.sendEveryMs !== undefined) return;
    const now = this.#clock.now();
    if (now - this.#lastHeardMs > (this.#options.characterGapMs ?? 1500)) this.#requests.clear();
    this.#lastHeardMs = now;
    for (const byte of chunk) {
      // What a byte means (an ACK alone, or the beginning of an option select) depends on what was said before it.
      this.#requests.acknowledgement = this.#state === "identified" ? "option-select" : "alone";
      for (const request of this.#requests.push(Uint8Array.of(byte))) this.#take(request);
    }
  }

  #take(request: MeterRequest): void {
    this.#cancelPatience?.();
    if (request.kind === "sign-on") this.#signOn(request.address);
    else if (this.#state === "identified") this.#choose(request);
    else if (request.kind === "nak") this.#repeat();
    else if (request.kind === "ack") this.#acknowledged();
    else if (this.#state === "readOut" || this.#state === "programming") {
      if (request.kind === "command") this.#command(request);
      else if (request.kind === "part") this.#part(request);
    }
    if (this.#state === "programming") this.#awaitCommand();
  }

  #awaitCommand(): void {
    this.#waitFor(this.#options.inactivityMs ?? 60_000, () => this.#leave());
  }

  #signOn(address: string): void {
    this.#leave();
    if (!addressMatches(address, this.#device.address)) return;
    this.#answer(encodeIdentification(this.#device.identification), (sendingMs) => {
      if (this.#mode === "C") {
        this.#state = "identified";
        this.#waitFor(sendingMs + (this.#options.optionTimeoutMs ?? 5000), () => this.#sendReadout());
        return;
      }
      const changesMs = this.#mode === "B" ? this.#reactionMs : 0;
      this.#cancelAnswer = this.#clock.after(sendingMs + changesMs, () => {
        void this.#setLine(this.#baudRate).then(() => this.#sendReadout());
      });
    });
  }

  get #mode(): "A" | "B" | "C" {
    return rateOf(this.#device.identification.baudCharacter).mode;
  }

  get #baudRate(): number | undefined {
    return rateOf(this.#device.identification.baudCharacter).baudRate;
  }

  /** The answer to the identification: mode and rate, or whatever came instead, which means a readout at 300 baud. */
  #choose(request: MeterRequest): void {
    if (request.kind !== "option-select") {
      if (request.kind === "command" && request.command.startsWith("B")) this.#leave();
      else this.#sendReadout();
      return;
    }
    const { protocol, baudCharacter, mode } = request;
    const accepted = baudCharacter === this.#device.identification.baudCharacter;
    const baudRate = accepted ? this.#baudRate : this.#initialBaudRate;
    if (protocol === "2" && mode === "2" && this.#device.binary && this.#offersBinary) {
      this.#enterBinary(`\x062${baudCharacter}2\r\n`, baudRate);
      return;
    }
    this.#state = "readOut";
    void this.#setLine(baudRate).then(() => {
      if (mode === "1") this.#enterProgramming();
      else this.#sendReadout();
    });
  }

  get #offersBinary(): boolean {
    return this.#device.identification.enhanced?.includes("2") ?? false;
  }

  #sendReadout(): void {
    this.#state = "readOut";
    const lines = this.#device.readout().map((dataSet) => `${formatDataSet(dataSet)}\r\n`);
    this.#sendBlocks([...lines, "!\r\n"], this.#options.partialReadout ?? false);
  }

  #enterProgramming(): void {
    this.#state = "programming";
    this.#admitted = this.#device.admits === undefined;
    this.#operand = this.#device.operand?.() ?? "";
    this.#answer(encodeCommand("P0", `(${this.#operand})`));
    this.#awaitCommand();
  }

  #enterBinary(confirmation: string, baudRate: number | undefined): void {
    const { binaryConfirmation = "new-rate" } = this.#options;
    this.#state = "binary";
    const confirm = async (): Promise<void> => {
      if (binaryConfirmation === "new-rate") await this.#setLine(baudRate);
      if (binaryConfirmation !== "none") this.#write(encodeText(confirmation));
      const settings: LineSettings = {
        baudRate: baudRate ?? this.#initialBaudRate,
        dataBits: 8,
        parity: "none",
      };
      await this.#stream.setLine?.(settings);
      this.#device.binary?.(this.#handOver());
    };
    this.#cancelAnswer = this.#clock.after(this.#reactionMs, () => void confirm());
  }

  #handOver(): ByteStream {
    const stream = this.#stream;
    const listeners: ((chunk: Uint8Array) => void)[] = [];
    const ends: ((cause?: Error) => void)[] = [];
    this.#heard = (chunk) => {
      for (const listener of listeners) listener(chunk);
    };
    this.#heirEnd = (cause) => {
      for (const listener of ends) listener(cause);
    };
    return {
      write: (bytes) => stream.write(bytes),
      onBytes: (listener) => listeners.push(listener),
      onEnd: (listener) => ends.push(listener),
      close: () => stream.close(),
    };
  }

  #command(request: CommandRequest): void {
    if (request.check === "bad") {
      this.#answer(Uint8Array.of(nak));
      return;
    }
    const { command } = request;
    if (command.startsWith("B")) this.#leave();
    else if (command === "P1" || command === "P2") this.#admit(command, request.argument);
    else if (this.#state !== "programming") return;
    else if (!request.last || this.#writing) this.#takePart(request);
    else this.#carryOut(command, request.address, request.argument);
  }

  #admit(kind: "P1" | "P2", given: string): void {
    this.#admitted = this.#device.admits?.(kind, given, this.#operand) ?? true;
    // Modes A and B come here straight from the readout.
    this.#state = "programming";
    if (this.#admitted) this.#answer(Uint8Array.of(ack));
    else if (this.#wrongPasswords++ < (this.#options.wrongPasswordsMax ?? 0))
      this.#answer(encodeBlock("(ERROR)"));
    else this.#answer(encodeCommand("B0"), () => this.#leave());
  }

  #carryOut(command: string, address: string, argument: string): void {
    const reads = command.startsWith("R");
    const answer: StationAnswer =
      reads || this.#admitted
        ? this.#device.command(command, address, argument)
        : { kind: "error", text: "ERROR" };
    switch (answer.kind) {
      case "ack":
        this.#answer(Uint8Array.of(ack));
        break;
      case "nak":
        this.#answer(Uint8Array.of(nak));
        break;
      case "error":
        this.#answer(encodeBlock(`(${answer.text})`));
        break;
      default:
        this.#sendBlocks(piecesOf(answer), partialCommands.includes(command));
    }
  }

  /** A part of a write that repeats the command: `W3 address(begin`, `W3 more`, `W3 end)`. */
  #takePart(request: CommandRequest): void {
    if (!this.#writing) {
      this.#writing = { command: request.command, address: request.address, value: request.argument };
      this.#answer(Uint8Array.of(ack));
    } else {
      const { address, argument, last, check } = request;
      this.#part({ kind: "part", body: address + argument, last, check });
    }
  }

  #part({ body, last, check }: PartRequest): void {
    const writing = this.#writing;
    if (check === "bad" || !writing) {
      this.#answer(Uint8Array.of(nak));
      return;
    }
    writing.value += last && body.endsWith(")") ? body.slice(0, -1) : body;
    if (writing.value.length > (this.#options.writeLengthMax ?? 16_384)) {
      this.#writing = undefined;
      this.#answer(encodeBlock("(ERROR)"));
    } else if (last) {
      this.#writing = undefined;
      this.#carryOut(writing.command, writing.address, writing.value);
    } else this.#answer(Uint8Array.of(ack));
  }

  /** One block, or several that each wait for an ACK. */
  #sendBlocks(pieces: readonly string[], partial: boolean): void {
    const parts = partial ? join(pieces, this.#options.partLengthMax ?? 256) : [pieces.join("")];
    this.#blocks = parts.map((part, index) => encodeBlock(part, { last: index === parts.length - 1 }));
    this.#answer(this.#blocks.shift()!);
  }

  #acknowledged(): void {
    const next = this.#blocks.shift();
    if (next) this.#answer(next);
    else if (this.#state === "readOut" && this.#options.programmingAfterAck) this.#enterProgramming();
  }

  #repeat(): void {
    if (this.#state === "idle" || this.#sent.length === 0) return;
    this.#answer(this.#sent);
  }

  /** Back to where a sign-on is due. */
  #leave(): void {
    this.#state = "idle";
    this.#admitted = false;
    this.#wrongPasswords = 0;
    this.#writing = undefined;
    this.#blocks = [];
    this.#cancelAnswer?.();
    this.#cancelPatience?.();
    void this.#setLine(this.#initialBaudRate);
  }

  get #reactionMs(): number {
    return this.#options.reactionMs ?? 200;
  }

  /** `then` is told how long the answer stays on the line. */
  #answer(bytes: Uint8Array, then?: (sendingMs: number) => void): void {
    this.#cancelAnswer?.();
    this.#cancelAnswer = this.#clock.after(this.#reactionMs, () => {
      this.#sent = bytes;
      this.#write(bytes);
      then?.(this.#stream.setLine ? (bytes.length * 10_000) / this.#rate : 0);
    });
  }

  #waitFor(durationMs: number, action: () => void): void {
    this.#cancelPatience?.();
    this.#cancelPatience = this.#clock.after(durationMs, action);
  }

  #write(bytes: Uint8Array): void {
    if (this.#state === "ended") return;
    this.#stream.write(this.#options.evenParity ? withEvenParity(bytes) : bytes);
  }

  async #setLine(baudRate: number | undefined): Promise<void> {
    if (baudRate === undefined) return;
    this.#rate = baudRate;
    // A line that cannot be set has ended, or ends soon: its `onEnd` tells.
    await this.#stream.setLine?.({ baudRate, dataBits: 7, parity: "even" }).catch(() => undefined);
  }

  /** Mode D: no STX, no check byte. */
  #sendByItself(everyMs: number): void {
    this.#cancelAnswer = this.#clock.after(everyMs, () => {
      const lines = this.#device.readout().map((dataSet) => `${formatDataSet(dataSet)}\r\n`);
      this.#write(encodeIdentification(this.#device.identification));
      this.#write(encodeText(`${lines.join("")}!\r\n`));
      if (this.#state !== "ended") this.#sendByItself(everyMs);
    });
  }
}

/** Pieces of an answer that are not parted: a line, or the whole. */
function piecesOf(answer: Extract<StationAnswer, { kind: "data" | "text" }>): string[] {
  if (answer.kind === "text") return answer.body.split(/(?<=\n)/);
  const [only] = answer.dataSets;
  if (answer.dataSets.length === 1 && only) return [formatDataSet(only)];
  return answer.dataSets.map((dataSet) => `${formatDataSet(dataSet)}\r\n`);
}

/** Joins pieces to parts of at most `lengthMax` characters; a longer piece stays whole. */
function join(pieces: readonly string[], lengthMax: number): string[] {
  const parts: string[] = [];
  for (const piece of pieces) {
    const last = parts.at(-1);
    if (last !== undefined && last.length + piece.length <= lengthMax) parts[parts.length - 1] = last + piece;
    else parts.push(piece);
  }
  return parts;
}
