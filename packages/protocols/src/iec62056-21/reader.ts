import { LinkError } from "../errors.ts";
import type { ByteStream, Clock, LinkRecorder } from "../io.ts";
import { ack, nak } from "./checks.ts";
import { encodeCommand, encodeText, FrameReader, type IecFrame } from "./frames.ts";
import { findIdentification, type Identification, rateOf } from "./identification.ts";
import { telegramOfBodies } from "./message.ts";
import type { Check, IecTelegram } from "./telegram.ts";

export interface IecReaderOptions {
  /** Rate of the sign-on on a line whose rate can be set; 300 baud unless told. */
  readonly initialBaudRate?: number;
  /** Silence until the first byte of an answer; 5 s unless told, for GPRS adds its own to the 1.5 s of the standard. */
  readonly responseTimeoutMs?: number;
  /** Silence inside an answer; 3 s unless told. There is no limit on the whole: 300 baud takes minutes. */
  readonly characterTimeoutMs?: number;
  /** How often one message or command is sent in all when its check byte is wrong; 3 unless told. */
  readonly attemptsMax?: number;
  /** One block; 64 KiB unless told. */
  readonly blockLengthMax?: number;
  /** All partial blocks of one answer together; 1 MiB unless told. */
  readonly answerLengthMax?: number;
  /** Between the option select and the change of rate: the last byte has to leave the line. 250 ms unless told. */
  readonly baudChangeDelayMs?: number;
  /** Silence before each request; 0 unless told. Some meters on RS-485 need 20 to 200 ms to turn round. */
  readonly turnaroundMs?: number;
  /** Sets bit 7 to even parity, for an 8N1 serial server in front of a 7E1 line. */
  readonly evenParity?: boolean;
  /** Accepts an answer whose check byte a tunnel swallowed; the telegram says `absent`. */
  readonly checkOptional?: boolean;
  readonly recorder?: LinkRecorder;
}

export type ReadCommand = "R1" | "R2" | "R3" | "R4" | "R5" | "R6";

const sevenEven = { dataBits: 7, parity: "even" } as const;
const nothing = new Uint8Array(0);

const isNoise = (byte: number): boolean => byte === 0 || (byte & 0x7f) === 0x7f;

function withEvenParity(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => {
    let ones = byte & 0x7f;
    ones ^= ones >> 4;
    ones ^= ones >> 2;
    ones ^= ones >> 1;
    return (byte & 0x7f) | ((ones & 1) << 7);
  });
}

/**
 * Reads one meter by mode C (and by modes A and B, whose readout comes unasked). One request at a time. Any error ends
 * the link: a late answer could pass for the answer to the next request.
 *
 * All methods throw LinkError: `link.timeout`, `link.closed`, `link.garbled` (a check byte wrong in every attempt, or
 * no frame of this protocol), `link.refused` (NAK, break, wrong password), `link.unexpected` (bytes nobody asked for).
 * An error that the meter answers with (`ERROR`, `ER04`) is a value: `IecTelegram.error`.
 */
export class IecReader {
  readonly #stream: ByteStream;
  readonly #clock: Clock;
  readonly #options: IecReaderOptions;
  readonly #frames: FrameReader;
  #ended: LinkError | undefined;
  #waiting: { resolve: (frame: IecFrame) => void; reject: (error: LinkError) => void } | undefined;
  #cancelTimer: (() => void) | undefined;
  #identification: Identification | undefined;
  /** The identification line as it came, to know it again when it is sent twice. */
  #announced: string | undefined;
  /** Readout of a mode A or B meter that came before it was asked for. */
  #early: IecFrame | undefined;
  /** Whether the line sends back what we send (two-wire RS-485, optical heads); not known before the first sign-on. */
  #echoes: boolean | undefined;
  #echo: Uint8Array = nothing;
  #echoAt = 0;
  #signingOn = false;

