import { finished } from "node:stream/promises";
import { promisify } from "node:util";
import { crc32, createDeflateRaw } from "node:zlib";

export interface ZipEntry {
  /** Path in the archive, ASCII. */
  readonly name: string;
  /** Each need hold only until the one after the next is asked for. */
  readonly chunks: AsyncIterable<Buffer> | Iterable<Buffer>;
}

/** Sizes have 32 bits here: an archive that needs more is refused before it is wrong. */
const bytesMax = 0xffff_ffff;
/** 1980-01-01: the archive of the same entries is the same, whenever it was made. */
const dosDate = 0x21;
/** Sizes and checksum follow the data; names are UTF-8. */
const flags = 0x0808;
const deflated = 8;
const version = 20;
const packedBytes = 65_536;

interface Written {
  readonly name: Buffer;
  readonly crc: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/** A ZIP archive as it is made, one entry after the other, nothing held (APPNOTE 6.3, data descriptors). @throws Error beyond 4 GiB */
export async function* zipOf(entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>): AsyncGenerator<Buffer> {
  const written: Written[] = [];
  let offset = 0;
  for await (const entry of entries) {
    const name = Buffer.from(entry.name, "ascii");
    const tally = { crc: 0, size: 0 };
    yield localHeader(name);
    let packed = 0;
    for await (const part of packedOf(entry.chunks, tally)) {
      packed += part.length;
      yield part;
    }
    yield descriptor(tally.crc, packed, tally.size);
    written.push({ name, ...tally, packed, offset });
    offset += 30 + name.length + packed + 16;
    if (tally.size > bytesMax || offset > bytesMax) throw new Error("an archive has 4 GiB at most");
  }
  const central = Buffer.concat(written.map(centralHeader));
  yield central;
  yield endOf(written.length, central.length, offset);
}

/** Packs one chunk in another thread while the next is made. */
async function* packedOf(
  chunks: ZipEntry["chunks"],
  tally: { crc: number; size: number },
): AsyncGenerator<Buffer> {
  // Level 1: spreadsheets of intervals repeat themselves so much that more effort saves little and takes three times as long.
  const packing = createDeflateRaw({ level: 1, chunkSize: packedBytes });
  const made: Buffer[] = [];
  packing.on("data", (part: Buffer) => made.push(part));
  // Told to whoever waits for what was written.
  packing.on("error", () => undefined);
  const write = promisify<Buffer, void>((bytes, done) => packing.write(bytes, done));
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const bytes of chunks) {
      tally.crc = crc32(bytes, tally.crc);
      tally.size += bytes.length;
      await writing;
      yield* made.splice(0);
      writing = write(bytes);
      // Whoever waits for it next hears of a failure; until then it is nobody's.
      writing.catch(() => undefined);
    }
    await writing;
    packing.end();
    await finished(packing);
    yield* made;
  } finally {
    packing.destroy();
  }
}

function localHeader(name: Buffer): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(version, 4);
  head.writeUInt16LE(flags, 6);
  head.writeUInt16LE(deflated, 8);
  head.writeUInt16LE(dosDate, 12);
  head.writeUInt16LE(name.length, 26);
  return Buffer.concat([head, name]);
}

function descriptor(crc: number, packed: number, size: number): Buffer {
  const tail = Buffer.alloc(16);
  tail.writeUInt32LE(0x08074b50, 0);
  tail.writeUInt32LE(crc, 4);
  tail.writeUInt32LE(packed, 8);
  tail.writeUInt32LE(size, 12);
  return tail;
}

function centralHeader({ name, crc, packed, size, offset }: Written): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(version, 4);
  head.writeUInt16LE(version, 6);
  head.writeUInt16LE(flags, 8);
  head.writeUInt16LE(deflated, 10);
  head.writeUInt16LE(dosDate, 14);
  head.writeUInt32LE(crc, 16);
  head.writeUInt32LE(packed, 20);
  head.writeUInt32LE(size, 24);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt32LE(offset, 42);
  return Buffer.concat([head, name]);
}

function endOf(entries: number, centralBytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries, 8);
  end.writeUInt16LE(entries, 10);
  end.writeUInt32LE(centralBytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
