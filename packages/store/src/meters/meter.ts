import { numbers } from "../arrays.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { withPointNames } from "../personal/with-names.ts";
import { pointInScope, type Scope } from "../scope.ts";
import { instant, type Sql, sql, trusted } from "../sql.ts";
import { lockMeter, meterInScope } from "./in-scope.ts";
import { type MeterTest, readMeterTests } from "./tests.ts";

/** States that people enter; the others of `meterStates` follow from installations, or from nothing being known. */
export const enteredMeterStates = [
  "manufacturing",
  "assembly",
  "testing",
  "stock",
  "verification",
  "verified",
  "repair",
  "scrapped",
] as const;
export type EnteredMeterState = (typeof enteredMeterStates)[number];
export const meterStates = [...enteredMeterStates, "installed", "removed", "unknown"] as const;
export type MeterLifeState = (typeof meterStates)[number];
export const verificationKinds = ["first", "periodic", "after-repair", "on-request"] as const;

/** One step of a meter's life. Instants are epoch ms. */
export interface MeterStep {
  readonly state: MeterLifeState;
  readonly from: number;
  readonly to: number | null;
  /** Of a step that follows from an installation: where; null outside the scope. */
  readonly pointId: number | null;
  readonly pod: string | null;
  readonly place: string;
  readonly reason: string;
  readonly by: string;
}

/** Days are those of the bulletin. */
export interface MeterVerification {
  readonly meterVerificationId: number;
  readonly verifiedOn: string;
  readonly kind: (typeof verificationKinds)[number];
  readonly passed: boolean;
  readonly laboratory: string;
  readonly document: string;
  /** Null when it failed. */
  readonly validUntil: string | null;
  readonly note: string;
  readonly by: string;
  readonly withdrawnBy: string | null;
  readonly withdrawnAt: number | null;
  readonly withdrawnWhy: string | null;
}

export interface Meter {
  readonly meterId: number;
  readonly manufacturer: string;
  readonly serial: string;
  readonly model: string;
  readonly phases: 1 | 3;
  readonly maxCurrentA: string | null;
  readonly indexDigits: number;
  readonly midYear: number | null;
  readonly meterTypeId: number | null;
  readonly typeName: string | null;
  readonly state: MeterLifeState;
  /** States that may be entered now. */
  readonly next: readonly EnteredMeterState[];
  /** Until when its verification holds; null when nothing says so. */
  readonly dueOn: string | null;
  /** The newest first. */
  readonly life: readonly MeterStep[];
  /** The newest first, withdrawn ones included. */
  readonly verifications: readonly MeterVerification[];
  /** The newest first, withdrawn ones included. */
  readonly tests: readonly MeterTest[];
}

export interface NewMeter {
  readonly meterTypeId: number;
  readonly serial: string;
  readonly midYear: number | null;
  readonly state: "manufacturing" | "stock";
  readonly atMs: number;
  readonly place: string;
  readonly reason: string;
  readonly by: string;
}

/**
 * Until when a meter's verification holds, of `meter as m`, `meter_type_version as tv` and its last verification as `v`: what that says;
 * without one, the years of its type after the year on its plate.
 */
export const meterDueOn = `case when v.passed then v.valid_until when v.verified_on is not null then v.verified_on
  else make_date(m.mid_year + tv.verification_years, 12, 31) end`;
export const meterDueTables = `left join meter_type as t on t.meter_type_id = m.meter_type_id
  left join meter_type_version as tv on tv.meter_type_id = m.meter_type_id and upper_inf(tv.during)
  left join lateral (
    select passed, valid_until, verified_on from meter_verification as own
    where own.meter_id = m.meter_id and own.withdrawn_at is null order by verified_on desc, meter_verification_id desc limit 1
  ) as v on true`;

