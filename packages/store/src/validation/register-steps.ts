import { indexStep, type RegisterStep } from "@energsys/metering";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import type { Channel, Installation, Meter } from "../network.ts";
import { instant, sql } from "../sql.ts";

/** Readings of one register, in the order of time; the value as the meter showed it. */
export type Readings = readonly { readonly atMs: number; readonly value: string; readonly unit: string }[];

/** Readings by meter and code: `12 1-0:1.8.0*255`. */
export type ReadingsByRegister = ReadonlyMap<string, Readings>;

/** Readings of energy registers of these meters, both instants included; the last version of each. */
export async function readRegisters(
  db: Queryable,
  meterIds: readonly number[],
  fromMs: number,
  toMs: number,
): Promise<ReadingsByRegister> {
  const { rows } = await db.query<{
    meter_id: number;
    obis: string;
    at: number;
    value: string;
    unit: string;
  }>(sql`
    select distinct on (meter_id, obis, measured_at) meter_id, obis, measured_at as at, value, unit
    from register_reading
    where meter_id = any(${numbers(meterIds)}::int[]) and obis ~ '^1-[0-9]+:[0-9]+[.]8[.][0-9]+[*]255$'
      and measured_at between ${instant(fromMs)}::timestamptz and ${instant(toMs)}::timestamptz
    order by meter_id, obis, measured_at, version desc`);
  return Map.groupBy(
    rows.map(({ meter_id, obis, at, value, unit }) => ({
      key: `${meter_id} ${obis}`,
      atMs: at,
      value,
      unit,
    })),
    ({ key }) => key,
  );
}

/** A register that runs on without a break, in the integers of the point's channel. */
interface Run {
  readonly readings: readonly {
    readonly atMs: number;
    readonly value: number;
    readonly rolledOver: boolean;
  }[];
}

/** One register of one installation as the point sees it. */
export interface PointRegister {
  /** Cut where it went back and no roll-over explains it. */
  readonly runs: readonly Run[];
  /** One last digit × factor, in the channel's integers; one at least. */
  readonly digit: number;
}

const kiloOf = (unit: string): number => (unit.startsWith("k") ? 3 : 0);
const decimalsOf = (value: string): number => value.length - (value.indexOf(".") + 1 || value.length);

/**
 * The register behind a channel while a meter stands at the point; `rate` 0 is the total. Roll-overs are counted through, factors applied.
 */
export function pointRegister(
  byRegister: ReadingsByRegister,
  channel: Channel,
  installation: Installation,
  meter: Meter,
  rate = 0,
): PointRegister | undefined {
  const match = /^(1-\d+:\d+)\.29\.0\*255$/.exec(channel.obis);
  const all = match && byRegister.get(`${installation.meterId} ${match[1]}.8.${rate}*255`);
  const unit = all?.[0]?.unit;
  if (!all || unit === undefined || (kiloOf(unit) ? unit.slice(1) : unit) !== channel.unit) return undefined;
  const readings = all.filter(
    (reading) =>
      reading.unit === unit && reading.atMs >= installation.fromMs && reading.atMs <= installation.toMs,
  );
  const decimals = Math.max(...readings.map(({ value }) => decimalsOf(value)), 0);
  const { factor } = installation;
  const power = kiloOf(unit) - decimals - factor.decimals - channel.scale;
  const toChannel = (raw: bigint): number => {
    const times = raw * BigInt(factor.digits);
    if (power >= 0) return Number(times * 10n ** BigInt(power));
    const bottom = 10n ** BigInt(-power);
    return Number((2n * times + bottom) / (2n * bottom));
  };
  const runs: { atMs: number; value: number; rolledOver: boolean }[][] = [];
  let counted = 0n;
  let before: { readonly atMs: number; readonly raw: number } | undefined;
  for (const { atMs, value } of readings) {
    const raw = Number(BigInt(value.replace(".", "")) * 10n ** BigInt(decimals - decimalsOf(value)));
    const index = { unit, scale: -decimals, limits: meter.limits };
    const step = before && indexStep(before.raw, raw, (atMs - before.atMs) / 1000, index);
    if (step?.ok) counted += BigInt(step.value);
    else runs.push([]);
    runs.at(-1)?.push({ atMs, value: toChannel(counted), rolledOver: step?.ok === true && step.rolledOver });
    before = { atMs, raw };
  }
  return { runs: runs.map((run) => ({ readings: run })), digit: Math.max(1, toChannel(1n)) };
}

/** Step of a register over [fromMs, toMs], when it was read at both instants. */
export function stepOf(
  { runs, digit }: PointRegister,
  fromMs: number,
  toMs: number,
): RegisterStep | undefined {
  const at = (ms: number) =>
    runs.findIndex(({ readings }) => readings.some((reading) => reading.atMs === ms));
  const [first, last] = [at(fromMs), at(toMs)];
  if (first < 0 || last < 0) return undefined;
  if (first !== last) return { step: 0, digit, rolledOver: false, decreased: true };
  const readings = runs[first]?.readings ?? [];
  const from = readings.find(({ atMs }) => atMs === fromMs);
  const to = readings.find(({ atMs }) => atMs === toMs);
  if (!from || !to) return undefined;
  const rolledOver = readings.some(
    (reading) => reading.rolledOver && reading.atMs > fromMs && reading.atMs <= toMs,
  );
  return { step: to.value - from.value, digit, rolledOver, decreased: false };
}
