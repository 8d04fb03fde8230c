import type { Channel } from "../api/client.ts";
import { obisSymbol } from "../parts/obis.ts";
import type { Locale } from "../text/provider.tsx";

/** The channel that is meant when none is chosen: the energy of the point, drawn from the grid. */
export function usualChannel(channels: readonly Channel[], wanted?: number): Channel | undefined {
  return (
    channels.find((channel) => channel.channelId === wanted) ??
    newest(channels.filter((channel) => channel.layer === "point" && obisSymbol(channel.obis) === "A+")) ??
    channels.find((channel) => channel.layer === "point") ??
    channels[0]
  );
}

/** Of the hours of a meter before and the quarter-hours of the one since, what is measured now. */
const newest = (channels: readonly Channel[]): Channel | undefined =>
  channels.reduce<Channel | undefined>(
    (best, channel) => (best && (best.lastDay ?? "") >= (channel.lastDay ?? "") ? best : channel),
    undefined,
  );

/** Whether the point has the same quantity by another interval, too: of each day one of them counts. */
export const hasOtherPeriod = (channels: readonly Channel[], { layer, obis, serial, channelId }: Channel) =>
  channels.some(
    (other) =>
      other.channelId !== channelId &&
      other.layer === layer &&
      other.obis === obis &&
      other.serial === serial,
  );

export function channelName(channel: Channel, channels: readonly Channel[], { t, f }: Locale): string {
  const symbol = obisSymbol(channel.obis);
  const name =
    channel.layer === "point"
      ? t("curve.layer-point", { symbol })
      : t("curve.layer-meter", { symbol, serial: channel.serial ?? "" });
  return hasOtherPeriod(channels, channel) ? `${name} · ${f.duration(channel.periodSeconds * 1000)}` : name;
}
