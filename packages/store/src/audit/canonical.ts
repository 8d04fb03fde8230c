import { hash as hashOf } from "node:crypto";
import { type CopyReader, copyOut } from "../copy-binary.ts";
import type { Queryable } from "../database.ts";

/** Fields of the hashed text in their order, and how PostgreSQL sends them. */
const fields = [
  ["seq", "int8"],
  ["at", "instant"],
  ["kind", "text"],
  ["severity", "text"],
  ["actor", "text"],
  ["role", "text"],
  ["session", "text"],
  ["address", "text"],
  ["page", "text"],
  ["operation", "text"],
  ["action", "text"],
  ["objectType", "text"],
  ["objectId", "text"],
  ["records", "int4"],
  ["before", "jsonb"],
  ["after", "jsonb"],
  ["reason", "text"],
] as const;

const kinds = fields.map(([, kind]) => kind);
const leads = fields.map(([name], nth) => Buffer.from(`${nth === 0 ? "{" : ", "}"${name}" : `));
const nothing = Buffer.from("null");
const hashLength = 32;

/** Entries of the log as they come from the server, byte by byte: by the million, so nothing of them becomes a string. */
export class EntryReader {
  readonly #rows: CopyReader;
  /** The hash of the entry before, and then the text: what is hashed. */
  #text = Buffer.allocUnsafe(8_192);
  #textEnd = 0;
  #second = Number.NaN;
  readonly #secondText = Buffer.alloc(20);
  /** Number of the entry that was read last. */
  seq = 0;
  /** What it says that the entry before it had, and what it says of itself, as `hashLength` bytes. */
  readonly prev = Buffer.alloc(hashLength);
  readonly hash = Buffer.alloc(hashLength);

  constructor(rows: CopyReader) {
    this.#rows = rows;
  }

  /** Goes to the next entry; false at the end. */
  next(): boolean {
    const rows = this.#rows;
    if (!rows.next()) return false;
    const { bytes, view } = rows;
    let at = hashLength;
    for (let nth = 0; nth < kinds.length; nth++) {
      const { start, end } = rows.skip();
      const length = end - start;
      // What a character costs at most when it is escaped (\u0001), the lead, and a number or an instant.
      this.#need(at + 6 * length + 64, at);
      const text = this.#text;
      at = put(text, at, leads[nth]!, 0, leads[nth]!.length);
      if (start < 0) {
        at = put(text, at, nothing, 0, nothing.length);
        continue;
      }
      switch (kinds[nth]) {
        case "text":
          at = putText(text, at, bytes, start, end);
          break;
        case "jsonb":
          // The first byte is the version of the form.
          at = put(text, at, bytes, start + 1, end);
          break;
        case "int4":
          at = putNumber(text, at, view.getInt32(start));
          break;
        case "int8": {
          this.seq = view.getInt32(start) * 0x1_0000_0000 + view.getUint32(start + 4);
          at = putNumber(text, at, this.seq);
          break;
        }
        default:
          at = this.#putInstant(at, view.getInt32(start) * 0x1_0000_0000 + view.getUint32(start + 4));
      }
    }
    this.#text[at++] = 0x7d;
    this.#textEnd = at;
    this.#take(this.prev);
    this.prev.copy(this.#text, 0);
    this.#take(this.hash);
    return true;
  }

  /** True when the entry's hash is that of the hash before and its own text. */
  isIntact(): boolean {
    return hashOf("sha256", this.#text.subarray(0, this.#textEnd), "buffer").equals(this.hash);
  }

  #take(into: Buffer): void {
    const { start, end } = this.#rows.skip();
    if (end - start === hashLength) this.#rows.bytes.copy(into, 0, start, end);
    else into.fill(0); // a hash of another length is no hash: it is told as one that does not fit
  }

  #need(length: number, used: number): void {
    if (length <= this.#text.length) return;
    const larger = Buffer.allocUnsafe(2 * length);
    this.#text.copy(larger, 0, 0, used);
    this.#text = larger;
  }

  /** Microseconds since 2000 as they were hashed: UTC with six digits. Most entries have the second of the one before. */
  #putInstant(at: number, micros: number): number {
    const second = Math.floor(micros / 1_000_000);
    if (second !== this.#second) {
      this.#second = second;
      this.#secondText.write(
        `"${new Date(Date.UTC(2000, 0, 1) + second * 1_000).toISOString().slice(0, 19)}`,
        0,
        "latin1",
      );
    }
    const text = this.#text;
    let end = put(text, at, this.#secondText, 0, 20);
    text[end++] = 0x2e;
    let rest = micros - second * 1_000_000;
    for (let digit = end + 5; digit >= end; digit--) {
      text[digit] = 0x30 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
    end += 6;
    text[end++] = 0x5a;
    text[end++] = 0x22;
    return end;
  }
}

/** Few bytes are faster by hand than by a call. */
function put(into: Buffer, at: number, from: Buffer, start: number, end: number): number {
  if (end - start > 48) {
    from.copy(into, at, start, end);
    return at + end - start;
  }
  for (let nth = start; nth < end; nth++) into[at++] = from[nth]!;
  return at;
}

/** A text as JSON: most of it stands there as it is, also what is no ASCII. */
function putText(into: Buffer, at: number, from: Buffer, start: number, end: number): number {
  const begin = at;
  into[at++] = 0x22;
  for (let nth = start; nth < end; nth++) {
    const byte = from[nth]!;
    if (byte < 0x20 || byte === 0x22 || byte === 0x5c) {
      return begin + into.write(JSON.stringify(from.toString("utf8", start, end)), begin, "utf8");
    }
    into[at++] = byte;
  }
  into[at++] = 0x22;
  return at;
}

function putNumber(into: Buffer, at: number, value: number): number {
  return at + into.write(String(value), at, "latin1");
}

/**
 * Reads entries by number and hands them over as they come; the server goes on meanwhile. Their hashed text is made here and not by
 * the database's own function (`audit.canonical`): whoever can change entries could change that as well. `onEntries` may not wait.
 */
export function copyEntries(
  db: Queryable,
  { from, to, limit }: { readonly from: number; readonly to: number; readonly limit: number },
  onEntries: (entries: EntryReader) => void,
): Promise<void> {
  for (const number of [from, to, limit])
    if (!Number.isSafeInteger(number)) throw new RangeError(String(number));
  return copyOut(
    db,
    `copy (select seq, at, kind, severity, actor, role, session, address, page, operation, action, object_type, object_id,
       records, before, after, reason, prev, hash
     from audit.log where seq between ${from} and ${to} order by seq limit ${limit}) to stdout (format binary)`,
    (rows) => onEntries(new EntryReader(rows)),
  );
}
