/** Beside what is gathered: what is usually written between two looks at the length. */
const slackBytes = 2_048;

/** UTF-8 put together from small texts. Joined as strings they would be copied once to become one and again to become bytes. */
export class TextBytes {
  readonly #room: number;
  #bytes: Buffer;
  #spare: Buffer | undefined;
  #length = 0;

  /**
   * @param expected bytes that are gathered before they are taken; more find room, too
   * @param taken whose the bytes are that were taken: the taker's for good, or only until the next are taken, so that the same two buffers
   *   serve for a file of any length
   */
  constructor(expected: number, taken: "for-good" | "until-next" = "for-good") {
    this.#room = expected + slackBytes;
    this.#bytes = Buffer.allocUnsafeSlow(this.#room);
    if (taken === "until-next") this.#spare = Buffer.allocUnsafeSlow(this.#room);
  }

  get length(): number {
    return this.#length;
  }

  /** A surrogate without its other half becomes U+FFFD, as everywhere. */
  add(text: string): void {
    if (this.#length + 3 * text.length > this.#bytes.length) this.#grow(3 * text.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let index = 0; index < text.length; index++) {
      const unit = text.charCodeAt(index);
      if (unit < 0x80) bytes[at++] = unit;
      else if (unit < 0x800) {
        bytes[at++] = 0xc0 | (unit >> 6);
        bytes[at++] = 0x80 | (unit & 0x3f);
      } else {
        // Beyond ſ and ț texts are rare here.
        this.#length = at + bytes.write(text.slice(index), at, "utf8");
        return;
      }
    }
    this.#length = at;
  }

  /** What is gathered so far. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#length);
    const next = this.#spare ?? Buffer.allocUnsafeSlow(this.#room);
    if (this.#spare) this.#spare = this.#bytes;
    this.#bytes = next;
    this.#length = 0;
    return taken;
  }

  #grow(more: number): void {
    const larger = Buffer.allocUnsafeSlow(2 * this.#bytes.length + more);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}
