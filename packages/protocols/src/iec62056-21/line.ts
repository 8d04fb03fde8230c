import { LinkError } from "../errors.ts";
import type { ByteStream, Clock, LineSettings } from "../io.ts";
import { FrameReader, type IecFrame } from "./frames.ts";
import { findIdentification, rateOf } from "./identification.ts";
import { withEvenParity } from "./parity.ts";
import type { IecReaderOptions } from "./reader-options.ts";

const nothing = new Uint8Array(0);
const reactionMaxMs = 1500;
const gapMaxMs = 1500;

const isNoise = (byte: number): boolean => byte === 0 || (byte & 0x7f) === 0x7f;

/**
 * The reader's half of a half-duplex line: one request and its answer at a time, time-outs, and the echo of a two-wire
 * line taken off. Any error ends it: a late answer could pass for the answer to the next request.
 */
export class ReaderLine {
  ended: LinkError | undefined;
  /** Readout of a mode A or B meter that came before it was asked for. */
  early: IecFrame | undefined;
  readonly #stream: ByteStream;
  readonly #clock: Clock;
  readonly #options: IecReaderOptions;
  readonly #frames: FrameReader;
  #waiting:
    | { resolve: (frame: IecFrame | "silence") => void; reject: (error: LinkError) => void }
    | undefined;
  #silenceAllowed = false;
  /** A confirmation was waited for in vain: what still comes is of no use. */
  #deaf = false;
  #cancelTimer: (() => void) | undefined;
  /** The identification line as it came, to know it again when it is sent twice. */
  #announced: string | undefined;
  /** Whether the line sends back what we send (two-wire RS-485, optical heads); not known before the first sign-on. */
  #echoes: boolean | undefined;
  #echo: Uint8Array = nothing;
  #echoAt = 0;
  #signingOn = false;
  #baudRate: number;
  /** Takes the bytes once the line is another protocol's. */
  #heir: ((chunk: Uint8Array) => void) | undefined;
  #heirEnd: ((cause?: Error) => void) | undefined;

