import type { GatewayMeterState, ListedMeter } from "@energsys/metering";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { notify } from "../live.ts";
import { sql } from "../sql.ts";
import { appendGatewayAct } from "./registry.ts";

/** A meter behind a concentrator. */
export interface GatewayMeter {
  readonly gatewayId: number;
  readonly logicalDevice: number;
  readonly name: string;
  readonly model: string;
  readonly line: string;
  readonly address: string;
  readonly module: number | null;
  readonly input: number | null;
  readonly state: GatewayMeterState;
  readonly lastContactAtMs: number | null;
  /** Null: nobody adopted it; its entries are kept until somebody does. */
  readonly deviceId: number | null;
  readonly meterId: number | null;
  readonly pointId: number | null;
  readonly entriesKept: number;
}

export async function listGatewayMeters(db: Queryable, gatewayId: number): Promise<GatewayMeter[]> {
  const { rows } = await db.query<GatewayMeter>(sql`
    select m.gateway_id as "gatewayId", m.logical_device as "logicalDevice", m.name, m.model, m.line, m.address, m.module, m.input,
           m.state, m.last_contact_at as "lastContactAtMs", m.device_id as "deviceId", d.meter_id as "meterId",
           (select i.point_id from installation i where i.meter_id = d.meter_id and i.during @> now()) as "pointId",
           (select count(*)::int from gateway_entry e where e.gateway_id = m.gateway_id
             and e.logical_device = m.logical_device and e.reason = 'unknown-meter') as "entriesKept"
    from gateway_meter m left join device d using (device_id)
    where m.gateway_id = ${gatewayId}::int order by m.logical_device`);
  return rows;
}

export type DifferenceKind = "new" | "missing" | "found" | "moved" | "exchanged" | "removed";
export type DifferenceState = "open" | "acknowledged" | "adopted" | "settled";

/** One line of the work list. */
export interface GatewayDifference {
  readonly gatewayDifferenceId: number;
  readonly gatewayId: number;
  readonly identity: string;
  readonly logicalDevice: number;
  readonly kind: DifferenceKind;
  readonly atMs: number;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly state: DifferenceState;
  readonly settledBy: string | null;
  readonly settledAtMs: number | null;
  readonly note: string;
  readonly deviceId: number | null;
}

export async function listDifferences(
  db: Queryable,
  filter: { readonly gatewayId?: number; readonly state?: DifferenceState; readonly limit: number },
): Promise<GatewayDifference[]> {
  const { rows } = await db.query<GatewayDifference>(sql`
    select d.gateway_difference_id as "gatewayDifferenceId", d.gateway_id as "gatewayId", g.identity,
           d.logical_device as "logicalDevice", d.kind, d.at as "atMs", d.detail, d.state, d.settled_by as "settledBy",
           d.settled_at as "settledAtMs", d.note, m.device_id as "deviceId"
    from gateway_difference d join gateway g using (gateway_id)
    left join gateway_meter m on m.gateway_id = d.gateway_id and m.logical_device = d.logical_device
    where (${filter.gatewayId ?? null}::int is null or d.gateway_id = ${filter.gatewayId ?? null}::int)
      and (${filter.state ?? null}::text is null or d.state = ${filter.state ?? null}::text)
    order by d.at desc, d.gateway_difference_id desc limit ${filter.limit}::int`);
  return rows;
}

/** Somebody looked at a difference and nothing is to be done. @throws StoreError `gateway.difference-settled` when it is not open */
export async function acknowledgeDifference(
  db: Database,
  gatewayDifferenceId: number,
  by: string,
  note = "",
): Promise<void> {
  await db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ gatewayId: number }>(sql`
      update gateway_difference set state = 'acknowledged', settled_by = ${by}, settled_at = now(), note = ${note}
      where gateway_difference_id = ${gatewayDifferenceId}::bigint and state = 'open'
      returning gateway_id as "gatewayId"`);
    if (!rows[0]) throw new StoreError("gateway.difference-settled", "somebody settled it already");
    await appendGatewayAct(transaction, rows[0].gatewayId, "acknowledge", { gatewayDifferenceId, note });
  });
}

/**
 * Says which device a logical device is: from now on its entries are that device's, and those that were kept are stored by the head-end.
 * The device's identity must be the name that the concentrator gives, or the wrong meter could get the values.
 * @throws StoreError `gateway.meter-not-found`, `gateway.no-device`, `gateway.other-name`
 */
