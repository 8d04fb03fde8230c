import type { Queryable } from "../database.ts";
import { withPointNames } from "../personal/with-names.ts";
import { instant, joined, type Sql, sql, trusted } from "../sql.ts";
import { type DevicePlaces, deviceOfSubject } from "./places.ts";

export interface AttemptFilter extends DevicePlaces {
  readonly fromMs: number;
  readonly toMs: number;
  readonly zone: string;
  readonly deviceId?: number;
}

/** What attempts are counted by. */
export const attemptGroupings = ["day", "hour", "branch", "gateway", "plan", "cause", "error"] as const;
export type AttemptGrouping = (typeof attemptGroupings)[number];

/** Attempts that have ended, counted. */
export interface AttemptCount {
  /** What they are counted by; empty where there is none. */
  readonly name: string;
  readonly attempts: number;
  readonly done: number;
  readonly devices: number;
  /** Devices that were read at least once. */
  readonly devicesDone: number;
  readonly bytes: number;
  /** Mean of those that began, ms. */
  readonly durationMs: number | null;
}

const keys: Readonly<Record<AttemptGrouping, (zone: string) => Sql>> = {
  day: (zone) => sql`(a.requested_at at time zone ${zone})::date::text`,
  hour: (zone) => sql`to_char(a.requested_at at time zone ${zone}, 'HH24')`,
  branch: () => trusted("b.name"),
  gateway: () => trusted("coalesce(nullif(g.name, ''), gd.identity)"),
  plan: () =>
    trusted(
      "(select min(rp.name) from device_plan as dp join reading_plan as rp using (reading_plan_id) where dp.device_id = a.device_id)",
    ),
  cause: () => trusted("a.cause"),
  error: () => trusted("a.error_code"),
};

const from = trusted(`
  attempt as a join device as d on d.device_id = a.device_id
  left join installation as i on i.meter_id = d.meter_id and i.during @> a.requested_at
  left join point as p on p.point_id = i.point_id left join location as l on l.location_id = p.location_id
  left join gateway as g on g.gateway_id = d.gateway_id or g.device_id = d.device_id
  left join device as gd on gd.device_id = g.device_id
  left join branch as b on b.branch_id = coalesce(l.branch_id, g.branch_id)`);

const matches = (filter: AttemptFilter): Sql => sql`
  a.requested_at >= ${instant(filter.fromMs)}::timestamptz and a.requested_at < ${instant(filter.toMs)}::timestamptz
  and a.state in ('done', 'failed')
  and (${filter.deviceId ?? null}::int is null or a.device_id = ${filter.deviceId ?? null}::int)
  and ${deviceOfSubject(filter, "a.device_id", "a.requested_at")}`;

const figures = trusted(`
  count(*)::int as attempts, (count(*) filter (where a.state = 'done'))::int as done, count(distinct a.device_id)::int as devices,
  (count(distinct a.device_id) filter (where a.state = 'done'))::int as "devicesDone",
  sum(a.bytes_sent::bigint + a.bytes_received)::float8 as bytes,
  (avg(extract(epoch from a.ended_at - a.started_at)) * 1000)::float8 as "durationMs"`);

/**
 * Attempts of a subject that have ended, by each of what is asked for; they are looked up once. Cancelled ones say nothing of the line and are
 * left out.
 */
export async function countAttempts<By extends AttemptGrouping>(
  db: Queryable,
  filter: AttemptFilter,
  groupings: readonly By[],
): Promise<Readonly<Record<By, AttemptCount[]>>> {
  const columns = groupings.map(
    (by) => sql`coalesce(${keys[by](filter.zone)}, '') as ${trusted(`by_${by}`)}`,
  );
  const counts = groupings.map(
    (by) =>
      sql`select ${by}::text as by, ${trusted(`by_${by}`)} as name, ${figures} from a group by ${trusted(`by_${by}`)}`,
  );
  const { rows } = await db.query<AttemptCount & { readonly by: By }>(sql`
    with a as materialized (
      select a.device_id, a.state, a.bytes_sent, a.bytes_received, a.started_at, a.ended_at, ${joined(columns, ", ")}
      from ${from} where ${matches(filter)}
    )
    select * from (${joined(counts, " union all ")}) as counted
    order by case by when 'day' then name end desc, case by when 'hour' then name end, attempts desc, name`);
  const counted = Object.fromEntries(groupings.map((by) => [by, [] as AttemptCount[]])) as Record<
    By,
    AttemptCount[]
  >;
  for (const { by, ...row } of rows) counted[by].push(row);
  return counted;
}

/** Attempts of one device. */
export interface DeviceAttempts extends Omit<AttemptCount, "name" | "devices" | "devicesDone"> {
  readonly deviceId: number;
  readonly identity: string;
  readonly pointId: number | null;
  readonly pod: string | null;
  /** Of the newest that failed. */
  readonly errorCode: string | null;
  readonly lastDoneAtMs: number | null;
}

/** Devices of a subject by their attempts, those with the most that failed first. */
export async function listWorstDevices(
  db: Queryable,
  filter: AttemptFilter,
  limit: number,
): Promise<DeviceAttempts[]> {
  const { rows } = await db.query<Omit<DeviceAttempts, "pod"> & { sealed: Buffer | null }>(sql`
    select a.device_id as "deviceId", d.identity, p.point_id as "pointId", p.sealed, ${figures},
           (array_agg(a.error_code order by a.requested_at desc) filter (where a.state = 'failed'))[1] as "errorCode",
           max(a.ended_at) filter (where a.state = 'done') as "lastDoneAtMs"
    from ${from} where ${matches(filter)}
    group by a.device_id, d.device_id, p.point_id
    order by count(*) filter (where a.state = 'failed') desc, count(*) desc, a.device_id limit ${limit}`);
  return (await withPointNames(db, rows)).map(({ name: _, ...row }) => row);
}

/** One attempt as the history of a subject shows it. */
export interface PlacedAttempt {
  readonly attemptId: number;
  readonly deviceId: number;
  readonly identity: string;
  readonly pointId: number | null;
  readonly pod: string | null;
  readonly cause: string;
  readonly requestedBy: string | null;
  readonly requestedAtMs: number;
  readonly durationMs: number | null;
  readonly state: "done" | "failed";
  readonly bytes: number;
  readonly intervals: number;
  readonly registers: number;
  readonly events: number;
  readonly errorCode: string | null;
}

/** Attempts of a subject, the newest first. */
export async function listPlacedAttempts(
  db: Queryable,
  filter: AttemptFilter,
  limit: number,
): Promise<PlacedAttempt[]> {
  const { rows } = await db.query<Omit<PlacedAttempt, "pod"> & { sealed: Buffer | null }>(sql`
    select a.attempt_id as "attemptId", a.device_id as "deviceId", d.identity, p.point_id as "pointId", p.sealed, a.cause,
           a.requested_by as "requestedBy", a.requested_at as "requestedAtMs",
           (extract(epoch from a.ended_at - a.started_at) * 1000)::float8 as "durationMs", a.state,
           (a.bytes_sent::bigint + a.bytes_received)::float8 as bytes, a.intervals, a.registers, a.events,
           a.error_code as "errorCode"
    from ${from} where ${matches(filter)}
    order by a.requested_at desc, a.attempt_id desc limit ${limit}`);
  return (await withPointNames(db, rows)).map(({ name: _, ...row }) => row);
}