/** One meter with its whole life, or as it was `onMs` by what is known now; `undefined` outside the scope. */
export async function findMeter(
  db: Queryable,
  scope: Scope,
  meterId: number,
  onMs?: number,
): Promise<Meter | undefined> {
  const at = onMs === undefined ? sql`now()` : sql`${instant(onMs)}::timestamptz`;
  const { rows } = await db.query<Omit<Meter, "life" | "verifications" | "tests">>(sql`
    select m.meter_id as "meterId", m.manufacturer, m.serial, m.model, m.phases, trim_scale(m.max_current_a) as "maxCurrentA",
      m.index_digits as "indexDigits", m.mid_year as "midYear", m.meter_type_id as "meterTypeId", t.name as "typeName",
      coalesce(nullif(now_in.state, ''), 'unknown') as state,
      array(select to_state from meter_transition where from_state = now_in.state and to_state not in ('installed', 'removed')
        and ${onMs === undefined} order by to_state) as next,
      (${trusted(meterDueOn)})::text as "dueOn"
    from meter as m
    left join meter_type as t on t.meter_type_id = m.meter_type_id
    left join meter_type_version as tv on tv.meter_type_id = m.meter_type_id and tv.during @> ${at}
    left join lateral (
      select passed, valid_until, verified_on from meter_verification as own
      where own.meter_id = m.meter_id and own.withdrawn_at is null and verified_on <= ${onDay(at)}
      order by verified_on desc, meter_verification_id desc limit 1) as v on true
    cross join lateral (select meter_state_at(m.meter_id, ${at}) as state) as now_in
    where m.meter_id = ${meterId}::int and ${meterInScope(scope)}`);
  const [meter] = rows;
  if (!meter) return undefined;
  return {
    ...meter,
    life: await readLife(db, scope, meterId, at),
    verifications: await readVerifications(db, meterId, at),
    tests: await readMeterTests(db, meterId, onMs),
  };
}

/** Its day on the network's calendar. */
const onDay = (at: Sql): Sql => sql`(${at} at time zone (select market_zone()))::date`;

/** What began until then; what lasted at that time shows no end. */
async function readLife(db: Queryable, scope: Scope, meterId: number, at: Sql): Promise<MeterStep[]> {
  const { rows } = await db.query<Omit<MeterStep, "pod"> & { sealed: Buffer | null }>(sql`
    select life.state, life.from_at as "from", case when life.to_at <= ${at} then life.to_at end as "to", point.point_id as "pointId", point.sealed,
      coalesce(entered.place, '') as place, coalesce(entered.reason, '') as reason, coalesce(entered.made_by, '') as by
    from meter_life as life left join meter_state as entered using (meter_state_id)
    left join installation using (installation_id)
    left join point on point.point_id = installation.point_id and ${pointInScope(scope, "point.point_id")}
    where life.meter_id = ${meterId}::int and life.from_at <= ${at} order by life.from_at desc`);
  const named = await withPointNames(db, rows);
  return named.map(({ name: _, ...row }) => row);
}

async function readVerifications(db: Queryable, meterId: number, at: Sql): Promise<MeterVerification[]> {
  const { rows } = await db.query<MeterVerification>(sql`
    select meter_verification_id as "meterVerificationId", verified_on::text as "verifiedOn", kind, passed, laboratory, document,
      valid_until::text as "validUntil", note, made_by as by, withdrawn_by as "withdrawnBy", withdrawn_at as "withdrawnAt",
      withdrawn_why as "withdrawnWhy"
    from meter_verification where meter_id = ${meterId}::int and verified_on <= ${onDay(at)} order by verified_on desc, meter_verification_id desc`);
  return rows;
}

/**
 * A meter that came into the store or onto the line, of a type of the catalogue.
 * @throws StoreError `meter.known`, `meter-type.not-found`
 */
export async function addMeter(db: Database, given: NewMeter): Promise<number> {
  return db.transaction(async (transaction) => {
    const meterId = await insertMeter(transaction, given);
    await insertState(transaction, meterId, given);
    return meterId;
  });
}

/**
 * Takes meters out that came with something that is taken back, unless something else knows them by now: a state or a verification (they
 * go back to the store or the laboratory), readings, a device, a modem, another place.
 */
