import { findScalerUnit, formatQuantity, type ScalerUnit } from "../cosem/scaler.ts";
import { toHex } from "../dlms/bytes.ts";
import { type DataValue, integerOf, textOf } from "../dlms/data.ts";
import { formatObis, type ObisCode } from "../obis.ts";
import { findLayout, kamstrupScale, listVersion, makerOf } from "./dlms-push-layouts.ts";
import { findStamp, formatValue } from "./dlms-text.ts";
import type { Reading } from "./explanation.ts";

/** What a push says: its values, and who sent it where that is to be seen. */
export interface PushContent {
  readonly readings: Reading[];
  readonly manufacturer?: string;
  /** Name of the list's form, where one of the known ones fits. */
  readonly layout?: string;
  /** The stamp inside the body, ISO 8601. */
  readonly time?: string;
}

/** One value with the code that it stands for. */
interface Entry {
  readonly obis?: ObisCode;
  readonly value: DataValue;
  readonly scale?: Pick<ScalerUnit, "scaler" | "unit">;
  /** The value is the object's own name: it says nothing more. */
  readonly isName?: boolean;
}

const isCode = (value: DataValue | undefined): value is DataValue & { bytes: Uint8Array } =>
  value?.type === "octet-string" && value.bytes.length === 6;

const isGroup = (value: DataValue | undefined): value is DataValue & { items: readonly DataValue[] } =>
  value?.type === "structure" || value?.type === "array" || value?.type === "compact-array";

/** What the notification around a body says about it. */
export interface PushHead {
  readonly hasDateTime: boolean;
  /** Elements that the outer structure announces, also when the telegram was cut. */
  readonly declaredCount: number | undefined;
}

/** Readings of a push body, by the form in which the makers send them. */
export function readPushBody(body: DataValue, head: PushHead): PushContent {
  const items = isGroup(body) ? body.items : [body];
  const described = entriesByDefinition(items, head.declaredCount ?? items.length);
  if (described) return contentOf(described, "described-list");
  const entries = nameUnnamed(entriesByCode(items));
  if (entries.some((entry) => entry.obis !== undefined)) {
    const content = contentOf(entries);
    // An array of described values without a time of its own is how Aidon's lists look that do not name themselves.
    const unnamed = content.manufacturer === undefined && body.type === "array" && !head.hasDateTime;
    return unnamed ? { ...content, manufacturer: "Aidon", layout: "aidon-list" } : content;
  }
  const layout = findLayout(items);
  if (!layout) return contentOf(entries);
  const byPlace = layout.fields.map(({ obis, scaler, unit }, index) => ({
    obis,
    value: items[index] as DataValue,
    ...(unit !== undefined && { scale: { scaler: scaler ?? 0, unit } }),
  }));
  return { ...contentOf(byPlace, layout.name), manufacturer: layout.manufacturer };
}

/** `{code, value, {scaler, unit}?}` as structures or flat in a row, mixed as some makers do. */
function entriesByCode(items: readonly DataValue[]): Entry[] {
  const entries: Entry[] = [];
  for (let index = 0; index < items.length; index++) {
    const item = items[index] as DataValue;
    if (isCode(item) && index + 1 < items.length) {
      const scale = findScalerUnit(items[index + 2]);
      entries.push({
        obis: formatObis(item.bytes),
        value: items[index + 1] as DataValue,
        ...(scale && { scale }),
      });
      index += scale ? 2 : 1;
    } else if (isGroup(item)) {
      entries.push(...entriesByCode(item.items));
    } else if (item.type !== "null") {
      entries.push({ value: item });
    }
  }
  return entries;
}

/**
 * Codes that some lists leave out: the list's own version at the start (Kamstrup), the stamp at the start and the
 * meter's number at the end (Kaifa meters of an Austrian network).
 */
function nameUnnamed(entries: readonly Entry[]): readonly Entry[] {
  if (entries.every((entry) => entry.obis === undefined)) return entries;
  return entries.map((entry, index) => {
    if (entry.obis !== undefined) return entry;
    if (index === 0 && entry.value.type === "visible-string") return { ...entry, obis: listVersion };
    if (index === 0 && findStamp(entry.value) !== undefined) return { ...entry, obis: clockCode };
    const isText = entry.value.type === "octet-string" && textOf(entry.value) !== undefined;
    return index === entries.length - 1 && isText ? { ...entry, obis: numberCode } : entry;
  });
}