  constructor(stream: ByteStream, clock: Clock, options: IecReaderOptions = {}) {
    this.#stream = stream;
    this.#clock = clock;
    this.#options = options;
    this.#frames = new FrameReader({ frameLengthMax: options.blockLengthMax ?? 65_536 });
    stream.onBytes((chunk) => this.#receive(chunk));
    stream.onEnd((cause) => this.#end(new LinkError("link.closed", undefined, cause)));
  }

  /** Signs on (6.3.1): `/?address!`. On a bus always give the address; without it whoever is there answers. */
  async signOn(request: { address?: string } = {}): Promise<Identification> {
    this.#identification = undefined;
    this.#early = undefined;
    if (this.#ended) throw this.#ended;
    await this.#setLine(this.#initialBaudRate);
    this.#signingOn = true;
    const frame = await this.#exchange(encodeText(`/?${request.address ?? ""}!\r\n`));
    const found = frame.kind === "line" ? findIdentification(frame.line) : undefined;
    if (!found) throw this.#refuse(frame, "no identification");
    this.#identification = found;
    return found;
  }

  /** The data readout: option select 0 in mode C, then the data message, with the identification of the sign-on. */
  async readout(): Promise<IecTelegram> {
    const identification = this.#signedOn();
    const early = this.#early;
    this.#early = undefined;
    const first = early ?? (await this.#select(identification, "0"));
    const telegram = await this.#collect(first, undefined, identification);
    // The meter is back where a sign-on is due.
    this.#identification = undefined;
    return telegram;
  }

  /**
   * Enters the programming mode (option select 1) and gives the password (P1) when there is one; some meters allow
   * reads without. A password is never sent twice: several wrong ones lock a meter for hours.
   */
  async enterProgramming(access: { password?: string } = {}): Promise<{ operand: string }> {
    const identification = this.#signedOn();
    const first = await this.#select(identification, "1");
    const challenge = await this.#repeatWhileBad(first, "command");
    if (challenge.kind !== "command" || challenge.command !== "P0") throw this.#refuse(challenge, "no P0");
    const body = String.fromCharCode(...(challenge.body ?? nothing).subarray(0, 256));
    const operand = body.startsWith("(") ? body.slice(1, body.lastIndexOf(")")) : body;
    if (access.password !== undefined) {
      const answer = await this.#exchange(encodeCommand("P1", `(${access.password})`));
      if (answer.kind !== "ack") throw this.#refuse(answer, "password refused");
    }
    return { operand };
  }

  /**
   * Reads in programming mode: `R1` a register, `R5` a profile or log with its range as argument (`from;to`), `R3`,
   * `R4` and `R6` the same in partial blocks. A NAK repeats the command.
   */
  async read(command: ReadCommand, address: string, argument = ""): Promise<IecTelegram> {
    const identification = this.#signedOn();
    const request = encodeCommand(command, `${address}(${argument})`);
    return this.#collect(await this.#exchange(request), request, identification);
  }

  /** Ends the session (`B0`), also one that an earlier reader left open; the link stays for another sign-on. */
  async signOff(): Promise<void> {
    if (this.#ended) throw this.#ended;
    this.#identification = undefined;
    await this.#turnAround();
    this.#write(encodeCommand("B0"));
    if (this.#ended) throw this.#ended;
  }

  /** Ends the session and the link. */
  async close(): Promise<void> {
    if (this.#ended) return;
    // A line that is gone needs no break.
    if (this.#identification) await this.signOff().catch(() => undefined);
    this.#end(new LinkError("link.closed"));
  }

  #signedOn(): Identification {
    if (this.#ended) throw this.#ended;
    if (!this.#identification) throw new Error("the meter is not signed on");
    return this.#identification;
  }

  /** Option select (6.3.3) and the change to the announced rate, where the line can; then the first answer. */
  async #select(identification: Identification, mode: "0" | "1"): Promise<IecFrame> {
    const { mode: protocolMode, baudRate } = rateOf(identification.baudCharacter);
    const rate = baudRate === undefined ? "0" : identification.baudCharacter;
    if (protocolMode !== "C") {
      if (mode === "1") throw this.#fail("link.refused", `programming mode of a mode ${protocolMode} meter`);
      const answer = this.#wait();
      const [frame] = await Promise.all([answer, this.#changeRate(baudRate)]);
      return frame;
    }
    return this.#exchange(encodeText(`\x060${rate}${mode}\r\n`), () => this.#changeRate(baudRate));
  }

  async #changeRate(baudRate: number | undefined): Promise<void> {
    if (!this.#stream.setLine || baudRate === undefined || baudRate === this.#initialBaudRate) return;
    await this.#delay(this.#options.baudChangeDelayMs ?? 250);
    await this.#setLine(baudRate);
  }

  async #setLine(baudRate: number): Promise<void> {
    try {
      await this.#stream.setLine?.({ baudRate, ...sevenEven });
    } catch (cause) {
      this.#end(new LinkError("link.closed", "the line's rate cannot be set", cause));
      throw this.#ended;
    }
  }

  get #initialBaudRate(): number {
    return this.#options.initialBaudRate ?? 300;
  }

  /** The telegram of an answer: NAKs a block with a wrong check byte, acknowledges partial blocks. */
  async #collect(
    first: IecFrame,
    request: Uint8Array | undefined,
    identification: Identification,
  ): Promise<IecTelegram> {
    const bodies: Uint8Array[] = [];
    let length = 0;
    let check: Check = "good";
    let frame = first;
    for (let attempts = 1; request && frame.kind === "nak"; attempts++) {
      if (attempts >= this.#attemptsMax) throw this.#refuse(frame, "NAK");
      frame = await this.#exchange(request);
    }
    for (;;) {
      const block = await this.#repeatWhileBad(frame, "block");
      if (block.kind !== "block") throw this.#refuse(block, "no data message");
      bodies.push(block.body);
      length += block.body.length;
      if (length > (this.#options.answerLengthMax ?? 1_048_576))
        throw this.#fail("link.garbled", "answer too long");
      if (block.check === "absent") check = "absent";
      if (block.last) return telegramOfBodies(bodies, check, identification);
      frame = await this.#exchange(Uint8Array.of(ack));
    }
  }

  async #repeatWhileBad(first: IecFrame, kind: "block" | "command"): Promise<IecFrame> {
    let frame = first;
    for (let attempts = 1; frame.kind === kind && frame.check === "bad"; attempts++) {
      if (attempts >= this.#attemptsMax) throw this.#fail("link.garbled", "wrong check byte");
      frame = await this.#exchange(Uint8Array.of(nak));
    }
    return frame;
  }

  get #attemptsMax(): number {
    return this.#options.attemptsMax ?? 3;
  }

  /** An answer that is none: what the meter refuses with, or bytes of no use. Ends the link. */
  #refuse(frame: IecFrame, what: string): LinkError {
    const refusal =
      frame.kind === "nak" || frame.kind === "block" || (frame.kind === "command" && frame.command === "B0");
    const error =
      frame.kind === "block" ? telegramOfBodies([frame.body], frame.check, undefined).error : undefined;
    return this.#fail(
      refusal ? "link.refused" : "link.garbled",
      error === undefined ? what : `${what}: ${error}`,
    );
  }

  #fail(code: string, detail: string): LinkError {
    this.#end(new LinkError(code, detail));
    return this.#ended!;
  }

  async #exchange(bytes: Uint8Array, afterWrite?: () => Promise<void>): Promise<IecFrame> {
    if (this.#ended) throw this.#ended;
    if (this.#waiting) throw new Error("one request at a time");
    await this.#turnAround();
    const answer = this.#wait();
    this.#write(bytes);
    const [frame] = await Promise.all([answer, afterWrite?.()]);
    return frame;
  }

  #wait(): Promise<IecFrame> {
    if (this.#ended) return Promise.reject(this.#ended);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#arm(this.#options.responseTimeoutMs ?? 5000);
    });
  }

  #write(bytes: Uint8Array): void {
    this.#frames.clear();
    this.#echo = this.#echoes === false ? nothing : bytes;
    this.#echoAt = 0;
    this.#options.recorder?.sent(bytes);
    try {
      this.#stream.write(this.#options.evenParity ? withEvenParity(bytes) : bytes);
    } catch (cause) {
      this.#end(new LinkError("link.closed", undefined, cause));
    }
  }

  #turnAround(): Promise<void> {
    return this.#delay(this.#options.turnaroundMs ?? 0);
  }

  async #delay(delayMs: number): Promise<void> {
    if (delayMs > 0) await new Promise<void>((resolve) => this.#clock.after(delayMs, resolve));
    if (this.#ended) throw this.#ended;
  }

  #arm(delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(delayMs, () => {
      const frame = this.#options.checkOptional ? this.#frames.endWithoutCheck() : undefined;
      if (frame) this.#deliver(frame);
      else this.#end(new LinkError("link.timeout"));
    });
  }

  #receive(chunk: Uint8Array): void {
    this.#options.recorder?.received(chunk);
    if (this.#ended) return;
    const bytes = this.#withoutEcho(chunk);
    if (bytes.length === 0) return;
    const frames = this.#frames.push(bytes);
    if (this.#waiting) this.#arm(this.#options.characterTimeoutMs ?? 3000);
    for (const frame of frames) this.#deliver(frame);
  }

  #deliver(frame: IecFrame): void {
    if (this.#ended || (frame.kind === "line" && frame.line.startsWith("/?"))) return;
    if (frame.kind === "overlong") {
      this.#end(new LinkError("link.garbled", "no end of a frame"));
    } else if (this.#waiting) {
      const { resolve } = this.#waiting;
      this.#waiting = undefined;
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
      if (frame.kind === "line") this.#announced = frame.line;
      resolve(frame);
    } else if (frame.kind === "line" && frame.line === this.#announced) {
      // Some modules send their identification twice.
    } else if (frame.kind === "block" && this.#sendsUnasked && !this.#early) {
      this.#early = frame;
    } else this.#end(new LinkError("link.unexpected"));
  }

  get #sendsUnasked(): boolean {
    const found = this.#announced === undefined ? undefined : findIdentification(this.#announced);
    return found !== undefined && rateOf(found.baudCharacter).mode !== "C";
  }

  /**
   * Takes off the echo of what was last sent. The sign-on tells whether there is one: its second character is `?`,
   * that of an identification a letter; bytes that only began like the echo belong to the answer.
   */
  #withoutEcho(chunk: Uint8Array): Uint8Array {
    const echo = this.#echo;
    if (echo.length === 0) return chunk;
    let at = 0;
    // The turn of a two-wire line leaves noise before the echo.
    while (this.#echoAt === 0 && at < chunk.length && isNoise(chunk[at]!)) at++;
    while (at < chunk.length && this.#echoAt < echo.length && (chunk[at]! & 0x7f) === echo[this.#echoAt]) {
      at++;
      this.#echoAt++;
    }
    if (this.#echoAt < echo.length && at === chunk.length) return nothing;
    const complete = this.#echoAt === echo.length;
    this.#echo = nothing;
    if (this.#signingOn) {
      this.#echoes = complete;
      this.#signingOn = false;
    }
    if (complete) return chunk.subarray(at);
    const bytes = new Uint8Array(this.#echoAt + chunk.length - at);
    bytes.set(echo.subarray(0, this.#echoAt));
    bytes.set(chunk.subarray(at), this.#echoAt);
    return bytes;
  }

  #end(error: LinkError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
    this.#stream.close();
  }
}