export async function removeUnknownMeters(
  transaction: Queryable,
  meterIds: readonly number[],
): Promise<void> {
  await transaction.query(sql`
    delete from meter as m where meter_id = any(${numbers(meterIds)}::int[])
      and not exists (select from meter_state where meter_state.meter_id = m.meter_id)
      and not exists (select from meter_verification where meter_verification.meter_id = m.meter_id)
      and not exists (select from meter_test where meter_test.meter_id = m.meter_id)
      and not exists (select from meter_exchange where old_meter_id = m.meter_id)
      and not exists (select from modem_placement where modem_placement.meter_id = m.meter_id)
      and not exists (select from channel where channel.meter_id = m.meter_id)
      and not exists (select from register_reading where register_reading.meter_id = m.meter_id)
      and not exists (select from device where device.meter_id = m.meter_id)
      and not exists (select from installation where installation.meter_id = m.meter_id)`);
}

/** @throws StoreError `meter.known`, `meter-type.not-found` */
export async function insertMeter(
  transaction: Queryable,
  given: Pick<NewMeter, "meterTypeId" | "serial" | "midYear">,
): Promise<number> {
  const { rows: types } = await transaction.query(sql`
    select from meter_type_version where meter_type_id = ${given.meterTypeId}::int and upper_inf(during)`);
  if (types.length === 0) throw new StoreError("meter-type.not-found", "the catalogue has no such type");
  const { rows } = await transaction.query<{ id: number }>(sql`
    insert into meter (serial, manufacturer, model, phases, max_current_a, index_digits, meter_type_id, mid_year)
    select ${given.serial}, t.manufacturer, v.model, v.phases, v.max_current_a, v.index_digits, t.meter_type_id,
      ${given.midYear}::smallint
    from meter_type as t join meter_type_version as v using (meter_type_id)
    where t.meter_type_id = ${given.meterTypeId}::int and upper_inf(v.during)
    on conflict do nothing returning meter_id as id`);
  if (!rows[0])
    throw new StoreError("meter.known", "this manufacturer's meter of that serial number is known");
  return rows[0].id;
}

/** What a meter's state is from an instant on. */
export interface NewMeterState {
  readonly state: EnteredMeterState;
  readonly atMs: number;
  readonly place: string;
  readonly reason: string;
  readonly by: string;
}

/**
 * The next step of a meter's life.
 * @throws StoreError `meter.not-found` outside the scope, `meter.too-early` when something happened to it at that instant or later,
 *   `meter.no-transition`, `meter.not-verified`
 */
export async function addMeterState(
  db: Database,
  scope: Scope,
  meterId: number,
  given: NewMeterState,
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockMeter(transaction, scope, meterId);
    await insertState(transaction, meterId, given);
  });
}

/** What the database refuses of a state, by the name of the rule. */
const refusals: Readonly<Record<string, readonly [code: string, why: string]>> = {
  meter_state_at_end: ["meter.too-early", "something happened to the meter at that instant or later"],
  meter_state_meter_id_at_key: ["meter.too-early", "the meter has another state from that instant on"],
  meter_state_transition: ["meter.no-transition", "that state cannot follow the meter's own"],
  meter_state_verified: ["meter.not-verified", "no verification of the meter is valid"],
};

/**
 * Takes the last state back that somebody entered: what was before it lasts on. The activity log keeps it.
 * @throws StoreError `meter.not-found`, `meter.no-state` when it is the first one, or when something happened to the meter since
 */
export async function undoMeterState(db: Database, scope: Scope, meterId: number): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockMeter(transaction, scope, meterId);
    const { rowCount } = await transaction.query(sql`
      delete from meter_state as last where meter_id = ${meterId}::int
        and at = (select max(from_at) from meter_life where meter_life.meter_id = last.meter_id)
        and exists (select from meter_life where meter_life.meter_id = last.meter_id and from_at < last.at)
        and not exists (select from installation as i where i.meter_id = last.meter_id and lower(i.during) = last.at)`);
    if (rowCount === 0)
      throw new StoreError(
        "meter.no-state",
        "nobody entered a state after the last thing that happened to it",
      );
  });
}

