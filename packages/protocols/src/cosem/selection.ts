import type { Selection } from "../dlms/apdu-types.ts";
import { type DataValue, data } from "../dlms/data.ts";
import { type DateTime, encodeDateTime } from "../dlms/date-time.ts";
import { type CaptureObject, decodeCaptureObject, encodeCaptureObject } from "./capture-objects.ts";
import { fieldsOf, itemsOf, numberOf } from "./fields.ts";

export interface RangeOptions {
  readonly from: DateTime;
  /** Inclusive by the standard; meters differ at the edges: ask a little more and drop what is double. */
  readonly to: DateTime;
  /** The clock column (default: class 8, 0-0:1.0.0*255, attribute 2). */
  readonly restricting?: CaptureObject;
  /** Empty or absent = all columns. */
  readonly columns?: readonly CaptureObject[];
  /** Some meters want the bounds as type date-time, not as octet-string. */
  readonly boundsAs?: "octet-string" | "date-time";
}

const clockColumn: CaptureObject = { classId: 8, obis: "0-0:1.0.0*255", attribute: 2, dataIndex: 0 };

/** Rows of a profile by time (IEC 62056-6-2, class 7, selector 1, range_descriptor). */
export function rangeSelection(options: RangeOptions): Selection {
  const bound = (value: DateTime): DataValue => ({
    type: options.boundsAs ?? "octet-string",
    bytes: encodeDateTime(value),
  });
  return {
    selector: 1,
    parameters: data.structure(
      encodeCaptureObject(options.restricting ?? clockColumn),
      bound(options.from),
      bound(options.to),
      data.array(...(options.columns ?? []).map(encodeCaptureObject)),
    ),
  };
}

export interface EntryOptions {
  /** Counted from 1. */
  readonly fromEntry: number;
  /** 0 = the last one. */
  readonly toEntry: number;
  readonly fromColumn?: number;
  /** 0 = the last one. */
  readonly toColumn?: number;
}

/** Rows of a profile by number (selector 2, entry_descriptor). */
export function entrySelection(options: EntryOptions): Selection {
  return {
    selector: 2,
    parameters: data.structure(
      data.uint32(options.fromEntry),
      data.uint32(options.toEntry),
      data.uint16(options.fromColumn ?? 1),
      data.uint16(options.toColumn ?? 0),
    ),
  };
}

export interface RangeRequest {
  readonly restricting: CaptureObject;
  readonly from: DataValue;
  readonly to: DataValue;
  /** Empty = all columns. */
  readonly columns: readonly CaptureObject[];
}

/** The device's side of `rangeSelection`. @throws DecodeError `cosem.shape` */
export function decodeRangeSelection(parameters: DataValue): RangeRequest {
  const [restricting, from, to, columns] = fieldsOf(parameters, 4);
  return {
    restricting: decodeCaptureObject(restricting),
    from: from as DataValue,
    to: to as DataValue,
    columns: itemsOf(columns, 3).map(decodeCaptureObject),
  };
}

/** The device's side of `entrySelection`. @throws DecodeError `cosem.shape` */
export function decodeEntrySelection(parameters: DataValue): Required<EntryOptions> {
  const [fromEntry, toEntry, fromColumn, toColumn] = fieldsOf(parameters, 4);
  return {
    fromEntry: numberOf(fromEntry, 0),
    toEntry: numberOf(toEntry, 1),
    fromColumn: numberOf(fromColumn, 2),
    toColumn: numberOf(toColumn, 3),
  };
}
