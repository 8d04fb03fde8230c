import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import type { Queryable } from "./database.ts";
import { StoreError } from "./errors.ts";
import { Turns } from "./turns.ts";

const signature = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const trailer = Buffer.of(0xff, 0xff);
/** PostgreSQL counts dates from here. */
const epochDay = Date.UTC(2000, 0, 1) / 86_400_000;

/** Days since 2000-01-01, as PostgreSQL sends a date. */
export const dateToBinary = (date: string): number => Date.parse(`${date}T00:00:00Z`) / 86_400_000 - epochDay;

export function binaryToDate(days: number): string {
  const known = dates.get(days);
  if (known !== undefined) return known;
  if (dates.size >= datesMax) dates.clear();
  const date = new Date((days + epochDay) * 86_400_000).toISOString().slice(0, 10);
  dates.set(days, date);
  return date;
}

/** Rows of 50,000 points over a month have thirty days among them. */
const dates = new Map<number, string>();
const datesMax = 4_000;

/** Builds rows of `copy … from stdin (format binary)`, field after field. */
export class CopyWriter {
  #bytes = Buffer.allocUnsafe(1 << 16);
  #view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
  #at = 0;
  readonly #parts: Buffer[] = [signature];

  row(fields: number): void {
    this.#need(2);
    this.#view.setInt16(this.#at, fields);
    this.#at += 2;
  }

  int2(value: number | null): void {
    if (value === null) {
      this.#null();
      return;
    }
    this.#need(6);
    this.#view.setInt32(this.#at, 2);
    this.#view.setInt16(this.#at + 4, value);
    this.#at += 6;
  }

  int4(value: number | null): void {
    if (value === null) {
      this.#null();
      return;
    }
    this.#need(8);
    this.#view.setInt32(this.#at, 4);
    this.#view.setInt32(this.#at + 4, value);
    this.#at += 8;
  }

  /** An integer up to 2^53. */
  int8(value: number | null): void {
    if (value === null) {
      this.#null();
      return;
    }
    this.#need(12);
    this.#view.setInt32(this.#at, 8);
    this.#view.setInt32(this.#at + 4, Math.floor(value / 0x1_0000_0000));
    this.#view.setUint32(this.#at + 8, value >>> 0);
    this.#at += 12;
  }

  bytes(value: Uint8Array | null): void {
    if (value === null) {
      this.#null();
      return;
    }
    this.#need(4 + value.length);
    this.#view.setInt32(this.#at, value.length);
    this.#bytes.set(value, this.#at + 4);
    this.#at += 4 + value.length;
  }

  /** Microseconds since 2000-01-01, as PostgreSQL sends an instant. */
  instant(ms: number): void {
    this.int8((ms - epochDay * 86_400_000) * 1000);
  }

  text(value: string): void {
    this.bytes(Buffer.from(value, "utf8"));
  }

  /** Everything so far, with the header and the end mark. */
  finish(): readonly Buffer[] {
    this.#flush();
    return [...this.#parts, trailer];
  }

  #null(): void {
    this.#need(4);
    this.#view.setInt32(this.#at, -1);
    this.#at += 4;
  }

  #need(length: number): void {
    if (this.#at + length <= this.#bytes.length) return;
    this.#flush();
    this.#bytes = Buffer.allocUnsafe(Math.max(1 << 18, length));
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
  }

  #flush(): void {
    if (this.#at > 0) this.#parts.push(this.#bytes.subarray(0, this.#at));
    this.#bytes = this.#bytes.subarray(this.#at);
    this.#view = new DataView(this.#bytes.buffer, this.#bytes.byteOffset, this.#bytes.byteLength);
    this.#at = 0;
  }
}

/**
 * The driver's query_timeout sets a timer that a stream ends only by its callback. Left alone it keeps the process alive, and
 * when it fires it would fail a query that ended long ago.
 */
