import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const ivLength = 12;
const tagLength = 16;
export const sealedOverhead = ivLength + tagLength;

/** Random IVs for many values at once: one call of the system's generator, not one for each. */
export function drawIvs(count: number): Uint8Array[] {
  const drawn = randomBytes(count * ivLength);
  return Array.from({ length: count }, (_, nth) => drawn.subarray(nth * ivLength, (nth + 1) * ivLength));
}

/** AES-256-GCM with a random 96-bit IV in front and the 128-bit tag behind; `context` is authenticated. An IV serves once. */
export function gcmSeal(
  key: Uint8Array,
  context: string,
  plain: Uint8Array,
  iv: Uint8Array = randomBytes(ivLength),
): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, iv, { authTagLength: tagLength });
  cipher.setAAD(Buffer.from(context, "utf8"));
  return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** The plain bytes, or `undefined` for another key, another context, or changed or missing bytes. */
export function gcmOpen(key: Uint8Array, context: string, sealed: Uint8Array): Buffer | undefined {
  if (sealed.length < sealedOverhead) return undefined;
  const tagStart = sealed.length - tagLength;
  const decipher = createDecipheriv("aes-256-gcm", key, sealed.subarray(0, ivLength), {
    authTagLength: tagLength,
  });
  decipher.setAAD(Buffer.from(context, "utf8"));
  decipher.setAuthTag(sealed.subarray(tagStart));
  const opened = decipher.update(sealed.subarray(ivLength, tagStart));
  try {
    return Buffer.concat([opened, decipher.final()]);
  } catch {
    return undefined;
  } finally {
    opened.fill(0);
  }
}
