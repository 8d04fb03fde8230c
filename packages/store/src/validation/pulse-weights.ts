import { parseDecimal } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import type { Channel, Installation } from "../network.ts";
import { sql } from "../sql.ts";

/** Wh of a pulse, by meter and instant of installation: `12 1577836800000`. */
export type PulseWeights = ReadonlyMap<string, string>;

const keyOf = (meterId: number, fromMs: number): string => `${meterId} ${fromMs}`;

/** Constants of the outputs of meters whose pulses a module counts; of others intervals are no pulses. */
export async function readPulseWeights(db: Queryable, meterIds: readonly number[]): Promise<PulseWeights> {
  const { rows } = await db.query<{ meterId: number; fromMs: number; wh: string }>(sql`
    select meter_id as "meterId", lower(during) as "fromMs", trim_scale(output_pulse_wh)::text as wh from installation
    where meter_id = any(${numbers(meterIds)}::int[]) and output_pulse_wh is not null and exists (
      select from device join gateway_meter using (device_id)
      where device.meter_id = installation.meter_id and gateway_meter.model = 'pulse')`);
  return new Map(rows.map(({ meterId, fromMs, wh }) => [keyOf(meterId, fromMs), wh]));
}

/** Energy of one pulse in the integers of a point's channel, the factor applied. */
export function pulseWeightOf(
  weights: PulseWeights,
  { meterId, fromMs, factor }: Installation,
  { scale, unit }: Pick<Channel, "scale" | "unit">,
): number | undefined {
  const wh = weights.size === 0 ? undefined : weights.get(keyOf(meterId, fromMs));
  if (wh === undefined || unit !== "Wh") return undefined;
  const { digits, decimals } = parseDecimal(wh);
  return (digits * factor.digits) / 10 ** (decimals + factor.decimals + scale);
}
