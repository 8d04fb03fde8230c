import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { instant, sql } from "../sql.ts";
import type { ExchangeReading } from "./exchange.ts";

/** A reading as the exchange wrote it; `version` null: it was there already, and stays when the exchange is taken back. */
export interface WrittenReading extends ExchangeReading {
  readonly version: number | null;
}

/** Writes what registers showed at an instant as readings of their meter: a value that is there already is not written again. */
export async function writeReadings(
  db: Queryable,
  meterId: number,
  atMs: number,
  readings: readonly ExchangeReading[],
  nowMs: number,
): Promise<WrittenReading[]> {
  if (readings.length === 0) return [];
  const { rows } = await db.query<{ obis: string; version: number }>(sql`
    insert into register_reading (meter_id, obis, measured_at, version, value, unit, received_at)
    select ${meterId}::int, given.obis, ${instant(atMs)}::timestamptz, coalesce(stored.version, 0) + 1, given.value, given.unit,
      ${instant(nowMs)}::timestamptz
    from unnest(${readings.map(({ obis }) => obis)}::text[], ${readings.map(({ value }) => value)}::numeric[],
      ${readings.map(({ unit }) => unit)}::text[]) as given (obis, value, unit)
    left join lateral (
      select version, value, unit from register_reading as r
      where r.meter_id = ${meterId}::int and r.obis = given.obis and r.measured_at = ${instant(atMs)}::timestamptz
      order by version desc limit 1) as stored on true
    where (stored.value, stored.unit) is distinct from (given.value, given.unit)
    returning obis, version`);
  const versions = new Map(rows.map(({ obis, version }) => [obis, version]));
  return readings.map((reading) => ({ ...reading, version: versions.get(reading.obis) ?? null }));
}

/** Takes readings back that an exchange wrote, where nobody corrected them since. */
export async function removeReadings(
  db: Queryable,
  meterId: number,
  atMs: number,
  written: readonly WrittenReading[],
): Promise<void> {
  const ours = written.filter(({ version }) => version !== null);
  if (ours.length === 0) return;
  await db.query(sql`
    delete from register_reading as stored
    using unnest(${ours.map(({ obis }) => obis)}::text[], ${numbers(ours.map(({ version }) => version))}::smallint[])
      as kept (obis, version)
    where stored.meter_id = ${meterId}::int and stored.measured_at = ${instant(atMs)}::timestamptz
      and (stored.obis, stored.version) = (kept.obis, kept.version)
      and not exists (select from register_reading as later where later.meter_id = stored.meter_id and later.obis = stored.obis
        and later.measured_at = stored.measured_at and later.version > stored.version)`);
}