function stopQueryTimer(stream: object): void {
  (stream as { callback?: () => void }).callback?.();
}

/** Sends rows to `copy … from stdin (format binary)`. */
export async function copyIn(db: Queryable, statement: string, rows: CopyWriter): Promise<void> {
  await db.withClient(
    (client) =>
      new Promise<void>((resolve, reject) => {
        const stream = client.query(copyFrom(statement));
        stream.on("error", reject);
        stream.on("finish", resolve);
        stream.on("close", () => stopQueryTimer(stream));
        for (const part of rows.finish()) stream.write(part);
        stream.end();
      }),
  );
}

const nullField = { start: -1, end: -1 };

/** Whole rows of `copy (…) to stdout (format binary)`, walked field by field in the order of the columns. */
export class CopyReader {
  readonly bytes: Buffer;
  readonly view: DataView;
  readonly #end: number;
  #at: number;

  /** Rows of `bytes` from `from` on; what is left of a row at the end is not one of them. */
  constructor(bytes: Buffer, from: number) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = from;
    this.#end = endOfRows(this.view, from);
  }

  /** Where the last whole row ends. */
  get end(): number {
    return this.#end;
  }

  /** Goes to the next row; false at the end. */
  next(): boolean {
    if (this.#at >= this.#end) return false;
    this.#at += 2;
    return true;
  }

  int2(): number {
    const value = this.view.getInt16(this.#at + 4);
    this.#at += 6;
    return value;
  }

  int4(): number {
    const value = this.view.getInt32(this.#at + 4);
    this.#at += 8;
    return value;
  }

  /** Where the bytes of a field begin in `bytes`; `start` is −1 for null. No view is made: that would cost more than reading them. */
  skip(): { readonly start: number; readonly end: number } {
    const length = this.view.getInt32(this.#at);
    this.#at += 4;
    if (length < 0) return nullField;
    const start = this.#at;
    this.#at += length;
    return { start, end: this.#at };
  }
}

function endOfRows(view: DataView, from: number): number {
  const { byteLength } = view;
  for (let row = from; ; ) {
    if (row + 2 > byteLength) return row;
    const fields = view.getInt16(row);
    if (fields < 0) return row;
    let at = row + 2;
    for (let field = 0; field < fields; field++) {
      if (at + 4 > byteLength) return row;
      at += 4 + Math.max(0, view.getInt32(at));
    }
    if (at > byteLength) return row;
    row = at;
  }
}

/** Runs `copy (…) to stdout (format binary)` and hands rows over as they come, so that both sides work at the same time. */
export async function copyOut(
  db: Queryable,
  statement: string,
  onRows: (rows: CopyReader) => void,
): Promise<void> {
  await db.withClient(async (client) => {
    const stream = client.query(copyTo(statement));
    let left: Buffer = Buffer.alloc(0);
    let begun = false;
    let failure: unknown;
    const take = (chunk: Buffer) => {
      const bytes: Buffer = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
      left = bytes;
      if (!begun && bytes.length < signature.length) return;
      if (!begun && bytes.compare(signature, 0, 11, 0, 11) !== 0) {
        throw new StoreError("database.copy-garbled", "not a binary copy");
      }
      const rows = new CopyReader(bytes, begun ? 0 : signature.length);
      begun = true;
      onRows(rows);
      left = bytes.subarray(rows.end);
    };
    const turns = new Turns();
    try {
      for await (const chunk of stream) {
        // Chunks that have arrived are read one after the other without a turn of the loop between them.
        if (turns.isLong) await turns.next();
        if (failure !== undefined) continue; // the rest is read off, or the connection could not be used again
        try {
          take(chunk as Buffer);
        } catch (error) {
          failure = error;
        }
      }
    } finally {
      stopQueryTimer(stream);
    }
    if (failure !== undefined) throw failure;
    if (left.compare(trailer) !== 0) throw new StoreError("database.copy-garbled", "the copy has no end");
  });
}
