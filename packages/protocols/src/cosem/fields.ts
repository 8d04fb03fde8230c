import type { DataValue } from "../dlms/data.ts";
import { DecodeError } from "../errors.ts";
import { formatObis, type ObisCode } from "../obis.ts";

// Reading the parts of structures that a class defines. What does not fit is `cosem.shape`; there is no byte offset in
// values, so the offset is the index of the field.

export function itemsOf(value: DataValue | undefined, index = 0): readonly DataValue[] {
  if (value?.type === "array" || value?.type === "structure" || value?.type === "compact-array")
    return value.items;
  throw new DecodeError("cosem.shape", index);
}

export function fieldsOf(value: DataValue | undefined, count: number, index = 0): readonly DataValue[] {
  if (value?.type !== "structure" || value.items.length < count) throw new DecodeError("cosem.shape", index);
  return value.items;
}

/** A whole number of any type up to 32 bits. */
export function numberOf(value: DataValue | undefined, index = 0): number {
  switch (value?.type) {
    case "int8":
    case "int16":
    case "int32":
    case "uint8":
    case "uint16":
    case "uint32":
    case "enum":
      return value.value;
    default:
      throw new DecodeError("cosem.shape", index);
  }
}

export function obisOf(value: DataValue | undefined, index = 0): ObisCode {
  if (value?.type !== "octet-string" || value.bytes.length !== 6) throw new DecodeError("cosem.shape", index);
  return formatObis(value.bytes);
}
