import { appendActs } from "../audit/append.ts";
import type { Database, Queryable } from "../database.ts";
import type { StoreContext } from "../deliveries.ts";
import { StoreError, sqlState } from "../errors.ts";
import { askRatios, ratiosAsked } from "../ratio-requests.ts";
import { type Ratios, rederiveFrom } from "../ratios.ts";
import { instant, sql } from "../sql.ts";
import { noteForValidation } from "../validation/change-list.ts";
import { checkExchange, limitsGiven } from "./check.ts";
import { doubtOf, type ExchangeAsked } from "./exchange.ts";
import { writeReadings } from "./readings.ts";
import type { KnownMeter, StandingMeter } from "./standing.ts";

export interface ExchangeGiven {
  /** Who took the meter down and put the other one up. */
  readonly fittedBy: string;
  readonly reason: string;
  /** Doubts that whoever enters it was told of, as `doubtOf` names them, and that are as they should be. */
  readonly accepted: readonly string[];
  readonly by: { readonly name: string; readonly accountId: number | null };
  /** Other ratios with the new meter: the exchange is made with those of before, and these wait for a second person. */
  readonly ratios?: Ratios;
}

export interface ExchangeMade {
  readonly exchangeId: number;
  /** Request for other ratios that waits for somebody. */
  readonly requestId: number | null;
  readonly days: number;
}

/**
 * Exchanges the meter of a point: one installation ends, the next begins at the same instant with the same ratios, what both meters
 * showed becomes readings of them, and the point's energy is derived again from that day on; sums of groups and validation follow.
 * @throws StoreError `exchange.refused`, `exchange.doubtful`, `ratios.asked`, `ratios.nobody`
 */
export async function makeExchange(
  db: Database,
  asked: ExchangeAsked,
  given: ExchangeGiven,
  context: StoreContext,
): Promise<ExchangeMade> {
  const { pointId, atMs } = asked;
  let made: { exchangeId: number; requestId: number | null };
  try {
    made = await db.transaction((transaction) => writeExchange(transaction, asked, given, context));
  } catch (error) {
    if (sqlState(error) === "23505" && /ratio_request_open/.test(String(error))) throw ratiosAsked(error);
    // Two who enter the same exchange: the second one finds the first one's.
    if (["23505", "23P01"].includes(sqlState(error) ?? ""))
      throw new StoreError("exchange.refused", "something else was written meanwhile", error);
    throw error;
  }
  return { ...made, days: await deriveExchange(db, made.exchangeId, { pointId, fromMs: atMs }, context) };
}

/** What was made for the new meter before the exchange: it goes with it when the exchange is taken back. */
export interface MadeBefore {
  readonly meter: boolean;
  readonly deviceId: number | null;
}

/**
 * Writes an exchange within a transaction; the point's energy is derived by `deriveExchange` afterwards.
 * @throws StoreError those of `makeExchange`
 */
export async function writeExchange(
  db: Queryable,
  asked: ExchangeAsked,
  given: ExchangeGiven,
  { nowMs }: Pick<StoreContext, "nowMs">,
  made: MadeBefore = { meter: false, deviceId: null },
): Promise<{ exchangeId: number; requestId: number | null }> {
  const { pointId, atMs } = asked;
  const { standing, known, findings } = await checkExchange(db, asked, { nowMs, lock: true });
  const refused = findings.filter((one) => one.refused);
  if (refused.length > 0 || !standing) {
    throw new StoreError("exchange.refused", refused.map(doubtOf).join(", "));
  }
  const doubts = [...new Set(findings.map(doubtOf))];
  const open = doubts.filter((doubt) => !given.accepted.includes(doubt));
  if (open.length > 0) throw new StoreError("exchange.doubtful", open.join(", "));

  const newMeterId = known?.meterId ?? (await insertMeter(db, asked));
  await moveInstallation(db, asked, standing, newMeterId);
  const last = await writeReadings(db, standing.meterId, atMs, asked.last, nowMs);
  const first = await writeReadings(db, newMeterId, atMs, asked.first, nowMs);
  const devices = await moveDevice(db, asked, standing, { meterId: newMeterId, known });
  const { rows } = await db.query<{ id: number }>(sql`
    insert into meter_exchange (point_id, at, old_meter_id, new_meter_id, new_serial, fitted_by, reason, doubts, made_by, made_at,
      made_meter, made_device_id, disabled_device_id, enabled_device_id)
    values (${pointId}, ${instant(atMs)}, ${standing.meterId}, ${newMeterId}, ${asked.meter.serial}, ${given.fittedBy},
      ${given.reason}, ${doubts}::text[], ${given.by.name}, ${instant(nowMs)}, ${made.meter || known === undefined}, ${made.deviceId ?? devices.made},
      ${devices.disabled}, ${devices.enabled})
    returning meter_exchange_id as id`);
  const exchangeId = rows[0]!.id;
  const readings = [
    ...last.map((reading) => ({ side: "old", ...reading })),
    ...first.map((reading) => ({ side: "new", ...reading })),
  ];
  await db.query(sql`
    insert into meter_exchange_reading (meter_exchange_id, side, obis, value, unit, version)
    select ${exchangeId}::int, * from unnest(${readings.map(({ side }) => side)}::text[],
      ${readings.map(({ obis }) => obis)}::text[], ${readings.map(({ value }) => value)}::numeric[],
      ${readings.map(({ unit }) => unit)}::text[], ${readings.map(({ version }) => version)}::smallint[])`);
  const requestId = await askForRatios(db, asked, given, nowMs);
  if (requestId !== null) {
    await db.query(
      sql`update meter_exchange set ratio_request_id = ${requestId} where meter_exchange_id = ${exchangeId}`,
    );
  }
  await noteForValidation(db, {
    days: [],
    instants: [standing.meterId, newMeterId].map((meterId) => ({ meterId, atMs })),
  });
  await appendActs(db, [
    {
      kind: "parametrisation",
      action: "exchange",
      objectType: "point",
      objectId: pointId,
      before: { meter: standing.serial, registers: shown(asked.last) },
      after: { meter: asked.meter.serial, registers: shown(asked.first), at: instant(atMs) },
    },
  ]);
  return { exchangeId, requestId };
}

