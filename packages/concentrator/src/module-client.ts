import { type ByteStream, type Clock, LinkError } from "@energsys/protocols";
import {
  encodeCommand,
  encodeText,
  FrameReader,
  findIdentification,
  type Identification,
  type IecFrame,
  withEvenParity,
  withoutParity,
  type ZoneOffset,
} from "@energsys/protocols/iec62056-21";
import { findModuleBlock, type ModuleBlock } from "./module-block.ts";

/** A slave answers within 20 to 1500 ms; a serial server adds its own. */
const reactionMs = 2000;
/** Silence inside a block: 1.5 s by the standard. */
const gapMs = 1500;
/** A meter that answers by mode C waits after its identification; this silence tells it from a module. */
const identifiedMs = 300;
const blockBytesMax = 16_384;
const attemptsMax = 3;

/** Who answered at an address. */
export type Caller =
  | { readonly kind: "silence" }
  /** Something answered that nobody could read: noise, or two at once. */
  | { readonly kind: "garbled" }
  | { readonly kind: "module"; readonly block: ModuleBlock }
  | { readonly kind: "meter"; readonly identification: Identification };

export interface ModuleClientOptions {
  readonly clock: Clock;
  readonly offset: ZoneOffset;
  readonly baudRate: number;
  readonly evenParity: boolean;
}

/** What became of a command: an error that the module answers with is a value. */
export type CommandOutcome =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly error: string };

/** One local module, or whoever answers its address, on a stream that is lent for it. */
export class ModuleClient {
  readonly #stream: ByteStream;
  readonly #options: ModuleClientOptions;
  #hear: ((chunk: Uint8Array) => void) | undefined;
  #end: ((error: LinkError) => void) | undefined;
  #ended: LinkError | undefined;
  #echo: Uint8Array = new Uint8Array(0);
  #echoAt = 0;

  constructor(stream: ByteStream, options: ModuleClientOptions) {
    this.#stream = stream;
    this.#options = options;
    stream.onBytes((chunk) => {
      const bytes = this.#withoutEcho(withoutParity(chunk));
      if (bytes.length > 0) this.#hear?.(bytes);
    });
    stream.onEnd((cause) => {
      this.#ended = new LinkError("link.closed", undefined, cause);
      this.#end?.(this.#ended);
    });
  }

