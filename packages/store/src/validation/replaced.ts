import { addSlot, emptySlots, type SlotSet, unpackDay } from "@energsys/metering";
import { numbers, words } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import type { Network } from "../network.ts";
import { sql } from "../sql.ts";
import { keyOf, type MeasuredDay, standingAt } from "./measured-days.ts";

/**
 * Intervals that came twice with different values, by the key of the point's day: the history of the meters' days has the ones before.
 * What filled an empty interval is no second value.
 */
export async function readReplaced(
  db: Queryable,
  network: Network,
  days: readonly MeasuredDay[],
): Promise<Map<string, SlotSet>> {
  const feeding = days.flatMap(({ channel, pointId, day }) =>
    standingAt(network, pointId, day).flatMap(({ meter }) =>
      [...meter.channels.values()]
        .filter(
          ({ quantity, periodSeconds }) =>
            quantity?.obis === channel.obis && periodSeconds === channel.periodSeconds,
        )
        .map(({ channelId }) => ({ channelId, date: day.date, key: keyOf(channel.channelId, day.date) })),
    ),
  );
  const replaced = new Map<string, SlotSet>();
  if (feeding.length === 0) return replaced;
  const dates = feeding.map(({ date }) => date).sort();
  const { rows } = await db.query<{
    n: number;
    slots: number;
    v: Buffer;
    q: Buffer | null;
    old_v: Buffer;
    old_q: Buffer | null;
  }>(sql`
    select n::int as n, stored.slots, stored.v, stored.q, old.v as old_v, old.q as old_q
    from unnest(${numbers(feeding.map(({ channelId }) => channelId))}::int[],
      ${words(feeding.map(({ date }) => date))}::date[]) with ordinality as wanted (channel_id, day, n)
    join load_day_hist as old on old.channel_id = wanted.channel_id and old.day = wanted.day
    join load_day as stored on stored.channel_id = wanted.channel_id and stored.day = wanted.day
      and stored.day between ${dates[0]}::date and ${dates.at(-1)}::date`);
  for (const { n, slots, v, q, old_v, old_q } of rows) {
    const key = feeding[n - 1]?.key ?? "";
    const now = unpackDay(v, q, slots).values;
    const before = unpackDay(old_v, old_q, slots).values;
    for (let slot = 0; slot < slots; slot++) {
      // NaN differs from everything, and is no value.
      if (Number.isNaN(now[slot]) || Number.isNaN(before[slot]) || now[slot] === before[slot]) continue;
      const set = replaced.get(key) ?? emptySlots(slots);
      addSlot(set, slot);
      replaced.set(key, set);
    }
  }
  return replaced;
}