export async function adoptGatewayMeter(
  db: Database,
  adoption: {
    readonly gatewayId: number;
    readonly logicalDevice: number;
    readonly deviceId: number;
    readonly by: string;
  },
): Promise<void> {
  const { gatewayId, logicalDevice, deviceId, by } = adoption;
  await db.transaction(async (transaction) => {
    const meters = await transaction.query<{ name: string }>(sql`
      select name from gateway_meter where gateway_id = ${gatewayId}::int and logical_device = ${logicalDevice}::int for update`);
    const [meter] = meters.rows;
    if (!meter) throw new StoreError("gateway.meter-not-found", `no logical device ${logicalDevice} there`);
    const devices = await transaction.query<{ identity: string; meterId: number | null }>(sql`
      select identity, meter_id as "meterId" from device where device_id = ${deviceId}::int`);
    const [device] = devices.rows;
    if (!device || device.meterId === null)
      throw new StoreError("gateway.no-device", `no device ${deviceId} with a meter`);
    if (device.identity !== meter.name)
      throw new StoreError("gateway.other-name", `${device.identity} is not ${meter.name}`);
    await linkMeter(transaction, gatewayId, logicalDevice, deviceId);
    await transaction.query(sql`
      update gateway_difference set state = 'adopted', settled_by = ${by}, settled_at = now()
      where gateway_id = ${gatewayId}::int and logical_device = ${logicalDevice}::int and state = 'open'`);
    await appendGatewayAct(transaction, gatewayId, "adopt", { logicalDevice, deviceId });
    await notify(transaction, "energsys_work", { type: "gateway-changed", gatewayId });
  });
}

