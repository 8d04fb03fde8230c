import { formatObis, type ObisCode } from "@energsys/protocols";
import { type DataValue, decodeData, integerOf } from "@energsys/protocols/dlms";
import type { JournalEntry } from "./served-core.ts";
import { instantIn, type LocalOffset } from "./values.ts";

export interface ProfileColumn {
  readonly obis: ObisCode;
  /** 0 amount of the interval, 1 register reading at its end, 2 mean demand. */
  readonly kind: number;
  readonly scaler: number;
  readonly unit: number;
}

/** One journal entry of kind 1, taken apart. */
export interface ProfileEntry {
  readonly profile: ObisCode;
  readonly periodSeconds: number;
  readonly startMs: number;
  readonly columns: readonly ProfileColumn[];
  readonly intervals: number;
  /** Value of a column in an interval, counted from 0. */
  valueAt(column: number, interval: number): bigint;
  /** Quality bits of an interval; 0 = good. */
  qualityAt(interval: number): number;
}

/** @throws DecodeError for bytes that are no Data; `undefined` for another shape than the agreement has */
export function profileIn(
  { body }: JournalEntry,
  offset: (ms: number) => LocalOffset,
): ProfileEntry | undefined {
  const value = decodeData(body);
  if (value.type !== "structure" || value.items.length !== 6) return undefined;
  const [profile, period, start, columnList, valueList, runList] = value.items as [
    DataValue,
    DataValue,
    DataValue,
    DataValue,
    DataValue,
    DataValue,
  ];
  const startMs = instantIn(start, offset);
  const periodSeconds = Number(integerOf(period) ?? 0n);
  if (profile.type !== "octet-string" || startMs === undefined || periodSeconds === 0) return undefined;
  const columns = itemsIn(columnList).map(columnOf);
  const values = itemsIn(valueList).map(itemsIn);
  const runs = itemsIn(runList).map((run) => itemsIn(run).map((item) => Number(integerOf(item) ?? 0n)));
  return {
    profile: formatObis(profile.bytes),
    periodSeconds,
    startMs,
    columns,
    intervals: Math.max(0, ...values.map(({ length }) => length)),
    valueAt: (column, interval) => {
      const item = values[column]?.[interval];
      return (item && integerOf(item)) ?? 0n;
    },
    qualityAt: (interval) => {
      for (const [first = 0, count = 0, quality = 0] of runs)
        if (interval >= first && interval < first + count) return quality;
      return 0;
    },
  };
}

const itemsIn = (value: DataValue | undefined): readonly DataValue[] =>
  value?.type === "array" || value?.type === "structure" || value?.type === "compact-array"
    ? value.items
    : [];

function columnOf(value: DataValue): ProfileColumn {
  const [obis, kind, scaler, unit] = itemsIn(value);
  const number = (item: DataValue | undefined) => Number((item && integerOf(item)) ?? 0n);
  return {
    obis: obis?.type === "octet-string" && obis.bytes.length === 6 ? formatObis(obis.bytes) : "0-0:0.0.0*0",
    kind: number(kind),
    scaler: number(scaler),
    unit: number(unit),
  };
}
