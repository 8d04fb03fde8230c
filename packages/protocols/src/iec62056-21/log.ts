import { DecodeError } from "../errors.ts";
import type { EpochMs } from "../io.ts";
import { decodeDataSets } from "./data-sets.ts";
import {
  bracketText,
  columnsAt,
  errorTextOf,
  findCount,
  findStatus,
  type IecColumn,
  type ProfileOptions,
  textAt,
} from "./profile.ts";
import { findStamp, instantOf, type LocalStamp } from "./stamp.ts";
import type { DataSet } from "./telegram.ts";

/** One event of a log. In which table its codes are found is the meter model's matter. */
export interface IecLogEntry {
  readonly stampText: string;
  readonly stamp: LocalStamp;
  readonly at: EpochMs;
  readonly status: string;
  readonly statusBits: number;
  readonly columns: readonly IecColumn[];
  /** As sent, in order of the columns. */
  readonly values: readonly string[];
}

export interface IecLog {
  readonly address: string;
  readonly error?: string;
  /** In the meter's order: times step back where its clock was set. */
  readonly entries: readonly IecLogEntry[];
}

function entryOf({ values }: DataSet, index: number, options: ProfileOptions): IecLogEntry {
  const refuse = (what: string) => new DecodeError("iec.log-entry", index, `${what} in data set ${index}`);
  const stampText = textAt(values, 0);
  const stamp = findStamp(stampText);
  if (!stamp) throw refuse("no stamp");
  const status = textAt(values, 1);
  const statusBits = findStatus(status);
  if (statusBits === undefined) throw refuse("no status");
  const countText = textAt(values, 3);
  const count = countText === "" ? 0 : findCount(countText);
  const columns = count === undefined ? undefined : columnsAt(values, 4, count);
  if (!columns) throw refuse("wrong number of values");
  const rest = values.slice(4 + 2 * columns.length).map(bracketText);
  if (rest.length !== columns.length && rest.length !== 0) throw refuse("wrong number of values");
  return {
    stampText,
    stamp,
    at: instantOf(stamp, options.offset),
    status,
    statusBits,
    columns,
    values: rest,
  };
}

/**
 * Decodes the answer to `R5 P.98(…)` and its like: one data set for each event (VDEW practice). Values that stand on a
 * line of their own belong to the entry before.
 * @throws DecodeError `iec.log-entry`, `iec.bracket`; the offset counts data sets
 */
export function decodeLog(source: readonly DataSet[] | string, options: ProfileOptions): IecLog {
  const dataSets = typeof source === "string" ? decodeDataSets(source) : source;
  const address = dataSets[0]?.address ?? "";
  const error = errorTextOf(dataSets);
  if (error !== undefined) return { address, error, entries: [] };
  const entries: IecLogEntry[] = [];
  dataSets.forEach((dataSet, index) => {
    const before = entries.at(-1);
    if (dataSet.address === "" && before) {
      if (before.values.length > 0 || dataSet.values.length !== before.columns.length) {
        throw new DecodeError("iec.log-entry", index, "values of no entry");
      }
      entries[entries.length - 1] = { ...before, values: dataSet.values.map(bracketText) };
    } else if (dataSet.address !== address) {
      throw new DecodeError("iec.log-entry", index, "another address");
    } else entries.push(entryOf(dataSet, index, options));
  });
  return { address, entries };
}
