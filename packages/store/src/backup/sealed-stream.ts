import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from "node:crypto";
import { StoreError } from "../errors.ts";
import { type BackupKey, keyIdLength } from "./key.ts";

/*
 * A sealed file: magic, version, id of the key, salt; then pieces of 256 KiB, each AES-256-GCM with its own tag. The key of a
 * file is derived from the backup key, the salt and the file's name, so a nonce may simply count; its last byte is 1 in the last
 * piece only. So a changed, moved, repeated, missing or cut piece, or a file under another's name, does not open.
 */
const magic = Buffer.from("ENSB\x01", "latin1");
const saltLength = 16;
const headerLength = magic.length + keyIdLength + saltLength;
const pieceLength = 262_144;
const tagLength = 16;

type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

const fileKey = (key: BackupKey, salt: Uint8Array, name: string): Uint8Array =>
  new Uint8Array(hkdfSync("sha256", key.bytes, salt, `energsys backup file ${name}`, 32));

function nonce(piece: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUIntBE(piece, 5, 6);
  bytes[11] = last ? 1 : 0;
  return bytes;
}

/** Cuts a stream into pieces of one length; the last one is shorter or empty, and only then `last` is true. */
async function* inPieces(source: Bytes, length: number): AsyncGenerator<{ piece: Buffer; last: boolean }> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of source) {
    held.push(chunk);
    size += chunk.length;
    // One piece is held back: only the end of the stream tells which is the last.
    if (size <= length) continue;
    const all = Buffer.concat(held);
    let at = 0;
    for (; all.length - at > length; at += length)
      yield { piece: all.subarray(at, at + length), last: false };
    held = [all.subarray(at)];
    size = all.length - at;
  }
  yield { piece: Buffer.concat(held), last: true };
}

/** Seals what `source` gives, for a file that is called `name`. */
export async function* seal(key: BackupKey, name: string, source: Bytes): AsyncGenerator<Uint8Array> {
  const salt = randomBytes(saltLength);
  const derived = fileKey(key, salt, name);
  yield Buffer.concat([magic, Buffer.from(key.id, "hex"), salt]);
  let count = 0;
  for await (const { piece, last } of inPieces(source, pieceLength)) {
    const cipher = createCipheriv("aes-256-gcm", derived, nonce(count++, last), { authTagLength: tagLength });
    yield Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()]);
  }
}

/**
 * Opens a sealed file that is called `name`.
 * @throws StoreError `backup.key-wrong` when it was sealed with another key, `backup.damaged` for changed or missing bytes
 */
export async function* unseal(key: BackupKey, name: string, source: Bytes): AsyncGenerator<Uint8Array> {
  const damaged = (cause?: unknown) => new StoreError("backup.damaged", `${name} is damaged or cut`, cause);
  let derived: Uint8Array | undefined;
  let count = 0;
  const body = withoutHeader(source, (header) => {
    if (!header?.subarray(0, magic.length).equals(magic)) throw damaged();
    const keyId = header.subarray(magic.length, magic.length + keyIdLength).toString("hex");
    if (keyId !== key.id) {
      throw new StoreError("backup.key-wrong", `${name} was sealed with key ${keyId}, not with ${key.id}`);
    }
    derived = fileKey(key, header.subarray(magic.length + keyIdLength), name);
  });
  for await (const { piece, last } of inPieces(body, pieceLength + tagLength)) {
    if (!derived || piece.length < tagLength) throw damaged();
    const decipher = createDecipheriv("aes-256-gcm", derived, nonce(count++, last), {
      authTagLength: tagLength,
    });
    decipher.setAuthTag(piece.subarray(piece.length - tagLength));
    try {
      yield Buffer.concat([decipher.update(piece.subarray(0, piece.length - tagLength)), decipher.final()]);
    } catch (cause) {
      throw damaged(cause);
    }
  }
}

async function* withoutHeader(
  source: Bytes,
  onHeader: (header: Buffer | undefined) => void,
): AsyncGenerator<Uint8Array> {
  let held = Buffer.alloc(0);
  let found = false;
  for await (const chunk of source) {
    if (found) {
      yield chunk;
      continue;
    }
    held = Buffer.concat([held, chunk]);
    if (held.length < headerLength) continue;
    found = true;
    onHeader(held.subarray(0, headerLength));
    yield held.subarray(headerLength);
  }
  if (!found) onHeader(undefined);
}
