import { type DataValue, data } from "../dlms/data.ts";
import { encodeObis, type ObisCode } from "../obis.ts";
import { fieldsOf, itemsOf, numberOf, obisOf } from "./fields.ts";

/** One column of a profile. `dataIndex` 0 = the whole attribute. */
export interface CaptureObject {
  readonly classId: number;
  readonly obis: ObisCode;
  readonly attribute: number;
  readonly dataIndex: number;
}

/** Columns in their order in the buffer (IEC 62056-6-2, class 7, capture_objects). @throws DecodeError `cosem.shape` */
export function decodeCaptureObjects(value: DataValue): CaptureObject[] {
  return itemsOf(value).map(decodeCaptureObject);
}

/** @throws DecodeError `cosem.shape` */
export function decodeCaptureObject(value: DataValue | undefined): CaptureObject {
  const [classId, obis, attribute, dataIndex] = fieldsOf(value, 4);
  return {
    classId: numberOf(classId, 0),
    obis: obisOf(obis, 1),
    attribute: numberOf(attribute, 2),
    dataIndex: numberOf(dataIndex, 3),
  };
}

export function encodeCaptureObject(object: CaptureObject): DataValue {
  return data.structure(
    data.uint16(object.classId),
    data.octets(encodeObis(object.obis)),
    data.int8(object.attribute),
    data.uint16(object.dataIndex),
  );
}

export function encodeCaptureObjects(objects: readonly CaptureObject[]): DataValue {
  return data.array(...objects.map(encodeCaptureObject));
}
