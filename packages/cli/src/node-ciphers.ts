import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { Ciphers } from "@energsys/protocols";

const tagLength = 12;
const cipherOf = (key: Uint8Array) => (key.length === 32 ? "aes-256-gcm" : "aes-128-gcm");

/** The cryptography of a process, on Node's own. */
export const nodeCiphers: Ciphers = {
  seal(key, iv, additional, plain) {
    const cipher = createCipheriv(cipherOf(key), key, iv, { authTagLength: tagLength });
    cipher.setAAD(additional);
    const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
    return new Uint8Array(Buffer.concat([sealed, cipher.getAuthTag()]));
  },
  open(key, iv, additional, sealed) {
    const decipher = createDecipheriv(cipherOf(key), key, iv, { authTagLength: tagLength });
    decipher.setAAD(additional);
    decipher.setAuthTag(sealed.subarray(sealed.length - tagLength));
    try {
      const plain = decipher.update(sealed.subarray(0, sealed.length - tagLength));
      return new Uint8Array(Buffer.concat([plain, decipher.final()]));
    } catch {
      return undefined;
    }
  },
  decryptUnauthenticated(key, iv, sealed) {
    const decipher = createDecipheriv(cipherOf(key), key, iv, { authTagLength: tagLength });
    return new Uint8Array(decipher.update(sealed));
  },
  random: (length) => new Uint8Array(randomBytes(length)),
};
