/** Bytes written one after another into memory that grows. */
export class ByteSink {
  #bytes: Uint8Array<ArrayBuffer>;
  #length = 0;

  constructor(expected = 256) {
    this.#bytes = new Uint8Array(expected);
  }

  get length(): number {
    return this.#length;
  }

  uint8(value: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = value;
  }

  uint16(value: number): void {
    this.#room(2);
    this.#bytes[this.#length++] = value >>> 8;
    this.#bytes[this.#length++] = value;
  }

  uint32(value: number): void {
    this.#room(4);
    this.#bytes[this.#length++] = value >>> 24;
    this.#bytes[this.#length++] = value >>> 16;
    this.#bytes[this.#length++] = value >>> 8;
    this.#bytes[this.#length++] = value;
  }

  put(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** A length or a count: one byte below 80, else 81 LL or 82 LL LL or 84 and four. */
  count(value: number): void {
    if (value < 0x80) this.uint8(value);
    else if (value < 0x100) this.uint16(0x8100 | value);
    else if (value < 0x10000) {
      this.uint8(0x82);
      this.uint16(value);
    } else {
      this.uint8(0x84);
      this.uint32(value);
    }
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length);
  }

  #room(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + more));
    grown.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = grown;
  }
}
