import { Cursor } from "../dlms/cursor.ts";
import { type DataValue, data, dataTags } from "../dlms/data.ts";
import { takeData } from "../dlms/data-decode.ts";
import { takeOptionalDateTime } from "../dlms/services/shared.ts";
import { DecodeError } from "../errors.ts";
import { warn } from "./warning.ts";

/** A notification as far as it can be read. */
export interface ReadNotification {
  readonly longInvokeId: number;
  readonly dateTime?: Uint8Array;
  readonly body: DataValue;
  /** How many elements the outer structure announces, also when it was cut. */
  readonly declaredCount?: number;
  readonly warnings: readonly string[];
}

/**
 * Reads a DataNotification for showing it: a body that is cut gives the elements that are whole, with a warning. A body
 * whose attribute descriptors stand without type tags (`{class, code, attribute} value`, a Czech network) is read too.
 * @throws DecodeError when not even the head can be read
 */
export function readNotification(apdu: Uint8Array): ReadNotification {
  const cursor = new Cursor(apdu, "apdu", 1);
  const longInvokeId = cursor.uint32();
  const dateTime = takeOptionalDateTime(cursor);
  const head = { longInvokeId, ...(dateTime && { dateTime }) };
  const start = cursor.offset;
  const declared = apdu[start] === dataTags.structure || apdu[start] === dataTags.array;
  const declaredCount = declared ? new Cursor(apdu, "apdu", start + 1).length() : undefined;
  try {
    const body = takeData(cursor);
    const warnings = cursor.left > 0 ? [warn("apdu.trailing", cursor.offset)] : [];
    return { ...head, body, ...(declaredCount !== undefined && { declaredCount }), warnings };
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const bare = findBareDescriptors(apdu, start);
    if (bare) return { ...head, body: bare, warnings: [warn("dlms.bare-descriptors", start)] };
    if (!declared) throw error;
    const { body, swapped } = takeWholeElements(apdu, start);
    const whole = body.items.length;
    const warnings =
      swapped > 0 ? [warn("dlms.swapped-code", start, `${swapped} codes have tag and length swapped`)] : [];
    if (whole !== declaredCount) {
      warnings.push(warn(error.code, error.offset, `${whole} of ${declaredCount} elements are whole`));
    }
    return { ...head, body, ...(declaredCount !== undefined && { declaredCount }), warnings };
  }
}

/** The elements up to the first that cannot be read. */
function takeWholeElements(apdu: Uint8Array, start: number) {
  const cursor = new Cursor(apdu, "apdu", start + 1);
  const count = cursor.length();
  const items: DataValue[] = [];
  let swapped = 0;
  try {
    while (items.length < count) {
      const fixed = fixSwappedCode(apdu, cursor.offset);
      if (fixed) swapped++;
      const element = new Cursor(fixed ?? apdu, "apdu", cursor.offset);
      items.push(takeData(element, 1));
      cursor.offset = element.offset;
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  return { body: { type: "structure" as const, items }, swapped };
}

/** Seen in a Landis+Gyr ZMF100: the code of some values starts `06 09`, its length before its tag. */
function fixSwappedCode(apdu: Uint8Array, at: number): Uint8Array | undefined {
  const fields = apdu[at + 1];
  const swapped =
    apdu[at] === dataTags.structure &&
    (fields === 2 || fields === 3) &&
    apdu[at + 2] === 6 &&
    apdu[at + 3] === dataTags["octet-string"];
  if (!swapped) return undefined;
  const fixed = apdu.slice();
  fixed[at + 2] = dataTags["octet-string"];
  fixed[at + 3] = 6;
  return fixed;
}

/** `02 02 | enum | array n` or the array alone, of n times `02 02 | class2 code6 attribute1 | Data`, to the last byte. */
function findBareDescriptors(apdu: Uint8Array, start: number): DataValue | undefined {
  const cursor = new Cursor(apdu, "apdu", start);
  try {
    if (apdu[start] === dataTags.structure && apdu[start + 2] === dataTags.enum) cursor.take(4);
    if (cursor.uint8() !== dataTags.array) return undefined;
    const count = cursor.count(12);
    const definitions: DataValue[] = [];
    const values: DataValue[] = [];
    for (let index = 0; index < count; index++) {
      if (cursor.uint8() !== dataTags.structure || cursor.uint8() !== 2) return undefined;
      const classId = cursor.uint16();
      const code = cursor.take(6);
      const attribute = cursor.int8();
      definitions.push(data.structure(data.uint16(classId), data.octets(code), data.int8(attribute)));
      values.push(takeData(cursor, 2));
    }
    if (cursor.left > 0) return undefined;
    return data.structure(data.array(...definitions), ...values);
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
