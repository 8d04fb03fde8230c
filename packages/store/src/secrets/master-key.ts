import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { StoreError } from "../errors.ts";

export const masterKeyLength = 32;
/** Fewer different bytes than this among 32 do not come from a random source (chance below 10⁻¹²). */
const distinctBytesMin = 12;

/** Name of a master key: says which one wrapped something, and nothing about its bits. */
export const masterVersion = (key: Uint8Array): string =>
  createHash("sha256").update("energsys master key\0").update(key).digest("hex").slice(0, 16);

/**
 * Master keys as text, one of 64 hex digits a line (or between commas), the newest first; lines with `#` are remarks.
 * @throws StoreError `secret.key-file`, `secret.key-sample`
 */
export function parseMasterKeys(text: string, where: string): Uint8Array[] {
  const lines = text
    .split(/[\n,]/)
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) throw new StoreError("secret.key-file", `${where} holds no key`);
  return lines.map((line, nth) => {
    if (!/^[0-9a-f]{64}$/i.test(line)) {
      throw new StoreError("secret.key-file", `${where}: key ${nth + 1} must be 64 hex digits`);
    }
    const key = new Uint8Array(Buffer.from(line, "hex"));
    if (isSample(key)) {
      throw new StoreError("secret.key-sample", `${where}: key ${nth + 1} is a pattern or an example`);
    }
    return key;
  });
}

/** A key that somebody typed, or copied from a standard or a manual: few different bytes, a sequence, or a half twice. */
function isSample(key: Uint8Array): boolean {
  if (new Set(key).size < distinctBytesMin) return true;
  const steps = new Set(Array.from(key.subarray(1), (byte, i) => (byte - key[i]!) & 0xff));
  if (steps.size === 1) return true;
  const half = key.length / 2;
  return key.subarray(0, half).every((byte, i) => byte === key[half + i]);
}

/**
 * Reads a file of master keys that its owner alone may read.
 * @throws StoreError `secret.key-file` when it is missing or short, `secret.key-mode`, `secret.key-sample`
 */
export function readMasterKeys(file: string): Uint8Array[] {
  let text: string;
  let mode: number;
  try {
    mode = statSync(file).mode;
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new StoreError("secret.key-file", `${file} cannot be read (${code})`, cause);
  }
  // Windows has no such bits.
  if (process.platform !== "win32" && (mode & 0o077) !== 0) {
    const shown = (mode & 0o777).toString(8).padStart(4, "0");
    throw new StoreError("secret.key-mode", `${file} has mode ${shown}: only its owner may read it (0400)`);
  }
  return parseMasterKeys(text, file);
}
