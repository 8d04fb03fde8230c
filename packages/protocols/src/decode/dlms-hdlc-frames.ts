import { concatBytes, toHex } from "../dlms/bytes.ts";
import { apduLengthMax } from "../dlms/cursor.ts";
import { DecodeError } from "../errors.ts";
import { findFrame, formatAddress, type ReceivedFrame, stripLlc } from "../hdlc/index.ts";
import { type Carried, type FrameReading, generalBlock } from "./dlms-carried.ts";
import { explainFrame } from "./dlms-words.ts";
import type { FrameExplanation, SessionStep } from "./explanation.ts";
import { warn } from "./warning.ts";

type Direction = "reader" | "meter";

interface FoundFrame {
  readonly frame: ReceivedFrame;
  readonly bytes: Uint8Array;
  readonly from: Direction | undefined;
}

/** Frames in the order in which they were whole; bytes of a direction that is not told count as one stream. */
function findFrames(steps: readonly Partial<SessionStep>[], warnings: string[]): FoundFrame[] {
  const found: FoundFrame[] = [];
  const rests = new Map<Direction | undefined, Uint8Array>();
  let skipped = 0;
  for (const { from, bytes = new Uint8Array(0) } of steps) {
    let rest: Uint8Array = concatBytes(rests.get(from) ?? new Uint8Array(0), bytes);
    for (;;) {
      const next = findFrame(rest);
      if (!next.frame) {
        skipped += next.start;
        rest = rest.subarray(next.start);
        break;
      }
      // The closing flag of one frame may open the next; a pair of flags is no garbage.
      skipped += rest.subarray(0, next.start).filter((byte) => byte !== 0x7e).length;
      found.push({ frame: next.frame, bytes: rest.subarray(next.start, next.end + 1), from });
      rest = rest.subarray(next.end);
    }
    rests.set(from, rest);
  }
  for (const rest of rests.values()) skipped += rest.length > 1 ? rest.length : 0;
  if (skipped > 1) warnings.push(warn("hdlc.no-frame", 0, `${skipped} bytes belong to no frame`));
  return found;
}

/** Who speaks, from the LLC header and from commands that only one side sends; a push has neither of a reader. */
function directionOf({ frame }: FoundFrame): Direction | undefined {
  const { kind } = frame.control;
  if (kind === "SNRM" || kind === "DISC") return "reader";
  if (kind === "UA" || kind === "DM" || kind === "FRMR") return "meter";
  const [first, second] = frame.information;
  if (first !== 0xe6) return undefined;
  return second === 0xe6 ? "reader" : second === 0xe7 ? "meter" : undefined;
}

/** Reads HDLC frames and joins their segments into APDUs; `undefined` when there is no frame at all. */
export function readHdlcFrames(steps: readonly Partial<SessionStep>[]): FrameReading | undefined {
  const warnings: string[] = [];
  const found = findFrames(steps, warnings);
  if (found.length === 0) return undefined;

  const sides = new Map<string, Direction>();
  for (const entry of found) {
    const direction = entry.from ?? directionOf(entry);
    if (direction) sides.set(formatAddress(entry.frame.source), direction);
  }
  const frames: FrameExplanation[] = [];
  const carried: Carried[] = [];
  const open: Record<Direction, { parts: Uint8Array[]; frames: number[]; length: number }> = {
    reader: { parts: [], frames: [], length: 0 },
    meter: { parts: [], frames: [], length: 0 },
  };
  for (const entry of found) {
    const { frame, bytes } = entry;
    const from = entry.from ?? directionOf(entry) ?? sides.get(formatAddress(frame.source)) ?? "meter";
    const index = frames.length;
    frames.push({
      from,
      explains: sayFrame(frame, warnings),
      hex: toHex(bytes),
      checks: { hcs: frame.hcs, fcs: frame.fcs },
    });
    if (frame.fcs === "bad") warnings.push(warn("hdlc.fcs", bytes.length - 3, `frame ${index + 1}`));
    const { kind } = frame.control;
    if (kind !== "I" && kind !== "UI") continue;
    const unit = open[from];
    unit.parts.push(frame.information);
    unit.frames.push(index);
    unit.length += frame.information.length;
    if (frame.segmented && unit.length <= apduLengthMax) continue;
    open[from] = { parts: [], frames: [], length: 0 };
    const whole = concatBytes(...unit.parts);
    try {
      // The blocks of a general block transfer after the first come without the LLC header (Landis+Gyr E450).
      const apdu = whole[0] === generalBlock ? whole : stripLlc(whole);
      carried.push({ from, apdu, frames: unit.frames });
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      warnings.push(warn(error.code, 0, `frame ${index + 1}`));
    }
  }
  if (open.reader.parts.length + open.meter.parts.length > 0) {
    warnings.push(warn("hdlc.segment-missing", 0, "the last segment is missing"));
  }
  return { frames, carried, warnings, checkName: "fcs" };
}

function sayFrame(frame: ReceivedFrame, warnings: string[]): string {
  try {
    return explainFrame(frame);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    warnings.push(warn(error.code, error.offset));
    return `${frame.control.kind}, parameters not readable`;
  }
}
