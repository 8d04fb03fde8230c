import { type FileCurve, parseDecimal, pulseEnergyWh } from "@energsys/metering";
import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

interface Standing {
  readonly meterId: number;
  readonly fromMs: number;
  readonly toMs: number | null;
  readonly ledPulsesPerKwh: string | null;
  readonly outputPulseWh: string | null;
}

/** Finest part of a watt-hour that is kept where the constant of a light gives an endless fraction; a constant of an output has as many places. */
const decimalsMax = 6;

/**
 * Turns curves of pulses into energy, each interval by the constant that the meter's installation had then: Wh of a pulse of its output, or
 * pulses of its light for a kWh. Rounding is of the sum, so that none is lost. `without` are curves of which an interval has no constant.
 */
export async function energyOfPulses<Curve extends FileCurve & { readonly meterId: number }>(
  db: Queryable,
  curves: readonly Curve[],
): Promise<{ curves: Curve[]; without: Curve[] }> {
  const pulses = curves.filter(({ unit }) => unit.startsWith("imp"));
  if (pulses.length === 0) return { curves: [...curves], without: [] };
  const { rows } = await db.query<Standing>(sql`
    select meter_id as "meterId", lower(during) as "fromMs", upper(during) as "toMs",
      trim_scale(led_pulses_per_kwh)::text as "ledPulsesPerKwh", trim_scale(output_pulse_wh)::text as "outputPulseWh"
    from installation where meter_id = any(${pulses.map(({ meterId }) => meterId)}::int[]) order by lower(during)`);
  const standings = Map.groupBy(rows, ({ meterId }) => meterId);
  const without: Curve[] = [];
  const turned = curves.flatMap((curve) => {
    if (!curve.unit.startsWith("imp")) return [curve];
    const energies = energiesWh(curve, standings.get(curve.meterId) ?? []);
    if (energies) return [{ ...curve, unit: "Wh", ...inIntegers(energies) }];
    without.push(curve);
    return [];
  });
  return { curves: turned, without };
}

/** Exact Wh of each interval as decimals; undefined where nobody said what a pulse stood for. */
function energiesWh(
  { unit, startsMs, values }: FileCurve,
  standings: readonly Standing[],
): string[] | undefined {
  const energies: string[] = [];
  let before: Standing | undefined;
  let counted = 0;
  let told = 0n;
  for (const [nth, startMs] of startsMs.entries()) {
    const standing = standings.find(
      ({ fromMs, toMs }) => fromMs <= startMs && (toMs === null || startMs < toMs),
    );
    const given = unit === "imp" ? standing?.outputPulseWh : standing?.ledPulsesPerKwh;
    if (!standing || !given) return undefined;
    if (standing !== before) [before, counted, told] = [standing, 0, 0n];
    counted += values[nth]!;
    const constant = unit === "imp" ? { whPerPulse: given } : { pulsesPerKwh: given };
    const total = scaled(pulseEnergyWh(counted, constant, decimalsMax), decimalsMax);
    energies.push(unscaled(total - told));
    told = total;
  }
  return energies;
}

function scaled(text: string, decimals: number): bigint {
  const { digits, decimals: own } = parseDecimal(text);
  return BigInt(digits) * 10n ** BigInt(decimals - own);
}

const unscaled = (micro: bigint): string =>
  `${micro / 1_000_000n}.${String(micro % 1_000_000n).padStart(decimalsMax, "0")}`.replace(/\.?0+$/, "");

/** As few places as hold every value. */
function inIntegers(energies: readonly string[]): { scale: number; values: Float64Array } {
  const parsed = energies.map(parseDecimal);
  const decimals = Math.max(...parsed.map(({ decimals }) => decimals), 0);
  return {
    // No negative zero.
    scale: 0 - decimals,
    values: Float64Array.from(parsed, ({ digits, decimals: own }) => digits * 10 ** (decimals - own)),
  };
}
