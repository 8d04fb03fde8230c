import { concatBytes, toHex } from "../dlms/bytes.ts";
import type { Carried, FrameReading } from "./dlms-carried.ts";
import type { FrameExplanation } from "./explanation.ts";
import { warn } from "./warning.ts";

const start = 0x68;
const stop = 0x16;
/** Start, length twice, start; then C, A, CI, source and destination; sum and stop at the end. */
const headLength = 4;
const controlLength = 5;
const segmentMask = 0x0f;
const lastSegment = 0x10;

/**
 * Reads pushes in M-Bus long frames (wired customer interface): CI 00 to 1F numbers the segments, bit 4 marks the last one.
 * `undefined` when the bytes hold no such frame.
 */
export function readMbusFrames(bytes: Uint8Array): FrameReading | undefined {
  const frames: FrameExplanation[] = [];
  const carried: Carried[] = [];
  const warnings: string[] = [];
  let parts: Uint8Array[] = [];
  let indexes: number[] = [];
  let at = 0;
  while (at < bytes.length) {
    const length = bytes[at + 1] ?? 0;
    const end = at + headLength + length + 2;
    const whole =
      bytes[at] === start &&
      bytes[at + 2] === length &&
      bytes[at + 3] === start &&
      length > controlLength &&
      bytes[end - 1] === stop;
    if (!whole) {
      if (frames.length === 0) return undefined;
      warnings.push(warn("mbus.no-frame", at));
      break;
    }
    const body = bytes.subarray(at + headLength, end - 2);
    const sum = body.reduce((total, byte) => (total + byte) & 0xff, 0);
    const information = body[2] as number;
    const checksum = sum === bytes[end - 2] ? "good" : "bad";
    if (checksum === "bad") warnings.push(warn("mbus.checksum", end - 2));
    const number = information & segmentMask;
    const last = (information & lastSegment) !== 0;
    const index = frames.length;
    frames.push({
      from: "meter",
      explains: `M-Bus long frame, segment ${number}${last ? ", the last" : ", more follow"}`,
      hex: toHex(bytes.subarray(at, end)),
      checks: { checksum },
    });
    if (number !== parts.length)
      warnings.push(warn("mbus.segment", at + 6, `segment ${number} is out of order`));
    parts.push(body.subarray(controlLength));
    indexes.push(index);
    if (last) {
      carried.push({ from: "meter", apdu: concatBytes(...parts), frames: indexes });
      parts = [];
      indexes = [];
    }
    at = end;
  }
  if (frames.length === 0) return undefined;
  if (parts.length > 0) warnings.push(warn("mbus.segment", bytes.length, "the last segment is missing"));
  return { frames, carried, warnings, checkName: "checksum" };
}
