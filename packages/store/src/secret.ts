import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { StoreError } from "./errors.ts";

/**
 * Reads the master key of an installation: a file with 64 hex digits.
 * @throws StoreError `secret.key-file` when it cannot be read, is short, or is made of one digit
 */
export function readMasterKey(file: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (cause) {
    throw new StoreError(
      "secret.key-file",
      `${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`,
      cause,
    );
  }
  if (!/^[0-9a-f]{64}$/i.test(text) || /^(.)\1*$/.test(text)) {
    throw new StoreError("secret.key-file", `${file} must hold 64 hex digits, not all alike`);
  }
  return Buffer.from(text, "hex");
}

const version = 1;
const ivLength = 12;
const tagLength = 16;

/**
 * Seals a secret with the master key (32 bytes) by AES-256-GCM: version byte, random 96-bit IV, ciphertext, 128-bit tag. `context`
 * names the place it is for (`device 17 password`) and is authenticated, so that a sealed value moved to another row does not open.
 */
export function sealSecret(masterKey: Uint8Array, context: string, secret: string): Uint8Array {
  const iv = randomBytes(ivLength);
  const cipher = createCipheriv("aes-256-gcm", masterKey, iv, { authTagLength: tagLength });
  cipher.setAAD(Buffer.from(context, "utf8"));
  return Buffer.concat([
    Buffer.of(version),
    iv,
    cipher.update(secret, "utf8"),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
}

/** @throws StoreError `secret.unreadable` for another key, another context or changed bytes */
export function openSecret(masterKey: Uint8Array, context: string, sealed: Uint8Array): string {
  if (sealed.length < 1 + ivLength + tagLength || sealed[0] !== version) {
    throw new StoreError("secret.unreadable", "not a sealed secret");
  }
  try {
    const tagStart = sealed.length - tagLength;
    const iv = sealed.subarray(1, 1 + ivLength);
    const decipher = createDecipheriv("aes-256-gcm", masterKey, iv, { authTagLength: tagLength });
    decipher.setAAD(Buffer.from(context, "utf8"));
    decipher.setAuthTag(sealed.subarray(tagStart));
    const body = sealed.subarray(1 + ivLength, tagStart);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString("utf8");
  } catch (cause) {
    throw new StoreError("secret.unreadable", "the master key does not open this secret", cause);
  }
}
