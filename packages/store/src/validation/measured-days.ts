import { type DaySlots, type MarketDay, marketDay } from "@energsys/metering";
import type { Queryable } from "../database.ts";
import type { Channel, Installation, Meter, Network } from "../network.ts";
import { derivePointDays, type PointTarget } from "../point-days.ts";
import type { DueDay } from "./change-list.ts";

/** A day of a point's channel as the meters measured it. */
export interface MeasuredDay {
  readonly channel: Channel;
  readonly pointId: number;
  readonly day: MarketDay;
  readonly slots: DaySlots;
}

export const keyOf = (channelId: number, date: string): string => `${channelId} ${date}`;

/** The channel of a point's day; `undefined` when it is not known. */
export function channelOf(
  network: Network,
  { pointId, channelId }: Pick<DueDay, "pointId" | "channelId">,
): Channel | undefined {
  for (const channel of network.points.get(pointId)?.channels.values() ?? [])
    if (channel.channelId === channelId) return channel;
  return undefined;
}

/** Derives days from the meters' days; the arrays may be shared, so nobody may write to them. */
export async function measuredDays(
  db: Queryable,
  network: Network,
  days: readonly DueDay[],
  context: { readonly zone: string; readonly nowMs: number },
): Promise<Map<string, MeasuredDay>> {
  const targets: PointTarget[] = [];
  for (const due of days) {
    const channel = channelOf(network, due);
    if (channel)
      targets.push({ pointId: due.pointId, channel, day: marketDay(due.date, context.zone), delivery: 0 });
  }
  const derived = await derivePointDays(db, network, targets, [], context);
  return new Map(
    derived.map(({ pointId, channel, day, slots }) => [
      keyOf(channel.channelId, day.date),
      { pointId, channel, day, slots },
    ]),
  );
}

/** A meter at a point for a time. */
export interface Standing {
  readonly installation: Installation;
  readonly meter: Meter;
}

/** Meters that stood at a point on a day. */
export function standingAt(network: Network, pointId: number, { startMs, endMs }: MarketDay): Standing[] {
  const standing: Standing[] = [];
  for (const installation of network.points.get(pointId)?.installations ?? []) {
    if (installation.fromMs >= endMs || installation.toMs <= startMs) continue;
    const meter = network.meters.get(installation.meterId);
    if (meter) standing.push({ installation, meter });
  }
  return standing;
}
