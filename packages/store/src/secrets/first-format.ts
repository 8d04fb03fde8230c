import { createDecipheriv } from "node:crypto";
import { StoreError } from "../errors.ts";

const version = 1;
const ivLength = 12;
const tagLength = 16;

/**
 * Opens what release 0.1 sealed with the master key itself: version byte, 96-bit IV, ciphertext, 128-bit tag (AES-256-GCM, the context
 * authenticated).
 * @throws StoreError `secret.unreadable` for another key, another context or changed bytes
 */
export function openFirstFormat(masterKey: Uint8Array, context: string, sealed: Uint8Array): string {
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
