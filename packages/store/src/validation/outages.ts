import type { Outage } from "@energsys/metering";
import { eventTables } from "@energsys/metering/models";
import { numbers } from "../arrays.ts";
import type { Queryable } from "../database.ts";
import { instant, sql } from "../sql.ts";

/** Codes, as they are stored, of the events with this name in any table of codes. */
const codesOf = (name: string): string[] =>
  Object.entries(eventTables).flatMap(([table, names]) =>
    Object.entries(names).flatMap(([code, named]) => (named === name ? [`${table}:${code}`] : [])),
  );
/** Codes of the events that say that supply ended, and that it came back. */
export const supplyCodes = { down: codesOf("power-down"), up: codesOf("power-up") } as const;
const { down, up } = supplyCodes;

/** Events that say that supply ended or came back: whoever stores one has its days looked at again. */
export const isSupplyEvent = (code: string): boolean => down.includes(code) || up.includes(code);

/** How far before the first day an outage may have begun. */
const lookBackMs = 45 * 86_400_000;

/**
 * Outages by meter: a power-down with the power-up that follows it. A meter whose device told of no event of any kind in that time has no
 * entry: then nothing is known.
 */
export async function readOutages(
  db: Queryable,
  meterIds: readonly number[],
  fromMs: number,
  toMs: number,
): Promise<Map<number, Outage[]>> {
  const from = instant(fromMs - lookBackMs);
  const ids = numbers(meterIds);
  const { rows: telling } = await db.query<{ meter_id: number }>(sql`
    select distinct meter_id from device
    where meter_id = any(${ids}::int[]) and exists (
      select from event where event.device_id = device.device_id and event.at >= ${from}::timestamptz)`);
  const outages = new Map<number, Outage[]>(telling.map(({ meter_id }) => [meter_id, []]));
  if (outages.size === 0) return outages;
  const { rows } = await db.query<{ meter_id: number; at: number; code: string }>(sql`
    select meter_id, at, code from event join device using (device_id)
    where meter_id = any(${ids}::int[]) and at between ${from}::timestamptz and ${instant(toMs)}::timestamptz
      and code = any(${[...down, ...up]}::text[])
    order by meter_id, at, seq`);
  let failed: { readonly meterId: number; readonly atMs: number } | undefined;
  for (const { meter_id, at, code } of rows) {
    if (failed?.meterId !== meter_id) failed = undefined;
    if (down.includes(code)) failed ??= { meterId: meter_id, atMs: at };
    else if (failed) {
      if (at > fromMs) outages.get(meter_id)?.push({ fromMs: failed.atMs, toMs: at });
      failed = undefined;
    }
  }
  return outages;
}
