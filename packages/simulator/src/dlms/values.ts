import { encodeObis, formatObis } from "@energsys/protocols";
import { type DataValue, data } from "@energsys/protocols/dlms";

const text = (value: string) => Uint8Array.from(value, (character) => character.charCodeAt(0));

export const octets = (bytes: Uint8Array): DataValue => data.octets(bytes);
export const octetText = (value: string): DataValue => data.octets(text(value));
export const nameOctets = (obis: string): DataValue => data.octets(encodeObis(obis));
/** The code in an octet-string of six bytes. */
export const obisIn = (value: DataValue | undefined): string | undefined =>
  value?.type === "octet-string" && value.bytes.length === 6 ? formatObis(value.bytes) : undefined;

/** Numbers of the unit table (IEC 62056-6-2, units). */
export const unitNumber = { W: 27, var: 29, Wh: 30, varh: 32, A: 33, V: 35, Hz: 44, none: 255 } as const;

export const scalerUnit = (scaler: number, unit: keyof typeof unitNumber): DataValue =>
  data.structure(data.int8(scaler), data.enum(unitNumber[unit]));
