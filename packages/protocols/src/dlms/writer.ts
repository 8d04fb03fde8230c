/** Growing output of an encoder. Multi-byte numbers are big-endian, as everywhere in DLMS. */
export class Writer {
  #bytes: Uint8Array<ArrayBuffer>;
  #view: DataView;
  #length = 0;

  constructor(capacity = 64) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#length;
  }

  uint8(value: number): this {
    const at = this.#grow(1);
    this.#view.setUint8(at, value);
    return this;
  }

  uint16(value: number): this {
    const at = this.#grow(2);
    this.#view.setUint16(at, value);
    return this;
  }

  uint32(value: number): this {
    const at = this.#grow(4);
    this.#view.setUint32(at, value);
    return this;
  }

  uint64(value: bigint): this {
    const at = this.#grow(8);
    this.#view.setBigUint64(at, value);
    return this;
  }

  float32(value: number): this {
    const at = this.#grow(4);
    this.#view.setFloat32(at, value);
    return this;
  }

  float64(value: number): this {
    const at = this.#grow(8);
    this.#view.setFloat64(at, value);
    return this;
  }

  raw(bytes: ArrayLike<number>): this {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
    return this;
  }

  /** The shortest form: one byte below 80, else 81 .. 84. */
  size(value: number): this {
    if (value < 0x80) return this.uint8(value);
    if (value < 0x100) return this.uint8(0x81).uint8(value);
    if (value < 0x1_0000) return this.uint8(0x82).uint16(value);
    if (value < 0x100_0000)
      return this.uint8(0x83)
        .uint8(value >>> 16)
        .uint16(value & 0xffff);
    return this.uint8(0x84).uint32(value);
  }

  sized(bytes: ArrayLike<number>): this {
    return this.size(bytes.length).raw(bytes);
  }

  /** A copy that later writes do not touch. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  /** The place of the next `count` bytes. Called before the buffer is touched, since it may replace it. */
  #grow(count: number): number {
    const start = this.#length;
    this.#length += count;
    if (this.#length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.#length, this.#bytes.length * 2));
      larger.set(this.#bytes);
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    return start;
  }
}
