import { type CounterReading, type Device, quarterMs } from "@energsys/concentrator";
import type { PulseSource } from "./pulse-input.ts";

/** A module is read so long after a border. */
const readAfterMs = 1000;

/** What a meter has given to an input, in the time in which it was there. */
export interface CountedMeter {
  readonly name: string;
  readonly counted: PulseSource;
  /** When it was taken away. */
  readonly untilMs?: number;
}

/**
 * What the counters of the inputs showed at the borders of quarter-hours while this process did not run: the field that it stands for did, and a
 * concentrator in it would have gone on reading. A meter that was taken away meanwhile was read until then.
 */
export function countsMeanwhile(
  meters: readonly CountedMeter[],
  devices: readonly Device[],
  sinceMs: (logicalDevice: number) => number | undefined,
  nowMs: number,
): CounterReading[] {
  const byName = new Map(devices.map((device) => [device.name, device]));
  return meters.flatMap(({ name, counted, untilMs = Number.POSITIVE_INFINITY }) => {
    const device = byName.get(name);
    const lastMs = device && device.state !== "exchanged" ? sinceMs(device.logicalDevice) : undefined;
    if (!device || lastMs === undefined) return [];
    const readings: CounterReading[] = [];
    for (let atMs = lastMs + quarterMs; atMs + readAfterMs < Math.min(nowMs, untilMs); atMs += quarterMs) {
      const readMs = atMs + readAfterMs;
      readings.push({ logicalDevice: device.logicalDevice, readMs, count: counted(readMs), flags: 0 });
    }
    return readings;
  });
}
