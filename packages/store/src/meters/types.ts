import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { instant, sql, trusted } from "../sql.ts";

export const meterConnections = ["direct", "current-transformer", "current-voltage-transformer"] as const;
/** Active classes of EN 50470 (MID) and of IEC 62053, as they stand on the plate. */
export const accuracyClasses = ["A", "B", "C", "2", "1", "0.5", "0.5S", "0.2", "0.2S"] as const;

/** What is known of a type of meter. Numbers with fractions are exact decimals. */
export interface MeterTypeFacts {
  /** Name of a meter model: how it is read. */
  readonly model: string;
  readonly phases: 1 | 3;
  readonly connection: (typeof meterConnections)[number];
  readonly accuracyClass: (typeof accuracyClasses)[number];
  /** Flashes of the light on the front per kWh. */
  readonly ledPulsesPerKwh: string | null;
  /** Wh that one pulse of the output stands for. */
  readonly outputPulseWh: string | null;
  /** Between a phase and neutral: 230 of 3x230/400 V. */
  readonly referenceVoltageV: string | null;
  /** The highest that it stands, between a phase and neutral. */
  readonly maxVoltageV: string | null;
  readonly referenceCurrentA: string | null;
  readonly maxCurrentA: string | null;
  readonly indexDigits: number;
  readonly indexDecimals: number;
  readonly relay: boolean;
  readonly loadProfile: boolean;
  /** Registers of rates that it can keep. */
  readonly tariffs: number;
  /** So many years a first verification holds; null: not known. */
  readonly verificationYears: number | null;
}

/** A certificate of the Measuring Instruments Directive; days, the last not included. */
export interface MeterTypeCertificate {
  readonly number: string;
  readonly body: string;
  readonly year: number;
  readonly validFrom: string;
  readonly validTo: string | null;
}

export interface MeterTypeRow extends MeterTypeFacts {
  readonly meterTypeId: number;
  readonly manufacturer: string;
  readonly name: string;
  /** Of today, or null: none is valid. */
  readonly certificate: MeterTypeCertificate | null;
  readonly meters: number;
}

/** What was known of a type, from when until when (epoch ms). */
export interface MeterTypeVersion extends MeterTypeFacts {
  readonly from: number;
  readonly to: number | null;
  readonly reason: string;
  readonly by: string;
}

export interface MeterType {
  readonly meterTypeId: number;
  readonly manufacturer: string;
  readonly name: string;
  /** The newest first; there is always one. */
  readonly versions: readonly MeterTypeVersion[];
  readonly certificates: readonly MeterTypeCertificate[];
  readonly meters: number;
}

interface Change {
  readonly facts: MeterTypeFacts;
  readonly fromMs: number;
  readonly reason: string;
  readonly by: string;
}

const facts = trusted(`v.model, v.phases, v.connection, v.accuracy_class as "accuracyClass",
  trim_scale(v.led_pulses_per_kwh) as "ledPulsesPerKwh", trim_scale(v.output_pulse_wh) as "outputPulseWh",
  trim_scale(v.reference_voltage_v) as "referenceVoltageV", trim_scale(v.max_voltage_v) as "maxVoltageV",
  trim_scale(v.reference_current_a) as "referenceCurrentA", trim_scale(v.max_current_a) as "maxCurrentA",
  v.index_digits as "indexDigits", v.index_decimals as "indexDecimals", v.relay, v.load_profile as "loadProfile", v.tariffs,
  v.verification_years as "verificationYears"`);
const certificate = trusted(
  `c.number, c.body, c.year, lower(c.valid)::text as "validFrom", upper(c.valid)::text as "validTo"`,
);

/** The catalogue as it is at an instant, by manufacturer and name. */
export async function listMeterTypes(db: Queryable, atMs: number): Promise<MeterTypeRow[]> {
  const { rows } = await db.query<MeterTypeRow>(sql`
    select t.meter_type_id as "meterTypeId", t.manufacturer, t.name, ${facts},
      (select to_jsonb(c) from (
        select ${certificate} from meter_type_certificate as c
        where c.meter_type_id = t.meter_type_id and c.valid @> (${instant(atMs)}::timestamptz at time zone 'UTC')::date) as c) as certificate,
      (select count(*)::int from meter where meter.meter_type_id = t.meter_type_id) as meters
    from meter_type as t join meter_type_version as v on v.meter_type_id = t.meter_type_id and v.during @> ${instant(atMs)}::timestamptz
    order by t.manufacturer, t.name`);
  return rows;
}

