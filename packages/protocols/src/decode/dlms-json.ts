import { toHex } from "../dlms/bytes.ts";
import { decodeConformance } from "../dlms/conformance.ts";
import type { DataValue } from "../dlms/data.ts";
import { formatValue } from "./dlms-text.ts";

/** A value as plain JSON: numbers beyond 2^53 and bytes as text. */
export function plainData(value: DataValue): unknown {
  switch (value.type) {
    case "null":
    case "dont-care":
      return null;
    case "array":
    case "structure":
    case "compact-array":
      return value.items.map(plainData);
    case "boolean":
      return value.value;
    case "int64":
    case "uint64":
    case "bit-string":
    case "float32":
    case "float64":
      return formatValue(value);
    case "octet-string":
    case "visible-string":
    case "utf8-string":
    case "date-time":
    case "date":
    case "time":
      return formatValue(value) ?? "";
    default:
      return value.value;
  }
}

const dataTypes: ReadonlySet<unknown> = new Set(["data", "body", "parameters"]);

/** An APDU as plain JSON, field by field: bytes as hex, values in short, conformance as names. */
export function plainApdu(value: unknown, field = ""): unknown {
  if (value instanceof Uint8Array) return toHex(value);
  if (typeof value === "bigint") return value.toString();
  if (field === "conformance" && typeof value === "number") return decodeConformance(value);
  if (dataTypes.has(field)) return plainData(value as DataValue);
  if (Array.isArray(value)) return value.map((item) => plainApdu(item));
  if (typeof value !== "object" || value === null) return value;
  const fields = Object.entries(value).filter(([, content]) => content !== undefined);
  return Object.fromEntries(fields.map(([name, content]) => [name, plainApdu(content, name)]));
}
