import { DecodeError } from "./errors.ts";

/** An OBIS code in full, `A-B:C.D.E*F`, all six parts decimal (IEC 62056-61). */
export type ObisCode = string & { readonly brand?: "ObisCode" };

const letters: Readonly<Record<string, number>> = { C: 96, F: 97, L: 98, P: 99 };
const reduced =
  /^(?:(\d{1,3})-(?:(\d{1,3}):)?)?([0-9]{1,3}|[CFLP])\.([0-9]{1,3}|[CFLP])(?:\.([0-9]{1,3}))?(?:([*&])(\d{1,3}))?$/;

/** Six parts between dots, as engineers and some tools write a logical name. */
const dotted = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Formats the six bytes of a logical name. */
export function formatObis(bytes: ArrayLike<number>): ObisCode {
  return `${bytes[0]}-${bytes[1]}:${bytes[2]}.${bytes[3]}.${bytes[4]}*${bytes[5]}`;
}

/**
 * Parses a full, dotted or reduced code (`1-0:1.8.1*05`, `1.0.1.8.0.255`, `1.8.0`, `C.1.0`) to its full form. Missing parts take
 * A=1, B=0, E=0, F=255; the letters C, F, L, P stand for 96 to 99 and then A defaults to 0 for an abstract object.
 */
export function findObis(address: string): ObisCode | undefined {
  const six = dotted.exec(address);
  if (six) return inRange(six.slice(1).map(Number));
  const match = reduced.exec(address);
  if (!match) return undefined;
  const part = (text: string | undefined, missing: number) =>
    text === undefined ? missing : (letters[text] ?? Number(text));
  const c = part(match[3], 0);
  const abstract = match[1] === undefined && letters[match[3] ?? ""] !== undefined;
  return inRange([
    part(match[1], abstract ? 0 : 1),
    part(match[2], 0),
    c,
    part(match[4], 0),
    part(match[5], 0),
    part(match[7], 255),
  ]);
}

function inRange(parts: readonly number[]): ObisCode | undefined {
  return parts.every((value) => value <= 255) ? formatObis(parts) : undefined;
}

/** The six bytes of a code in full. @throws DecodeError `obis.invalid` */
export function encodeObis(code: ObisCode): Uint8Array {
  const full = findObis(code);
  const match = full === undefined ? null : /^(\d+)-(\d+):(\d+)\.(\d+)\.(\d+)\*(\d+)$/.exec(full);
  if (!match) throw new DecodeError("obis.invalid", 0, `not an OBIS code: ${code}`);
  return Uint8Array.from(match.slice(1, 7), Number);
}
