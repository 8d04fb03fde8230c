import { ack, computeBcc, cr, eot, etx, lf, nak, soh, stx } from "./checks.ts";
import type { Check } from "./telegram.ts";

/** What stands on the line between two partners of a session: the units of IEC 62056-21, 6.3 and 6.4. */
export type IecFrame =
  /** A line that begins with `/`: an identification, or a request when it begins with `/?`. */
  | { readonly kind: "line"; readonly line: string }
  /** `ACK V Z Y`: protocol, rate and mode that the reader chose. */
  | { readonly kind: "option-select"; readonly options: string }
  | { readonly kind: "ack" }
  | { readonly kind: "nak" }
  /** STX…ETX or STX…EOT: `body` is what stands between, 7-bit; `last` is false for EOT. */
  | { readonly kind: "block"; readonly body: Uint8Array; readonly last: boolean; readonly check: Check }
  /** SOH…ETX: `command` is its letter and digit, `body` what follows STX; absent when there was none. */
  | {
      readonly kind: "command";
      readonly command: string;
      readonly body?: Uint8Array;
      readonly last: boolean;
      readonly check: Check;
    }
  /** A frame that outgrew the limit. */
  | { readonly kind: "overlong" };

export interface FrameReaderOptions {
  /** 64 KiB unless told. */
  readonly frameLengthMax?: number;
  /** Whether an ACK begins an option select line (what a meter hears after its identification) or stands alone. */
  readonly acknowledgement?: "alone" | "option-select";
}

const slash = 0x2f;
const lineLengthMax = 96;
const noiseLengthMax = 4096;

const isCommandLetter = (code: number): boolean =>
  code === 0x50 || code === 0x57 || code === 0x52 || code === 0x45 || code === 0x42;

const text = new TextDecoder();

/**
 * Cuts a session's bytes into frames, in either role. Bytes are taken as 7-bit; what begins no frame is passed over.
 * Any split of the bytes gives the same frames; it holds at most `frameLengthMax` bytes and never throws.
 */
export class FrameReader {
  acknowledgement: "alone" | "option-select";
  readonly #frameLengthMax: number;
  #buffer = new Uint8Array(256);
  #length = 0;
  #noiseLength = 0;
  #state: "idle" | "line" | "option" | "block" | "command" | "check" = "idle";

  constructor(options: FrameReaderOptions = {}) {
    this.#frameLengthMax = options.frameLengthMax ?? 65_536;
    this.acknowledgement = options.acknowledgement ?? "alone";
  }

  push(chunk: Uint8Array): IecFrame[] {
    const frames: IecFrame[] = [];
    for (const byte of chunk) {
      const frame = this.#take(byte & 0x7f);
      if (frame) frames.push(frame);
    }
    return frames;
  }

  /** A frame that is complete but for its check byte, when the line has gone silent (a tunnel may swallow it). */
  endWithoutCheck(): IecFrame | undefined {
    return this.#state === "check" ? this.#finish("absent") : undefined;
  }

  /** Forgets what was begun. */
  clear(): void {
    this.#state = "idle";
    this.#length = 0;
    this.#noiseLength = 0;
  }

  #append(code: number): void {
    if (this.#length === this.#buffer.length) {
      const larger = new Uint8Array(this.#length * 2);
      larger.set(this.#buffer);
      this.#buffer = larger;
    }
    this.#buffer[this.#length++] = code;
  }

  #take(code: number): IecFrame | undefined {
    switch (this.#state) {
      case "idle":
        return this.#begin(code);
      case "line":
      case "option":
        return this.#inLine(code);
      case "check":
        return this.#finish(code === this.#bcc() ? "good" : "bad");
      case "command":
        if (this.#length === 1 && !isCommandLetter(code)) return this.#begin(code);
        if (this.#length === 2 && (code < 0x30 || code > 0x39)) return this.#begin(code);
        return this.#inBlock(code);
      default:
        return this.#inBlock(code);
    }
  }

  #begin(code: number): IecFrame | undefined {
    this.#state = "idle";
    this.#length = 0;
    if (code === ack && this.acknowledgement === "alone") return this.#alone("ack");
    if (code === nak) return this.#alone("nak");
    if (code === slash) this.#state = "line";
    else if (code === ack) this.#state = "option";
    else if (code === stx) this.#state = "block";
    else if (code === soh) this.#state = "command";
    else if (++this.#noiseLength > noiseLengthMax) {
      this.#noiseLength = 0;
      return { kind: "overlong" };
    } else return undefined;
    this.#append(code);
    return undefined;
  }

  #alone(kind: "ack" | "nak"): IecFrame {
    this.#noiseLength = 0;
    return { kind };
  }

