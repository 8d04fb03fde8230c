import { findMeterModel } from "@energsys/metering/models";
import type { ByteStream } from "@energsys/protocols";
import type { LineConfig } from "../config.ts";
import type { Device } from "../edge.ts";
import { meterUrl } from "../meter-reading.ts";
import type { EdgeStore } from "./edge-store.ts";

/** A meter with a line of its own, as what switches it or sets its clock wants it. */
export function meterOnLine(
  store: EdgeStore,
  device: Device,
  line: LineConfig,
  stream: ByteStream,
  signal: AbortSignal,
) {
  const model = findMeterModel(device.model);
  return {
    url: meterUrl(line, device.address),
    request: { zone: store.config.zone, ...(model ? { model } : {}), ...store.keysOf(device.name) },
    name: device.name,
    clock: store.clock,
    stream,
    signal,
  };
}
