import { DecodeError } from "../errors.ts";

/** LLC header of the first segment: client to meter, meter to client. */
export const llcCommand = Uint8Array.of(0xe6, 0xe6, 0x00);
export const llcResponse = Uint8Array.of(0xe6, 0xe7, 0x00);

/** The APDU behind the LLC header of either direction. @throws DecodeError `hdlc.llc` */
export function stripLlc(unit: Uint8Array): Uint8Array {
  if (unit[0] !== 0xe6 || (unit[1] !== 0xe6 && unit[1] !== 0xe7) || unit.length < 3) {
    throw new DecodeError("hdlc.llc", 0);
  }
  return unit.subarray(3);
}
