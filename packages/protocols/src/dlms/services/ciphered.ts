import type { Ciphered, SecurityControl } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { cipheredTags } from "../tags.ts";
import type { Writer } from "../writer.ts";

/** The security control byte (IEC 62056-5-3, ciphered APDUs). */
export function decodeSecurityControl(byte: number): SecurityControl {
  return {
    byte,
    suite: byte & 0x0f,
    authenticated: (byte & 0x10) !== 0,
    encrypted: (byte & 0x20) !== 0,
    broadcastKey: (byte & 0x40) !== 0,
    compressed: (byte & 0x80) !== 0,
  };
}

const generalGlo = 0xdb;
const generalDed = 0xdc;
/** Security control and invocation counter. */
const headerLength = 5;

export function takeCiphered(cursor: Cursor, tag: keyof typeof cipheredTags): Ciphered {
  const general = tag === generalGlo || tag === generalDed;
  const systemTitle = general ? cursor.lengthAndBytes() : undefined;
  const lengthAt = cursor.offset;
  const length = cursor.length();
  if (length < headerLength) throw cursor.fail("length", lengthAt);
  const part = cursor.part(length);
  const securityControl = decodeSecurityControl(part.uint8());
  return {
    kind: "ciphered",
    tag,
    service: cipheredTags[tag],
    // Empty when the association has told it already.
    ...(systemTitle && systemTitle.length > 0 && { systemTitle }),
    securityControl,
    invocationCounter: part.uint32(),
    content: part.take(part.left),
  };
}

export function putCiphered(writer: Writer, apdu: Ciphered): void {
  writer.uint8(apdu.tag);
  if (apdu.tag === generalGlo || apdu.tag === generalDed) writer.sized(apdu.systemTitle ?? []);
  writer.size(headerLength + apdu.content.length);
  writer.uint8(apdu.securityControl.byte).uint32(apdu.invocationCounter).raw(apdu.content);
}
