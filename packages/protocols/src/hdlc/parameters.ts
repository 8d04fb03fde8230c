import { Cursor } from "../dlms/cursor.ts";
import { Writer } from "../dlms/writer.ts";

/** What SNRM proposes and UA grants, from the sender's view (IEC 62056-46, negotiation). */
export interface HdlcParameters {
  readonly informationTransmitMax: number;
  readonly informationReceiveMax: number;
  readonly windowTransmit: number;
  readonly windowReceive: number;
}

export const defaultParameters: HdlcParameters = {
  informationTransmitMax: 128,
  informationReceiveMax: 128,
  windowTransmit: 1,
  windowReceive: 1,
};

const names = new Map<number, keyof HdlcParameters>([
  [0x05, "informationTransmitMax"],
  [0x06, "informationReceiveMax"],
  [0x07, "windowTransmit"],
  [0x08, "windowReceive"],
]);

/**
 * Decodes the information field of SNRM or UA: order and presence are free, a value has 1, 2 or 4 bytes, an empty field
 * means the defaults; unknown parameters are skipped.
 * @throws DecodeError `hdlc-parameters.format`, `hdlc-parameters.length`, `hdlc-parameters.value`, `hdlc-parameters.truncated`
 */
export function decodeParameters(information: Uint8Array): HdlcParameters {
  if (information.length === 0) return defaultParameters;
  const cursor = new Cursor(information, "hdlc-parameters");
  if (cursor.uint8() !== 0x81) throw cursor.fail("format", 0);
  if (cursor.uint8() !== 0x80) throw cursor.fail("format", 1);
  const group = cursor.part(cursor.uint8());
  const found: { -readonly [Name in keyof HdlcParameters]: number } = { ...defaultParameters };
  while (group.left > 0) {
    const name = names.get(group.uint8());
    const at = group.offset;
    const size = group.uint8();
    if (name && (size === 0 || size > 4)) throw group.fail("length", at);
    let value = 0;
    for (const byte of group.take(size)) value = value * 256 + byte;
    if (!name) continue;
    if (value === 0) throw group.fail("value", at + 1);
    found[name] = value;
  }
  return found;
}

export function encodeParameters(parameters: HdlcParameters): Uint8Array<ArrayBuffer> {
  const group = new Writer();
  for (const [id, name] of names) {
    const value = parameters[name];
    group.uint8(id);
    if (name === "windowTransmit" || name === "windowReceive") group.uint8(4).uint32(value);
    else if (value < 0x100) group.uint8(1).uint8(value);
    else group.uint8(2).uint16(value);
  }
  const bytes = group.finish();
  return new Writer().uint8(0x81).uint8(0x80).uint8(bytes.length).raw(bytes).finish();
}
