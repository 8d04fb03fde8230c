import type { Queryable } from "../database.ts";
import { sql } from "../sql.ts";

/** A meter that a file puts at a point, and the device by which it would be read. */
interface MeterOfFile {
  /** The point as it is; null for a new one. */
  readonly pointId: number | null;
  readonly meter: { readonly manufacturer: string; readonly serial: string };
  readonly identity: string;
  /** ISO 8601 instant. */
  readonly at: string;
}

/**
 * Why a meter cannot come: it stands at another point then or later, its life does not let it be put up, or the device is another
 * meter's or a concentrator's.
 */
export type ComingConflict = "elsewhere" | "not-installable" | "other-device";

/** What stands against these meters, in their order; `null` where nothing does. */
export async function findComingConflicts(
  db: Queryable,
  coming: readonly MeterOfFile[],
): Promise<(ComingConflict | null)[]> {
  const { rows } = await db.query<{ conflict: ComingConflict | null }>(sql`
    select case
      when exists (
        select from device where device.identity = asked.identity and device.meter_id is distinct from m.meter_id
          and (device.meter_id is not null or exists (select from gateway where gateway.device_id = device.device_id)))
        then 'other-device'
      when m.meter_id is null or exists (
        select from installation as i where i.meter_id = m.meter_id and i.point_id = asked.point_id and upper_inf(i.during)) then null
      when exists (
        select from installation as i where i.meter_id = m.meter_id and i.during && tstzrange(asked.at, null, '[)')) then 'elsewhere'
      when exists (select from meter_state as s where s.meter_id = m.meter_id and s.at > asked.at)
        or not exists (
          select from meter_transition where from_state = meter_state_at(m.meter_id, asked.at) and to_state = 'installed')
        then 'not-installable'
      end as conflict
    from unnest(${coming.map(({ pointId }) => pointId)}::int[], ${coming.map(({ meter }) => meter.manufacturer)}::text[],
      ${coming.map(({ meter }) => meter.serial)}::text[], ${coming.map(({ identity }) => identity)}::text[],
      ${coming.map(({ at }) => at)}::timestamptz[]) with ordinality as asked (point_id, manufacturer, serial, identity, at, nth)
    left join meter as m on m.manufacturer = asked.manufacturer and m.serial = asked.serial
    order by nth`);
  return rows.map(({ conflict }) => conflict);
}
