import {
  type CosemObject,
  findCosemClass,
  findScalerUnit,
  formatQuantity,
  scalerAttribute,
} from "@energsys/protocols/cosem";
import { type DataValue, decodeDateTime, textOf, toEpochMs } from "@energsys/protocols/dlms";
import type { ObjectEntry } from "../device-reading.ts";
import type { DlmsSession } from "./dlms.ts";
import { dateTimeRules } from "./zone.ts";

/** Classes whose attribute 2 is a value that a technician wants to see at once. */
const valueClasses = new Set([1, 3, 4, 5, 8]);

/** Every object of the association, with its value where it is a value; refusals say which. */
export async function readObjectValues(
  dlms: DlmsSession,
  objects: readonly CosemObject[],
): Promise<ObjectEntry[]> {
  const entries: ObjectEntry[] = [];
  for (const { classId, version, obis } of objects.slice(0, dlms.session.limits.objectsListed)) {
    dlms.session.check();
    const entry = {
      obis,
      classId,
      version,
      description: findCosemClass(classId)?.name ?? `class ${classId}`,
    };
    if (!valueClasses.has(classId)) {
      entries.push(entry);
      continue;
    }
    const result = await dlms.client.get({ classId, obis, attribute: 2 });
    if (!result.ok) {
      entries.push({ ...entry, error: result.dataAccessResult });
      continue;
    }
    const attribute = scalerAttribute(classId);
    const scale = attribute === undefined ? undefined : await dlms.find(classId, obis, attribute);
    const unit = findScalerUnit(scale);
    const value = classId === 8 ? clockText(dlms, result.data) : valueText(result.data, unit?.scaler ?? 0);
    entries.push({ ...entry, value, ...(unit ? { unit: unit.unit } : {}) });
  }
  return entries;
}

function valueText(value: DataValue, scaler: number): string {
  const number = formatQuantity(value, scaler);
  if (number !== undefined) return number;
  const text = textOf(value);
  if (text !== undefined) return text;
  if (value.type === "boolean") return `${value.value}`;
  if ("bytes" in value) return hex(value.bytes);
  if ("items" in value)
    return `[${value.items
      .slice(0, 32)
      .map((item) => valueText(item, 0))
      .join(", ")}]`;
  return "";
}

const hex = (bytes: Uint8Array) =>
  Array.from(bytes.subarray(0, 256), (byte) => byte.toString(16).padStart(2, "0")).join("");

function clockText(dlms: DlmsSession, value: DataValue): string {
  if (!("bytes" in value) || value.bytes.length !== 12) return valueText(value, 0);
  const ms = toEpochMs(decodeDateTime(value.bytes), dateTimeRules(dlms.session.model, dlms.session.zone));
  return ms === undefined ? hex(value.bytes) : Temporal.Instant.fromEpochMilliseconds(ms).toString();
}
