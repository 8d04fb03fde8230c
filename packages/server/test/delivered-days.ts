import { marketDay, type ProfileReading, slotsOf } from "@energsys/metering";
import { type Database, sql, storeDeliveries, validateChanged } from "@energsys/store";

const zone = "Europe/Bucharest";

export const quietValue = (slot: number): number => 100 + ((slot * 37) % 50);
export const dayPlus = (day: string, days: number): string =>
  Temporal.PlainDate.from(day).add({ days }).toString();

/** Delivers a day of a point's meter as its device would; `change` spoils it before. */
export async function deliverDay(
  db: Database,
  given: {
    readonly pointId: number;
    readonly day: string;
    readonly nowMs: number;
    readonly change?: (values: Float64Array) => void;
  },
): Promise<void> {
  const { rows } = await db.query<{ deviceId: number; meterId: number }>(sql`
    select device_id as "deviceId", device.meter_id as "meterId" from device join installation using (meter_id)
    where point_id = ${given.pointId}`);
  const day = marketDay(given.day, zone);
  const values = Float64Array.from({ length: slotsOf(day, 900) }, (_, slot) => quietValue(slot));
  given.change?.(values);
  const profile: ProfileReading = {
    obis: "1-0:99.1.0*255",
    periodSeconds: 900,
    columns: [{ obis: "1-0:1.29.0*255", kind: "delta", unit: "Wh", scale: 0 }],
    startsMs: Float64Array.from(values, (_, slot) => day.startMs + slot * 900_000),
    values: [values],
    flags: new Uint16Array(values.length),
  };
  const delivery = {
    ...rows[0]!,
    receivedAtMs: given.nowMs,
    blocks: [],
    profiles: [profile],
    registers: [],
    events: [],
  };
  await storeDeliveries(db, [delivery], { nowMs: given.nowMs, zone });
}

/** Works everything off that waits to be validated. */
export async function validateAll(db: Database, nowMs: number): Promise<void> {
  while ((await validateChanged(db, { nowMs, zone })).changes > 0);
}
