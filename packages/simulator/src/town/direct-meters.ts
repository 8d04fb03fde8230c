import { type OwnLines, type OwnLinesOptions, openOwnLines } from "../links/own-lines.ts";
import { VirtualMeter } from "../meter/virtual-meter.ts";
import { type BalancePoint, balanceMeters } from "./balance-meters.ts";
import type { GridPoint, GridTown } from "./grid-town.ts";

export interface DirectMeters {
  /** Large consumers, then the balance meters: those of transformers first. */
  readonly points: readonly (GridPoint | BalancePoint)[];
  readonly lines: OwnLines;
}

/**
 * The meters of a town that are read without a concentrator, each on a line of its own. `days` is what the profiles of the balance meters hold.
 * @throws SimulatorError `simulator.port-used`, `simulator.port-denied`
 */
export async function openDirectMeters(
  town: GridTown,
  days: number,
  options: OwnLinesOptions,
): Promise<DirectMeters> {
  const points: (GridPoint | BalancePoint)[] = [
    ...town.points.filter(({ attachment }) => attachment.kind === "direct"),
    ...balanceMeters(town, days),
  ];
  const meters = points.map(
    (point) =>
      new VirtualMeter(
        point.meter,
        town.surroundings,
        options.nowMs,
        "curve" in point ? point.curve : town.curveOf(point.index),
      ),
  );
  return { points, lines: await openOwnLines(meters, options) };
}
