import type { Queryable } from "../database.ts";
import { deviceInScope, type Scope } from "../scope.ts";
import { sql } from "../sql.ts";

/** Meters by serial number, of the scope alone: a foreign one is one that nobody knows. */
export async function findMetersBySerial(
  db: Queryable,
  scope: Scope,
  serials: readonly string[],
): Promise<{
  readonly found: ReadonlyMap<string, { readonly meterId: number; readonly deviceId: number }>;
  readonly unknown: ReadonlyMap<string, "unknown-meter" | "two-meters">;
}> {
  const wanted = [...new Set(serials)];
  const { rows } = await db.query<{ serial: string; meterId: number; deviceId: number }>(sql`
    select wanted.serial, meter.meter_id as "meterId", d.device_id as "deviceId"
    from unnest(${wanted}::text[]) as wanted (serial)
    join meter on meter.serial = wanted.serial or meter.manufacturer || meter.serial = wanted.serial
    join device as d on d.meter_id = meter.meter_id
    where ${deviceInScope(scope, "d.device_id")}`);
  const bySerial = Map.groupBy(rows, ({ serial }) => serial);
  const found = new Map<string, { meterId: number; deviceId: number }>();
  const unknown = new Map<string, "unknown-meter" | "two-meters">();
  for (const serial of wanted) {
    const candidates = bySerial.get(serial) ?? [];
    const [meter] = candidates;
    if (meter && candidates.length === 1)
      found.set(serial, { meterId: meter.meterId, deviceId: meter.deviceId });
    else unknown.set(serial, meter ? "two-meters" : "unknown-meter");
  }
  return { found, unknown };
}
