import { DecodeError } from "../errors.ts";
import { decodeAddress, encodeAddress, type HdlcAddress } from "./address.ts";
import { decodeControl, encodeControl, type HdlcControl } from "./control.ts";
import { crc16X25 } from "./crc.ts";

export interface HdlcFrame {
  readonly destination: HdlcAddress;
  readonly source: HdlcAddress;
  readonly control: HdlcControl;
  /** More frames of this unit follow. */
  readonly segmented: boolean;
  /** Empty when the frame has none. */
  readonly information: Uint8Array;
}

export type Check = "good" | "bad" | "absent";

/** A frame as received, with its checks and its place. */
export interface ReceivedFrame extends HdlcFrame {
  readonly hcs: Check;
  readonly fcs: Check;
}

export interface TakenFrame {
  readonly frame: ReceivedFrame;
  /** Where its opening flag stands: what is before is no frame. */
  readonly start: number;
  /** Where its closing flag stands: it may also open the next frame, so it is left to be taken again. */
  readonly end: number;
}

const flag = 0x7e;
/** Format 2, two addresses of 1 byte, control, FCS. */
const lengthMin = 7;
export const frameLengthMax = 2047;

/** Encodes a frame with both flags. @throws RangeError when it would be longer than 2047 bytes */
export function encodeFrame(frame: HdlcFrame): Uint8Array<ArrayBuffer> {
  const addresses = [...encodeAddress(frame.destination), ...encodeAddress(frame.source)];
  const headerEnd = 3 + addresses.length + 1;
  const withInformation = frame.information.length > 0;
  const length = headerEnd - 1 + (withInformation ? 2 + frame.information.length : 0) + 2;
  if (length > frameLengthMax) throw new RangeError(`an HDLC frame of ${length} bytes`);

  const bytes = new Uint8Array(length + 2);
  bytes[0] = flag;
  bytes[1] = 0xa0 | (frame.segmented ? 0x08 : 0) | (length >> 8);
  bytes[2] = length & 0xff;
  bytes.set(addresses, 3);
  bytes[headerEnd - 1] = encodeControl(frame.control);
  if (withInformation) {
    putCrc(bytes, headerEnd);
    bytes.set(frame.information, headerEnd + 2);
  }
  putCrc(bytes, length - 1);
  bytes[length + 1] = flag;
  return bytes;
}

function putCrc(bytes: Uint8Array, at: number): void {
  const crc = crc16X25(bytes, 1, at);
  bytes[at] = crc & 0xff;
  bytes[at + 1] = crc >> 8;
}

const crcAgrees = (bytes: Uint8Array, from: number, at: number): boolean =>
  crc16X25(bytes, from, at) === ((bytes[at] as number) | ((bytes[at + 1] as number) << 8));

/**
 * Reads the frame that fills `bytes`, flags included. A wrong FCS is told in `fcs`, not thrown: what a broken push holds
 * may still be shown; a link ignores such a frame. The information is a view.
 * @throws DecodeError `hdlc.flag`, `hdlc.format`, `hdlc.length`, `hdlc.address`, `hdlc.hcs`
 */
export function decodeFrame(bytes: Uint8Array): ReceivedFrame {
  if (bytes.length < lengthMin + 2) throw new DecodeError("hdlc.length", 0);
  if (bytes[0] !== flag) throw new DecodeError("hdlc.flag", 0);
  if (((bytes[1] as number) & 0xf0) !== 0xa0) throw new DecodeError("hdlc.format", 1);
  const length = announcedLength(bytes, 0);
  if (length !== bytes.length - 2) throw new DecodeError("hdlc.length", 1);
  if (bytes[length + 1] !== flag) throw new DecodeError("hdlc.flag", length + 1);
  return frameOf(bytes, 0, length, decodeHeader(bytes, 0, length));
}

const announcedLength = (bytes: Uint8Array, start: number): number =>
  (((bytes[start + 1] as number) & 0x07) << 8) | (bytes[start + 2] as number);

interface Header {
  readonly destination: HdlcAddress;
  readonly source: HdlcAddress;
  readonly control: HdlcControl;
  /** Offset after the control byte. */
  readonly end: number;
  readonly hcs: Check;
}

