import { type ReadRequest, readDevice } from "@energsys/drivers";
import { findMeterModel } from "@energsys/metering/models";
import type { ByteStream } from "@energsys/protocols";
import type { LineConfig } from "../config.ts";
import type { Device, ThroughAnswer } from "../edge.ts";
import { ConcentratorError } from "../errors.ts";
import { entriesOf, meterName, meterUrl } from "../meter-reading.ts";
import type { EdgeStore } from "./edge-store.ts";

/** Reads a meter with a line of its own; each part is in the store before the meter is asked on. */
export async function readMeter(
  store: EdgeStore,
  device: Device,
  line: LineConfig,
  stream: ByteStream,
  signal: AbortSignal,
  part: Partial<ReadRequest>,
) {
  const { devices, journal, clock, time, config } = store;
  const { logicalDevice } = device;
  const model = findMeterModel(device.model);
  // Another meter in its place is noticed before a value of it is taken.
  const { identity } = devices.settings(logicalDevice);
  const registers: ThroughAnswer["registers"][number][] = [];
  const reading = await readDevice(
    meterUrl(line, device.address),
    {
      zone: config.zone,
      ...(identity ? { identity } : {}),
      ...(model ? { model } : {}),
      ...store.keysOf(device.name),
      ...part,
    },
    {
      clock,
      stream,
      signal,
      onPortion: async (portion) => {
        registers.push(...portion.registers);
        const entries = entriesOf(device, portion, time, !clock.reliable);
        const kept = store.guarded(() => {
          journal.append(entries);
          const ends = portion.profiles.flatMap(({ startsMs, periodSeconds }) =>
            startsMs.length === 0 ? [] : [startsMs.at(-1)! + periodSeconds * 1000],
          );
          if (ends.length > 0) devices.set(logicalDevice, { profileToMs: Math.max(...ends) });
          const times = portion.events.map(({ atMs }) => atMs + 1);
          if (times.length > 0) devices.set(logicalDevice, { eventsToMs: Math.max(...times) });
        });
        if (!kept) throw new ConcentratorError("concentrator.store-full");
      },
    },
  );
  const name = meterName(reading, device.name);
  store.guarded(() => store.tell(devices.seen({ ...device, name, model: reading.model.name }).changes));
  return { registers, clock: reading.clock };
}