  /** Calls an address and hears who is there. A block with a wrong CRC is asked for again, twice. @throws LinkError `link.closed` */
  async call(address: string): Promise<Caller> {
    const { baudRate, offset } = this.#options;
    await this.#stream.setLine?.({ baudRate, dataBits: 7, parity: "even" });
    let caller: Caller = { kind: "silence" };
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const bytes = await this.#ask(encodeText(`/?${address}!\r\n`), (received, silentMs) => {
        if (/![0-9A-Fa-f]{4}\r?\n/.test(received) || received.length > blockBytesMax) return true;
        const line = /\/[^\r\n]{4,}\r\n/.exec(received);
        const meter = line && !isModuleLine(line[0]) && received.length === line.index + line[0].length;
        return silentMs >= (received === "" ? reactionMs : meter ? identifiedMs : gapMs);
      });
      if (bytes.length === 0) return caller;
      const block = findModuleBlock(bytes, offset);
      if (block) return { kind: "module", block };
      const line = /\/[^\r\n]{4,}(?=\r\n$)/.exec(String.fromCharCode(...bytes))?.[0];
      const identification = line === undefined ? undefined : findIdentification(line);
      if (identification && line && !isModuleLine(line)) {
        // It waits for an option select: the break sends it back.
        this.#write(encodeCommand("B0"));
        return { kind: "meter", identification };
      }
      caller = { kind: "garbled" };
    }
    return caller;
  }

  /** The block of a module. @throws LinkError `link.timeout`, `link.garbled`, `link.closed` */
  async read(address: string): Promise<ModuleBlock> {
    const caller = await this.call(address);
    if (caller.kind === "module") return caller.block;
    throw new LinkError(caller.kind === "silence" ? "link.timeout" : "link.garbled", `module at ${address}`);
  }

  /**
   * Enters the programming mode after a block, which is read for it, gives the commands in order and signs off. Each is sent once.
   * @throws LinkError `link.timeout`, `link.garbled`, `link.refused`, `link.closed`
   */
  async program(
    address: string,
    password: string,
    commands: readonly { readonly command: "W1" | "R1"; readonly address: string; readonly value: string }[],
  ): Promise<{ block: ModuleBlock; outcomes: CommandOutcome[] }> {
    const block = await this.read(address);
    const access = await this.#exchange(encodeCommand("P1", `(${password})`));
    if (access.kind !== "ack") throw new LinkError("link.refused", "password refused");
    const outcomes: CommandOutcome[] = [];
    for (const { command, address: register, value } of commands) {
      const frame = await this.#exchange(encodeCommand(command, `${register}(${value})`));
      if (frame.kind === "ack") outcomes.push({ ok: true, text: "" });
      else if (frame.kind === "block" && frame.check === "good") {
        const text = String.fromCharCode(...frame.body);
        const error = /^\((ER[^)]*)\)/.exec(text)?.[1];
        outcomes.push(error === undefined ? { ok: true, text } : { ok: false, error });
      } else outcomes.push({ ok: false, error: frame.kind === "nak" ? "NAK" : "garbled" });
    }
    this.#write(encodeCommand("B0"));
    return { block, outcomes };
  }

  async #exchange(bytes: Uint8Array): Promise<IecFrame> {
    const reader = new FrameReader();
    let frame: IecFrame | undefined;
    await this.#ask(bytes, (_received, silentMs, chunk) => {
      if (chunk) frame ??= reader.push(chunk)[0];
      return frame !== undefined || silentMs >= reactionMs;
    });
    if (!frame) throw new LinkError("link.timeout");
    return frame;
  }

  /** Sends, and gathers what comes until `done`. */
  #ask(
    bytes: Uint8Array,
    done: (received: string, silentMs: number, chunk?: Uint8Array) => boolean,
  ): Promise<Uint8Array> {
    if (this.#ended) return Promise.reject(this.#ended);
    const { clock, baudRate } = this.#options;
    return new Promise((resolve, reject) => {
      let text = "";
      let silentMs = 0;
      const stepMs = 100;
      let cancel = () => {};
      let over = false;
      const finish = () => {
        over = true;
        cancel();
        this.#hear = undefined;
        this.#end = undefined;
        // Character by character it was an eighth of the work of a round.
        resolve(new Uint8Array(Buffer.from(text, "latin1")));
      };
      const wait = () => {
        cancel = clock.after(stepMs, () => {
          silentMs += stepMs;
          if (done(text, silentMs)) finish();
          else wait();
        });
      };
      this.#hear = (chunk) => {
        text += Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length).toString("latin1");
        silentMs = 0;
        if (done(text, 0, chunk)) finish();
      };
      this.#end = (error) => {
        cancel();
        reject(error);
      };
      // On a serial port the request takes its own time first.
      if (this.#stream.setLine) silentMs = -Math.ceil((bytes.length * 10_000) / baudRate);
      this.#write(bytes);
      if (!over) wait();
    });
  }

  #write(bytes: Uint8Array): void {
    this.#echo = bytes;
    this.#echoAt = 0;
    this.#stream.write(this.#options.evenParity ? withEvenParity(bytes) : bytes);
  }

  /** Two-wire lines send back what is sent. */
  #withoutEcho(chunk: Uint8Array): Uint8Array {
    let at = 0;
    while (at < chunk.length && this.#echoAt < this.#echo.length && chunk[at] === this.#echo[this.#echoAt]) {
      at++;
      this.#echoAt++;
    }
    if (this.#echoAt === this.#echo.length || at === chunk.length) return chunk.subarray(at);
    // It only began like the echo: `/` begins every answer.
    const begun = this.#echo.slice(0, this.#echoAt);
    this.#echo = new Uint8Array(0);
    this.#echoAt = 0;
    const bytes = new Uint8Array(begun.length + chunk.length - at);
    bytes.set(begun);
    bytes.set(chunk.subarray(at), begun.length);
    return bytes;
  }
}

const isModuleLine = (line: string) => /^\/ENS.(LM|PS)\d\d-/.test(line);
