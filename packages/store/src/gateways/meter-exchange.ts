import { appendActs } from "../audit/append.ts";
import type { Database, Queryable } from "../database.ts";
import { rederivePoints, type StoreContext } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import { pointInScope, type Scope } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { makeMeter } from "./meter-adoption.ts";
import { linkMeter } from "./meters.ts";
import { lockAdopted, tellGatewayChanged } from "./ownership.ts";
import { appendGatewayAct } from "./registry.ts";

/** A meter that stands where another one stood, as a concentrator saw it. */
export interface MeterExchange {
  /** The meter that went. */
  readonly oldDevice: number;
  /** The one that stands in its place. */
  readonly newDevice: number;
  readonly atMs: number;
  /** Register of the old meter when it was taken down, and of the new one when it was put up: exact kWh. */
  readonly finalIndexKwh?: string;
  readonly initialIndexKwh?: string;
  readonly by: string;
}

const totalImport = "1-0:1.8.0*255";

interface Row {
  readonly logicalDevice: number;
  readonly name: string;
  readonly model: string;
  readonly deviceId: number | null;
  readonly meterId: number | null;
}

/**
 * Accepts an exchange: the old meter's installation ends at that instant and the new one's begins, with the same ratios. Both indices become
 * readings of their meters, the lines of the work list are settled, and the point's energy is derived again from that day on.
 * @throws StoreError `gateway.not-found`, `gateway.not-adopted`, `gateway.meter-not-found`, `gateway.meter-adopted`, `point.not-found` when the
 *   old one stands at no point of the scope, `installation.too-early`, `device.exists`
 */
export async function acceptExchange(
  db: Database,
  scope: Scope,
  gatewayId: number,
  exchange: MeterExchange,
  context: StoreContext,
): Promise<{ readonly pointId: number; readonly days: number }> {
  const { oldDevice, newDevice, atMs, by } = exchange;
  const at = instant(atMs);
  const pointId = await db.transaction(async (transaction) => {
    await lockAdopted(transaction, scope, gatewayId);
    const [old, fresh] = await findPair(transaction, gatewayId, oldDevice, newDevice);
    const place = await findPlace(transaction, scope, old);
    if (atMs <= place.fromMs)
      throw new StoreError(
        "installation.too-early",
        `${old.name} stands there since ${instant(place.fromMs)}`,
      );
    const { manufacturer, serial } = await makeMeter(transaction, place.pointId, fresh);
    await transaction.query(sql`
      update installation set during = tstzrange(lower(during), ${at}::timestamptz, '[)')
      where installation_id = ${place.installationId}::int`);
    const { rows } = await transaction.query<{ meterId: number; deviceId: number }>(sql`
      with put as (
        insert into installation (point_id, meter_id, during, ct_ratio, vt_ratio, primary_values)
        select point_id, meter.meter_id, tstzrange(${at}::timestamptz, null, '[)'), ct_ratio, vt_ratio, primary_values
        from installation, meter
        where installation_id = ${place.installationId}::int and manufacturer = ${manufacturer} and serial = ${serial}
          and not exists (select from installation as now where now.meter_id = meter.meter_id and upper_inf(now.during))
        returning meter_id
      )
      select put.meter_id as "meterId", device_id as "deviceId" from put join device using (meter_id)
      where device.identity = ${fresh.name}`);
    const [put] = rows;
    if (!put) throw new StoreError("device.exists", `${fresh.name} stands at another point`);
    await storeIndex(transaction, old.meterId!, at, exchange.finalIndexKwh, context.nowMs);
    await storeIndex(transaction, put.meterId, at, exchange.initialIndexKwh, context.nowMs);
    await transaction.query(sql`update device set enabled = false where device_id = ${old.deviceId}::int`);
    await linkMeter(transaction, gatewayId, newDevice, put.deviceId);
    await transaction.query(sql`
      update gateway_difference set state = case when logical_device = ${newDevice}::int then 'adopted' else 'settled' end,
        settled_by = ${by}, settled_at = now()
      where gateway_id = ${gatewayId}::int and logical_device = any(${[oldDevice, newDevice]}::int[]) and state = 'open'`);
    await appendGatewayAct(transaction, gatewayId, "exchange", { old: old.name, new: fresh.name, at });
    await appendActs(transaction, [
      {
        kind: "parametrisation",
        action: "exchange",
        objectType: "point",
        objectId: place.pointId,
        before: { meter: old.name, index_kwh: exchange.finalIndexKwh ?? null },
        after: { meter: fresh.name, index_kwh: exchange.initialIndexKwh ?? null, at },
      },
    ]);
    await tellGatewayChanged(transaction, gatewayId);
    return place.pointId;
  });
  const dayOf = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(context.zone).toPlainDate();
  const days = await rederivePoints(
    db,
    {
      pointIds: [pointId],
      fromDay: dayOf(atMs).toString(),
      toDay: dayOf(context.nowMs).add({ days: 2 }).toString(),
    },
    context,
  );
  return { pointId, days };
}

async function findPair(
  db: Queryable,
  gatewayId: number,
  oldDevice: number,
  newDevice: number,
): Promise<[Row, Row]> {
  const { rows } = await db.query<Row>(sql`
    select m.logical_device as "logicalDevice", m.name, m.model, m.device_id as "deviceId", d.meter_id as "meterId"
    from gateway_meter as m left join device as d using (device_id)
    where m.gateway_id = ${gatewayId}::int and m.logical_device = any(${[oldDevice, newDevice]}::int[]) for update of m`);
  const old = rows.find(({ logicalDevice }) => logicalDevice === oldDevice);
  const fresh = rows.find(({ logicalDevice }) => logicalDevice === newDevice);
  if (!old || !fresh || old === fresh)
    throw new StoreError("gateway.meter-not-found", "no such logical device");
  if (fresh.deviceId !== null) throw new StoreError("gateway.meter-adopted", `${fresh.name} is adopted`);
  return [old, fresh];
}

async function findPlace(db: Queryable, scope: Scope, { meterId }: Row) {
  const { rows } = await db.query<{ installationId: number; pointId: number; fromMs: number }>(sql`
    select i.installation_id as "installationId", i.point_id as "pointId", lower(i.during) as "fromMs" from installation as i
    where i.meter_id = ${meterId}::int and upper_inf(i.during) and ${pointInScope(scope, "i.point_id")} for update`);
  if (!rows[0]) throw new StoreError("point.not-found", "the old meter stands at no point");
  return rows[0];
}

const storeIndex = async (
  db: Queryable,
  meterId: number,
  at: string,
  indexKwh: string | undefined,
  nowMs: number,
): Promise<void> => {
  if (indexKwh === undefined) return;
  await db.query(sql`
    insert into register_reading (meter_id, obis, measured_at, version, value, unit, received_at)
    select ${meterId}::int, ${totalImport}, ${at}::timestamptz, coalesce(max(version), 0) + 1, ${indexKwh}::numeric, 'kWh',
      ${instant(nowMs)}::timestamptz
    from register_reading where meter_id = ${meterId}::int and obis = ${totalImport} and measured_at = ${at}::timestamptz`);
};
