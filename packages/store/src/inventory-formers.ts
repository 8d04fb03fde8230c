import type { Queryable } from "./database.ts";
import type { FormerMeter, InventoryPoint } from "./inventory.ts";
import { sql } from "./sql.ts";

const totalImport = "1-0:1.8.0*255";

/** Meters that stood at points before, as points of their own that nobody has to make. */
export interface Formers {
  readonly points: readonly InventoryPoint[];
  readonly pointIds: readonly number[];
  readonly formers: readonly FormerMeter[];
  /** Place in the list of points of the meter that stands there now. */
  readonly nth: readonly number[];
}

/** The former meters of points, oldest first. */
export function formersOf(points: readonly InventoryPoint[], pointIds: readonly number[]): Formers {
  const found = points.flatMap((point, nth) =>
    (point.before ?? []).map((former) => ({
      former,
      nth,
      point: { ...point, meter: former.meter, device: former.device, installedAt: former.installedAt },
    })),
  );
  return {
    points: found.map(({ point }) => point),
    pointIds: found.map(({ nth }) => pointIds[nth] as number),
    formers: found.map(({ former }) => former),
    nth: found.map(({ nth }) => nth),
  };
}

/** Their installations, which have ended. One that is known already, ended or not, is left alone. */
export async function storeFormerInstallations(
  db: Queryable,
  { points, pointIds, formers }: Formers,
  meterIds: readonly number[],
): Promise<number> {
  const { rowCount } = await db.query(sql`
    insert into installation (point_id, meter_id, during, ct_ratio, vt_ratio, primary_values)
    select point_id, meter_id, tstzrange(installed_at, removed_at, '[)'), ct_ratio, vt_ratio, primary_values
    from unnest(${pointIds}::int[], ${meterIds}::int[], ${points.map(({ installedAt }) => installedAt)}::timestamptz[],
      ${formers.map(({ removedAt }) => removedAt)}::timestamptz[], ${points.map(({ ctRatio }) => ctRatio ?? "1")}::numeric[],
      ${points.map(({ vtRatio }) => vtRatio ?? "1")}::numeric[], ${points.map(({ primaryValues }) => primaryValues ?? false)}::boolean[])
      as incoming (point_id, meter_id, installed_at, removed_at, ct_ratio, vt_ratio, primary_values)
    where not exists (select from installation as known where known.meter_id = incoming.meter_id)
      and not exists (select from installation as known where known.point_id = incoming.point_id
        and known.during && tstzrange(incoming.installed_at, incoming.removed_at, '[)'))`);
  return rowCount;
}

/** What both meters showed at the exchange, as readings of theirs; and nobody calls for the one that is gone. */
export async function storeExchangeIndices(
  db: Queryable,
  { formers, nth, points }: Formers,
  formerIds: readonly number[],
  currentIds: readonly number[],
): Promise<void> {
  const readings = formers.flatMap(({ removedAt, finalIndexKwh, nextIndexKwh }, at) => {
    // Of several, the next one is the one that follows in the list.
    const next = nth[at + 1] === nth[at] ? formerIds[at + 1] : currentIds[nth[at] as number];
    return [
      { meterId: formerIds[at], removedAt, kwh: finalIndexKwh },
      { meterId: next, removedAt, kwh: nextIndexKwh },
    ].filter(({ kwh }) => kwh !== undefined);
  });
  await db.query(sql`
    insert into register_reading (meter_id, obis, measured_at, version, value, unit, received_at)
    select meter_id, ${totalImport}, measured_at, 1, value, 'kWh', now()
    from unnest(${readings.map(({ meterId }) => meterId)}::int[], ${readings.map(({ removedAt }) => removedAt)}::timestamptz[],
      ${readings.map(({ kwh }) => kwh)}::numeric[]) as incoming (meter_id, measured_at, value)
    where not exists (select from register_reading as known where known.meter_id = incoming.meter_id
      and known.obis = ${totalImport} and known.measured_at = incoming.measured_at)`);
  await db.query(sql`
    update device set enabled = false
    where enabled and identity = any(${points.map(({ device }) => device.identity)}::text[])`);
}
