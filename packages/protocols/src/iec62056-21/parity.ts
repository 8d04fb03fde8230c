/** Even parity of 7-bit characters in bit 7, for an 8N1 line in front of a 7E1 device. */
export function withEvenParity(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => {
    let ones = byte & 0x7f;
    ones ^= ones >> 4;
    ones ^= ones >> 2;
    ones ^= ones >> 1;
    return (byte & 0x7f) | ((ones & 1) << 7);
  });
}

/** The 7-bit characters of bytes whose bit 7 is a parity. */
export function withoutParity(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte) => byte & 0x7f);
}
