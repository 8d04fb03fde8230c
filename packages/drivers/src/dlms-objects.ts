import { LinkError } from "@energsys/protocols";
import {
  attributeName,
  type CosemObject,
  findCosemClass,
  findScalerUnit,
  formatFloat32,
  formatFloat64,
  formatQuantity,
  scalerAttribute,
} from "@energsys/protocols/cosem";
import {
  type AttributeReference,
  type DataValue,
  decodeDateTime,
  type GetResult,
  integerOf,
  ShortNameClient,
  textOf,
  toEpochMs,
} from "@energsys/protocols/dlms";
import type { AttributeEntry, ObjectEntry, PlainValue } from "./device-reading.ts";
import type { DlmsSession } from "./dlms.ts";
import { dateTimeRules } from "./zone.ts";

/** Attributes asked for in one request. */
const listMax = 12;
const depthMax = 16;

/** Every object of the association with every attribute that may be read; buffers of profiles are read by their own way. */
export async function readObjectValues(
  dlms: DlmsSession,
  objects: readonly CosemObject[],
): Promise<ObjectEntry[]> {
  const entries: ObjectEntry[] = [];
  // By short names nothing says what may be read, and a known server garbles a list in which one value is refused.
  const length = dlms.client instanceof ShortNameClient ? 1 : listMax;
  for (const object of objects.slice(0, dlms.session.limits.objectsListed)) {
    const { classId, version, obis } = object;
    const wanted = readableAttributes(object);
    const results: GetResult[] = [];
    for (let at = 0; at < wanted.length; at += length) {
      dlms.session.check();
      const part = wanted.slice(at, at + length).map((attribute) => ({ classId, obis, attribute }));
      results.push(...(await valuesOf(dlms, part)));
    }
    const byNumber = new Map(wanted.map((attribute, index) => [attribute, results[index]!]));
    const attributes = wanted.map((attribute) =>
      attributeOf(dlms, classId, attribute, byNumber.get(attribute)!),
    );
    entries.push({
      obis,
      classId,
      version,
      description: findCosemClass(classId)?.name ?? `class ${classId}`,
      ...ownValue(dlms, classId, byNumber),
      attributes,
    });
  }
  return entries;
}

/** Refusals after which the association goes on: the other attributes can still be read. */
const harmless: ReadonlySet<string> = new Set(["dlms.exception", "dlms.value", "dlms.value-truncated"]);

/** A list that the device does not answer as one is asked for one by one; what it refuses even then is told by its code. */
async function valuesOf(dlms: DlmsSession, part: readonly AttributeReference[]): Promise<GetResult[]> {
  try {
    return await dlms.client.getList(part);
  } catch (error) {
    if (!(error instanceof LinkError && harmless.has(error.code))) throw error;
    if (part.length === 1) return [{ ok: false, dataAccessResult: error.code }];
    const results: GetResult[] = [];
    for (const attribute of part) results.push(...(await valuesOf(dlms, [attribute])));
    return results;
  }
}

/** Modes 1, 3, 4 and 6 allow to read; newer associations give a bit mask with 1 for it (IEC 62056-6-2, class 15). */
function readableAttributes({ classId, attributes }: CosemObject): number[] {
  const long = (attribute: number) => attribute === 2 && (classId === 7 || classId === 15);
  return attributes
    .filter(
      ({ attribute, mode }) =>
        attribute > 1 && !long(attribute) && ((mode & 1) === 1 || mode === 4 || mode === 6),
    )
    .map(({ attribute }) => attribute);
}

function attributeOf(
  dlms: DlmsSession,
  classId: number,
  attribute: number,
  result: GetResult,
): AttributeEntry {
  const name = attributeName(classId, attribute);
  if (!result.ok) return { attribute, name, error: result.dataAccessResult };
  return { attribute, name, value: plain(dlms, result.data, classId === 8 && attribute === 2) };
}

/** The object's own value in words, for the classes that are a value. */
function ownValue(
  dlms: DlmsSession,
  classId: number,
  results: ReadonlyMap<number, GetResult>,
): Pick<ObjectEntry, "value" | "unit"> {
  const value = results.get(2);
  if (![1, 3, 4, 5, 8].includes(classId) || !value?.ok) return {};
  const scaler = results.get(scalerAttribute(classId) ?? -1);
  const unit = scaler?.ok ? findScalerUnit(scaler.data) : undefined;
  const text = formatQuantity(value.data, unit?.scaler ?? 0) ?? plain(dlms, value.data, classId === 8);
  return {
    value: typeof text === "string" ? text : JSON.stringify(text),
    ...(unit ? { unit: unit.unit } : {}),
  };
}

function plain(dlms: DlmsSession, value: DataValue, isClock: boolean, depth = 0): PlainValue {
  if ("items" in value) {
    return depth >= depthMax ? null : value.items.map((item) => plain(dlms, item, false, depth + 1));
  }
  const stamp = value.type === "date-time" ? value.bytes : isClock ? stampIn(value) : undefined;
  if (stamp) return instantText(dlms, stamp) ?? hex(stamp);
  if (value.type === "boolean") return value.value;
  if (value.type === "bit-string") {
    return Array.from(value.bytes, (byte) => byte.toString(2).padStart(8, "0"))
      .join("")
      .slice(0, value.bits);
  }
  if (value.type === "float32") return formatFloat32(value.value);
  if (value.type === "float64") return formatFloat64(value.value);
  const integer = integerOf(value);
  if (integer !== undefined)
    return value.type === "int64" || value.type === "uint64" ? `${integer}` : Number(integer);
  const text = textOf(value);
  if (text !== undefined) return text.slice(0, dlms.session.limits.textCharacters);
  return "bytes" in value ? hex(value.bytes.subarray(0, dlms.session.limits.textCharacters / 2)) : null;
}

/** The twelve bytes of a clock's time. A known server wraps them in an octet-string twice when it answers a list. */
function stampIn(value: DataValue): Uint8Array | undefined {
  if (!("bytes" in value)) return undefined;
  const { bytes } = value;
  if (bytes.length === 14 && bytes[0] === 0x09 && bytes[1] === 0x0c) return bytes.subarray(2);
  return bytes.length === 12 ? bytes : undefined;
}

function instantText(dlms: DlmsSession, bytes: Uint8Array): string | undefined {
  const ms = toEpochMs(decodeDateTime(bytes), dateTimeRules(dlms.session.model, dlms.session.zone));
  return ms === undefined ? undefined : Temporal.Instant.fromEpochMilliseconds(ms).toString();
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
