import { concatBytes, toHex } from "../dlms/bytes.ts";
import { DecodeError } from "../errors.ts";
import { takeWrapperFrame } from "../wrapper/index.ts";
import type { Carried, FrameReading } from "./dlms-carried.ts";
import type { FrameExplanation, SessionStep } from "./explanation.ts";
import { warn } from "./warning.ts";

type Direction = "reader" | "meter";

/** APDUs that only a reader sends. */
const requestTags: ReadonlySet<number | undefined> = new Set([
  0x60, 0x62, 0xc0, 0xc1, 0xc3, 0x05, 0x06, 0x16, 0xd9, 0xc8, 0xc9, 0xcb, 0xd0, 0xd1, 0xd3, 0x25, 0x26,
]);

/** Reads wrapper frames (IEC 62056-47); `undefined` when the bytes do not start with a whole one. */
export function readWrapperFrames(steps: readonly Partial<SessionStep>[]): FrameReading | undefined {
  const frames: FrameExplanation[] = [];
  const carried: Carried[] = [];
  const warnings: string[] = [];
  const readers = new Set<number>();
  const rests = new Map<Direction | undefined, Uint8Array>();
  for (const { from, bytes = new Uint8Array(0) } of steps) {
    let rest: Uint8Array = concatBytes(rests.get(from) ?? new Uint8Array(0), bytes);
    try {
      for (let taken = takeWrapperFrame(rest); taken; taken = takeWrapperFrame(rest)) {
        const { sourcePort, destinationPort, apdu } = taken.frame;
        if (requestTags.has(apdu[0])) readers.add(sourcePort);
        const direction = from ?? (readers.has(sourcePort) ? "reader" : "meter");
        const explains = `wrapper, ${sourcePort} to ${destinationPort}`;
        if (apdu.length > 0) carried.push({ from: direction, apdu, frames: [frames.length] });
        frames.push({ from: direction, explains, hex: toHex(rest.subarray(0, taken.end)) });
        rest = rest.subarray(taken.end);
      }
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      if (frames.length === 0) return undefined;
      warnings.push(warn(error.code, error.offset, "after the last whole frame"));
      break;
    }
    rests.set(from, rest);
  }
  if (frames.length === 0) return undefined;
  for (const rest of rests.values()) {
    if (rest.length > 0)
      warnings.push(warn("wrapper.incomplete", 0, `${rest.length} bytes after the last frame`));
  }
  return { frames, carried, warnings };
}
