import type { Ciphers } from "../ciphers.ts";
import type { Ciphered } from "./apdu-types.ts";
import { concatBytes } from "./bytes.ts";

/** Keys of one security suite: 16 bytes each in suites 0 and 1, 32 in suite 2. */
export interface ProtectionKeys {
  readonly encryption: Uint8Array;
  readonly authentication?: Uint8Array;
  /** The sender's, for APDUs that do not carry it. */
  readonly systemTitle?: Uint8Array;
}

export type Opened =
  | { readonly ok: true; readonly apdu: Uint8Array; readonly tag: "good" | "absent" }
  | {
      readonly ok: false;
      readonly code: "dlms.no-title" | "dlms.no-authentication-key" | "dlms.tag" | "dlms.compressed";
    };

const tagLength = 12;
const titleLength = 8;

/**
 * Opens a ciphered APDU (IEC 62056-5-3, AES-GCM): IV = system title || counter; with authentication the additional data
 * are security control || authentication key, and the APDU itself where it is only authenticated. Nothing leaves when the
 * tag does not agree. Counters are for the caller to check.
 */
export function openCiphered(apdu: Ciphered, keys: ProtectionKeys, ciphers: Ciphers): Opened {
  const { securityControl, content } = apdu;
  const title = apdu.systemTitle ?? keys.systemTitle;
  if (title?.length !== titleLength) return { ok: false, code: "dlms.no-title" };
  if (securityControl.compressed) return { ok: false, code: "dlms.compressed" };
  const iv = new Uint8Array(12);
  iv.set(title);
  new DataView(iv.buffer).setUint32(titleLength, apdu.invocationCounter);

  if (!securityControl.authenticated) {
    const plain = securityControl.encrypted
      ? ciphers.decryptUnauthenticated(keys.encryption, iv, content)
      : content;
    return { ok: true, apdu: plain, tag: "absent" };
  }
  if (!keys.authentication) return { ok: false, code: "dlms.no-authentication-key" };
  if (content.length < tagLength) return { ok: false, code: "dlms.tag" };
  const head = concatBytes(Uint8Array.of(securityControl.byte), keys.authentication);
  if (securityControl.encrypted) {
    const plain = ciphers.open(keys.encryption, iv, head, content);
    return plain ? { ok: true, apdu: plain, tag: "good" } : { ok: false, code: "dlms.tag" };
  }
  const readable = content.subarray(0, content.length - tagLength);
  const agrees = ciphers.open(keys.encryption, iv, concatBytes(head, readable), content.subarray(-tagLength));
  return agrees ? { ok: true, apdu: readable, tag: "good" } : { ok: false, code: "dlms.tag" };
}
