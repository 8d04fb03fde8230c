import { encodeApdu } from "../dlms/apdu.ts";
import { concatBytes, toHex } from "../dlms/bytes.ts";
import { openCiphered, tagLength, titleLength } from "../dlms/protection.ts";
import { decodeSecurityControl } from "../dlms/services/ciphered.ts";
import { CipheredP1Reader } from "../p1/ciphered-reader.ts";
import { readMessageOrWarn } from "./dlms-message.ts";
import type { Recogniser } from "./explanation.ts";
import { warn } from "./warning.ts";

const generalGlo = 0xdb;

/** Telegrams of a customer port that ciphers each whole, one after another. */
export const cipheredTelegrams: Recogniser = {
  name: "ciphered P1",
  recognise(bytes, options) {
    if (bytes[0] !== generalGlo) return undefined;
    const reader = new CipheredP1Reader();
    const messages = reader.push(bytes);
    // One alone is an APDU like any other.
    if (messages.length < 2) return undefined;
    const read = messages.map((message) => readMessageOrWarn(encodeApdu(message), true, options));
    return {
      telegrams: read.map(({ telegram }) => telegram),
      warnings: [...new Set(read.flatMap(({ warnings }) => warnings))],
    };
  },
};

/**
 * A ciphertext that was copied out of its APDU, or the GMAC of high level security: nothing in them says what they are, so
 * they are tried only where the counter is told. With a challenge it is the GMAC, sent as SC || IC || tag or the tag alone.
 */
export const bareCiphertext: Recogniser = {
  name: "ciphertext",
  recognise(bytes, { ciphers, keys, invocationCounter: counter, challenge }) {
    if (counter === undefined || !ciphers || !keys?.encryption || !keys.authentication) return undefined;
    const { encryption, authentication, systemTitle } = keys;
    if (systemTitle?.length !== titleLength) return undefined;
    const suite = encryption.length === 32 ? 2 : 0;
    const control = decodeSecurityControl((challenge ? 0x10 : 0x30) | suite);
    const content = challenge ? concatBytes(challenge, bytes.subarray(-tagLength)) : bytes;
    const opened = openCiphered(
      { securityControl: control, content, invocationCounter: counter },
      { encryption, authentication, systemTitle },
      ciphers,
    );
    const checks = { tag: opened.ok ? ("good" as const) : ("bad" as const) };
    const device = { systemTitle: toHex(systemTitle) };
    const warnings = opened.ok ? [] : [warn(opened.code, 0, challenge ? "GMAC" : "ciphertext")];
    if (challenge) return { telegrams: [{ kind: "dlms-gmac", device, checks }], warnings };
    const inner = opened.ok ? readMessageOrWarn(opened.apdu, false) : undefined;
    const telegram = { kind: "dlms-apdu", ...inner?.telegram, device, checks };
    return { telegrams: [telegram], warnings: [...warnings, ...(inner?.warnings ?? [])] };
  },
};
