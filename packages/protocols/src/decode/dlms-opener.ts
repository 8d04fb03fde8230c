import { decodeLeadingApdu } from "../dlms/apdu.ts";
import type { Apdu, Ciphered } from "../dlms/apdu-types.ts";
import { openCiphered } from "../dlms/protection.ts";
import { DecodeError } from "../errors.ts";
import type { ExplainOptions } from "./explanation.ts";
import { warn } from "./warning.ts";

/** Opens the ciphered APDUs of one dialogue with the keys that were given, and learns the titles of both sides from it. */
export class Opener {
  readonly #options: ExplainOptions;
  readonly #titles: { reader?: Uint8Array; meter?: Uint8Array } = {};
  readonly warnings = new Set<string>();

  constructor(options: ExplainOptions) {
    this.#options = options;
  }

  learn(apdu: Apdu): void {
    if (apdu.kind === "aarq" && apdu.callingApTitle) this.#titles.reader = apdu.callingApTitle;
    if (apdu.kind === "aare" && apdu.respondingApTitle) this.#titles.meter = apdu.respondingApTitle;
  }

  /** The APDU inside, or `undefined` with a warning about what is missing. */
  open(apdu: Ciphered, from: "reader" | "meter"): Apdu | undefined {
    const { ciphers, keys } = this.#options;
    if (!ciphers || !keys?.encryption) {
      this.warnings.add(warn("dlms.no-key", 0, "ciphered parts, and no key was given"));
      return undefined;
    }
    const systemTitle = this.#titles[from] ?? keys.systemTitle;
    const { encryption } = keys;
    const opened = openCiphered(apdu, { ...keys, encryption, ...(systemTitle && { systemTitle }) }, ciphers);
    if (!opened.ok) {
      this.warnings.add(warn(opened.code, 0, apdu.service));
      return undefined;
    }
    if (opened.tag === "unchecked") this.warnings.add(warn("dlms.tag-unchecked", 0, apdu.service));
    try {
      const { apdu: inner, end } = decodeLeadingApdu(opened.apdu);
      if (end < opened.apdu.length) this.warnings.add(warn("apdu.trailing", end, `inside ${apdu.service}`));
      return inner;
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.warnings.add(warn(error.code, error.offset, `inside ${apdu.service}`));
      return undefined;
    }
  }
}
