import {
  maxEnergyWh,
  type PulseConstant,
  pulseGapPowerW,
  pulseGapShortestS,
  pulseRate,
} from "@energsys/metering";
import type { Queryable } from "./database.ts";
import { instant, sql } from "./sql.ts";

/** What the pulses of one kind mean at an installation; decimals as text. */
export interface PulseFigure {
  readonly of: "led" | "output";
  /** imp/kWh of the light, Wh/imp of the output. */
  readonly constant: string;
  /** At the most that the meter can carry; null where nobody said its maximum current. */
  readonly mostPerSecond: string | null;
  readonly shortestGapSeconds: string | null;
  /** Whether a local module counts pulses that come so fast. */
  readonly counted: boolean | null;
  /** Mean power that the gap asked for means. */
  readonly powerW: string | null;
}

export interface PulseFigures {
  readonly serial: string;
  /** W that the meter can carry. */
  readonly mostW: number | null;
  readonly figures: readonly PulseFigure[];
}

/**
 * What the light on the front and the output of the meter that stood at a point at an instant mean by the constants of its installation, and
 * the power that so many seconds between two pulses are. Undefined where no meter stood there. The caller checks the scope.
 * @param gapSeconds exact decimal above 0
 */
export async function findPulseFigures(
  db: Queryable,
  { pointId, atMs, gapSeconds }: { pointId: number; atMs: number; gapSeconds?: string },
): Promise<PulseFigures | undefined> {
  const { rows } = await db.query<{
    serial: string;
    phases: 1 | 3;
    indexDigits: number;
    maxCurrentA: string | null;
    led: string | null;
    output: string | null;
  }>(sql`
    select serial, phases, index_digits as "indexDigits", max_current_a::text as "maxCurrentA",
      trim_scale(led_pulses_per_kwh)::text as led, trim_scale(output_pulse_wh)::text as output
    from installation join meter using (meter_id)
    where point_id = ${pointId}::int and during @> ${instant(atMs)}::timestamptz`);
  const [meter] = rows;
  if (!meter) return undefined;
  const { serial, phases, indexDigits, maxCurrentA, led, output } = meter;
  const most = maxEnergyWh(
    { phases, indexDigits, ...(maxCurrentA === null ? {} : { maxCurrentA: Number(maxCurrentA) }) },
    3600,
  );
  const mostW = most === undefined ? null : Math.round(most);
  const figure = (of: PulseFigure["of"], constant: string, given: PulseConstant): PulseFigure => {
    const rate = mostW === null || mostW === 0 ? null : pulseRate(mostW, given);
    return {
      of,
      constant,
      mostPerSecond: rate?.perSecond ?? null,
      shortestGapSeconds: rate?.gapSeconds ?? null,
      counted: rate && Number(rate.gapSeconds) >= pulseGapShortestS,
      powerW: gapSeconds === undefined ? null : pulseGapPowerW(gapSeconds, given),
    };
  };
  return {
    serial,
    mostW,
    figures: [
      ...(led === null ? [] : [figure("led", led, { pulsesPerKwh: led })]),
      ...(output === null ? [] : [figure("output", output, { whPerPulse: output })]),
    ],
  };
}
