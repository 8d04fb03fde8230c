import type { RawBlock } from "@energsys/metering";
import type { LinkRecorder } from "@energsys/protocols";

/**
 * Keeps what went over the line since the last cut, both directions in order of time: frames tell their direction by
 * themselves. The sign-on is cut off and dropped, since it can hold a password.
 */
export class Tape implements LinkRecorder {
  bytesSent = 0;
  bytesReceived = 0;
  readonly #also: LinkRecorder | undefined;
  readonly #lengthMax: number;
  #pieces: Uint8Array[] = [];
  #length = 0;

  constructor(also: LinkRecorder | undefined, lengthMax: number) {
    this.#also = also;
    this.#lengthMax = lengthMax;
  }

  sent(bytes: Uint8Array): void {
    this.bytesSent += bytes.length;
    this.#keep(bytes);
    this.#also?.sent(bytes);
  }

  received(bytes: Uint8Array): void {
    this.bytesReceived += bytes.length;
    this.#keep(bytes);
    this.#also?.received(bytes);
  }

  /** What was kept, as one block; nothing when nothing went over the line. */
  cut(kind: string): RawBlock[] {
    const bytes = new Uint8Array(this.#length);
    let at = 0;
    for (const piece of this.#pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    this.drop();
    return bytes.length === 0 ? [] : [{ kind, bytes }];
  }

  drop(): void {
    this.#pieces = [];
    this.#length = 0;
  }

  #keep(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#lengthMax) return;
    this.#pieces.push(bytes.slice());
    this.#length += bytes.length;
  }
}
