import { addSlot, emptySlots, type SlotSet, unpackDay } from "@energsys/metering";
import { numbers, words } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import type { Channel, Meter, MeterChannel, Network } from "../network.ts";
import { sql } from "../sql.ts";
import { keyOf, type MeasuredDay, standingAt } from "./measured-days.ts";

/**
 * Intervals that came twice with different values, by the key of the point's day: the history of the meters' days has the ones before.
 * What filled an empty interval is no second value, nor is what an import brought that was taken back; a value that somebody declared final
 * needs no look.
 */
export async function readReplaced(
  db: Queryable,
  network: Network,
  days: readonly MeasuredDay[],
): Promise<Map<string, SlotSet>> {
  const suspects = await daysOfReplacedChannels(db, network, days);
  const feeding = suspects.flatMap(({ channel, pointId, day }) =>
    standingAt(network, pointId, day).flatMap(({ meter }) =>
      feedingChannels(meter, channel).map(({ channelId }) => ({
        channelId,
        date: day.date,
        key: keyOf(channel.channelId, day.date),
      })),
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
  const imported = await readImported(db, feeding, dates[0]!, dates.at(-1)!);
  for (const { n, slots, v, q, old_v, old_q } of rows) {
    const { key, channelId, date } = feeding[n - 1]!;
    const files = imported.get(keyOf(channelId, date)) ?? [];
    const now = unpackDay(v, q, slots).values;
    const before = unpackDay(old_v, old_q, slots).values;
    for (let slot = 0; slot < slots; slot++) {
      // NaN differs from everything, and is no value.
      if (Number.isNaN(now[slot]) || Number.isNaN(before[slot]) || now[slot] === before[slot]) continue;
      if (files.some(({ values, undone }) => values[slot] === (undone ? before[slot] : now[slot]))) continue;
      const set = replaced.get(key) ?? emptySlots(slots);
      addSlot(set, slot);
      replaced.set(key, set);
    }
  }
  return replaced;
}

interface ImportedDay {
  /** What the file changed. */
  readonly values: Float64Array;
  readonly undone: boolean;
}

/** Days of meters' channels as files left them that were declared final, or taken back since, by channel and day. */
async function readImported(
  db: Queryable,
  feeding: readonly { readonly channelId: number }[],
  first: string,
  last: string,
): Promise<ReadonlyMap<string, readonly ImportedDay[]>> {
  const { rows } = await db.query<{
    channelId: number;
    day: string;
    slots: number;
    before: Buffer | null;
    beforeQ: Buffer | null;
    after: Buffer;
    afterQ: Buffer | null;
    undone: boolean;
  }>(sql`
    select kept.channel_id as "channelId", kept.day, kept.slots, r.undone_at is not null as undone, kept.v_before as before, kept.q_before as "beforeQ",
      kept.v_after as after, kept.q_after as "afterQ"
    from reading_import as r join reading_import_day as kept using (reading_import_id)
    where (r.is_final or r.undone_at is not null) and kept.v_after is not null
      and kept.channel_id = any(${numbers([...new Set(feeding.map(({ channelId }) => channelId))])}::int[])
      and kept.day between ${first}::date and ${last}::date`);
  const days = new Map<string, ImportedDay[]>();
  for (const { channelId, day, slots, undone, before, beforeQ, after, afterQ } of rows) {
    const left = unpackDay(after, afterQ, slots).values;
    const found = before ? unpackDay(before, beforeQ, slots).values : undefined;
    // Whether the file said what was there already is not known.
    const values = found ? left.map((value, slot) => (value === found[slot] ? Number.NaN : value)) : left;
    const key = keyOf(channelId, day);
    days.set(key, [...(days.get(key) ?? []), { values, undone }]);
  }
  return days;
}

const feedingChannels = (meter: Meter, { obis, periodSeconds }: Channel): MeterChannel[] =>
  [...meter.channels.values()].filter(
    (channel) => channel.quantity?.obis === obis && channel.periodSeconds === periodSeconds,
  );

/** The days of the few channels of which anything was replaced in that time: one look for all of them. */
async function daysOfReplacedChannels(
  db: Queryable,
  network: Network,
  days: readonly MeasuredDay[],
): Promise<readonly MeasuredDay[]> {
  let [first, last] = ["9999-12-31", "0001-01-01"];
  const fed = new Map<number, number[]>();
  const seen = new Set<number>();
  for (const { channel, pointId, day } of days) {
    if (day.date < first) first = day.date;
    if (day.date > last) last = day.date;
    if (seen.has(channel.channelId)) continue;
    seen.add(channel.channelId);
    for (const { meterId } of network.points.get(pointId)?.installations ?? []) {
      const meter = network.meters.get(meterId);
      for (const { channelId } of meter ? feedingChannels(meter, channel) : []) {
        const others = fed.get(channelId);
        if (others) others.push(channel.channelId);
        else fed.set(channelId, [channel.channelId]);
      }
    }
  }
  const { rows } = await db.query<{ channelId: number }>(sql`
    select distinct channel_id as "channelId" from load_day_hist
    where channel_id = any(${numbers([...fed.keys()])}::int[]) and day between ${first}::date and ${last}::date`);
  const suspects = new Set(rows.flatMap(({ channelId }) => fed.get(channelId) ?? []));
  return suspects.size === 0 ? [] : days.filter(({ channel }) => suspects.has(channel.channelId));
}