export async function linkMeter(db: Queryable, gatewayId: number, logicalDevice: number, deviceId: number) {
  await db.query(sql`
    with linked as (
      update gateway_meter set device_id = ${deviceId}::int
      where gateway_id = ${gatewayId}::int and logical_device = ${logicalDevice}::int
    )
    update device set gateway_id = ${gatewayId}::int, direction = 'call-in',
      url = ${`dlms+tcp://?client=2&server=${logicalDevice}`}
    where device_id = ${deviceId}::int`);
}

/** Logical devices of a concentrator and the devices that they are. */
export interface LogicalDevice {
  readonly logicalDevice: number;
  readonly deviceId: number;
  readonly meterId: number;
  readonly model: string;
}

export async function readLogicalDevices(
  db: Queryable,
  gatewayId: number,
): Promise<Map<number, LogicalDevice>> {
  const { rows } = await db.query<LogicalDevice>(sql`
    select m.logical_device as "logicalDevice", d.device_id as "deviceId", d.meter_id as "meterId", d.model
    from gateway_meter m join device d using (device_id)
    where m.gateway_id = ${gatewayId}::int and d.meter_id is not null`);
  return new Map(rows.map((row) => [row.logicalDevice, row]));
}

/**
 * Logical devices that these entries tell for the first time, and that will be devices without anybody's hand once `storeTopology` has
 * them: entered here as this concentrator's, under the same name.
 */
export async function findExpectedDevices(
  db: Queryable,
  gatewayId: number,
  entries: readonly TopologyEntry[],
): Promise<Map<number, LogicalDevice>> {
  const told = entries.flatMap(({ number, meters }) =>
    meters.map(({ logicalDevice, name }) => ({ number, logicalDevice, name })),
  );
  const { rows } = await db.query<LogicalDevice>(sql`
    select told."logicalDevice", d.device_id as "deviceId", d.meter_id as "meterId", d.model
    from jsonb_to_recordset(${JSON.stringify(told)}::jsonb) as told (number bigint, "logicalDevice" int, name text)
    join device d on d.identity = told.name and d.gateway_id = ${gatewayId}::int and d.meter_id is not null
    where not exists (select 1 from gateway_meter m where m.gateway_id = ${gatewayId}::int
      and m.logical_device = told."logicalDevice" and (m.device_id is not null or m.entry >= told.number))
    order by told.number desc`);
  // The device stays what it was found as first; rows come from the last to the first.
  return new Map(rows.map((row) => [row.logicalDevice, row]));
}

/** What one entry of kind 4 says, with its number and when it was written. */
export interface TopologyEntry {
  readonly number: number;
  readonly writtenAtMs: number;
  readonly meters: readonly ListedMeter[];
}

/**
 * Takes over what a concentrator says of its meters and puts what is new about it on the work list. A meter that was entered here as
 * one of this concentrator's, under the same name, is adopted without a question; one that is gone and was entered as taken down needs
 * nobody. An older entry than the last changes nothing.
 */
export async function storeTopology(
  db: Queryable,
  gatewayId: number,
  entries: readonly TopologyEntry[],
): Promise<void> {
  for (const { number, writtenAtMs, meters } of entries) {
    if (meters.length === 0) continue;
    const rows = JSON.stringify(
      meters.map(({ lastContactMs, ...meter }) => ({
        ...meter,
        lastContact: lastContactMs === undefined ? null : new Date(lastContactMs).toISOString(),
      })),
    );
    await db.query(sql`
      with incoming as (
        select * from jsonb_to_recordset(${rows}::jsonb) as meter ("logicalDevice" int, name text, model text, line text,
          address text, module int, input smallint, state text, "lastContact" timestamptz)
      ), before as (
        select m.* from gateway_meter m join incoming i on m.gateway_id = ${gatewayId}::int and m.logical_device = i."logicalDevice"
      ), expected as (
        select i."logicalDevice", d.device_id from incoming i join device d on d.identity = i.name and d.gateway_id = ${gatewayId}::int
        where d.meter_id is not null
      ), written as (
        insert into gateway_meter (gateway_id, logical_device, name, model, line, address, module, input, state, last_contact_at,
          entry, device_id)
        select ${gatewayId}::int, i."logicalDevice", i.name, i.model, i.line, i.address, i.module, i.input, i.state,
          i."lastContact", ${number}::bigint, e.device_id
        from incoming i left join expected e using ("logicalDevice")
        on conflict (gateway_id, logical_device) do update
          set name = excluded.name, model = excluded.model, line = excluded.line, address = excluded.address,
              module = excluded.module, input = excluded.input, state = excluded.state,
              last_contact_at = coalesce(excluded.last_contact_at, gateway_meter.last_contact_at), entry = excluded.entry,
              device_id = coalesce(gateway_meter.device_id, excluded.device_id)
          where gateway_meter.entry < excluded.entry
        returning logical_device, device_id
      ), addressed as (
        update device set url = 'dlms+tcp://?client=2&server=' || w.logical_device, direction = 'call-in'
        -- A dump of a concentrator that was replaced comes late: its meters have another address by now.
        from written w where device.device_id = w.device_id and device.gateway_id = ${gatewayId}::int
          and device.url <> 'dlms+tcp://?client=2&server=' || w.logical_device
      )
      insert into gateway_difference (gateway_id, logical_device, entry, kind, at, detail, state, settled_by, settled_at)
      select ${gatewayId}::int, i."logicalDevice", ${number}::bigint,
        case when i.state <> 'known' then i.state else 'found' end, ${new Date(writtenAtMs).toISOString()}::timestamptz,
        jsonb_strip_nulls(jsonb_build_object('name', i.name, 'model', i.model, 'line', i.line, 'address', i.address,
          'module', i.module, 'input', i.input, 'before', case when b.logical_device is not null then jsonb_build_object(
            'name', b.name, 'line', b.line, 'address', b.address, 'module', b.module, 'input', b.input, 'state', b.state) end)),
        s.state, case when s.state <> 'open' then 'process:headend' end, case when s.state <> 'open' then now() end
      from incoming i join written w on w.logical_device = i."logicalDevice"
      cross join lateral (select case
        when i.state = 'new' and w.device_id is not null then 'adopted'
        -- Somebody has entered already that it was taken down.
        when i.state in ('exchanged', 'removed') and exists (select from device as gone join installation as was using (meter_id)
            where gone.device_id = w.device_id and not upper_inf(was.during))
          and not exists (select from device as gone join installation as was using (meter_id)
            where gone.device_id = w.device_id and upper_inf(was.during)) then 'settled'
        else 'open' end as state) as s
      left join before b on b.logical_device = i."logicalDevice"
      -- Known and known before: only its contact moved.
      where i.state <> 'known' or (b.logical_device is not null and b.state in ('missing', 'removed'))
      on conflict (gateway_id, logical_device, entry) do nothing`);
  }
}
