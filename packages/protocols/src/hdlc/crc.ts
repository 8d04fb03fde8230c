/** Eight tables in a row: table n gives what a byte does to the check value n bytes later, so that eight bytes are taken at once. */
const tables = new Uint16Array(8 * 256);
for (let index = 0; index < 256; index++) {
  let value = index;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x8408 : value >>> 1;
  tables[index] = value;
}
for (let index = 256; index < tables.length; index++) {
  const before = tables[index - 256] as number;
  tables[index] = (before >>> 8) ^ (tables[before & 0xff] as number);
}

/** CRC-16/X.25, the HCS and FCS of HDLC (IEC 62056-46); on the wire the low byte comes first. */
export function crc16X25(bytes: Uint8Array, from = 0, to = bytes.length): number {
  let crc = 0xffff;
  let at = from;
  for (const last = to - 8; at <= last; at += 8) {
    crc ^= (bytes[at] as number) | ((bytes[at + 1] as number) << 8);
    crc =
      (tables[0x700 + (crc & 0xff)] as number) ^
      (tables[0x600 + (crc >>> 8)] as number) ^
      (tables[0x500 + (bytes[at + 2] as number)] as number) ^
      (tables[0x400 + (bytes[at + 3] as number)] as number) ^
      (tables[0x300 + (bytes[at + 4] as number)] as number) ^
      (tables[0x200 + (bytes[at + 5] as number)] as number) ^
      (tables[0x100 + (bytes[at + 6] as number)] as number) ^
      (tables[bytes[at + 7] as number] as number);
  }
  for (; at < to; at++) crc = (crc >>> 8) ^ (tables[(crc ^ (bytes[at] as number)) & 0xff] as number);
  return crc ^ 0xffff;
}
