import { type Decimal, type MeterLimits, parseDecimal } from "@energsys/metering";
import type { Queryable } from "../database.ts";
import { meterDueOn, meterDueTables } from "../meters/meter.ts";
import { instant, sql, trusted } from "../sql.ts";

/** The meter that stands at a point, with what an exchange has to know of it. */
export interface StandingMeter {
  readonly installationId: number;
  readonly meterId: number;
  readonly serial: string;
  readonly manufacturer: string;
  readonly fromMs: number;
  readonly factor: Decimal;
  readonly limits: MeterLimits;
  readonly deviceId: number | null;
}

/** A meter of the stock by its serial. */
export interface KnownMeter {
  readonly meterId: number;
  readonly manufacturer: string;
  readonly serial: string;
  readonly model: string;
  readonly limits: MeterLimits;
  /** Day until which its verification holds; null when nothing says so. */
  readonly dueOn: string | null;
}

interface LimitColumns {
  readonly phases: 1 | 3;
  readonly maxCurrentA: string | null;
  readonly indexDigits: number;
}

const limitsOf = ({ phases, maxCurrentA, indexDigits }: LimitColumns): MeterLimits => ({
  phases,
  indexDigits,
  ...(maxCurrentA === null ? {} : { maxCurrentA: Number(maxCurrentA) }),
});

const limitColumns = sql`m.phases, m.max_current_a::text as "maxCurrentA", m.index_digits as "indexDigits"`;

/** The meter that stands at the point. `lock`: nobody else changes its installation until the transaction ends. */
export async function findStanding(
  db: Queryable,
  pointId: number,
  lock: boolean,
): Promise<StandingMeter | undefined> {
  const { rows } = await db.query<
    Omit<StandingMeter, "limits" | "factor"> & LimitColumns & { factor: string }
  >(sql`
    select i.installation_id as "installationId", i.meter_id as "meterId", m.serial, m.manufacturer, lower(i.during) as "fromMs",
      trim_scale(i.factor)::text as factor, ${limitColumns},
      (select device_id from device where device.meter_id = i.meter_id order by enabled desc, device_id desc limit 1) as "deviceId"
    from installation as i join meter as m using (meter_id)
    where i.point_id = ${pointId}::int and upper_inf(i.during) ${lock ? sql`for update of i` : sql``}`);
  const [row] = rows;
  if (!row) return undefined;
  const { phases: _p, maxCurrentA: _m, indexDigits: _d, factor, ...rest } = row;
  return { ...rest, factor: parseDecimal(factor), limits: limitsOf(row) };
}

/** Meters with a serial, of one manufacturer or of any. */
export async function findMeters(
  db: Queryable,
  { serial, manufacturer }: { readonly serial: string; readonly manufacturer?: string },
): Promise<KnownMeter[]> {
  const { rows } = await db.query<Omit<KnownMeter, "limits"> & LimitColumns>(sql`
    select m.meter_id as "meterId", m.manufacturer, m.serial, m.model, ${limitColumns}, (${trusted(meterDueOn)})::text as "dueOn"
    from meter as m ${trusted(meterDueTables)}
    where m.serial = ${serial} and (${manufacturer ?? null}::text is null or m.manufacturer = ${manufacturer ?? null}::text)
    order by m.meter_id limit 3`);
  return rows.map((row) => ({
    meterId: row.meterId,
    manufacturer: row.manufacturer,
    serial: row.serial,
    model: row.model,
    limits: limitsOf(row),
    dueOn: row.dueOn,
  }));
}

/** True when the meter stands somewhere at that instant or later. */
export async function standsFrom(db: Queryable, meterId: number, atMs: number): Promise<boolean> {
  const { rows } = await db.query(sql`
    select from installation where meter_id = ${meterId}::int and during && tstzrange(${instant(atMs)}::timestamptz, null, '[)')`);
  return rows.length > 0;
}

/** Whether the life of a meter lets it be put up at an instant: not in repair, at the laboratory or scrapped, and nothing came after. */
export async function mayBePutUp(db: Queryable, meterId: number, atMs: number): Promise<boolean> {
  const { rows } = await db.query<{ may: boolean }>(sql`
    select not exists (select from meter_state where meter_id = ${meterId}::int and at > ${instant(atMs)}::timestamptz)
      and exists (select from meter_transition where from_state = state and to_state = 'installed') as may
    from meter_state_at(${meterId}::int, ${instant(atMs)}::timestamptz) as state`);
  return rows[0]?.may ?? false;
}

/** The last reading of a register at an instant or before it. */
export interface LastReading {
  readonly obis: string;
  readonly value: string;
  readonly unit: string;
  readonly atMs: number;
}

/** Newest reading of each energy register of a meter within [fromMs, toMs]; the last version of it. */
export async function readLast(
  db: Queryable,
  meterId: number,
  fromMs: number,
  toMs: number,
): Promise<LastReading[]> {
  const { rows } = await db.query<LastReading>(sql`
    select distinct on (obis) obis, trim_scale(value)::text as value, unit, measured_at as "atMs" from register_reading
    where meter_id = ${meterId}::int and obis ~ '^1-[0-9]+:[0-9]+[.]8[.][0-9]+[*]255$'
      and measured_at between ${instant(fromMs)}::timestamptz and ${instant(toMs)}::timestamptz
    order by obis, measured_at desc, version desc`);
  return rows;
}
