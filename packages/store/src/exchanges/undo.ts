import { appendActs } from "../audit/append.ts";
import type { Database, Queryable } from "../database.ts";
import type { StoreContext } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import { removeUnknownMeters } from "../meters/meter.ts";
import { pointInScope, type Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { noteForValidation } from "../validation/change-list.ts";
import { deriveExchange } from "./make.ts";
import { removeReadings, type WrittenReading } from "./readings.ts";

interface Held {
  readonly pointId: number;
  readonly atMs: number;
  readonly oldMeterId: number;
  readonly newMeterId: number | null;
  readonly undone: boolean;
  readonly madeMeter: boolean;
  readonly madeDeviceId: number | null;
  readonly disabledDeviceId: number | null;
  readonly enabledDeviceId: number | null;
  readonly ratioRequestId: number | null;
}

/**
 * Takes an exchange back: installations, readings, devices and the point's energy are as they were before it. What the new meter
 * delivered stays with that meter.
 * @throws StoreError `exchange.not-found`, `exchange.undone`, `exchange.used` when something builds on it by now
 */
export async function undoExchange(
  db: Database,
  scope: Scope,
  exchangeId: number,
  given: { readonly by: string; readonly reason: string },
  context: StoreContext,
): Promise<{ readonly days: number }> {
  const change = await db.transaction(async (transaction) => {
    const held = await lock(transaction, scope, exchangeId);
    const { pointId, atMs } = held;
    await refuseUsed(transaction, held);
    await takeBack(transaction, exchangeId, held, context);
    await transaction.query(sql`
      update meter_exchange set undone_by = ${given.by}, undone_at = ${instant(context.nowMs)}::timestamptz,
        undo_reason = ${given.reason}, days = null where meter_exchange_id = ${exchangeId}`);
    await appendActs(transaction, [
      {
        kind: "parametrisation",
        action: "undo",
        objectType: "point",
        objectId: pointId,
        before: { exchange: instant(atMs) },
      },
    ]);
    return { pointId, fromMs: atMs };
  });
  return { days: await deriveExchange(db, exchangeId, change, context) };
}

async function lock(db: Queryable, scope: Scope, exchangeId: number): Promise<Held> {
  const { rows } = await db.query<Held>(sql`
    select point_id as "pointId", at as "atMs", old_meter_id as "oldMeterId", new_meter_id as "newMeterId", undone_at is not null as undone,
      made_meter as "madeMeter", made_device_id as "madeDeviceId", disabled_device_id as "disabledDeviceId",
      enabled_device_id as "enabledDeviceId",
      ratio_request_id as "ratioRequestId"
    from meter_exchange as e where meter_exchange_id = ${exchangeId}::int and ${pointInScope(scope, "e.point_id")} for update`);
  const [held] = rows;
  if (!held) throw new StoreError("exchange.not-found", "there is no such exchange");
  if (held.undone) throw new StoreError("exchange.undone", "it is taken back already");
  return held;
}

/**
 * What builds on an exchange: another change of the meter or its ratios, the old meter standing elsewhere or in another state, a month that
 * was closed for billing, and what a person edited of the point's days since.
 */
async function refuseUsed(db: Queryable, { pointId, atMs, oldMeterId, newMeterId }: Held): Promise<void> {
  const at = instant(atMs);
  const { rows } = await db.query<{
    standing: boolean;
    elsewhere: boolean;
    state: boolean;
    approved: boolean;
    edited: boolean;
    billed: boolean;
  }>(sql`
    select
      exists (select from installation where point_id = ${pointId}::int and meter_id = ${newMeterId}::int
        and lower(during) = ${at}::timestamptz and upper_inf(during)) as standing,
      exists (select from installation where meter_id = ${oldMeterId}::int and lower(during) >= ${at}::timestamptz) as elsewhere,
      exists (select from meter_state where meter_id = ${oldMeterId}::int and at > ${at}::timestamptz) as state,
      exists (select from ratio_request where point_id = ${pointId}::int and state = 'approved'
        and from_at >= ${at}::timestamptz) as approved,
      exists (select from value_edit join channel using (channel_id) where point_id = ${pointId}::int
        and state in ('waiting', 'applied') and day >= (${at}::timestamptz at time zone (select market_zone()))::date) as edited,
      exists (select from billing_value where point_id = ${pointId}::int and billable
        and month >= date_trunc('month', ${at}::timestamptz at time zone (select market_zone()))::date) as billed`);
  const { standing, elsewhere, state, approved, edited, billed } = rows[0]!;
  if (billed) throw new StoreError("exchange.used", "a month that it changed is closed for billing");
  if (!standing || elsewhere) throw new StoreError("exchange.used", "another change of the meter follows it");
  if (state) throw new StoreError("exchange.used", "the meter that was taken down is in another state since");
  if (approved) throw new StoreError("exchange.used", "other ratios were approved for it");
  if (edited) throw new StoreError("exchange.used", "somebody edited values since");
}

async function takeBack(
  db: Queryable,
  exchangeId: number,
  held: Held,
  { nowMs }: StoreContext,
): Promise<void> {
  const { pointId, atMs, oldMeterId, newMeterId } = held;
  const at = instant(atMs);
  await db.query(sql`
    delete from installation where point_id = ${pointId}::int and meter_id = ${newMeterId}::int
      and lower(during) = ${at}::timestamptz`);
  await db.query(sql`
    update installation set during = tstzrange(lower(during), null, '[)')
    where point_id = ${pointId}::int and meter_id = ${oldMeterId}::int and upper(during) = ${at}::timestamptz`);
  const { rows: written } = await db.query<WrittenReading & { side: "old" | "new" }>(sql`
    select side, obis, value::text as value, unit, version from meter_exchange_reading
    where meter_exchange_id = ${exchangeId}::int`);
  const of = (side: "old" | "new") => written.filter((reading) => reading.side === side);
  await removeReadings(db, oldMeterId, atMs, of("old"));
  if (newMeterId !== null) await removeReadings(db, newMeterId, atMs, of("new"));
  await noteForValidation(db, { days: [], instants: [{ meterId: oldMeterId, atMs }] });
  if (held.ratioRequestId !== null) {
    await db.query(sql`
      update ratio_request set state = 'overtaken', decided_at = ${instant(nowMs)}::timestamptz
      where ratio_request_id = ${held.ratioRequestId}::int and state = 'open'`);
  }
  await takeDevicesBack(db, held);
}

/** What the exchange made goes when nothing came of it; a device that was called already is only switched off. */
async function takeDevicesBack(
  db: Queryable,
  { madeDeviceId, disabledDeviceId, enabledDeviceId, madeMeter, newMeterId }: Held,
): Promise<void> {
  if (disabledDeviceId !== null) {
    await db.query(sql`update device set enabled = true where device_id = ${disabledDeviceId}::int`);
  }
  if (enabledDeviceId !== null) {
    await db.query(sql`update device set enabled = false where device_id = ${enabledDeviceId}::int`);
  }
  if (madeDeviceId !== null) {
    await db.query(sql`update device set enabled = false where device_id = ${madeDeviceId}::int`);
    await db.query(sql`
      delete from device as d where device_id = ${madeDeviceId}::int and last_contact_at is null
        and not exists (select from attempt where attempt.device_id = d.device_id)
        and not exists (select from event where event.device_id = d.device_id)
        and not exists (select from meter_key where meter_key.device_id = d.device_id)`);
  }
  if (!madeMeter || newMeterId === null) return;
  await removeUnknownMeters(db, [newMeterId]);
}
