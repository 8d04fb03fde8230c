import { numbers, words } from "../arrays.ts";
import { periodRank } from "../counting-days.ts";
import type { Queryable } from "../database.ts";
import type { Channel, Network } from "../network.ts";
import { sql } from "../sql.ts";
import type { DueDay } from "./change-list.ts";
import { keyOf } from "./measured-days.ts";

/**
 * Days on which a channel is not expected, since its quantity is measured by another one: by the quarter-hour since a meter was exchanged or set
 * otherwise, and no longer by the hour. Expected is the channel that a meter delivered last, up to that day; of two that come side by side the
 * one that counts (`counting-days.ts`). Keys are those of `keyOf`.
 */
export async function readUnexpected(
  db: Queryable,
  network: Network,
  days: readonly DueDay[],
): Promise<Set<string>> {
  const doubtful = days.flatMap((day) => {
    const peers = peersOf(network, day);
    return peers.length < 2 ? [] : peers.map((peer) => ({ day, peer }));
  });
  const feeding = doubtful.flatMap(({ day, peer }) =>
    feedingOf(network, day.pointId, peer).map((meterChannelId) => ({
      ...{ channelId: day.channelId, date: day.date },
      ...{ peerId: peer.channelId, meterChannelId },
    })),
  );
  if (feeding.length === 0) return new Set();
  const { rows } = await db.query<{ channelId: number; date: string; peerId: number; last: string }>(sql`
    select channel_id as "channelId", asked.day as date, peer_id as "peerId", max(last.day) as last
    from unnest(${numbers(feeding.map(({ channelId }) => channelId))}::int[], ${words(feeding.map(({ date }) => date))}::date[],
      ${numbers(feeding.map(({ peerId }) => peerId))}::int[], ${numbers(feeding.map(({ meterChannelId }) => meterChannelId))}::int[])
      as asked (channel_id, day, peer_id, meter_channel_id)
    cross join lateral (select day from load_day where load_day.channel_id = meter_channel_id and load_day.day <= asked.day
      order by load_day.day desc limit 1) as last
    group by 1, 2, 3`);
  const lastOf = new Map(
    rows.map(({ channelId, date, peerId, last }) => [`${keyOf(channelId, date)} ${peerId}`, last]),
  );
  const unexpected = new Set<string>();
  for (const [key, entries] of Map.groupBy(doubtful, ({ day }) => keyOf(day.channelId, day.date))) {
    const ranked = entries
      .map(({ peer }) => ({ peer, last: lastOf.get(`${key} ${peer.channelId}`) ?? "" }))
      .sort((a, b) => (a.last === b.last ? rank(a.peer) - rank(b.peer) : a.last < b.last ? 1 : -1));
    if (ranked[0]!.peer.channelId !== entries[0]!.day.channelId) unexpected.add(key);
  }
  return unexpected;
}

/** Channels of the same point and quantity, the day's own among them. */
export function peersOf(network: Network, { pointId, channelId }: Omit<DueDay, "date">): Channel[] {
  const own = [...(network.points.get(pointId)?.channels.values() ?? [])];
  const obis = own.find((channel) => channel.channelId === channelId)?.obis;
  return own.filter((channel) => channel.obis === obis);
}

const rank = ({ periodSeconds }: Channel): number => periodRank(periodSeconds);

/** Channels of the meters that ever stood at the point that feed this one of its channels. */
function feedingOf(network: Network, pointId: number, { obis, periodSeconds }: Channel): number[] {
  const meters = new Set((network.points.get(pointId)?.installations ?? []).map(({ meterId }) => meterId));
  return [...meters].flatMap((meterId) =>
    [...(network.meters.get(meterId)?.channels.values() ?? [])]
      .filter((channel) => channel.quantity?.obis === obis && channel.periodSeconds === periodSeconds)
      .map(({ channelId }) => channelId),
  );
}
