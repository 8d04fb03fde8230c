import { createInflateRaw } from "node:zlib";
import { JobError } from "../jobs/kind.ts";

/** A file inside a ZIP archive, as its directory tells of it. */
interface Entry {
  readonly name: string;
  readonly method: number;
  readonly at: number;
  readonly packedLength: number;
}

const entriesMax = 2_000;
const endMark = 0x06054b50;
const directoryMark = 0x02014b50;
const localMark = 0x04034b50;
const endLength = 22;
const commentMax = 65_535;

/** The files of a ZIP archive (APPNOTE 6.3), unpacked piece by piece and no further than `bytesMax` all together. */
export class ZipArchive {
  readonly #bytes: Buffer;
  readonly #entries = new Map<string, Entry>();
  #left: number;

  /** @throws JobError `points-import.file-unreadable` for what is no archive, or one that is ciphered, split or of more than 4 GiB */
  constructor(bytes: Uint8Array, bytesMax: number) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#left = bytesMax;
    this.#readDirectory();
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  #refuse(why: string): never {
    throw new JobError("points-import.file-unreadable", why);
  }

  #readDirectory(): void {
    const bytes = this.#bytes;
    let end = bytes.length - endLength;
    const first = Math.max(0, end - commentMax);
    while (end >= first && bytes.readUInt32LE(end) !== endMark) end--;
    if (end < first || bytes.length < endLength) this.#refuse("no ZIP archive");
    const count = bytes.readUInt16LE(end + 10);
    let at = bytes.readUInt32LE(end + 16);
    if (bytes.readUInt16LE(end + 4) !== 0 || count === 0xffff || at === 0xffffffff)
      this.#refuse("an archive in parts, or one of more than 4 GiB");
    if (count > entriesMax) this.#refuse(`more than ${entriesMax} files in it`);
    for (let nth = 0; nth < count; nth++) {
      if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== directoryMark)
        this.#refuse("its directory is cut off");
      const [nameLength, extraLength, noteLength] = [28, 30, 32].map((off) =>
        bytes.readUInt16LE(at + off),
      ) as [number, number, number];
      if ((bytes.readUInt16LE(at + 8) & 1) !== 0) this.#refuse("it is ciphered");
      const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
      this.#entries.set(name, {
        name,
        method: bytes.readUInt16LE(at + 10),
        packedLength: bytes.readUInt32LE(at + 20),
        at: bytes.readUInt32LE(at + 42),
      });
      at += 46 + nameLength + extraLength + noteLength;
    }
  }

  /**
   * The content of a file, in pieces. @throws JobError `points-import.file-unreadable` when it is not there or damaged, `points-import.file-too-large` when all that
   * was unpacked so far passes the limit: what an archive says of its size is not believed
   */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(name);
    if (!entry) this.#refuse(`it has no ${name}`);
    const bytes = this.#bytes;
    if (entry.at + 30 > bytes.length || bytes.readUInt32LE(entry.at) !== localMark)
      this.#refuse(`${name} is not where its directory says`);
    const from = entry.at + 30 + bytes.readUInt16LE(entry.at + 26) + bytes.readUInt16LE(entry.at + 28);
    const packed = bytes.subarray(from, from + entry.packedLength);
    if (packed.length < entry.packedLength) this.#refuse(`${name} is cut off`);
    if (entry.method === 0) {
      this.#take(packed.length);
      yield packed;
      return;
    }
    if (entry.method !== 8) this.#refuse(`${name} is packed by method ${entry.method}`);
    const inflate = createInflateRaw();
    inflate.end(packed);
    try {
      for await (const piece of inflate as AsyncIterable<Buffer>) {
        this.#take(piece.length);
        yield piece;
      }
    } catch (error) {
      if (error instanceof JobError) throw error;
      throw new JobError("points-import.file-unreadable", `${name} is damaged`, error);
    } finally {
      inflate.destroy();
    }
  }

  #take(length: number): void {
    this.#left -= length;
    if (this.#left < 0)
      throw new JobError("points-import.file-too-large", "unpacked, it is larger than a workbook may be");
  }
}
