/**
 * Makes the check values of changed inputs right again, since a decoder that stops at a wrong check is not tried any
 * further. Written without the package's own checks.
 */

/** A block's check byte behind its last ETX or EOT. */
export function repairBcc(bytes: Uint8Array): Uint8Array {
  const end = Math.max(bytes.lastIndexOf(0x03), bytes.lastIndexOf(0x04));
  const start = bytes.findIndex((byte) => byte === 0x01 || byte === 0x02);
  if (start < 0 || end <= start) return bytes;
  let bcc = 0;
  for (let at = start + 1; at <= end; at++) bcc ^= bytes[at]! & 0x7f;
  const repaired = new Uint8Array(Math.max(bytes.length, end + 2));
  repaired.set(bytes);
  repaired[end + 1] = bcc;
  return repaired;
}

/** The four digits behind the last `!` of a P1 telegram. */
export function repairCrc(bytes: Uint8Array): Uint8Array {
  const start = bytes.indexOf(0x2f);
  const end = bytes.lastIndexOf(0x21);
  if (start < 0 || end < start) return bytes;
  let crc = 0;
  for (let at = start; at <= end; at++) {
    crc ^= bytes[at]!;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >> 1) ^ 0xa001 : crc >> 1;
  }
  const digits = crc.toString(16).toUpperCase().padStart(4, "0");
  const repaired = new Uint8Array(end + 7);
  repaired.set(bytes.subarray(0, end + 1));
  for (let at = 0; at < 4; at++) repaired[end + 1 + at] = digits.charCodeAt(at);
  repaired.set([0x0d, 0x0a], end + 5);
  return repaired;
}

function fcsOf(bytes: Uint8Array, from: number, to: number): [number, number] {
  let fcs = 0xffff;
  for (let at = from; at < to; at++) {
    fcs ^= bytes[at]!;
    for (let bit = 0; bit < 8; bit++) fcs = fcs & 1 ? (fcs >> 1) ^ 0x8408 : fcs >> 1;
  }
  return [~fcs & 0xff, (~fcs >> 8) & 0xff];
}

/** Length, header check and FCS of every HDLC frame between two flags. */
export function repairHdlc(bytes: Uint8Array): Uint8Array {
  const repaired = bytes.slice();
  for (let start = repaired.indexOf(0x7e); start >= 0; ) {
    let next = repaired.indexOf(0x7e, start + 8);
    if (next < 0) next = repaired.length - 1;
    const length = next - start - 1;
    if (length < 7) break;
    if (length < 0x800) {
      repaired[start + 1] = 0xa0 | (repaired[start + 1]! & 0x08) | (length >> 8);
      repaired[start + 2] = length & 0xff;
      repaired[next] = 0x7e;
      repairFrame(repaired, start, next);
    }
    start = next + 1 < repaired.length ? repaired.indexOf(0x7e, next) : -1;
    if (start === next && next + 8 >= repaired.length) break;
  }
  return repaired;
}

function repairFrame(bytes: Uint8Array, start: number, end: number): void {
  let at = start + 3;
  for (let address = 0; address < 2; address++) {
    while (at < end && (bytes[at]! & 1) === 0) at++;
    at++;
  }
  if (at + 5 < end) bytes.set(fcsOf(bytes, start + 1, at + 1), at + 1);
  bytes.set(fcsOf(bytes, start + 1, end - 2), end - 2);
}

/** The announced length of a wrapper frame. */
export function repairWrapper(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 8) return bytes;
  const repaired = bytes.slice();
  const length = bytes.length - 8;
  repaired.set([0, 1], 0);
  repaired.set([length >> 8, length & 0xff], 6);
  return repaired;
}

/** Marks, length and sum of one M-Bus long frame. */
export function repairMbus(bytes: Uint8Array): Uint8Array {
  const length = Math.min(bytes.length - 6, 0xff);
  if (length < 6) return bytes;
  const repaired = bytes.slice();
  repaired.set([0x68, length, length, 0x68]);
  repaired[length + 4] = repaired.subarray(4, length + 4).reduce((sum, byte) => (sum + byte) & 0xff, 0);
  repaired[length + 5] = 0x16;
  return repaired;
}
