import type { Apdu, GeneralBlock } from "../apdu-types.ts";
import type { Cursor } from "../cursor.ts";
import { apduTags } from "../tags.ts";
import type { Writer } from "../writer.ts";

export function takeGeneralBlock(cursor: Cursor): Apdu {
  const control = cursor.uint8();
  return {
    kind: "general-block-transfer",
    last: (control & 0x80) !== 0,
    streaming: (control & 0x40) !== 0,
    window: control & 0x3f,
    block: cursor.uint16(),
    acknowledged: cursor.uint16(),
    raw: cursor.lengthAndBytes(),
  };
}

export function putGeneralBlock(writer: Writer, apdu: GeneralBlock): void {
  const control = (apdu.last ? 0x80 : 0) | (apdu.streaming ? 0x40 : 0) | (apdu.window & 0x3f);
  writer.uint8(apduTags["general-block-transfer"]).uint8(control);
  writer.uint16(apdu.block).uint16(apdu.acknowledged).sized(apdu.raw);
}
