import { DecodeError } from "../errors.ts";

/** Limits of every decoder here (protocol sheet, section 9): hostile bytes may not cost more than they weigh. */
export const nestingMax = 16;
export const apduLengthMax = 1024 * 1024;

/**
 * A bounded reader over received bytes. Every read checks `need` first; what is missing is a `DecodeError`
 * `<subject>.truncated` at the byte where the missing part would start.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  readonly #subject: string;
  offset: number;
  readonly end: number;

  constructor(bytes: Uint8Array, subject: string, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.#subject = subject;
    this.offset = offset;
    this.end = end;
  }

  get left(): number {
    return this.end - this.offset;
  }

  /** @throws DecodeError `<subject>.truncated` when fewer than `count` bytes are left */
  need(count: number): void {
    if (count > this.end - this.offset) throw new DecodeError(`${this.#subject}.truncated`, this.offset);
  }

  /** Throws when bytes follow what was decoded. @throws DecodeError `<subject>.trailing` */
  done(): void {
    if (this.offset < this.end) throw new DecodeError(`${this.#subject}.trailing`, this.offset);
  }

  fail(code: string, offset = this.offset, detail?: string): DecodeError {
    return new DecodeError(`${this.#subject}.${code}`, offset, detail);
  }

  /** The next byte without taking it, or `undefined` at the end. */
  peek(ahead = 0): number | undefined {
    return this.offset + ahead < this.end ? this.bytes[this.offset + ahead] : undefined;
  }

  uint8(): number {
    this.need(1);
    return this.bytes[this.offset++] as number;
  }

  int8(): number {
    this.need(1);
    return ((this.bytes[this.#skip(1)] as number) << 24) >> 24;
  }

  uint16(): number {
    this.need(2);
    const at = this.#skip(2);
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
  }

  int16(): number {
    return (this.uint16() << 16) >> 16;
  }

  uint32(): number {
    return this.int32() >>> 0;
  }

  int32(): number {
    this.need(4);
    const { bytes } = this;
    const at = this.#skip(4);
    return (
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number)
    );
  }

  uint64(): bigint {
    this.need(8);
    return this.#view().getBigUint64(this.#skip(8));
  }

  int64(): bigint {
    this.need(8);
    return this.#view().getBigInt64(this.#skip(8));
  }

  float32(): number {
    this.need(4);
    return this.#view().getFloat32(this.#skip(4));
  }

  float64(): number {
    this.need(8);
    return this.#view().getFloat64(this.#skip(8));
  }

  /** A view, not a copy. */
  take(count: number): Uint8Array {
    this.need(count);
    return this.bytes.subarray(this.offset, this.#skip(count) + count);
  }

  /** A length or count: one byte below 80, else 81 LL .. 84 LL LL LL LL (A-XDR and BER alike). */
  length(): number {
    const start = this.offset;
    const first = this.uint8();
    if (first < 0x80) return first;
    const size = first & 0x7f;
    if (size === 0 || size > 4) throw this.fail("length", start);
    this.need(size);
    let value = 0;
    for (let i = 0; i < size; i++) value = value * 256 + this.uint8();
    return value;
  }

  /** A length followed by that many bytes, as a view. */
  lengthAndBytes(): Uint8Array {
    return this.take(this.length());
  }

  /**
   * The count of a sequence whose elements take at least `bytesPerElement` bytes each.
   * @throws DecodeError `<subject>.count` when that many cannot be left
   */
  count(bytesPerElement: number): number {
    const start = this.offset;
    const count = this.length();
    if (count * bytesPerElement > this.left) throw this.fail("count", start);
    return count;
  }

  /** A cursor of its own over the next `count` bytes, which this one skips. Offsets stay those of the whole. */
  part(count: number): Cursor {
    this.need(count);
    const start = this.#skip(count);
    return new Cursor(this.bytes, this.#subject, start, start + count);
  }

  /** Made for the rare types only: a view costs more than the reading of a whole small APDU. */
  #view(): DataView {
    return new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  #skip(count: number): number {
    const start = this.offset;
    this.offset += count;
    return start;
  }
}
