import { randomBytes } from "node:crypto";
import { StoreError } from "../errors.ts";
import { gcmOpen, gcmSeal } from "../secrets/gcm.ts";
import type { KeyRing } from "../secrets/key-ring.ts";

/** Tables whose rows are files that may name people; the key of each lies sealed in its row (`sealed_key`). */
export type FileTable = "data_export" | "report_run";

const kind = "personal";
const keyLength = 32;

/**
 * A key for one writing of one file, and the same as it lies in its row. A file has a key of its own, so that a new data key is 32 bytes of
 * work, however large files are, and a file whose row is gone opens nowhere, whoever still has its bytes.
 */
export async function drawFileKey(
  ring: KeyRing,
  table: FileTable,
  row: number,
): Promise<{ readonly key: Buffer; readonly sealedKey: Buffer }> {
  const key = randomBytes(keyLength);
  return { key, sealedKey: await ring.sealField({ table, row, kind }, key) };
}

/** @throws StoreError `secret.unreadable` */
export const openFileKey = async (
  ring: KeyRing,
  table: FileTable,
  row: number,
  sealedKey: Uint8Array,
): Promise<Uint8Array> => (await ring.openBytes({ table, row, kind }, sealedKey)).reveal();

/** A piece of a file under the file's key; it opens as this piece alone. */
export const sealPiece = (key: Uint8Array, piece: number, bytes: Uint8Array): Buffer =>
  gcmSeal(key, `piece|${piece}`, bytes);

/** @throws StoreError `secret.unreadable` for another piece, another file or changed bytes */
export function openPiece(key: Uint8Array, piece: number, sealed: Uint8Array): Buffer {
  const bytes = gcmOpen(key, `piece|${piece}`, sealed);
  if (!bytes) throw new StoreError("secret.unreadable", `piece ${piece} of a kept file does not open`);
  return bytes;
}
