/**
 * The cryptography that a process lends to this package (IEC 62056-5-3, security suites). Nothing here knows a key
 * store or a library; a process passes an implementation on Node's crypto.
 */
export interface Ciphers {
  /** AES-GCM with a 12 byte IV and a 12 byte tag; returns the ciphertext followed by the tag. */
  seal(key: Uint8Array, iv: Uint8Array, additional: Uint8Array, plain: Uint8Array): Uint8Array;
  /** The plaintext, or `undefined` when the tag does not agree: nothing may leave the decoder then. */
  open(key: Uint8Array, iv: Uint8Array, additional: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
  /** Decrypts without a tag (encryption only, or a tag that cannot be checked): the result is unauthenticated. */
  decryptUnauthenticated(key: Uint8Array, iv: Uint8Array, sealed: Uint8Array): Uint8Array;
  random(length: number): Uint8Array;
}
