import type { Queryable } from "../database.ts";
import { withPointNames } from "../personal/with-names.ts";
import { instant, joined, type Sql, sql, trusted } from "../sql.ts";
import type { LogKind, LogSeverity } from "./append.ts";

export interface LogFilter {
  readonly kind?: LogKind;
  readonly actor?: string;
  readonly page?: string;
  readonly fromMs?: number;
  /** Not included. */
  readonly toMs?: number;
  /** The thing whose log is asked for; of a point also its location, meters, devices and their plans. */
  readonly object?: { readonly type: string; readonly id: string };
  /** `security` takes alarms in. */
  readonly severity?: "security" | "alarm";
}

export interface LogEntry {
  readonly seq: number;
  readonly at: number;
  readonly kind: LogKind;
  readonly severity: LogSeverity;
  readonly actor: string;
  readonly role: string;
  readonly session: string | null;
  readonly address: string | null;
  readonly page: string | null;
  readonly operation: string | null;
  readonly action: string;
  readonly objectType: string | null;
  readonly objectId: string | null;
  /** What people call the object: POD, serial number, name. Null when it is gone. */
  readonly objectName: string | null;
  /** The point that the object belongs to. */
  readonly pointId: number | null;
  readonly records: number;
  readonly before: Record<string, unknown> | null;
  readonly after: Record<string, unknown> | null;
  readonly reason: string | null;
}

/** Everything that belongs to a point, as type and id of the log. A device's plans have ids of two parts. */
const ofPoint = (pointId: string): Sql => sql`
  with own as (select point_id, location_id from point where point_id::text = ${pointId}),
    placed as (select installation_id, meter_id from installation join own using (point_id)),
    devices as (select device_id from device where meter_id in (select meter_id from placed))
  select 'point', ${pointId}::text
  union all select 'location', location_id::text from own
  union all select 'installation', installation_id::text from placed
  union all select 'meter', meter_id::text from placed
  union all select 'device', device_id::text from devices
  union all select 'contract', contract_id::text from contract join own using (point_id)
  union all select 'ratio_request', ratio_request_id::text from ratio_request join own using (point_id)
  union all select 'device_plan', device_id || '/' || reading_plan_id from devices cross join reading_plan`;

const ofDevice = (deviceId: string): Sql => sql`
  select 'device', ${deviceId}::text
  union all select 'device_plan', ${deviceId}::text || '/' || reading_plan_id from reading_plan`;

const ofAccount = (accountId: string): Sql => sql`
  select 'account', ${accountId}::text
  union all select 'role_grant', grant_id::text from role_grant where account_id::text = ${accountId}`;

const ofSubscriber = (subscriberId: string): Sql => sql`
  select 'subscriber', ${subscriberId}::text
  union all select 'subscriber_erasure', subscriber_erasure_id::text from subscriber_erasure
    where subscriber_id::text = ${subscriberId}
  union all select 'contract', contract_id::text from contract where subscriber_id::text = ${subscriberId}`;

const ofMeter = (meterId: string): Sql => sql`
  select 'meter', ${meterId}::text
  union all select 'meter_state', meter_state_id::text from meter_state where meter_id::text = ${meterId}
  union all select 'meter_test', meter_test_id::text from meter_test where meter_id::text = ${meterId}
  union all select 'meter_verification', meter_verification_id::text from meter_verification where meter_id::text = ${meterId}
  union all select 'installation', installation_id::text from installation where meter_id::text = ${meterId}`;

const ofTariff = (tariffId: string): Sql => sql`
  select 'tariff', ${tariffId}::text
  union all select 'tariff_version', tariff_version_id::text from tariff_version where tariff_id::text = ${tariffId}
  union all select 'tariff_change', tariff_change_id::text from tariff_change where tariff_id::text = ${tariffId}`;

const ofMeterType = (meterTypeId: string): Sql => sql`
  select 'meter_type', ${meterTypeId}::text
  union all select 'meter_type_version', meter_type_version_id::text from meter_type_version where meter_type_id::text = ${meterTypeId}
  union all select 'meter_type_certificate', meter_type_certificate_id::text from meter_type_certificate
    where meter_type_id::text = ${meterTypeId}`;

/** What else belongs to an object whose log is asked for. */
const belongings: Readonly<Record<string, (id: string) => Sql>> = {
  point: ofPoint,
  device: ofDevice,
  account: ofAccount,
  subscriber: ofSubscriber,
  meter: ofMeter,
  meter_type: ofMeterType,
  tariff: ofTariff,
};