  constructor(stream: ByteStream, clock: Clock, options: IecReaderOptions) {
    this.#stream = stream;
    this.#clock = clock;
    this.#options = options;
    this.#echoes = options.echo;
    this.#baudRate = this.initialBaudRate;
    this.#frames = new FrameReader({ frameLengthMax: options.blockLengthMax ?? 65_536 });
    stream.onBytes((chunk) => this.#receive(chunk));
    stream.onEnd((cause) => this.#streamEnded(cause));
  }

  get initialBaudRate(): number {
    return this.#options.initialBaudRate ?? 300;
  }

  get settable(): boolean {
    return this.#stream.setLine !== undefined;
  }

  /** What comes next answers a sign-on: it tells whether the line echoes. */
  beginSignOn(): void {
    this.early = undefined;
    this.#signingOn = this.#options.echo === undefined;
  }

  /** Sends and waits for one frame; `afterWrite` is what happens meanwhile, such as a change of rate. */
  async exchange(bytes: Uint8Array, afterWrite?: () => Promise<void>): Promise<IecFrame> {
    return (await this.#ask(bytes, afterWrite, undefined)) as IecFrame;
  }

  /** Like `exchange`, for an option select that may be confirmed: silence of `timeoutMs` is an answer too. */
  async exchangeOptional(
    bytes: Uint8Array,
    timeoutMs: number,
    afterWrite?: () => Promise<void>,
  ): Promise<IecFrame | "silence"> {
    this.#frames.acknowledgement = "option-select";
    try {
      return await this.#ask(bytes, afterWrite, timeoutMs);
    } finally {
      this.#frames.acknowledgement = "alone";
    }
  }

  async #ask(
    bytes: Uint8Array,
    afterWrite: (() => Promise<void>) | undefined,
    timeoutMs: number | undefined,
  ): Promise<IecFrame | "silence"> {
    if (this.ended) throw this.ended;
    if (this.#waiting) throw new Error("one request at a time");
    await this.delay(this.#options.turnaroundMs ?? 0);
    const answer = this.#wait(bytes.length, timeoutMs);
    this.#put(bytes);
    const [frame] = await Promise.all([answer, afterWrite?.()]);
    return frame;
  }

  /** Waits for a frame that comes unasked. */
  async next(): Promise<IecFrame> {
    return (await this.#wait(0, undefined)) as IecFrame;
  }

  /** Sends what nothing answers. */
  async send(bytes: Uint8Array): Promise<void> {
    await this.delay(this.#options.turnaroundMs ?? 0);
    this.#put(bytes);
    if (this.ended) throw this.ended;
  }

  /** Changes rate and character form, where the line can. */
  async setLine(settings: LineSettings): Promise<void> {
    if (this.ended) throw this.ended;
    this.#baudRate = settings.baudRate;
    try {
      await this.#stream.setLine?.(settings);
    } catch (cause) {
      throw this.end(new LinkError("link.closed", "the line's rate cannot be set", cause));
    }
  }

  async delay(delayMs: number): Promise<void> {
    if (delayMs > 0) await new Promise<void>((resolve) => this.#clock.after(delayMs, resolve));
    if (this.ended) throw this.ended;
  }

  fail(code: string, detail: string): LinkError {
    return this.end(new LinkError(code, detail));
  }

  end(error: LinkError): LinkError {
    if (this.ended) return this.ended;
    this.#stop(error);
    this.#stream.close();
    return error;
  }

  /**
   * The stream for another protocol; this line is over for its reader, and the stream is not closed. What comes before the
   * heir has written anything is the rest of this protocol, and dropped.
   */
  handOver(): ByteStream {
    const listeners: ((chunk: Uint8Array) => void)[] = [];
    const ends: ((cause?: Error) => void)[] = [];
    const stream = this.#stream;
    let written = false;
    this.#heir = (chunk) => {
      if (written) for (const listener of listeners) listener(chunk);
    };
    this.#heirEnd = (cause) => {
      for (const listener of ends) listener(cause);
    };
    this.#stop(new LinkError("link.closed", "the line was handed over"));
    return {
      write: (bytes) => {
        written = true;
        stream.write(bytes);
      },
      onBytes: (listener) => listeners.push(listener),
      onEnd: (listener) => ends.push(listener),
      close: () => stream.close(),
      ...(stream.setLine && { setLine: (settings: LineSettings) => stream.setLine!(settings) }),
    };
  }

  #stop(error: LinkError): void {
    this.ended = error;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
  }

  #streamEnded(cause: Error | undefined): void {
    if (this.#heirEnd) this.#heirEnd(cause);
    else this.end(new LinkError("link.closed", undefined, cause));
  }

  #wait(bytesToSend: number, timeoutMs: number | undefined): Promise<IecFrame | "silence"> {
    if (this.ended) return Promise.reject(this.ended);
    this.#silenceAllowed = timeoutMs !== undefined;
    // On a real line the request itself takes time: a long password at 300 baud more than a second.
    const sendingMs = this.settable ? (bytesToSend * 10_000) / this.#baudRate : 0;
    const { latencyMs = 3500, responseTimeoutMs = reactionMaxMs + latencyMs } = this.#options;
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#arm(sendingMs + (timeoutMs ?? responseTimeoutMs));
    });
  }

  #put(bytes: Uint8Array): void {
    this.#frames.clear();
    this.#echo = this.#echoes === false ? nothing : bytes;
    this.#echoAt = 0;
    try {
      const sent = this.#options.evenParity ? withEvenParity(bytes) : bytes;
      this.#options.recorder?.sent(sent);
      this.#stream.write(sent);
    } catch (cause) {
      this.end(new LinkError("link.closed", undefined, cause));
    }
  }

  #arm(delayMs: number): void {
    this.#cancelTimer?.();
    this.#cancelTimer = this.#clock.after(delayMs, () => {
      const frame = this.#options.checkOptional ? this.#frames.endWithoutCheck() : undefined;
      if (frame) this.#deliver(frame);
      else if (this.#silenceAllowed) {
        this.#deaf = true;
        this.#resolve("silence");
      } else this.end(new LinkError("link.timeout"));
    });
  }

  #resolve(frame: IecFrame | "silence"): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    waiting?.resolve(frame);
  }

  #receive(chunk: Uint8Array): void {
    if (this.#heir) {
      this.#heir(chunk);
      return;
    }
    this.#options.recorder?.received(chunk);
    if (this.ended || this.#deaf) return;
    const bytes = this.#withoutEcho(chunk);
    if (bytes.length === 0) return;
    const frames = this.#frames.push(bytes);
    const { gapLatencyMs = 1500, characterTimeoutMs = gapMaxMs + gapLatencyMs } = this.#options;
    // Noise must not lengthen the wait for a confirmation that may be missing.
    if (this.#waiting && !this.#silenceAllowed) this.#arm(characterTimeoutMs);
    for (const frame of frames) this.#deliver(frame);
  }

  #deliver(frame: IecFrame): void {
    if (this.ended || (frame.kind === "line" && frame.line.startsWith("/?"))) return;
    if (frame.kind === "overlong") {
      this.end(new LinkError("link.garbled", "no end of a frame"));
    } else if (this.#waiting) {
      if (frame.kind === "line") this.#announced = frame.line;
      this.#resolve(frame);
    } else if (frame.kind === "line" && frame.line === this.#announced) {
      // Some modules send their identification twice.
    } else if (frame.kind === "block" && this.#sendsUnasked && !this.early) {
      this.early = frame;
    } else this.end(new LinkError("link.unexpected"));
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
}
