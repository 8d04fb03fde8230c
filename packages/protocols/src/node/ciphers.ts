import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  randomBytes,
  sign,
  verify,
} from "node:crypto";
import type { Ciphers, Curve } from "../ciphers.ts";

const tagLength = 12;
const cipherOf = (key: Uint8Array) => (key.length === 32 ? "aes-256-gcm" : "aes-128-gcm");
const wrapOf = (key: Uint8Array) => (key.length === 32 ? "id-aes256-wrap" : "id-aes128-wrap");
const wrapCheck = Buffer.alloc(8, 0xa6);

const curveNames = { "P-256": "prime256v1", "P-384": "secp384r1" } as const;
const curveHashes = { "P-256": "sha256", "P-384": "sha384" } as const;
const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

/** Key objects out of the bare numbers that DLMS uses. */
function jwk(curve: Curve, publicKey: Uint8Array, privateKey?: Uint8Array) {
  const half = publicKey.length / 2;
  return {
    kty: "EC",
    crv: curve,
    x: base64(publicKey.subarray(0, half)),
    y: base64(publicKey.subarray(half)),
    ...(privateKey && { d: base64(privateKey) }),
  };
}

/** x || y of a private key. */
export function publicKeyOf(curve: Curve, privateKey: Uint8Array): Uint8Array {
  const ecdh = createECDH(curveNames[curve]);
  ecdh.setPrivateKey(privateKey);
  return new Uint8Array(ecdh.getPublicKey()).subarray(1);
}

/** The cryptography of a process, on Node's own. */
export const nodeCiphers: Required<Ciphers> = {
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
      // Counter mode: everything comes out of `update`, `final` only compares the tag.
      const plain = decipher.update(sealed.subarray(0, sealed.length - tagLength));
      decipher.final();
      return new Uint8Array(plain.buffer, plain.byteOffset, plain.length);
    } catch {
      return undefined;
    }
  },
  decryptUnauthenticated(key, iv, sealed) {
    const decipher = createDecipheriv(cipherOf(key), key, iv, { authTagLength: tagLength });
    return new Uint8Array(decipher.update(sealed));
  },
  random: (length) => new Uint8Array(randomBytes(length)),
  hash: (name, bytes) => new Uint8Array(createHash(name).update(bytes).digest()),
  wrapKey(wrappingKey, key) {
    const cipher = createCipheriv(wrapOf(wrappingKey), wrappingKey, wrapCheck);
    return new Uint8Array(Buffer.concat([cipher.update(key), cipher.final()]));
  },
  unwrapKey(wrappingKey, wrapped) {
    try {
      const decipher = createDecipheriv(wrapOf(wrappingKey), wrappingKey, wrapCheck);
      return new Uint8Array(Buffer.concat([decipher.update(wrapped), decipher.final()]));
    } catch {
      return undefined;
    }
  },
  sign(curve, privateKey, bytes) {
    const key = createPrivateKey({
      key: jwk(curve, publicKeyOf(curve, privateKey), privateKey),
      format: "jwk",
    });
    return new Uint8Array(sign(curveHashes[curve], bytes, { key, dsaEncoding: "ieee-p1363" }));
  },
  verify(curve, publicKey, bytes, signature) {
    const key = createPublicKey({ key: jwk(curve, publicKey), format: "jwk" });
    return verify(curveHashes[curve], bytes, { key, dsaEncoding: "ieee-p1363" }, signature);
  },
  agree(curve, privateKey, publicKey) {
    const ecdh = createECDH(curveNames[curve]);
    ecdh.setPrivateKey(privateKey);
    return new Uint8Array(ecdh.computeSecret(Buffer.concat([Uint8Array.of(4), publicKey])));
  },
};