const shown = (readings: ExchangeAsked["last"]) =>
  Object.fromEntries(readings.map(({ obis, value, unit }) => [obis, `${value} ${unit}`]));

async function insertMeter(db: Queryable, asked: ExchangeAsked): Promise<number> {
  const { serial, manufacturer, model, maxCurrentA } = asked.meter;
  const { phases, indexDigits } = limitsGiven(asked)!;
  const { rows } = await db.query<{ id: number }>(sql`
    insert into meter (serial, manufacturer, model, phases, max_current_a, index_digits)
    values (${serial}, ${manufacturer}, ${model}, ${phases}, ${maxCurrentA ?? null}, ${indexDigits}) returning meter_id as id`);
  return rows[0]!.id;
}

async function moveInstallation(
  db: Queryable,
  { atMs, ledPulsesPerKwh, outputPulseWh }: ExchangeAsked,
  { installationId }: StandingMeter,
  newMeterId: number,
): Promise<void> {
  const at = instant(atMs);
  await db.query(sql`
    update installation set during = tstzrange(lower(during), ${at}::timestamptz, '[)')
    where installation_id = ${installationId}`);
  await db.query(sql`
    insert into installation (point_id, meter_id, during, ct_ratio, vt_ratio, primary_values, led_pulses_per_kwh, output_pulse_wh)
    select point_id, ${newMeterId}::int, tstzrange(${at}::timestamptz, null, '[)'), ct_ratio, vt_ratio, primary_values,
      ${ledPulsesPerKwh ?? null}::numeric, ${outputPulseWh ?? null}::numeric
    from installation where installation_id = ${installationId}`);
}

/**
 * The old meter is not called any more. The new one is read at the old one's address and by its plans, when a name for it was given and it
 * has no device; one behind a concentrator is joined with it there.
 */
async function moveDevice(
  db: Queryable,
  { identity }: ExchangeAsked,
  { meterId: oldMeterId }: StandingMeter,
  { meterId, known }: { readonly meterId: number; readonly known: KnownMeter | undefined },
): Promise<{ made: number | null; disabled: number | null; enabled: number | null }> {
  const { rows: off } = await db.query<{ id: number }>(sql`
    update device set enabled = false where meter_id = ${oldMeterId}::int and enabled returning device_id as id`);
  const disabled = off[0]?.id ?? null;
  if (identity === undefined) return { made: null, disabled, enabled: null };
  const { rows } = await db.query<{ id: number }>(sql`
    insert into device (identity, model, url, direction, meter_id)
    select ${identity}, meter.model, old.url, old.direction, ${meterId}::int
    from device as old, meter
    where old.device_id = (select max(device_id) from device where meter_id = ${oldMeterId}::int)
      and meter.meter_id = ${meterId}::int
      and not exists (select from device as its where its.meter_id = ${meterId}::int)
    returning device_id as id`);
  const made = rows[0]?.id ?? null;
  if (made === null) {
    if (!known) return { made, disabled, enabled: null };
    const { rows: on } = await db.query<{ id: number }>(sql`
      update device set enabled = true where meter_id = ${meterId}::int and not enabled returning device_id as id`);
    return { made, disabled, enabled: on[0]?.id ?? null };
  }
  await db.query(sql`
    insert into device_plan (device_id, reading_plan_id)
    select ${made}::int, reading_plan_id from device_plan
    where device_id = (select max(device_id) from device where meter_id = ${oldMeterId}::int)`);
  await db.query(sql`
    insert into device_plan_source (device_id, group_id, reading_plan_id, base)
    select ${made}::int, group_id, reading_plan_id, base from device_plan_source
    where device_id = (select max(device_id) from device where meter_id = ${oldMeterId}::int)`);
  return { made, disabled, enabled: null };
}

async function askForRatios(
  db: Queryable,
  { pointId, atMs }: ExchangeAsked,
  { ratios, by, reason }: ExchangeGiven,
  nowMs: number,
): Promise<number | null> {
  if (!ratios) return null;
  if (by.accountId === null)
    throw new StoreError("ratios.nobody", "other ratios are asked for by a person with an account");
  return askRatios(db, { pointId, fromMs: atMs, ...ratios }, { accountId: by.accountId, reason, nowMs });
}

/** Derives the point's energy again and notes that it is done. */
export async function deriveExchange(
  db: Database,
  exchangeId: number,
  change: { readonly pointId: number; readonly fromMs: number },
  context: StoreContext,
): Promise<number> {
  const days = await rederiveFrom(db, change, context);
  await db.query(sql`update meter_exchange set days = ${days} where meter_exchange_id = ${exchangeId}`);
  return days;
}

/** Derives the energy of exchanges, made or taken back, whose process ended before it had. Returns how many there were. */
export async function finishExchanges(db: Database, context: StoreContext): Promise<number> {
  const { rows } = await db.query<{ exchangeId: number; pointId: number; fromMs: number }>(sql`
    select meter_exchange_id as "exchangeId", point_id as "pointId", at as "fromMs" from meter_exchange
    where days is null and coalesce(undone_at, made_at) < ${instant(context.nowMs - 300_000)}::timestamptz`);
  for (const { exchangeId, ...change } of rows) await deriveExchange(db, exchangeId, change, context);
  return rows.length;
}
