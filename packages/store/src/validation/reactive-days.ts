import type { Queryable } from "../database.ts";
import type { Channel, Network } from "../network.ts";
import type { DueDay } from "./change-list.ts";
import { keyOf, type MeasuredDay, measuredDays } from "./measured-days.ts";

/**
 * Finds the reactive energy of the same point, day and period beside an active import. Where only the active energy is looked at, its
 * reactive day is read for it: what was found about both must not go because one of them was written again.
 */
export async function readReactive(
  db: Queryable,
  network: Network,
  measured: ReadonlyMap<string, MeasuredDay>,
  context: { readonly zone: string; readonly nowMs: number },
): Promise<(day: MeasuredDay) => MeasuredDay | undefined> {
  const channels = new Map<number, Channel | undefined>();
  const reactiveOf = ({ pointId, channel }: MeasuredDay): Channel | undefined => {
    if (!channels.has(channel.channelId))
      channels.set(channel.channelId, findReactive(network, pointId, channel));
    return channels.get(channel.channelId);
  };
  const missing: DueDay[] = [];
  for (const day of measured.values()) {
    const channelId = reactiveOf(day)?.channelId;
    const { date } = day.day;
    if (channelId !== undefined && !measured.has(keyOf(channelId, date)))
      missing.push({ channelId, pointId: day.pointId, date });
  }
  const beside = await measuredDays(db, network, missing, context);
  return (day) => {
    const channel = reactiveOf(day);
    const key = channel && keyOf(channel.channelId, day.day.date);
    return key === undefined ? undefined : (measured.get(key) ?? beside.get(key));
  };
}

function findReactive(network: Network, pointId: number, { obis, periodSeconds }: Channel) {
  const code = /^(1-\d+):1\.(.*)$/.exec(obis);
  if (!code) return undefined;
  const reactive = `${code[1]}:3.${code[2]}`;
  return [...(network.points.get(pointId)?.channels.values() ?? [])].find(
    (channel) => channel.obis === reactive && channel.periodSeconds === periodSeconds,
  );
}
