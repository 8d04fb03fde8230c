import { LinkError } from "../errors.ts";
import { formatObis, type ObisCode } from "../obis.ts";
import type { DataValue } from "./data.ts";

// Short names (IEC 62056-6-2): attribute n stands at the object's base + 8 * (n - 1); methods stand at an offset that
// depends on class and version. There is no rule for them: classes that are not here are refused.

export const associationSnName = 0xfa00;
export const objectListName = 0xfa08;

export interface ShortNameObject {
  readonly base: number;
  readonly classId: number;
  readonly version: number;
  readonly obis: ObisCode;
}

const step = 8;

/** Offset of the first method; each further one stands 8 above. */
const firstMethodOffsets: Readonly<Record<number, number | ((version: number) => number | undefined)>> = {
  3: 0x28,
  4: 0x38,
  5: 0x48,
  6: 0x30,
  7: 0x58,
  8: 0x60,
  9: 0x20,
  10: 0x20,
  11: 0x10,
  12: 0x20,
  17: 0x20,
  18: 0x40,
  20: 0x50,
  // Later versions have attributes where the methods of the first one stand.
  40: (version) => (version === 0 ? 0x38 : undefined),
  42: 0x60,
  61: 0x28,
  64: (version) => (version === 0 ? 0x28 : 0x30),
  65: 0x20,
  70: 0x20,
  72: (version) => (version === 0 ? 0x60 : undefined),
};

/** Whether the offsets of a class's methods are known. */
export const hasMethodNames = (classId: number): boolean => classId in firstMethodOffsets;

export const attributeShortName = (object: ShortNameObject, attribute: number): number =>
  (object.base + step * (attribute - 1)) & 0xffff;

/** @throws LinkError `dlms.method-offset` for a class whose offsets are not known */
export function methodShortName(object: ShortNameObject, method: number): number {
  const known = firstMethodOffsets[object.classId];
  const first = typeof known === "function" ? known(object.version) : known;
  if (first === undefined) {
    throw new LinkError(
      "dlms.method-offset",
      `no short names of methods are known for class ${object.classId}, version ${object.version}`,
    );
  }
  return (object.base + first + step * (method - 1)) & 0xffff;
}

/** The objects of an association SN, in the meter's order. @throws LinkError `dlms.object-list` */
export function decodeShortNameList(value: DataValue): ShortNameObject[] {
  if (value.type !== "array") throw new LinkError("dlms.object-list", "the object list is no array");
  return value.items.map((element) => {
    const fields = element.type === "structure" ? element.items : [];
    const [base, classId, version, obis] = fields;
    // The base is a signed number on the wire; some devices write it unsigned.
    const isName = base?.type === "int16" || base?.type === "uint16";
    if (
      !isName ||
      classId?.type !== "uint16" ||
      version?.type !== "uint8" ||
      obis?.type !== "octet-string" ||
      obis.bytes.length !== 6
    ) {
      throw new LinkError("dlms.object-list", "an element of the object list has another structure");
    }
    return {
      base: base.value & 0xffff,
      classId: classId.value,
      version: version.value,
      obis: formatObis(obis.bytes),
    };
  });
}
