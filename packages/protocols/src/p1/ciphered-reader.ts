import type { Ciphered } from "../dlms/apdu-types.ts";
import { concatBytes } from "../dlms/bytes.ts";
import { titleLength } from "../dlms/protection.ts";
import { decodeCipheredP1 } from "./ciphered-telegram.ts";

const generalGlo = 0xdb;
/** Security control and invocation counter. */
const headerLength = 5;
/** The longest telegrams that are known have some 2 KiB; a wrong length must not hold up the line for long. */
const lengthMaxDefault = 16_384;

/**
 * Takes ciphered telegrams off a stream that begins anywhere and has no frame of its own: each is known by its tag, the
 * length of its title and a length that can be. The same for any split of the stream.
 */
export class CipheredP1Reader {
  #received: Uint8Array = new Uint8Array(0);
  readonly #lengthMax: number;

  constructor(options: { readonly lengthMax?: number } = {}) {
    this.#lengthMax = options.lengthMax ?? lengthMaxDefault;
  }

  push(chunk: Uint8Array): Ciphered[] {
    const received = concatBytes(this.#received, chunk);
    const found: Ciphered[] = [];
    let at = 0;
    for (;;) {
      const start = received.indexOf(generalGlo, at);
      if (start < 0) {
        at = received.length;
        break;
      }
      at = start;
      const end = endOf(received, start, this.#lengthMax);
      if (end === "more") break;
      if (end === "none") {
        at++;
        continue;
      }
      found.push(decodeCipheredP1(received.slice(start, end)));
      at = end;
    }
    this.#received = received.slice(at);
    return found;
  }
}

/** Where the telegram at `start` ends; `none` when it is none. */
function endOf(bytes: Uint8Array, start: number, lengthMax: number): number | "none" | "more" {
  const titleAt = start + 1;
  if (titleAt >= bytes.length) return "more";
  if (bytes[titleAt] !== titleLength) return "none";
  const lengthAt = titleAt + 1 + titleLength;
  const first = bytes[lengthAt];
  if (first === undefined) return "more";
  const lengthBytes = first < 0x80 ? 0 : first === 0x81 ? 1 : first === 0x82 ? 2 : undefined;
  if (lengthBytes === undefined) return "none";
  const contentAt = lengthAt + 1 + lengthBytes;
  if (contentAt > bytes.length) return "more";
  let length = lengthBytes === 0 ? first : 0;
  for (let at = lengthAt + 1; at < contentAt; at++) length = length * 256 + bytes[at]!;
  if (length < headerLength || length > lengthMax) return "none";
  const end = contentAt + length;
  return end > bytes.length ? "more" : end;
}
