import type { Apdu, Gateway } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";

/** The prefix of a gateway: network, the meter's address behind it, and the rest is the meter's own APDU. */
export function takeGateway(cursor: Cursor, kind: Gateway["kind"]): Apdu {
  const networkId = cursor.uint8();
  const address = cursor.lengthAndBytes();
  return { kind, networkId, address, apdu: cursor.take(cursor.left) };
}

export function putGateway(writer: Writer, { kind, networkId, address, apdu }: Gateway): void {
  writer.uint8(apduTags[kind]).uint8(networkId).sized(address).raw(apdu);
}
