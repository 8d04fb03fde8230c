/** Curve of a security suite: P-256 with SHA-256 in suite 1, P-384 with SHA-384 in suite 2. */
export type Curve = "P-256" | "P-384";
export type HashName = "md5" | "sha1" | "sha256" | "sha384";

/**
 * The cryptography that a process lends to this package (IEC 62056-5-3, security suites). Nothing here knows a key
 * store or a library; a process passes an implementation on Node's crypto. Optional functions are those that only some
 * authentication mechanisms and suites need; without them these are refused with `dlms.cipher-missing`.
 */
export interface Ciphers {
  /** AES-GCM with a 12 byte IV and a 12 byte tag; returns the ciphertext followed by the tag. */
  seal(key: Uint8Array, iv: Uint8Array, additional: Uint8Array, plain: Uint8Array): Uint8Array;
  /** The plaintext, or `undefined` when the tag does not agree: nothing may leave the decoder then. */
  open(key: Uint8Array, iv: Uint8Array, additional: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
  /** Decrypts without a tag (encryption only, or a tag that cannot be checked): the result is unauthenticated. */
  decryptUnauthenticated(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array;
  random(length: number): Uint8Array;
  /** For the mechanisms 3, 4 and 6 and for key agreement. */
  hash?(name: HashName, bytes: Uint8Array): Uint8Array;
  /** AES key wrap (RFC 3394): 8 bytes longer than the key. */
  wrapKey?(wrappingKey: Uint8Array, key: Uint8Array): Uint8Array;
  /** The key, or `undefined` when its check does not agree. */
  unwrapKey?(wrappingKey: Uint8Array, wrapped: Uint8Array): Uint8Array | undefined;
  /** ECDSA with the curve's hash; the signature is r || s. A private key is its number, 32 or 48 bytes. */
  sign?(curve: Curve, privateKey: Uint8Array, bytes: Uint8Array): Uint8Array;
  /** A public key is x || y, 64 or 96 bytes. */
  verify?(curve: Curve, publicKey: Uint8Array, bytes: Uint8Array, signature: Uint8Array): boolean;
  /** ECDH: the x coordinate that both sides find. */
  agree?(curve: Curve, privateKey: Uint8Array, publicKey: Uint8Array): Uint8Array;
}