  #inLine(code: number): IecFrame | undefined {
    if (code === cr || code === lf) {
      const line = text.decode(this.#buffer.subarray(0, this.#length));
      const option = this.#state === "option";
      this.clear();
      return option ? { kind: "option-select", options: line.slice(1) } : { kind: "line", line };
    }
    if (code < 0x20 || code === 0x7f || code === slash || this.#length >= lineLengthMax)
      return this.#begin(code);
    this.#append(code);
    return undefined;
  }

  #inBlock(code: number): IecFrame | undefined {
    if (this.#length >= this.#frameLengthMax) {
      this.clear();
      return { kind: "overlong" };
    }
    this.#append(code);
    if (code === etx || code === eot) this.#state = "check";
    return undefined;
  }

  #bcc(): number {
    return computeBcc(this.#buffer, 1, this.#length);
  }

  #finish(check: Check): IecFrame {
    const bytes = this.#buffer.slice(0, this.#length);
    this.clear();
    const last = bytes.at(-1) === etx;
    if (bytes[0] === stx) return { kind: "block", body: bytes.subarray(1, -1), last, check };
    const command = text.decode(bytes.subarray(1, 3));
    if (bytes[3] !== stx) return { kind: "command", command, last, check };
    return { kind: "command", command, body: bytes.subarray(4, -1), last, check };
  }
}

/** 7-bit characters of a text. A loop: a mapped `from` took six tenths of what a device's whole answer costs. */
export function encodeText(characters: string): Uint8Array {
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at) & 0x7f;
  return bytes;
}

/** SOH or STX, content, ETX (or EOT when more blocks follow), and the check byte. */
function closeFrame(content: string, last: boolean): Uint8Array {
  const bytes = encodeText(`${content}${last ? "\x03" : "\x04"}\0`);
  bytes[bytes.length - 1] = computeBcc(bytes, 1, bytes.length - 1);
  return bytes;
}

/** A block `STX body ETX BCC`; with `last: false` it ends with EOT, a partial block. */
export function encodeBlock(body: string, options: { last?: boolean } = {}): Uint8Array {
  return closeFrame(`\x02${body}`, options.last ?? true);
}

/** A command `SOH R1 STX body ETX BCC`, without the STX when there is no body (`B0`). */
export function encodeCommand(command: string, body?: string, options: { last?: boolean } = {}): Uint8Array {
  return closeFrame(
    body === undefined ? `\x01${command}` : `\x01${command}\x02${body}`,
    options.last ?? true,
  );
}

/** The bytes of a frame: the inverse of `FrameReader`. */
export function encodeFrame(frame: IecFrame): Uint8Array {
  switch (frame.kind) {
    case "line":
      return encodeText(`${frame.line}\r\n`);
    case "option-select":
      return encodeText(`\x06${frame.options}\r\n`);
    case "ack":
      return Uint8Array.of(ack);
    case "nak":
      return Uint8Array.of(nak);
    case "block":
      return encodeBlock(text.decode(frame.body), frame);
    case "command":
      return encodeCommand(frame.command, frame.body && text.decode(frame.body), frame);
    default:
      throw new Error("an overlong frame has no bytes");
  }
}