const clockCode: ObisCode = "0-0:1.0.0*255";
const numberCode: ObisCode = "0-0:96.1.0*255";

interface Definition {
  readonly classId: number;
  readonly obis: ObisCode;
  readonly attribute: number;
}

function findDefinition(value: DataValue): Definition | undefined {
  if (value.type !== "structure" || value.items.length < 3) return undefined;
  const [classId, obis, attribute] = value.items;
  if (classId?.type !== "uint16" || !isCode(obis) || attribute?.type !== "int8") return undefined;
  return { classId: classId.value, obis: formatObis(obis.bytes), attribute: attribute.value };
}

/** Attributes of registers (classes 3 and 4): what is listed beside a value says its scale. */
const valueAttribute = 2;
const scalerUnitAttribute = 3;

/**
 * The push object list before the values. It may name itself as its first object, so its length says whether the first
 * name belongs to the list or to the first value. Values that a cut telegram lacks are left out.
 */
function entriesByDefinition(items: readonly DataValue[], count: number): Entry[] | undefined {
  const [list, ...values] = items;
  if (!isGroup(list) || list.items.length < 2) return undefined;
  const definitions = list.items.map(findDefinition);
  if (definitions.some((definition) => definition === undefined)) return undefined;
  const named = (definitions as Definition[]).slice(definitions.length === count ? 1 : 0);
  const scales = new Map<ObisCode, ScalerUnit>();
  for (const [index, { obis, attribute }] of named.entries()) {
    const scale = attribute === scalerUnitAttribute ? findScalerUnit(values[index]) : undefined;
    if (scale) scales.set(obis, scale);
  }
  return values.map((value, index) => {
    const definition = named[index];
    if (!definition) return { value };
    const scale = definition.attribute === valueAttribute ? scales.get(definition.obis) : undefined;
    return { obis: definition.obis, value, isName: definition.attribute === 1, ...(scale && { scale }) };
  });
}

function contentOf(entries: readonly Entry[], layout?: string): PushContent {
  const texts = entries.map(({ value }) =>
    value.type === "visible-string" ? formatValue(value) : undefined,
  );
  const manufacturer = firstMaker(entries);
  const meterType = texts[entries.findIndex((entry) => entry.obis === "1-1:96.1.1*255")] ?? "";
  const readings = entries.flatMap((entry) => {
    const scale =
      entry.scale ??
      (manufacturer === "Kamstrup" && entry.obis ? kamstrupScale(entry.obis, meterType) : undefined);
    const reading = readingOf(entry, scale);
    return reading ? [reading] : [];
  });
  const clock = entries.find((entry) => entry.obis !== undefined && /^\d+-\d+:1\.0\.0\*/.test(entry.obis));
  const time = clock && findStamp(clock.value);
  return {
    readings,
    ...(manufacturer !== undefined && { manufacturer }),
    ...(layout !== undefined && { layout }),
    ...(time !== undefined && { time }),
  };
}

function firstMaker(entries: readonly Entry[]): string | undefined {
  for (const { value } of entries) {
    if (value.type !== "visible-string" && value.type !== "octet-string") continue;
    const maker = makerOf(formatValue(value) ?? "");
    if (maker !== undefined) return maker;
  }
  return undefined;
}

/** One value as a reading; `undefined` for null-data and groups that hold no single value. */
export function readingOf(
  entry: { readonly obis?: ObisCode; readonly value: DataValue; readonly isName?: boolean },
  scale?: Pick<ScalerUnit, "scaler" | "unit">,
): Reading | undefined {
  const { obis, value } = entry;
  const raw = "bytes" in value ? toHex(value.bytes) : integerOf(value)?.toString();
  const quantity = scale ? formatQuantity(value, scale.scaler) : undefined;
  const text = entry.isName ? "" : (quantity ?? formatValue(value));
  if (text === undefined) return undefined;
  return {
    ...(obis !== undefined && { obis }),
    value: text,
    ...(quantity !== undefined && scale && { unit: scale.unit, scaler: scale.scaler }),
    ...(raw !== undefined && { raw }),
  };
}