/** @throws StoreError as `addMeterState` */
export async function insertState(
  transaction: Queryable,
  meterId: number,
  given: NewMeterState,
): Promise<void> {
  try {
    await transaction.query(sql`
      insert into meter_state (meter_id, at, state, place, reason, made_by)
      values (${meterId}::int, ${instant(given.atMs)}::timestamptz, ${given.state}, ${given.place}, ${given.reason}, ${given.by})`);
  } catch (cause) {
    const refusal = refusals[(cause as { constraint?: string }).constraint ?? ""];
    if (refusal) throw new StoreError(refusal[0], refusal[1], cause);
    throw cause;
  }
}

export type NewMeterVerification = Omit<
  MeterVerification,
  "meterVerificationId" | "withdrawnBy" | "withdrawnAt" | "withdrawnWhy"
>;

/** @throws StoreError `meter.not-found` outside the scope, `meter.verification-known` when the laboratory's bulletin is there already */
export async function addMeterVerification(
  db: Database,
  scope: Scope,
  meterId: number,
  given: NewMeterVerification,
): Promise<number> {
  return db.transaction(async (transaction) => {
    await lockMeter(transaction, scope, meterId);
    return insertVerification(transaction, meterId, given);
  });
}

/** @throws StoreError `meter.verification-known` */
export async function insertVerification(
  transaction: Queryable,
  meterId: number,
  given: NewMeterVerification,
): Promise<number> {
  try {
    const { rows } = await transaction.query<{ id: number }>(sql`
      insert into meter_verification (meter_id, verified_on, kind, passed, laboratory, document, valid_until, note, made_by)
      values (${meterId}::int, ${given.verifiedOn}::date, ${given.kind}, ${given.passed}, ${given.laboratory}, ${given.document},
        ${given.validUntil}::date, ${given.note}, ${given.by})
      returning meter_verification_id as id`);
    return rows[0]!.id;
  } catch (cause) {
    if (sqlState(cause) !== "23505") throw cause;
    throw new StoreError(
      "meter.verification-known",
      "this bulletin of the laboratory is entered already",
      cause,
    );
  }
}

/**
 * Withdraws a verification that was entered by mistake; it stays to be seen, with the reason.
 * @throws StoreError `meter.not-found` outside the scope, `meter.verification-not-found` when there is none that holds
 */
export async function withdrawMeterVerification(
  db: Database,
  scope: Scope,
  meterId: number,
  given: { readonly meterVerificationId: number; readonly why: string; readonly by: string },
): Promise<void> {
  await db.transaction(async (transaction) => {
    await lockMeter(transaction, scope, meterId);
    const { rowCount } = await transaction.query(sql`
      update meter_verification set withdrawn_by = ${given.by}, withdrawn_at = now(), withdrawn_why = ${given.why}
      where meter_verification_id = ${given.meterVerificationId}::int and meter_id = ${meterId}::int and withdrawn_at is null`);
    if (rowCount === 0) throw new StoreError("meter.verification-not-found", "there is no such verification");
  });
}

/**
 * Says which type of the catalogue a meter is of, and the year on its plate.
 * @throws StoreError `meter.not-found` outside the scope, `meter-type.not-found`, `meter.type-differs` when its phases are others
 */
export async function setMeterType(
  db: Database,
  scope: Scope,
  meterId: number,
  given: { readonly meterTypeId: number; readonly midYear: number | null },
): Promise<void> {
  await db.transaction(async (transaction) => {
    const { phases } = await lockMeter(transaction, scope, meterId);
    const { rows } = await transaction.query<{ phases: number }>(sql`
      select phases from meter_type_version where meter_type_id = ${given.meterTypeId}::int and upper_inf(during)`);
    if (!rows[0]) throw new StoreError("meter-type.not-found", "the catalogue has no such type");
    if (rows[0].phases !== phases)
      throw new StoreError("meter.type-differs", "the type has other phases than the meter");
    await transaction.query(sql`
      update meter set meter_type_id = ${given.meterTypeId}::int, mid_year = ${given.midYear}::smallint
      where meter_id = ${meterId}::int`);
  });
}
