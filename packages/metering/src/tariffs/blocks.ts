import { divideRounded, type Exact } from "./exact.ts";

/** Consumption up to this limit of a whole billing period costs this much per kWh; the last block has no limit. */
export interface Block {
  readonly upToWh: bigint | undefined;
  readonly price: Exact;
}

/** Days of the period that are billed, of the days that the limits are meant for. */
export interface BlockPeriod {
  readonly days: number;
  readonly ofDays: number;
}

/**
 * Energy of each block. Limits shrink with the days billed, to whole Wh, half up.
 * @throws RangeError where limits do not rise, or the last block has one
 */
export function blockEnergies(
  energyWh: bigint,
  blocks: readonly Block[],
  period: BlockPeriod = { days: 1, ofDays: 1 },
): bigint[] {
  const energies: bigint[] = [];
  let below = 0n;
  for (const [nth, { upToWh }] of blocks.entries()) {
    const last = nth === blocks.length - 1;
    if (last !== (upToWh === undefined)) throw new RangeError("the last block, and no other, has no limit");
    const limit = upToWh && divideRounded(upToWh * BigInt(period.days), BigInt(period.ofDays));
    if (limit !== undefined && limit < below) throw new RangeError("the limits of blocks rise");
    const upTo = limit === undefined || energyWh < limit ? energyWh : limit;
    energies.push(upTo > below ? upTo - below : 0n);
    if (limit !== undefined) below = limit;
  }
  return energies;
}
