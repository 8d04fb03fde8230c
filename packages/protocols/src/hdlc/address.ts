import { DecodeError } from "../errors.ts";

/**
 * An HDLC address: 1 byte (client SAP or logical device), 2 bytes (logical, physical) or 4 bytes (14 bits each).
 * `bytes` is how it stands on the wire, since the same numbers may be written in several lengths.
 */
export interface HdlcAddress {
  readonly logical: number;
  readonly physical?: number;
  readonly bytes: 1 | 2 | 4;
}

/** The address of a server in its usual length: 1 byte without a physical part, 2 when both fit 7 bits, else 4. */
export function serverAddress(logical: number, physical?: number, bytes?: 1 | 2 | 4): HdlcAddress {
  if (physical === undefined) {
    if (bytes === undefined || bytes === 1) return { logical, bytes: 1 };
    throw new RangeError(`an address of ${bytes} bytes needs a physical part`);
  }
  const shortest = logical < 0x80 && physical < 0x80 ? 2 : 4;
  return { logical, physical, bytes: bytes ?? shortest };
}

export const clientAddress = (sap: number): HdlcAddress => ({ logical: sap, bytes: 1 });

export function sameAddress(one: HdlcAddress, other: HdlcAddress): boolean {
  return one.logical === other.logical && one.physical === other.physical;
}

/**
 * Whether a frame from `source` answers to what was sent to `called`: a meter may leave its physical address out or add
 * it, and a call to all stations (7F, 3FFF) is answered by the real address.
 */
export function answersTo(called: HdlcAddress, source: HdlcAddress): boolean {
  if (called.logical !== source.logical) return false;
  if (called.physical === undefined || source.physical === undefined) return true;
  const allStations = called.bytes === 4 ? 0x3fff : 0x7f;
  return called.physical === source.physical || called.physical === allStations;
}

export function formatAddress(address: HdlcAddress): string {
  return address.physical === undefined ? `${address.logical}` : `${address.logical}/${address.physical}`;
}

/** The bytes of an address: 7 bits each, high first, low bit set in the last one. */
export function encodeAddress(address: HdlcAddress): number[] {
  const { logical, physical = 0, bytes } = address;
  const partMax = bytes === 4 ? 0x3fff : 0x7f;
  if (logical > partMax || physical > partMax || logical < 0 || physical < 0) {
    throw new RangeError(`HDLC address ${formatAddress(address)} does not fit ${bytes} bytes`);
  }
  if (bytes === 1) return [(logical << 1) | 1];
  if (bytes === 2) return [logical << 1, (physical << 1) | 1];
  return [(logical >> 7) << 1, (logical & 0x7f) << 1, (physical >> 7) << 1, ((physical & 0x7f) << 1) | 1];
}

/**
 * Reads an address at `offset` before `end`. Its length comes from the low bits, never from a setting.
 * @throws DecodeError `hdlc.address` when it has 3 or more than 4 bytes, or does not end before `end`
 */
export function decodeAddress(bytes: Uint8Array, offset: number, end: number): HdlcAddress {
  let size = 0;
  do {
    if (size === 4 || offset + size >= end) throw new DecodeError("hdlc.address", offset);
    size++;
  } while (((bytes[offset + size - 1] as number) & 1) === 0);
  const first = (bytes[offset] as number) >> 1;
  if (size === 1) return { logical: first, bytes: 1 };
  const second = (bytes[offset + 1] as number) >> 1;
  if (size === 2) return { logical: first, physical: second, bytes: 2 };
  if (size === 3) throw new DecodeError("hdlc.address", offset);
  const physical = (((bytes[offset + 2] as number) >> 1) << 7) | ((bytes[offset + 3] as number) >> 1);
  return { logical: (first << 7) | second, physical, bytes: 4 };
}
