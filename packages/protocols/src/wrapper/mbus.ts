// M-Bus long frames of the wired customer interface: 68 L L 68 C A CI STSAP DTSAP data CS 16.

export interface MbusPush {
  /** Control, address and service access points (default 53, FF, 01, 67: what meters send there). */
  readonly control?: number;
  readonly address?: number;
  readonly source?: number;
  readonly destination?: number;
}

const start = 0x68;
const stop = 0x16;
/** L counts these and the data. */
const headerLength = 5;
const dataLengthMax = 0xff - headerLength;
const segmentsMax = 16;
const lastSegment = 0x10;

/**
 * The frames in which a device pushes one APDU: CI 00 to 0F numbers the segments, bit 4 marks the last one.
 * @throws RangeError when it takes more than 16 segments
 */
export function encodeMbusFrames(apdu: Uint8Array, push: MbusPush = {}): Uint8Array<ArrayBuffer>[] {
  const { control = 0x53, address = 0xff, source = 0x01, destination = 0x67 } = push;
  const count = Math.max(Math.ceil(apdu.length / dataLengthMax), 1);
  if (count > segmentsMax)
    throw new RangeError(`an APDU of ${apdu.length} bytes takes ${count} M-Bus segments`);
  return Array.from({ length: count }, (_, index) => {
    const data = apdu.subarray(index * dataLengthMax, (index + 1) * dataLengthMax);
    const information = index | (index === count - 1 ? lastSegment : 0);
    const length = headerLength + data.length;
    const frame = new Uint8Array(length + 6);
    frame.set([start, length, length, start, control, address, information, source, destination]);
    frame.set(data, 9);
    frame[length + 4] = frame.subarray(4, length + 4).reduce((sum, byte) => (sum + byte) & 0xff, 0);
    frame[length + 5] = stop;
    return frame;
  });
}