/** One type with all that was ever known of it, or `undefined`. */
export async function findMeterType(db: Queryable, meterTypeId: number): Promise<MeterType | undefined> {
  const [types, versions, certificates] = await Promise.all([
    db.query<Omit<MeterType, "versions" | "certificates">>(sql`
      select meter_type_id as "meterTypeId", manufacturer, name,
        (select count(*)::int from meter where meter.meter_type_id = t.meter_type_id) as meters
      from meter_type as t where meter_type_id = ${meterTypeId}::int`),
    db.query<MeterTypeVersion>(sql`
      select ${facts}, lower(during) as "from", upper(during) as "to", reason, made_by as by
      from meter_type_version as v where meter_type_id = ${meterTypeId}::int order by during desc`),
    db.query<MeterTypeCertificate>(sql`
      select ${certificate} from meter_type_certificate as c where meter_type_id = ${meterTypeId}::int order by valid desc`),
  ]);
  const [type] = types.rows;
  return type && { ...type, versions: versions.rows, certificates: certificates.rows };
}

/** @throws StoreError `meter-type.known` when the manufacturer has one of this name */
export async function addMeterType(
  db: Database,
  given: Change & { readonly manufacturer: string; readonly name: string },
): Promise<number> {
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ id: number }>(sql`
      insert into meter_type (manufacturer, name) values (${given.manufacturer}, ${given.name})
      on conflict do nothing returning meter_type_id as id`);
    if (!rows[0]) throw new StoreError("meter-type.known", "the catalogue has this type");
    await insertVersion(transaction, rows[0].id, given);
    return rows[0].id;
  });
}

/**
 * Other facts of a type from an instant on; what was known until then stays to be seen.
 * @throws StoreError `meter-type.not-found`, `meter-type.too-early` when the version in force begins at that instant or later
 */
export async function changeMeterType(db: Database, meterTypeId: number, given: Change): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockType(transaction, meterTypeId);
    const { rowCount } = await transaction.query(sql`
      update meter_type_version set during = tstzrange(lower(during), ${instant(given.fromMs)}::timestamptz)
      where meter_type_id = ${meterTypeId}::int and upper_inf(during) and lower(during) < ${instant(given.fromMs)}::timestamptz`);
    if (rowCount === 0)
      throw new StoreError("meter-type.too-early", "what is known begins at that instant or later");
    await insertVersion(transaction, meterTypeId, given);
  });
}

/**
 * A certificate of a type. One that is open ends where the new one begins.
 * @throws StoreError `meter-type.not-found`, `meter-type.certificate-overlaps` when another is valid at that time
 */
export async function addMeterTypeCertificate(
  db: Database,
  meterTypeId: number,
  given: MeterTypeCertificate,
): Promise<void> {
  try {
    await db.transaction(async (transaction) => {
      await lockType(transaction, meterTypeId);
      await transaction.query(sql`
        update meter_type_certificate set valid = daterange(lower(valid), ${given.validFrom}::date)
        where meter_type_id = ${meterTypeId}::int and upper_inf(valid) and lower(valid) < ${given.validFrom}::date`);
      await transaction.query(sql`
        insert into meter_type_certificate (meter_type_id, number, body, year, valid)
        values (${meterTypeId}::int, ${given.number}, ${given.body}, ${given.year}::smallint,
          daterange(${given.validFrom}::date, ${given.validTo}::date))`);
    });
  } catch (cause) {
    if (sqlState(cause) !== "23P01") throw cause;
    throw new StoreError(
      "meter-type.certificate-overlaps",
      "another certificate is valid at that time",
      cause,
    );
  }
}

async function lockType(transaction: Queryable, meterTypeId: number): Promise<void> {
  const { rows } = await transaction.query(sql`
    select from meter_type where meter_type_id = ${meterTypeId}::int for no key update`);
  if (rows.length === 0) throw new StoreError("meter-type.not-found", "the catalogue has no such type");
}

const insertVersion = (
  transaction: Queryable,
  meterTypeId: number,
  { facts: f, fromMs, reason, by }: Change,
) =>
  transaction.query(sql`
    insert into meter_type_version (meter_type_id, during, model, phases, connection, accuracy_class, led_pulses_per_kwh,
      output_pulse_wh, reference_voltage_v, max_voltage_v, reference_current_a, max_current_a, index_digits, index_decimals, relay, load_profile, tariffs,
      verification_years, reason, made_by)
    values (${meterTypeId}::int, tstzrange(${instant(fromMs)}::timestamptz, null), ${f.model}, ${f.phases}::smallint, ${f.connection},
      ${f.accuracyClass}, ${f.ledPulsesPerKwh}::numeric, ${f.outputPulseWh}::numeric, ${f.referenceVoltageV}::numeric,
      ${f.maxVoltageV}::numeric, ${f.referenceCurrentA}::numeric,
      ${f.maxCurrentA}::numeric, ${f.indexDigits}::smallint, ${f.indexDecimals}::smallint, ${f.relay}, ${f.loadProfile},
      ${f.tariffs}::smallint, ${f.verificationYears}::smallint, ${reason}, ${by})`);
