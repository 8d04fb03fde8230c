import { type DayHistory, missingBit } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import { type CopyReader, copyOut } from "../copy-binary.ts";
import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

/** Digests of one channel, an entry for each day of what was read, the last day first. */
class ChannelDigests {
  /** NaN where a day has no sum. */
  readonly sums: Float64Array;
  /** Slots that have a value; of a day with gaps those that are good. */
  readonly present: Uint16Array;
  /** Bits of quality as a number without sign, −1 for a day that is not stored. */
  readonly flags: Int32Array;

  constructor(count: number) {
    this.sums = new Float64Array(count).fill(Number.NaN);
    this.present = new Uint16Array(count);
    this.flags = new Int32Array(count).fill(-1);
  }
}

const dayMs = 86_400_000;
export const dateOf = (number: number): string => new Date(number * dayMs).toISOString().slice(0, 10);

const historyDays = 31;

/** The first stored day of each channel: before it nothing was ever expected. */
export async function readFirstDays(
  db: Queryable,
  channelIds: readonly number[],
): Promise<Map<number, string>> {
  if (channelIds.length === 0) return new Map();
  const { rows } = await db.query<{ channel_id: number; day: string }>(sql`
    select channel_id, first.day from unnest(${numbers(channelIds)}::int[]) as wanted (channel_id)
    cross join lateral (
      select day from load_day where load_day.channel_id = wanted.channel_id order by day limit 1
    ) as first`);
  return new Map(rows.map(({ channel_id, day }) => [channel_id, day]));
}

/** Digests of stored days of some channels. */
export class DayDigests {
  readonly #numbers = new Map<string, number>();
  /** What each reading brought, the last one first: it knows at least as much. */
  readonly #readings: { from: number; count: number; byChannel: Map<number, ChannelDigests> }[] = [];

  /** Adds days from `fromDate` to `toDate`, both included. */
  async read(db: Queryable, channelIds: readonly number[], fromDate: string, toDate: string): Promise<void> {
    const from = this.#numberOf(fromDate);
    const count = this.#numberOf(toDate) - from + 1;
    const byChannel = new Map<number, ChannelDigests>();
    // COPY takes no parameters; these are numbers, and dates made of numbers. A row for each channel, not for each of its days: those cost
    // more to send and to take apart than all that they say.
    await copyOut(
      db,
      `copy (
         select channel_id, array_agg(sum), array_agg(
           ((day - '${dateOf(from)}'::date)::int8 << 32) | (case when flags >= 0 then slots else ok end::int8 << 16) | (flags::int & 65535))
         from load_day
         where channel_id = any('${numbers(channelIds.toSorted((a, b) => a - b))}'::int[])
           and day between '${dateOf(from)}' and '${dateOf(from + count - 1)}'
         group by channel_id) to stdout (format binary)`,
      (rows) => addRows(rows, byChannel, count),
    );
    this.#readings.unshift({ from, count, byChannel });
  }

  /** Days as numbers: dates without a zone count evenly. A round has few dates, and asks with each of its days. */
  #numberOf(date: string): number {
    let number = this.#numbers.get(date);
    if (number === undefined) {
      number = Date.parse(`${date}T00:00:00Z`) / dayMs;
      this.#numbers.set(date, number);
    }
    return number;
  }

  #at(channelId: number, day: number): { readonly of: ChannelDigests; readonly nth: number } | undefined {
    for (const { from, count, byChannel } of this.#readings) {
      if (day < from || day >= from + count) continue;
      const of = byChannel.get(channelId);
      const nth = from + count - 1 - day;
      if (of && of.flags[nth]! >= 0) return { of, nth };
    }
    return undefined;
  }

  /** Whether a day is stored, as far as was read. */
  has(channelId: number, date: string): boolean {
    return this.#at(channelId, this.#numberOf(date)) !== undefined;
  }

  /** Bits of quality of a stored day as a number without sign; `missingBit` of one that is not stored. */
  flagsOf(channelId: number, date: string): number {
    const found = this.#at(channelId, this.#numberOf(date));
    return found ? found.of.flags[found.nth]! : missingBit;
  }

  /** Sum of a stored day as it counts; null where there is none. */
  sumOf(channelId: number, date: string): number | null {
    const found = this.#at(channelId, this.#numberOf(date));
    const sum = found ? found.of.sums[found.nth]! : Number.NaN;
    return Number.isNaN(sum) ? null : sum;
  }

  historyOf(channelId: number, date: string): DayHistory {
    return this.#before(channelId, this.#numberOf(date), historyDays) ?? noHistory;
  }

  /** Four weeks around the same weekday a year ago. */
  yearAgo(channelId: number, date: string): { sum: number; present: number } | undefined {
    const found = this.#before(channelId, this.#numberOf(date) - 364 + 15, 29);
    if (!found) return undefined;
    let sum = 0;
    let present = 0;
    for (let nth = found.from; nth < found.from + found.count; nth++) {
      if (Number.isNaN(found.sums[nth])) continue;
      sum += found.sums[nth]!;
      present += found.present[nth]!;
    }
    return present > 0 ? { sum, present } : undefined;
  }

  /** The days before one, which one reading brought; `undefined` where nothing is stored of any. Nothing is copied: a round asks for every day. */
  #before(channelId: number, end: number, count: number): DayHistory | undefined {
    const reading = this.#readings.find(({ from, count: read }) => end - count >= from && end <= from + read);
    const of = reading?.byChannel.get(channelId);
    if (!reading || !of) return undefined;
    return { sums: of.sums, present: of.present, from: reading.from + reading.count - end, count };
  }
}

const noHistory: DayHistory = { sums: new Float64Array(0), present: new Uint16Array(0), from: 0, count: 0 };

/** An array as PostgreSQL sends it: dimensions, nulls, type, length and lower bound before the elements, each with its own length. */
const arrayHead = 20;

function addRows(rows: CopyReader, byChannel: Map<number, ChannelDigests>, count: number): void {
  const { view } = rows;
  while (rows.next()) {
    const of = new ChannelDigests(count);
    byChannel.set(rows.int4(), of);
    let sumAt = rows.skip().start + arrayHead;
    const { start, end } = rows.skip();
    for (let at = start + arrayHead + 4; at < end; at += 12) {
      const nth = count - 1 - view.getInt32(at);
      of.present[nth] = view.getUint16(at + 4);
      of.flags[nth] = view.getUint16(at + 6);
      const isNull = view.getInt32(sumAt) < 0;
      if (!isNull) of.sums[nth] = view.getInt32(sumAt + 4) * 0x1_0000_0000 + view.getUint32(sumAt + 8);
      sumAt += isNull ? 4 : 12;
    }
  }
}
