import type { Channel } from "../api/client.ts";
import { obisSymbol } from "../parts/obis.ts";
import type { Locale } from "../text/provider.tsx";

/** The channel that is meant when none is chosen: the energy of the point, drawn from the grid. */
export function usualChannel(channels: readonly Channel[], wanted?: number): Channel | undefined {
  return (
    channels.find((channel) => channel.channelId === wanted) ??
    channels.find((channel) => channel.layer === "point" && obisSymbol(channel.obis) === "A+") ??
    channels.find((channel) => channel.layer === "point") ??
    channels[0]
  );
}

export function channelName(channel: Channel, { t }: Locale): string {
  const symbol = obisSymbol(channel.obis);
  return channel.layer === "point"
    ? t("curve.layer-point", { symbol })
    : t("curve.layer-meter", { symbol, serial: channel.serial ?? "" });
}
