import { DecodeError } from "@energsys/protocols";

const nestingMax = 16;
const subject = "journal";

/** Bytes of a fixed length by the tag of their type (IEC 62056-5-3). */
const fixedLengths: Readonly<Record<number, number>> = {
  0: 0,
  3: 1,
  5: 4,
  6: 4,
  13: 1,
  15: 1,
  16: 2,
  17: 1,
  18: 2,
  20: 8,
  21: 8,
  22: 1,
  23: 4,
  24: 8,
  25: 12,
  26: 5,
  27: 4,
  255: 0,
};

/** A bounded reader over values of the journal. What is missing or of another type than agreed is a `DecodeError` `journal.*`. */
export class JournalCursor {
  readonly bytes: Uint8Array;
  offset: number;
  readonly end: number;

  constructor(bytes: Uint8Array, offset = 0, end = bytes.length) {
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
  }

  get left(): number {
    return this.end - this.offset;
  }

  fail(code: string, offset = this.offset): DecodeError {
    return new DecodeError(`${subject}.${code}`, offset);
  }

  uint8(): number {
    if (this.offset >= this.end) throw this.fail("truncated");
    return this.bytes[this.offset++] as number;
  }

  /** An unsigned number of `size` bytes, 6 at most. */
  unsigned(size: number): number {
    if (size > this.left) throw this.fail("truncated");
    let value = 0;
    for (let index = 0; index < size; index++) value = value * 256 + (this.bytes[this.offset++] as number);
    return value;
  }

  take(count: number): Uint8Array {
    if (count > this.left) throw this.fail("truncated");
    const start = this.offset;
    this.offset += count;
    return this.bytes.subarray(start, this.offset);
  }

  length(): number {
    const first = this.uint8();
    if (first < 0x80) return first;
    const size = first & 0x7f;
    if (size === 0 || size > 4) throw this.fail("length");
    return this.unsigned(size);
  }

  tag(wanted: number): void {
    const start = this.offset;
    if (this.uint8() !== wanted) throw this.fail("type", start);
  }

  /** Count of an array whose elements take at least `least` bytes each: more than the bytes can hold is refused at once. */
  array(least: number): number {
    this.tag(1);
    const start = this.offset;
    const count = this.length();
    if (count * least > this.left) throw this.fail("count", start);
    return count;
  }

  structure(fields: number): void {
    this.tag(2);
    const start = this.offset;
    if (this.length() !== fields) throw this.fail("fields", start);
  }

  octets(length?: number): Uint8Array {
    this.tag(9);
    const start = this.offset;
    const bytes = this.take(this.length());
    if (length !== undefined && bytes.length !== length) throw this.fail("octets", start);
    return bytes;
  }

  text(): string {
    return new TextDecoder().decode(this.octets());
  }

  /** Any unsigned type or enum of 8, 16 or 32 bits. */
  number(): number {
    const start = this.offset;
    const tag = this.uint8();
    if (tag === 17 || tag === 22) return this.unsigned(1);
    if (tag === 18) return this.unsigned(2);
    if (tag === 6) return this.unsigned(4);
    throw this.fail("type", start);
  }

  int8(): number {
    this.tag(15);
    return (this.uint8() << 24) >> 24;
  }

  boolean(): boolean {
    this.tag(3);
    return this.uint8() !== 0;
  }

  /** Passes over one value of any type, so that what is wrong inside it does not hide what follows. */
  skip(depth = 0): void {
    if (depth >= nestingMax) throw this.fail("nesting");
    const start = this.offset;
    const tag = this.uint8();
    const fixed = fixedLengths[tag];
    if (fixed !== undefined) this.take(fixed);
    else if (tag === 9 || tag === 10 || tag === 12) this.take(this.length());
    else if (tag === 4) this.take(Math.ceil(this.length() / 8));
    else if (tag === 1 || tag === 2) {
      const count = this.length();
      if (count > this.left) throw this.fail("count", start);
      for (let index = 0; index < count; index++) this.skip(depth + 1);
    } else if (tag === 19) {
      this.skipDescription(depth + 1);
      this.take(this.length());
    } else throw this.fail("type", start);
  }

  private skipDescription(depth: number): void {
    if (depth >= nestingMax) throw this.fail("nesting");
    const tag = this.uint8();
    if (tag === 1) {
      this.unsigned(2);
      this.skipDescription(depth + 1);
    } else if (tag === 2) {
      const count = this.length();
      if (count > this.left) throw this.fail("count");
      for (let index = 0; index < count; index++) this.skipDescription(depth + 1);
    }
  }
}
