import { DecodeError } from "../errors.ts";

export interface WrapperFrame {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly apdu: Uint8Array;
}

export interface TakenWrapperFrame {
  readonly frame: WrapperFrame;
  /** Offset of the byte after the frame. */
  readonly end: number;
}

const version = 1;
const headerLength = 8;
export const wrapperApduLengthMax = 0xffff;

/**
 * Takes the first frame off `received`, or returns `undefined` while it is incomplete (IEC 62056-47, wrapper header).
 * The APDU is a view, not a copy.
 * @throws DecodeError `wrapper.version`, or `wrapper.length` when more than `apduLengthMax` bytes are announced
 */
export function takeWrapperFrame(
  received: Uint8Array,
  apduLengthMax = wrapperApduLengthMax,
): TakenWrapperFrame | undefined {
  // The version is judged as soon as its bytes are there: a wrong one must not wait for more.
  if (received.length > 0 && received[0] !== 0) throw new DecodeError("wrapper.version", 0);
  if (received.length > 1 && received[1] !== version) throw new DecodeError("wrapper.version", 0);
  if (received.length < headerLength) return undefined;
  const header = new DataView(received.buffer, received.byteOffset, headerLength);
  const apduLength = header.getUint16(6);
  if (apduLength > apduLengthMax) throw new DecodeError("wrapper.length", 6);

  const end = headerLength + apduLength;
  if (received.length < end) return undefined;
  const apdu = received.subarray(headerLength, end);
  return { frame: { sourcePort: header.getUint16(2), destinationPort: header.getUint16(4), apdu }, end };
}

/** @throws RangeError when the APDU is longer than 65535 bytes */
export function encodeWrapperFrame(frame: WrapperFrame): Uint8Array<ArrayBuffer> {
  if (frame.apdu.length > wrapperApduLengthMax) throw new RangeError(`an APDU of ${frame.apdu.length} bytes`);
  const bytes = new Uint8Array(headerLength + frame.apdu.length);
  const header = new DataView(bytes.buffer);
  header.setUint16(0, version);
  header.setUint16(2, frame.sourcePort);
  header.setUint16(4, frame.destinationPort);
  header.setUint16(6, frame.apdu.length);
  bytes.set(frame.apdu, headerLength);
  return bytes;
}
