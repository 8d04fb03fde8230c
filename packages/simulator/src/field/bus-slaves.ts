import type { Clock } from "@energsys/protocols";
import type { MeterDevice } from "../dlms/meter-device.ts";
import { type LinePlace, openLine } from "../links/meter-line.ts";
import { type BlockDevice, BlockStation, type BlockStationOptions } from "./block-station.ts";
import type { Bus } from "./bus.ts";
import type { SupplyUnit } from "./supply-unit.ts";

/** A device on a bus, until it is taken off. */
export interface BusSlave {
  detach(): void;
}

/** Puts a module, or a supply unit that is only asked, on a bus. */
export function attachBlockDevice(
  bus: Bus,
  device: BlockDevice,
  clock: Clock,
  options: BlockStationOptions = {},
): BusSlave & { push(): void } {
  const station = new BlockStation(bus.attach(), clock, device, options);
  return { detach: () => station.close(), push: () => station.push() };
}

/** How often a supply unit speaks by itself. */
const sendEveryMs = 10_000;

/** Puts a supply unit on a line of its own, where it also speaks by itself: every 10 s unless told, and at each change. */
export function attachSupplyUnit(
  bus: Bus,
  unit: SupplyUnit,
  clock: Clock,
  options: BlockStationOptions = {},
): BusSlave {
  const slave = attachBlockDevice(bus, unit, clock, { sendEveryMs, ...options });
  unit.onChange = () => slave.push();
  return slave;
}

/** Puts a meter on a bus: an IEC meter by its device address, a DLMS meter with HDLC by its physical address. */
export function attachMeter(bus: Bus, device: MeterDevice, clock: Clock, place: LinePlace = {}): BusSlave {
  const stream = bus.attach();
  const outlet = { write: (bytes: Uint8Array) => stream.write(bytes), destroy: () => stream.close() };
  const line = openLine(device, outlet, clock, undefined, place);
  stream.onBytes((chunk) => line.receive(chunk));
  stream.onEnd(() => line.end?.());
  return { detach: () => stream.close() };
}
