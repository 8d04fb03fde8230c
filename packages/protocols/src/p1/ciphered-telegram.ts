import type { Ciphers } from "../ciphers.ts";
import { decodeLeadingApdu, encodeApdu } from "../dlms/apdu.ts";
import type { Ciphered } from "../dlms/apdu-types.ts";
import { openCiphered, type Sealing, sealContent } from "../dlms/protection.ts";
import { decodeSecurityControl } from "../dlms/services/ciphered.ts";
import { DecodeError } from "../errors.ts";
import { type IecTelegram, ReadoutReader } from "../iec62056-21/index.ts";

// Customer ports of Luxembourg, Austria and others: the whole P1 telegram is the content of one general-glo-ciphering APDU
// (tag DB). The additional data are the security control byte and the authentication key, as for any other APDU.

/** Keys of one customer port. */
export interface P1Keys {
  readonly encryption: Uint8Array;
  /** Fixed and public in Luxembourg (0011..FF), handed out with the encryption key in Austria. */
  readonly authentication?: Uint8Array;
  /**
   * The operator sends a tag and does not hand out the authentication key: decrypt without checking it. What comes out is
   * unauthenticated and says so.
   */
  readonly tagUnchecked?: boolean;
}

export type OpenedP1 =
  | { readonly ok: true; readonly telegram: IecTelegram; readonly tag: "good" | "absent" | "unchecked" }
  | {
      readonly ok: false;
      /** `p1.no-telegram`: what came out is no telegram, so the encryption key is wrong; the others are those of `openCiphered`. */
      readonly code:
        | "p1.no-telegram"
        | "dlms.no-title"
        | "dlms.no-authentication-key"
        | "dlms.tag"
        | "dlms.compressed";
    };

const generalGlo = 0xdb;
const slash = 0x2f;

/** Opens one ciphered telegram and reads it. Replayed counters are for the caller to refuse. */
export function openP1(message: Ciphered, keys: P1Keys, ciphers: Ciphers): OpenedP1 {
  const opened = openCiphered(message, keys, ciphers);
  if (!opened.ok) return opened;
  const telegram = findTelegram(opened.apdu);
  return telegram ? { ok: true, telegram, tag: opened.tag } : { ok: false, code: "p1.no-telegram" };
}

/** The telegram that these bytes are, or `undefined` when they are something else: a wrong key gives noise. */
export function findTelegram(plain: Uint8Array): IecTelegram | undefined {
  if (plain[0] !== slash) return undefined;
  const reader = new ReadoutReader();
  const telegram = reader.push(plain)[0] ?? reader.end()[0];
  return telegram?.identification && telegram.offset === 0 ? telegram : undefined;
}

/** A telegram as a customer port sends it ciphered; `sealing.systemTitle` is the meter's. */
export function sealP1(telegram: Uint8Array, sealing: Sealing, ciphers: Ciphers): Uint8Array {
  return encodeApdu({
    kind: "ciphered",
    tag: generalGlo,
    service: "general-glo-ciphering",
    systemTitle: sealing.systemTitle,
    securityControl: decodeSecurityControl(sealing.control),
    invocationCounter: sealing.counter,
    content: sealContent(telegram, sealing, ciphers),
  });
}

/** One ciphered telegram, alone. @throws DecodeError `apdu.*`, `p1.not-ciphered` */
export function decodeCipheredP1(bytes: Uint8Array): Ciphered {
  const { apdu, end } = decodeLeadingApdu(bytes);
  if (apdu.kind !== "ciphered" || apdu.tag !== generalGlo) throw new DecodeError("p1.not-ciphered", 0);
  if (end < bytes.length) throw new DecodeError("apdu.trailing", end);
  return apdu;
}
