import { notGood } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";
import { type Energy, energies } from "./energies.ts";
import type { Series } from "./series.ts";
import type { Counted } from "./subjects.ts";

/** What a series comes to. Values are energies of an interval; counts are of values, or of members' values. */
export interface SeriesStatistics {
  /** Integer × 10^scale of the series; null when nothing is there. */
  readonly total: bigint | null;
  /** The greatest and least interval of which all that is expected is there and good: `at` is its slot. */
  readonly max: { readonly value: number; readonly at: number } | null;
  readonly min: { readonly value: number; readonly at: number } | null;
  /** Intervals that have a value: the mean is the total over them. */
  readonly intervals: number;
  readonly expected: number;
  readonly present: number;
  readonly good: number;
  readonly estimated: number;
}

/** An interval that lacks a part, or holds a refused value, is no one's maximum: it would be a figure of what was not measured. */
export function statisticsOfSeries(series: Series): SeriesStatistics {
  const { values, flags, expected, present, good, estimated } = series;
  const counts = { expected: 0, present: 0, good: 0, estimated: 0 };
  let total: bigint | null = null;
  let intervals = 0;
  let max: { value: number; at: number } | null = null;
  let min: { value: number; at: number } | null = null;
  for (let slot = 0; slot < values.length; slot++) {
    counts.expected += expected[slot]!;
    counts.present += present[slot]!;
    counts.good += good[slot]!;
    counts.estimated += estimated[slot]!;
    const value = values[slot]!;
    if (Number.isNaN(value)) continue;
    total = (total ?? 0n) + BigInt(value);
    intervals++;
    if (present[slot]! < expected[slot]! || (flags[slot]! & notGood) !== 0) continue;
    if (!max || value > max.value) max = { value, at: slot };
    if (!min || value < min.value) min = { value, at: slot };
  }
  return { total, max, min, intervals, ...counts };
}

/** Energies that any point of a subject has a channel for, in the order of the list. */
export async function findEnergies(db: Queryable, counted: readonly Counted[]): Promise<Energy[]> {
  const points = new Set(counted.flatMap(({ sources }) => sources.map(({ pointId }) => pointId)));
  const { rows } = await db.query<{ obis: string }>(sql`
    select distinct obis from channel where point_id = any(${numbers([...points])}::int[]) and kind = 'delta'`);
  const known = new Set(rows.map(({ obis }) => obis));
  return (Object.keys(energies) as Energy[]).filter((energy) => known.has(energies[energy]));
}
