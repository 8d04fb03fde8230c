import { formatFloat32, formatFloat64 } from "../cosem/scaler.ts";
import { toHex } from "../dlms/bytes.ts";
import { type DataValue, integerOf, textOf } from "../dlms/data.ts";
import { type DateTime, daysOfMonth, decodeDateTime } from "../dlms/date-time.ts";
import { DecodeError } from "../errors.ts";

const two = (value: number): string => `${value}`.padStart(2, "0");

/** ISO 8601 with the offset that the stamp gives, or without one; `undefined` for wildcards and impossible dates. */
export function formatStamp(bytes: Uint8Array): string | undefined {
  let stamp: DateTime;
  try {
    stamp = decodeDateTime(bytes);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
  const { year, month, day, hour, minute, second = 0, hundredths = 0, deviationMinutes } = stamp;
  if (year === undefined || month === undefined || day === undefined) return undefined;
  if (hour === undefined || minute === undefined) return undefined;
  if (month > 12 || day < 1 || day > daysOfMonth(year, month)) return undefined;
  const fraction = hundredths === 0 ? "" : `.${two(hundredths)}0`;
  const date = `${`${year}`.padStart(4, "0")}-${two(month)}-${two(day)}`;
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}${fraction}${formatOffset(deviationMinutes)}`;
}

function formatOffset(deviationMinutes: number | undefined): string {
  if (deviationMinutes === undefined || Math.abs(deviationMinutes) > 1440) return "";
  const size = Math.abs(deviationMinutes);
  return `${deviationMinutes > 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Bytes that look like a date-time of a meter of our days. */
export function findStamp(value: DataValue): string | undefined {
  if (value.type === "date-time") return formatStamp(value.bytes);
  if (value.type !== "octet-string" || value.bytes.length !== 12) return undefined;
  const year = ((value.bytes[0] as number) << 8) | (value.bytes[1] as number);
  return year >= 1990 && year < 2100 ? formatStamp(value.bytes) : undefined;
}

/** A single value as text: decimal, stamp, text, or hex where nothing of these fits; `undefined` for arrays and structures. */
export function formatValue(value: DataValue): string | undefined {
  switch (value.type) {
    case "array":
    case "structure":
    case "compact-array":
    case "null":
    case "dont-care":
      return undefined;
    case "boolean":
      return value.value ? "1" : "0";
    case "float32":
      return formatFloat32(value.value);
    case "float64":
      return formatFloat64(value.value);
    case "bit-string":
      return bitsOf(value.bytes, value.bits);
    case "octet-string":
    case "visible-string":
    case "utf8-string":
    case "date-time":
    case "date":
    case "time":
      return findStamp(value) ?? printable(value) ?? toHex(value.bytes);
    case "delta-int8":
    case "delta-int16":
    case "delta-int32":
    case "delta-uint8":
    case "delta-uint16":
    case "delta-uint32":
      return `${value.value}`;
    default:
      return `${integerOf(value)}`;
  }
}

/** Text as the meter meant it: what follows it is often filled up with zeros. */
function printable(value: DataValue & { readonly bytes: Uint8Array }): string | undefined {
  let end = value.bytes.length;
  while (end > 0 && value.bytes[end - 1] === 0) end--;
  // All zeros are a number that is zero as likely as an empty text.
  if (end === 0 && value.bytes.length > 0) return undefined;
  const bytes = value.bytes.subarray(0, end);
  if (value.type === "octet-string") return textOf({ type: "octet-string", bytes });
  return value.type === "visible-string" || value.type === "utf8-string"
    ? textOf({ type: value.type, bytes })
    : undefined;
}

function bitsOf(bytes: Uint8Array, bits: number): string {
  let text = "";
  for (let bit = 0; bit < bits; bit++) text += ((bytes[bit >> 3] as number) >> (7 - (bit & 7))) & 1;
  return text;
}
