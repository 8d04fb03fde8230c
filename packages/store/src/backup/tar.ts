import { StoreError } from "../errors.ts";

const blockLength = 512;

export interface TarEntry {
  readonly path: string;
  readonly kind: "file" | "folder";
  readonly sizeBytes: number;
}

/** What takes a tar archive apart. `body` is called for a file, in order, until all its bytes were given. */
export interface TarSink {
  entry(entry: TarEntry): void;
  body(bytes: Uint8Array): void;
  fileEnd(): void;
}

const text = (block: Buffer, from: number, length: number): string => {
  const field = block.subarray(from, from + length);
  const end = field.indexOf(0);
  return field.toString("utf8", 0, end < 0 ? length : end);
};

/**
 * Takes a tar archive apart as the server writes it (ustar, no extensions). Paths that would leave the folder are refused.
 * @throws StoreError `backup.damaged`
 */
export async function readTar(source: AsyncIterable<Uint8Array>, sink: TarSink): Promise<void> {
  const damaged = (what: string) => new StoreError("backup.damaged", `the archive of the cluster ${what}`);
  let held: Buffer = Buffer.alloc(0);
  let left = 0; // bytes of the file that is being read
  let padding = 0;
  let ended = false;
  for await (const chunk of source) {
    held =
      held.length === 0
        ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)
        : Buffer.concat([held, chunk]);
    for (;;) {
      if (left > 0) {
        const taken = held.subarray(0, left);
        if (taken.length === 0) break;
        sink.body(taken);
        left -= taken.length;
        held = held.subarray(taken.length);
        if (left === 0) sink.fileEnd();
        continue;
      }
      if (padding > 0) {
        const skipped = Math.min(padding, held.length);
        padding -= skipped;
        held = held.subarray(skipped);
        if (padding > 0) break;
      }
      if (held.length < blockLength) break;
      const block = held.subarray(0, blockLength);
      held = held.subarray(blockLength);
      if (block.every((byte) => byte === 0)) {
        ended = true;
        continue;
      }
      const sizeBytes = Number.parseInt(text(block, 124, 12), 8);
      const prefix = text(block, 345, 155);
      const path = (prefix ? `${prefix}/` : "") + text(block, 0, 100);
      const type = String.fromCharCode(block[156]!);
      if (ended || !Number.isSafeInteger(sizeBytes)) throw damaged("has a header that cannot be read");
      if (path.startsWith("/") || path.split("/").includes("..")) throw damaged(`names ${path}`);
      if (type === "5") sink.entry({ path: path.replace(/\/$/, ""), kind: "folder", sizeBytes: 0 });
      else if (type === "0" || type === "\0") {
        sink.entry({ path, kind: "file", sizeBytes });
        left = sizeBytes;
        padding = (blockLength - (sizeBytes % blockLength)) % blockLength;
        if (sizeBytes === 0) sink.fileEnd();
      } else throw damaged(`holds ${path} of kind ${type}`);
    }
  }
  // The server leaves out the two empty blocks at the end when a manifest follows, so their absence says nothing.
  if (left > 0 || held.length > 0) throw damaged("is cut");
}
