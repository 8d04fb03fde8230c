import type { Ciphers } from "../ciphers.ts";
import type { Ciphered } from "./apdu-types.ts";
import { concatBytes } from "./bytes.ts";

/** Keys of one security suite: 16 bytes each in suites 0 and 1, 32 in suite 2. */
export interface ProtectionKeys {
  readonly encryption: Uint8Array;
  readonly authentication?: Uint8Array;
  /** The sender's, for APDUs that do not carry it. */
  readonly systemTitle?: Uint8Array;
  /**
   * Decrypt what carries a tag without checking it, because nobody hands out the authentication key. What comes out is
   * unauthenticated: a setting of one meter that somebody chose, never a way to go on after a wrong tag.
   */
  readonly tagUnchecked?: boolean;
}

export type Opened =
  | { readonly ok: true; readonly apdu: Uint8Array; readonly tag: "good" | "absent" | "unchecked" }
  | {
      readonly ok: false;
      readonly code: "dlms.no-title" | "dlms.no-authentication-key" | "dlms.tag" | "dlms.compressed";
    };

export const tagLength = 12;
export const titleLength = 8;

/** Bits of the security control byte. */
export const authenticatedBit = 0x10;
export const encryptedBit = 0x20;

export function initializationVector(systemTitle: Uint8Array, counter: number): Uint8Array {
  const iv = new Uint8Array(titleLength + 4);
  iv.set(systemTitle);
  iv[8] = counter >>> 24;
  iv[9] = counter >>> 16;
  iv[10] = counter >>> 8;
  iv[11] = counter;
  return iv;
}

/**
 * Opens a ciphered APDU (IEC 62056-5-3, AES-GCM): IV = system title || counter; with authentication the additional data
 * are security control || authentication key || `header`, and the APDU itself where it is only authenticated. Nothing
 * leaves when the tag does not agree. Counters are for the caller to check.
 * @param header what general-ciphering authenticates besides: its fields before the key information
 */
export function openCiphered(
  apdu: Pick<Ciphered, "securityControl" | "content" | "systemTitle" | "invocationCounter">,
  keys: ProtectionKeys,
  ciphers: Ciphers,
  header: Uint8Array = new Uint8Array(0),
): Opened {
  const { securityControl, content } = apdu;
  const title = apdu.systemTitle ?? keys.systemTitle;
  if (title?.length !== titleLength) return { ok: false, code: "dlms.no-title" };
  if (securityControl.compressed) return { ok: false, code: "dlms.compressed" };
  const iv = initializationVector(title, apdu.invocationCounter);

  if (!securityControl.authenticated) {
    const plain = securityControl.encrypted
      ? ciphers.decryptUnauthenticated(keys.encryption, iv, content)
      : content;
    return { ok: true, apdu: plain, tag: "absent" };
  }
  if (content.length < tagLength) return { ok: false, code: "dlms.tag" };
  if (keys.tagUnchecked) {
    const unchecked = content.subarray(0, content.length - tagLength);
    const plain = securityControl.encrypted
      ? ciphers.decryptUnauthenticated(keys.encryption, iv, unchecked)
      : unchecked;
    return { ok: true, apdu: plain, tag: "unchecked" };
  }
  if (!keys.authentication) return { ok: false, code: "dlms.no-authentication-key" };
  const head = concatBytes(Uint8Array.of(securityControl.byte), keys.authentication, header);
  if (securityControl.encrypted) {
    const plain = ciphers.open(keys.encryption, iv, head, content);
    return plain ? { ok: true, apdu: plain, tag: "good" } : { ok: false, code: "dlms.tag" };
  }
  const readable = content.subarray(0, content.length - tagLength);
  const agrees = ciphers.open(keys.encryption, iv, concatBytes(head, readable), content.subarray(-tagLength));
  return agrees ? { ok: true, apdu: readable, tag: "good" } : { ok: false, code: "dlms.tag" };
}

export interface Sealing {
  /** Security control byte: suite, authenticated, encrypted. */
  readonly control: number;
  readonly counter: number;
  /** Of the sender. */
  readonly systemTitle: Uint8Array;
  readonly encryption: Uint8Array;
  readonly authentication: Uint8Array;
}

/** The content of a ciphered APDU after its counter: ciphertext and tag, or the readable APDU and tag. */
export function sealContent(
  plain: Uint8Array,
  sealing: Sealing,
  ciphers: Ciphers,
  header: Uint8Array = new Uint8Array(0),
): Uint8Array {
  const { control, counter, encryption } = sealing;
  const iv = initializationVector(sealing.systemTitle, counter);
  const authenticated = (control & authenticatedBit) !== 0;
  const encrypted = (control & encryptedBit) !== 0;
  if (!authenticated && !encrypted) return plain;
  const head = concatBytes(Uint8Array.of(control), sealing.authentication, header);
  if (!encrypted) {
    const tag = ciphers.seal(encryption, iv, concatBytes(head, plain), new Uint8Array(0));
    return concatBytes(plain, tag);
  }
  if (authenticated) return ciphers.seal(encryption, iv, head, plain);
  const sealed = ciphers.seal(encryption, iv, new Uint8Array(0), plain);
  return sealed.subarray(0, sealed.length - tagLength);
}