function conditions(filter: LogFilter): Sql {
  const { object } = filter;
  const parts: Sql[] = [trusted("true")];
  if (filter.kind) parts.push(sql`kind = ${filter.kind}`);
  if (filter.actor !== undefined) parts.push(sql`actor = ${filter.actor}`);
  if (filter.page !== undefined) parts.push(sql`page = ${filter.page}`);
  if (filter.fromMs !== undefined) parts.push(sql`at >= ${instant(filter.fromMs)}::timestamptz`);
  if (filter.toMs !== undefined) parts.push(sql`at < ${instant(filter.toMs)}::timestamptz`);
  if (filter.severity === "security") parts.push(trusted("severity <> 'normal'"));
  if (filter.severity === "alarm") parts.push(trusted("severity = 'alarm'"));
  if (object) {
    const belonging = belongings[object.type];
    const own = belonging
      ? sql`(object_type, object_id) in (${belonging(object.id)})`
      : sql`(object_type = ${object.type} and object_id = ${object.id})`;
    // An import is one entry with the range of its ids.
    const id = /^\d{1,15}$/.test(object.id) ? Number(object.id) : -1;
    parts.push(sql`(${own} or (object_id is null and records > 1 and object_type = ${object.type}
      and ${id}::bigint between (after ->> 'first')::bigint and (after ->> 'last')::bigint))`);
  }
  return joined(parts, " and ");
}

/** Entries of the log, newest first, below number `before` when it is given. */
export async function listLog(
  db: Queryable,
  filter: LogFilter,
  window: { readonly before?: number; readonly limit: number },
): Promise<LogEntry[]> {
  const below = window.before === undefined ? trusted("true") : sql`seq < ${window.before}`;
  const { rows } = await db.query<LogEntry & { sealed: Buffer | null }>(sql`
    with chosen as (
      select * from audit.log where ${conditions(filter)} and ${below} order by seq desc limit ${window.limit}
    )
    select seq, at, kind, severity, actor, role, session, address, page, operation, action, object_type as "objectType",
           object_id as "objectId", records, before, after, reason,
           coalesce(device.identity, meter.serial, branch.name, plan.name, account.name,
             case when object_type = 'setting' then object_id end) as "objectName",
           point.point_id as "pointId", point.sealed
    from chosen
    left join installation on object_type = 'installation' and installation_id::text = object_id
    left join device on (object_type = 'device' and device.device_id::text = object_id)
      or (object_type = 'device_plan' and device.device_id::text = split_part(object_id, '/', 1))
    left join meter on object_type = 'meter' and meter.meter_id::text = object_id
    left join installation as standing on standing.meter_id = coalesce(device.meter_id, meter.meter_id)
      and upper_inf(standing.during)
    left join (select ratio_request_id, point_id from ratio_request) as ratio_request on object_type = 'ratio_request' and ratio_request_id::text = object_id
    left join point on (object_type = 'point' and point.point_id::text = object_id)
      or point.point_id = coalesce(installation.point_id, standing.point_id, ratio_request.point_id)
      or (object_type = 'location' and point.location_id::text = object_id)
    left join branch on object_type = 'branch' and branch.branch_id::text = object_id
    left join reading_plan as plan on object_type = 'reading_plan' and plan.reading_plan_id::text = object_id
    left join account on object_type = 'account' and account.account_id::text = object_id
    order by seq desc`);
  // The log itself holds no code of a point: it is resolved for whoever reads here.
  return (await withPointNames(db, rows)).map(({ pod, name: _, ...row }) => ({
    ...row,
    objectName: pod ?? row.objectName,
  }));
}

/** Who is in the log, and from which pages: what its filters offer. By the index from one name to the next, not by all entries. */
export async function listLogNames(db: Queryable): Promise<{ actors: string[]; pages: string[] }> {
  const { rows } = await db.query<{ actors: string[] | null; pages: string[] | null }>(sql`
    with recursive actors as (
      (select actor from audit.log order by actor limit 1)
      union all
      select (select actor from audit.log where actor > actors.actor order by actor limit 1) from actors
      where actors.actor is not null
    ), pages as (
      (select page from audit.log where page is not null order by page limit 1)
      union all
      select (select page from audit.log where page > pages.page order by page limit 1) from pages where pages.page is not null
    )
    select (select array_agg(actor) from actors where actor is not null) as actors,
           (select array_agg(page) from pages where page is not null) as pages`);
  return { actors: rows[0]?.actors ?? [], pages: rows[0]?.pages ?? [] };
}

/** Entries as they were hashed, oldest first, with their hashes: what a signed file is made of. */
export async function* streamCanonical(
  db: Queryable,
  filter: LogFilter,
): AsyncGenerator<{ seq: number; text: string; prev: string; hash: string }> {
  let after = 0;
  for (;;) {
    const { rows } = await db.query<{ seq: number; text: string; prev: string; hash: string }>(sql`
      select seq, audit.canonical(log) as text, encode(prev, 'hex') as prev, encode(hash, 'hex') as hash
      from audit.log where ${conditions(filter)} and seq > ${after} order by seq limit 5000`);
    yield* rows;
    const last = rows.at(-1);
    if (!last || rows.length < 5_000) return;
    after = last.seq;
  }
}