/** Addresses, control and HCS of the frame whose flag stands at `start`. */
function decodeHeader(bytes: Uint8Array, start: number, length: number): Header {
  const last = start + length - 1; // where the FCS starts
  const destination = decodeAddress(bytes, start + 3, last);
  const source = decodeAddress(bytes, start + 3 + destination.bytes, last);
  const controlAt = start + 3 + destination.bytes + source.bytes;
  if (controlAt >= last) throw new DecodeError("hdlc.length", start + 1);
  const end = controlAt + 1;
  const control = decodeControl(bytes[controlAt] as number);
  if (end === last) return { destination, source, control, end, hcs: "absent" };
  if (end + 2 > last || !crcAgrees(bytes, start + 1, end)) throw new DecodeError("hdlc.hcs", end);
  return { destination, source, control, end, hcs: "good" };
}

/** The whole frame at `start`, once its header is known and all its bytes are there. */
function frameOf(bytes: Uint8Array, start: number, length: number, header: Header): ReceivedFrame {
  const { destination, source, control, end, hcs } = header;
  const last = start + length - 1;
  return {
    destination,
    source,
    control,
    segmented: ((bytes[start + 1] as number) & 0x08) !== 0,
    information: hcs === "absent" ? nothing : bytes.subarray(end + 2, last),
    hcs,
    fcs: crcAgrees(bytes, start + 1, last) ? "good" : "bad",
  };
}

const nothing = new Uint8Array(0);

/**
 * Takes the first frame off `received`, skipping whatever stands before it, or returns `undefined` while none is complete.
 * Frames are found by their length, since 7E may stand inside. A candidate counts when its header check agrees, or, for a
 * frame without information, its FCS.
 */
export function takeFrame(received: Uint8Array): TakenFrame | undefined {
  const found = findFrame(received);
  return found.frame && { frame: found.frame, start: found.start, end: found.end };
}

/** Like `takeFrame` from the offset `from` on, and says where the bytes start that may still become a frame. */
export function findFrame(
  received: Uint8Array,
  from = 0,
): { frame?: ReceivedFrame; start: number; end: number } {
  for (let start = from; start < received.length; start++) {
    if (received[start] !== flag) continue;
    const frame = frameAt(received, start);
    if (frame === "incomplete") return { start, end: start };
    if (frame !== "no-frame") return { frame, start, end: start + announcedLength(received, start) + 1 };
  }
  return { start: received.length, end: received.length };
}

/** The complete frame whose flag stands at `start`, or why there is none. */
function frameAt(received: Uint8Array, start: number): ReceivedFrame | "incomplete" | "no-frame" {
  const available = received.length - start;
  if (available < 2) return "incomplete";
  if (((received[start + 1] as number) & 0xf0) !== 0xa0) return "no-frame";
  if (available < 3) return "incomplete";
  const length = announcedLength(received, start);
  if (length < lengthMin) return "no-frame";
  // The longest header is 2 + 4 + 4 + 1 + 2: known so early, a false start costs at most 16 bytes of waiting.
  if (available < Math.min(14, length + 2)) return "incomplete";
  try {
    const header = decodeHeader(received, start, length);
    if (available < length + 2) return "incomplete";
    if (received[start + length + 1] !== flag) return "no-frame";
    const frame = frameOf(received, start, length, header);
    return frame.hcs === "absent" && frame.fcs === "bad" ? "no-frame" : frame;
  } catch (error) {
    if (error instanceof DecodeError) return "no-frame";
    throw error;
  }
}

/** Frames out of a byte stream in any split; keeps at most one incomplete frame. */
export class FrameReader {
  #received: Uint8Array = new Uint8Array(0);

  push(chunk: Uint8Array): ReceivedFrame[] {
    const joined = new Uint8Array(this.#received.length + chunk.length);
    joined.set(this.#received);
    joined.set(chunk, this.#received.length);
    const frames: ReceivedFrame[] = [];
    let found = findFrame(joined);
    for (; found.frame; found = findFrame(joined, found.end)) frames.push(found.frame);
    this.#received = joined.subarray(found.start);
    return frames;
  }

  /** Forgets an incomplete frame, so that a lost end cannot swallow what comes next. */
  clear(): void {
    this.#received = new Uint8Array(0);
  }
}
