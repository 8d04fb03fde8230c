import { decodeApdu } from "../dlms/apdu.ts";
import { concatBytes } from "../dlms/bytes.ts";
import { apduLengthMax } from "../dlms/cursor.ts";
import { DecodeError } from "../errors.ts";
import type { CheckState, FrameExplanation } from "./explanation.ts";
import { warn } from "./warning.ts";

/** A whole APDU and the frames that carried it. */
export interface Carried {
  readonly from: "reader" | "meter";
  readonly apdu: Uint8Array;
  readonly frames: readonly number[];
}

/** What lies in frames of one link: the frames themselves, and the APDUs in them. */
export interface FrameReading {
  readonly frames: FrameExplanation[];
  readonly carried: Carried[];
  readonly warnings: string[];
  /** Name of the frame's own check: `fcs` or `checksum`; none for the wrapper. */
  readonly checkName?: string;
}

/** The worst of a check over some frames. */
export function worstCheck(reading: FrameReading, indexes: readonly number[]): Record<string, CheckState> {
  const { checkName } = reading;
  if (checkName === undefined) return {};
  const states = indexes.map((index) => reading.frames[index]?.checks?.[checkName]);
  return { [checkName]: states.includes("bad") ? "bad" : states.includes("good") ? "good" : "absent" };
}

export const generalBlock = 0xe0;

/**
 * Joins the blocks of general block transfers, for each direction (IEC 62056-5-3). Blocks count from 1; with a gap the
 * whole message is given up, with a warning.
 */
export function joinGeneralBlocks(carried: readonly Carried[], warnings: string[]): Carried[] {
  const joined: Carried[] = [];
  const open = { reader: newMessage(), meter: newMessage() };
  for (const unit of carried) {
    if (unit.apdu[0] !== generalBlock) {
      joined.push(unit);
      continue;
    }
    const message = open[unit.from];
    try {
      const block = decodeApdu(unit.apdu);
      if (block.kind !== "general-block-transfer") continue;
      // An empty block only acknowledges.
      if (block.raw.length === 0 && !block.last) continue;
      message.frames.push(...unit.frames);
      if (block.block !== message.parts.length + 1) message.broken = true;
      message.parts.push(block.raw);
      message.length += block.raw.length;
      if (message.length > apduLengthMax) throw new DecodeError("apdu.length", 0);
      if (!block.last) continue;
      if (message.broken) warnings.push(warn("dlms.block-number", 0, "blocks are missing"));
      else joined.push({ from: unit.from, apdu: concatBytes(...message.parts), frames: message.frames });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      warnings.push(warn(error.code, error.offset));
    }
    open[unit.from] = newMessage();
  }
  for (const message of [open.reader, open.meter]) {
    if (message.parts.length > 0) warnings.push(warn("dlms.block-number", 0, "the last block is missing"));
  }
  return joined;
}

const newMessage = () => ({ parts: [] as Uint8Array[], frames: [] as number[], length: 0, broken: false });
