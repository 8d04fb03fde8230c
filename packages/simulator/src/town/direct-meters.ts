import type { MeterDevice } from "../dlms/meter-device.ts";
import { SiteMemory } from "../field/site-memory.ts";
import { followDevice, followMeter } from "../field/site-recall.ts";
import { type MeterExchange, type OwnLines, type OwnLinesOptions, openOwnLines } from "../links/own-lines.ts";
import { VirtualMeter } from "../meter/virtual-meter.ts";
import { type BalancePoint, balanceMeters } from "./balance-meters.ts";
import { exchangedMeter } from "./exchanged-meter.ts";
import type { Exchange, GridPoint, GridTown } from "./grid-town.ts";

export interface DirectMeters {
  /** Large consumers, then the balance meters: those of transformers first. */
  readonly points: readonly (GridPoint | BalancePoint)[];
  readonly lines: OwnLines;
}

/**
 * The meters of a town that are read without a concentrator, each on a line of its own. `days` is what the profiles of the balance meters hold,
 * `memory` what was done to them before, and where that is kept from now on.
 * @throws SimulatorError `simulator.port-used`, `simulator.port-denied`
 */
export async function openDirectMeters(
  town: GridTown,
  days: number,
  options: OwnLinesOptions,
  memory = new SiteMemory(),
): Promise<DirectMeters> {
  const points: (GridPoint | BalancePoint)[] = [
    ...town.points.filter(({ attachment }) => attachment.kind === "direct"),
    ...balanceMeters(town, days),
  ];
  const meters = points.map((point) => meterOf(town, point, options.nowMs));
  for (const meter of meters) followMeter(meter, memory);
  const exchanges = new Map<number, MeterExchange>();
  for (const [nth, point] of points.entries()) {
    if ("curve" in point || !point.exchange) continue;
    const { atMs } = point.exchange;
    const next = meterOf(town, point, options.nowMs, point.exchange);
    followMeter(next, memory);
    exchanges.set(nth, { atMs, meter: next });
  }
  const follow = (device: MeterDevice) => followDevice(device, memory);
  return { points, lines: await openOwnLines(meters, { ...options, exchanges, follow }) };
}

function meterOf(
  town: GridTown,
  point: GridPoint | BalancePoint,
  nowMs: () => number,
  exchange?: Exchange,
): VirtualMeter {
  const curve = "curve" in point ? point.curve : town.curveOf(point.index);
  const description = exchange ? exchangedMeter(point.meter, exchange, curve) : point.meter;
  return new VirtualMeter(description, town.surroundings, nowMs, curve);
}
