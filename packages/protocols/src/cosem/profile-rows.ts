import { type DataValue, integerOf } from "../dlms/data.ts";
import { type DateTimeRules, decodeDateTime, toEpochMs } from "../dlms/date-time.ts";
import { DecodeError } from "../errors.ts";
import { itemsOf } from "./fields.ts";
import {
  type ClockColumn,
  deviationUnspecified,
  isClock,
  type ProfileColumn,
  type ProfileColumns,
  type ProfileOptions,
  statusUnspecified,
  type ValueColumn,
} from "./profile-columns.ts";

type Writable<Column extends ProfileColumn> = Column & { readonly others: Map<number, DataValue> };

export function emptyColumns(rows: number, options: ProfileOptions): Writable<ProfileColumn>[] {
  return options.columns.map((column) =>
    isClock(column)
      ? {
          kind: "clock",
          times: new Float64Array(rows).fill(Number.NaN),
          status: new Uint8Array(rows).fill(statusUnspecified),
          deviations: new Int16Array(rows).fill(deviationUnspecified),
          others: new Map<number, DataValue>(),
        }
      : {
          kind: "value",
          values: new Float64Array(rows).fill(Number.NaN),
          others: new Map<number, DataValue>(),
        },
  );
}

/**
 * A profile from its decoded buffer: the plain way, for compact arrays and as the measure of the fast one.
 * @throws DecodeError `profile.buffer`, `profile.row` with the number of the row
 */
export function profileFromData(buffer: DataValue, options: ProfileOptions): ProfileColumns {
  if (buffer.type !== "array" && buffer.type !== "compact-array") throw new DecodeError("profile.buffer", 0);
  const rows = itemsOf(buffer);
  const columns = emptyColumns(rows.length, options);
  rows.forEach((row, index) => {
    if (row.type !== "structure" || row.items.length !== columns.length) {
      throw new DecodeError("profile.row", index);
    }
    columns.forEach((column, at) => {
      putCell(column, index, row.items[at] as DataValue, options);
    });
  });
  return { rows: rows.length, columns };
}

export function putCell(
  column: Writable<ProfileColumn>,
  row: number,
  value: DataValue,
  options: ProfileOptions,
): void {
  if (column.kind === "clock") putStamp(column, row, value, options);
  else putValue(column, row, value);
}

function putStamp(
  column: Writable<ClockColumn>,
  row: number,
  value: DataValue,
  options: ProfileOptions,
): void {
  if (value.type === "null") {
    if (row === 0) return;
    column.times[row] = (column.times[row - 1] as number) + options.periodSeconds * 1000;
    column.deviations[row] = column.deviations[row - 1] as number;
    return;
  }
  const stamp = stampOf(value, options);
  if (!stamp) {
    column.others.set(row, value);
    return;
  }
  column.times[row] = stamp.time;
  column.status[row] = stamp.status;
  column.deviations[row] = stamp.deviation;
}

function stampOf(value: DataValue, rules: DateTimeRules) {
  if ((value.type !== "octet-string" && value.type !== "date-time") || value.bytes.length !== 12)
    return undefined;
  try {
    const dateTime = decodeDateTime(value.bytes);
    const time = toEpochMs(dateTime, rules);
    if (time === undefined) return undefined;
    const { deviationMinutes = deviationUnspecified, status = statusUnspecified } = dateTime;
    return { time, status, deviation: deviationMinutes };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function putValue(column: Writable<ValueColumn>, row: number, value: DataValue): void {
  if (value.type === "null") {
    if (row === 0) return;
    column.values[row] = column.values[row - 1] as number;
    const other = column.others.get(row - 1);
    if (other) column.others.set(row, other);
    return;
  }
  const number = numberOrUndefined(column, row, value);
  if (number === undefined) column.others.set(row, value);
  else column.values[row] = number;
}

function numberOrUndefined(column: ValueColumn, row: number, value: DataValue): number | undefined {
  switch (value.type) {
    case "boolean":
      return value.value ? 1 : 0;
    case "delta-int8":
    case "delta-int16":
    case "delta-int32":
    case "delta-uint8":
    case "delta-uint16":
    case "delta-uint32": {
      const sum = row === 0 ? Number.NaN : (column.values[row - 1] as number) + value.value;
      return Number.isSafeInteger(sum) ? sum : undefined;
    }
    default: {
      const integer = integerOf(value);
      if (integer === undefined) return undefined;
      const number = Number(integer);
      return Number.isSafeInteger(number) ? number : undefined;
    }
  }
}
