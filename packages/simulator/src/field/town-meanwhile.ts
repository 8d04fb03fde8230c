import { type CounterReading, type Device, quarterMs } from "@energsys/concentrator";
import { nameBehindConcentrator } from "../town/town-books.ts";
import type { PulsingPoint } from "./town-site.ts";

/** A module is read so long after a border. */
const readAfterMs = 1000;

/**
 * What the counters of the inputs showed at the borders of quarter-hours while this process did not run: the field that it stands for did, and a
 * concentrator in it would have gone on reading. A meter that was taken away meanwhile was read until then.
 */
export function countsMeanwhile(
  pulsing: readonly PulsingPoint[],
  devices: readonly Device[],
  sinceMs: (logicalDevice: number) => number | undefined,
  nowMs: number,
): CounterReading[] {
  const byName = new Map(devices.map((device) => [device.name, device]));
  return pulsing.flatMap(({ point, counted }) => {
    const exchangeMs = point.exchange?.atMs ?? Number.POSITIVE_INFINITY;
    return [false, true].flatMap((exchanged) => {
      if (exchanged && !point.exchange) return [];
      const device = byName.get(nameBehindConcentrator(point, exchanged));
      const lastMs = device && device.state !== "exchanged" ? sinceMs(device.logicalDevice) : undefined;
      if (!device || lastMs === undefined) return [];
      const readings: CounterReading[] = [];
      const toMs = exchanged ? nowMs : Math.min(nowMs, exchangeMs);
      for (let atMs = lastMs + quarterMs; atMs + readAfterMs < toMs; atMs += quarterMs) {
        const readMs = atMs + readAfterMs;
        readings.push({ logicalDevice: device.logicalDevice, readMs, count: counted(readMs), flags: 0 });
      }
      return readings;
    });
  });
}
