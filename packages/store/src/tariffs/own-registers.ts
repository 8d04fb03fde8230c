import { type CountedEnergy, compareRegisters, marketDay, type RegisterComparison } from "@energsys/metering";
import type { Database } from "../database.ts";
import { loadBarePoints, loadMeters, networkOf } from "../network.ts";
import type { Period } from "../query/frame.ts";
import { sql } from "../sql.ts";
import { standingAt } from "../validation/measured-days.ts";
import { pointRegister, readRegisters, stepOf } from "../validation/register-steps.ts";

/** Why a register of a rate says nothing. */
export type RegisterSilence = "not-read" | "went-back" | "no-meter";

export interface OwnRegister extends RegisterComparison {
  readonly register: number;
  readonly silence: RegisterSilence | null;
}

/**
 * The meters' own rate registers of a point beside our zones, in the integers of the point's channel: read at both borders of the period (and
 * of each meter's time at the point), else it says nothing.
 */
export async function readOwnRegisters(
  db: Database,
  pointId: number,
  obis: string,
  {
    zones,
    registers,
    scale,
  }: {
    readonly zones: readonly ({ readonly rate: string } & CountedEnergy)[];
    readonly registers: readonly { readonly rate: string; readonly register: number }[];
    /** Of the zones. */
    readonly scale: number;
  },
  { fromDay, toDay, zone }: Period,
): Promise<OwnRegister[]> {
  const span = {
    date: fromDay,
    startMs: marketDay(fromDay, zone).startMs,
    endMs: marketDay(toDay, zone).startMs,
  };
  const network = networkOf(db);
  const { rows: meters } = await db.query<{ meterId: number }>(sql`
    select distinct meter_id as "meterId" from installation where point_id = ${pointId}::int`);
  const meterIds = meters.map(({ meterId }) => meterId);
  await loadMeters(db, network, meterIds);
  await loadBarePoints(db, network, [pointId]);
  const channel = [...(network.points.get(pointId)?.channels.values() ?? [])].find(
    (each) => each.obis === obis,
  );
  if (!channel || channel.scale !== scale) return [];
  const standing = standingAt(network, pointId, span);
  const readings = await readRegisters(db, meterIds, span.startMs, span.endMs);
  return registers.flatMap(({ rate, register }) => {
    const zoneOf = zones.find((each) => each.rate === rate);
    if (!zoneOf) return [];
    let energy = 0n;
    let digit = 1;
    let silence: RegisterSilence | null = standing.length === 0 ? "no-meter" : null;
    for (const { installation, meter } of standing) {
      const own = pointRegister(readings, channel, installation, meter, register);
      const fromMs = Math.max(span.startMs, installation.fromMs);
      const step = own && stepOf(own, fromMs, Math.min(span.endMs, installation.toMs));
      if (!step) silence ??= "not-read";
      else if (step.decreased) silence = "went-back";
      else {
        energy += BigInt(step.step);
        digit = Math.max(digit, step.digit);
      }
    }
    const known = silence === null ? [[rate, { energy, step: BigInt(digit) }] as const] : [];
    const [compared] = compareRegisters([zoneOf], new Map(known));
    return [{ ...compared!, register, silence }];
  });
}
