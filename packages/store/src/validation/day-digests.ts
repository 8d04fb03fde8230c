import { type DayHistory, missingBit } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

interface Digest {
  readonly sum: number | null;
  readonly slots: number;
  readonly ok: number;
  readonly flags: number;
}

const dayMs = 86_400_000;
/** Days as numbers: dates without a zone count evenly. */
const numberOf = (date: string): number => Date.parse(`${date}T00:00:00Z`) / dayMs;
export const dateOf = (number: number): string => new Date(number * dayMs).toISOString().slice(0, 10);

const historyDays = 31;

/** The first stored day of each channel: before it nothing was ever expected. */
export async function readFirstDays(
  db: Queryable,
  channelIds: readonly number[],
): Promise<Map<number, string>> {
  const { rows } = await db.query<{ channel_id: number; day: string }>(sql`
    select channel_id, first.day from unnest(${numbers(channelIds)}::int[]) as wanted (channel_id)
    cross join lateral (
      select day from load_day where load_day.channel_id = wanted.channel_id order by day limit 1
    ) as first`);
  return new Map(rows.map(({ channel_id, day }) => [channel_id, day]));
}

/** Digests of stored days of some channels. */
export class DayDigests {
  readonly #byChannel = new Map<number, Map<number, Digest>>();

  /** Adds days from `fromDate` to `toDate`, both included. */
  async read(db: Queryable, channelIds: readonly number[], fromDate: string, toDate: string): Promise<void> {
    const { rows } = await db.query<Digest & { channel_id: number; day: string }>(sql`
      select channel_id, day, sum, slots, ok, flags from load_day
      where channel_id = any(${numbers(channelIds)}::int[]) and day between ${fromDate}::date and ${toDate}::date`);
    for (const { channel_id, day, ...digest } of rows) {
      let days = this.#byChannel.get(channel_id);
      if (!days) {
        days = new Map();
        this.#byChannel.set(channel_id, days);
      }
      days.set(numberOf(day), digest);
    }
  }

  /** Bits of quality of a stored day as a number without sign; `missingBit` of one that is not stored. */
  flagsOf(channelId: number, date: string): number {
    const digest = this.#byChannel.get(channelId)?.get(numberOf(date));
    return digest ? digest.flags & 0xffff : missingBit;
  }

  /** Sum of a stored day as it counts; null where there is none. */
  sumOf(channelId: number, date: string): number | null {
    return this.#byChannel.get(channelId)?.get(numberOf(date))?.sum ?? null;
  }

  historyOf(channelId: number, date: string): DayHistory {
    const sums = new Float64Array(historyDays).fill(Number.NaN);
    const present = new Uint16Array(historyDays);
    const day = numberOf(date);
    for (let back = 1; back <= historyDays; back++) {
      const digest = this.#byChannel.get(channelId)?.get(day - back);
      if (digest?.sum == null) continue;
      sums[back - 1] = digest.sum;
      present[back - 1] = (digest.flags & missingBit) === 0 ? digest.slots : digest.ok;
    }
    return { sums, present, from: 0, count: historyDays };
  }

  /** Four weeks around the same weekday a year ago. */
  yearAgo(channelId: number, date: string): { sum: number; present: number } | undefined {
    const days = this.#byChannel.get(channelId);
    const day = numberOf(date);
    let sum = 0;
    let present = 0;
    for (let back = 364 - 14; back <= 364 + 14; back++) {
      const digest = days?.get(day - back);
      if (digest?.sum == null) continue;
      sum += digest.sum;
      present += (digest.flags & missingBit) === 0 ? digest.slots : digest.ok;
    }
    return present > 0 ? { sum, present } : undefined;
  }
}
