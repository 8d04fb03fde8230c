import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { StoreError } from "../errors.ts";

/** Signs what leaves the activity log. Its private half lies in a file outside the database, like the master key. */
export interface SigningKey {
  /** Public half: 32 bytes in base64. */
  readonly publicKey: string;
  /** Short name of the public half, for people to compare. */
  readonly fingerprint: string;
  sign(bytes: Uint8Array): string;
}

/** 16 hex digits by which people tell public keys apart. */
export const keyFingerprint = (publicKey: string): string =>
  createHash("sha256").update(Buffer.from(publicKey, "base64")).digest("hex").slice(0, 16);

/**
 * The Ed25519 key in `file` (PEM), made when there is none, for its owner alone.
 * @throws StoreError `audit.key-file`
 */
export function findSigningKey(file: string): SigningKey {
  try {
    if (!existsSync(file)) {
      const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" });
      writeFileSync(file, pem, { mode: 0o400, flag: "wx" });
    }
    return signingKeyOf(createPrivateKey(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new StoreError("audit.key-file", `${file} holds no Ed25519 key that can be read`, cause);
  }
}

function signingKeyOf(privateKey: KeyObject): SigningKey {
  if (privateKey.asymmetricKeyType !== "ed25519") throw new Error("another kind of key");
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  const publicKey = Buffer.from(x, "base64url").toString("base64");
  return {
    publicKey,
    fingerprint: keyFingerprint(publicKey),
    sign: (bytes) => sign(null, bytes, privateKey).toString("base64"),
  };
}

/** Whether `signature` is that of `publicKey` (both base64) on these bytes. Anything that is no key or signature is not. */
export function isSigned(bytes: Uint8Array, publicKey: string, signature: string): boolean {
  try {
    const x = Buffer.from(publicKey, "base64").toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    return verify(null, bytes, key, Buffer.from(signature, "base64"));
  } catch {
    return false;
  }
}
