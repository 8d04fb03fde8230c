export const soh = 0x01;
export const stx = 0x02;
export const etx = 0x03;
export const eot = 0x04;
export const lf = 0x0a;
export const cr = 0x0d;
export const ack = 0x06;
export const nak = 0x15;

/**
 * Block check character: XOR of the 7-bit values in `[start, end)`. The block starts after the first SOH or STX and
 * ends with its ETX or EOT (IEC 62056-21, 6.3.1; ISO 1155).
 */
export function computeBcc(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let bcc = 0;
  for (let at = start; at < end; at++) bcc ^= bytes[at]!;
  return bcc & 0x7f;
}

const crcTable = Uint16Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xa001 : crc >>> 1;
  return crc;
});

/** CRC-16 of P1 telegrams: x16+x15+x2+1 reflected, start 0, from `/` to `!` inclusive. */
export function crc16Arc(bytes: Uint8Array, start = 0, end = bytes.length): number {
  let crc = 0;
  for (let at = start; at < end; at++) crc = (crc >>> 8) ^ crcTable[(crc ^ bytes[at]!) & 0xff]!;
  return crc;
}
