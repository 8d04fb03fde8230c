import type { DataValue } from "../dlms/data.ts";
import { encodeObis, type ObisCode } from "../obis.ts";
import { fieldsOf, itemsOf, numberOf, obisOf } from "./fields.ts";

export interface CosemObject {
  readonly classId: number;
  readonly version: number;
  readonly obis: ObisCode;
  /** Access as the association gives it; the meaning of the mode depends on the association's version. */
  readonly attributes: readonly {
    readonly attribute: number;
    readonly mode: number;
    readonly selectors: readonly number[];
  }[];
  readonly methods: readonly { readonly method: number; readonly mode: number }[];
}

/** Objects of one association, in the meter's order (IEC 62056-6-2, class 15, object_list). @throws DecodeError `cosem.shape` */
export function decodeObjectList(value: DataValue): CosemObject[] {
  return itemsOf(value).map((element) => {
    const [classId, version, obis, access] = fieldsOf(element, 4);
    const [attributes, methods] = fieldsOf(access, 2, 3);
    return {
      classId: numberOf(classId, 0),
      version: numberOf(version, 1),
      obis: obisOf(obis, 2),
      attributes: itemsOf(attributes, 3).map((entry) => {
        const [attribute, mode, selectors] = fieldsOf(entry, 2, 3);
        const hasSelectors = selectors && selectors.type !== "null" && selectors.type !== "dont-care";
        return {
          attribute: numberOf(attribute, 3),
          mode: numberOf(mode, 3),
          selectors: hasSelectors ? itemsOf(selectors, 3).map((selector) => numberOf(selector, 3)) : [],
        };
      }),
      methods: itemsOf(methods, 3).map((entry) => {
        const [method, mode] = fieldsOf(entry, 2, 3);
        // Old associations say by a boolean whether a method may be called.
        const callable = mode?.type === "boolean" ? Number(mode.value) : numberOf(mode, 3);
        return { method: numberOf(method, 3), mode: callable };
      }),
    };
  });
}

export function encodeObjectList(objects: readonly CosemObject[]): DataValue {
  const structure = (...items: DataValue[]): DataValue => ({ type: "structure", items });
  const array = (items: DataValue[]): DataValue => ({ type: "array", items });
  return array(
    objects.map((object) =>
      structure(
        { type: "uint16", value: object.classId },
        { type: "uint8", value: object.version },
        { type: "octet-string", bytes: encodeObis(object.obis) },
        structure(
          array(
            object.attributes.map(({ attribute, mode, selectors }) =>
              structure(
                { type: "int8", value: attribute },
                { type: "enum", value: mode },
                selectors.length === 0
                  ? { type: "null" }
                  : array(selectors.map((value): DataValue => ({ type: "int8", value }))),
              ),
            ),
          ),
          array(
            object.methods.map(({ method, mode }) =>
              structure({ type: "int8", value: method }, { type: "enum", value: mode }),
            ),
          ),
        ),
      ),
    ),
  );
}
