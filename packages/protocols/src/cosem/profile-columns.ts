import type { DataValue } from "../dlms/data.ts";
import type { DateTimeRules } from "../dlms/date-time.ts";
import type { CaptureObject } from "./capture-objects.ts";

export interface ProfileOptions extends DateTimeRules {
  /** The columns in the order of the buffer: capture_objects, or what a range selection named. */
  readonly columns: readonly Pick<CaptureObject, "classId" | "attribute">[];
  /**
   * capture_period, for stamps that are sent as null-data; 0 = not periodic, null-data repeats the stamp then. Negative
   * where the meter sends the newest row first.
   */
  readonly periodSeconds: number;
}

/**
 * A profile by columns. What does not fit a typed array stands exactly as sent in `others`, under its row: numbers beyond
 * 2^53, fractions, strings, stamps with wildcards. The typed array holds NaN there, and NaN without an entry in `others`
 * is a value that is unknown (null-data in the first row).
 */
export interface ProfileColumns {
  readonly rows: number;
  readonly columns: readonly ProfileColumn[];
}

export type ProfileColumn = ClockColumn | ValueColumn;

export interface ClockColumn {
  readonly kind: "clock";
  /** Epoch ms, UTC, as the meter stamps (usually the end of the interval). */
  readonly times: Float64Array;
  /** Clock status as sent; 0xFF not specified, and for stamps that were null-data. */
  readonly status: Uint8Array;
  /** Deviation as sent in minutes; -32768 not specified. A stamp that was null-data has that of the row above. */
  readonly deviations: Int16Array;
  readonly others: ReadonlyMap<number, DataValue>;
}

export interface ValueColumn {
  readonly kind: "value";
  /** Integers as sent, without the scaler. */
  readonly values: Float64Array;
  readonly others: ReadonlyMap<number, DataValue>;
}

export const isClock = (column: Pick<CaptureObject, "classId" | "attribute">): boolean =>
  column.classId === 8 && column.attribute === 2;

export const deviationUnspecified = -0x8000;
export const statusUnspecified = 0xff;
