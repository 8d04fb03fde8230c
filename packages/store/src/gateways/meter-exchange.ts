import type { Database, Queryable } from "../database.ts";
import type { StoreContext } from "../deliveries.ts";
import { StoreError } from "../errors.ts";
import { checkExchange } from "../exchanges/check.ts";
import {
  doubtOf,
  type ExchangeAsked,
  type ExchangeReading,
  type ExchangeWord,
} from "../exchanges/exchange.ts";
import { deriveExchange, writeExchange } from "../exchanges/make.ts";
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
  readonly reason: string;
  /** Doubts that whoever accepts it was told of, as `doubtOf` names them; what comes with every such exchange is no doubt here. */
  readonly accepted: readonly string[];
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
 * Accepts an exchange that a concentrator saw: it is written as one that a person enters (`makeExchange`) is, the meter is joined with its
 * logical device, and the lines of the work list are settled.
 * @throws StoreError `gateway.not-found`, `gateway.not-adopted`, `gateway.meter-not-found`, `gateway.meter-adopted`, `point.not-found` when the
 *   old one stands at no point of the scope, `installation.too-early`, `device.exists`, `exchange.refused`, `exchange.doubtful`
 */
export async function acceptExchange(
  db: Database,
  scope: Scope,
  gatewayId: number,
  exchange: MeterExchange,
  context: StoreContext,
): Promise<{ readonly pointId: number; readonly exchangeId: number; readonly days: number }> {
  const { oldDevice, newDevice, atMs, by, reason } = exchange;
  const { pointId, exchangeId } = await db.transaction(async (transaction) => {
    await lockAdopted(transaction, scope, gatewayId);
    const [old, fresh] = await findPair(transaction, gatewayId, oldDevice, newDevice);
    const place = await findPlace(transaction, scope, old);
    if (atMs <= place.fromMs)
      throw new StoreError(
        "installation.too-early",
        `${old.name} stands there since ${instant(place.fromMs)}`,
      );
    const { made, ...plate } = await makeMeter(transaction, place.pointId, fresh);
    const deviceId = await findDevice(transaction, fresh.name, plate);
    const asked: ExchangeAsked = {
      pointId: place.pointId,
      atMs,
      meter: plate,
      last: showed(exchange.finalIndexKwh),
      first: showed(exchange.initialIndexKwh),
    };
    const { exchangeId } = await writeExchange(
      transaction,
      asked,
      {
        fittedBy: by,
        reason,
        accepted: await acceptedOf(transaction, asked, exchange.accepted, context.nowMs),
        by: { name: by, accountId: null },
      },
      context,
      made,
    );
    await linkMeter(transaction, gatewayId, newDevice, deviceId);
    await transaction.query(sql`
      update gateway_difference set state = case when logical_device = ${newDevice}::int then 'adopted' else 'settled' end,
        settled_by = ${by}, settled_at = now()
      where gateway_id = ${gatewayId}::int and logical_device = any(${[oldDevice, newDevice]}::int[]) and state = 'open'`);
    await appendGatewayAct(transaction, gatewayId, "exchange", {
      old: old.name,
      new: fresh.name,
      at: instant(atMs),
    });
    await tellGatewayChanged(transaction, gatewayId);
    return { pointId: place.pointId, exchangeId };
  });
  const days = await deriveExchange(db, exchangeId, { pointId, fromMs: atMs }, context);
  return { pointId, exchangeId, days };
}

const showed = (indexKwh: string | undefined): ExchangeReading[] =>
  indexKwh === undefined ? [] : [{ obis: totalImport, value: indexKwh, unit: "kWh" }];

/** What comes with every exchange that a concentrator saw: it read the old meter on until it was told, and knows one register. */
const usual = new Set<ExchangeWord>(["register-missing", "readings-after"]);

async function acceptedOf(
  db: Queryable,
  asked: ExchangeAsked,
  given: readonly string[],
  nowMs: number,
): Promise<string[]> {
  const { findings } = await checkExchange(db, asked, { nowMs });
  return [...given, ...findings.filter(({ word }) => usual.has(word)).map(doubtOf)];
}

/** The device of the meter that comes. @throws StoreError `device.exists` when the meter stands at a point */
async function findDevice(
  db: Queryable,
  identity: string,
  { manufacturer, serial }: { readonly manufacturer: string; readonly serial: string },
): Promise<number> {
  const { rows } = await db.query<{ deviceId: number }>(sql`
    select device_id as "deviceId" from meter join device using (meter_id)
    where manufacturer = ${manufacturer} and serial = ${serial} and identity = ${identity}
      and not exists (select from installation as now where now.meter_id = meter.meter_id and upper_inf(now.during))`);
  if (!rows[0]) throw new StoreError("device.exists", `${identity} stands at another point`);
  return rows[0].deviceId;
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
