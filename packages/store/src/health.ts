import type { Queryable } from "./database.ts";
import { instant, sql } from "./sql.ts";

/** How the system stands, as far as the database knows. */
export interface HealthFacts {
  /** People whose browser called within the last five minutes. */
  readonly peopleOnline: number;
  readonly sessionsOpen: number;
  /** Devices with an open line. */
  readonly linksOpen: number;
  readonly attemptsQueued: number;
  /** How long the oldest of them waits; null when none does. */
  readonly oldestQueuedSeconds: number | null;
  /** Of attempts that ended in the last minute. */
  readonly fieldBytesIn: number;
  readonly fieldBytesOut: number;
  /** Intervals, registers and events that they brought. */
  readonly fieldValues: number;
  readonly databaseBytes: number;
  readonly connectionsUsed: number;
  readonly connectionsMax: number;
  /** The head-ends that are connected to the database; null where the role may not see the connections of others. */
  readonly headends: number | null;
}

export async function readHealthFacts(db: Queryable): Promise<HealthFacts> {
  const { rows } = await db.query<HealthFacts>(sql`
    select
      (select count(distinct account_id)::int from session where last_seen_at > now() - interval '5 minutes' and expires_at > now())
        as "peopleOnline",
      (select count(*)::int from session where expires_at > now()) as "sessionsOpen",
      (select count(*)::int from link where state = 'open' and leased_until > now()) as "linksOpen",
      queue.queued as "attemptsQueued", queue.oldest as "oldestQueuedSeconds",
      field.received as "fieldBytesIn", field.sent as "fieldBytesOut", field.values as "fieldValues",
      pg_database_size(current_database())::bigint as "databaseBytes",
      (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as "connectionsUsed",
      current_setting('max_connections')::int as "connectionsMax",
      case when pg_has_role(current_user, 'pg_read_all_stats', 'usage')
        then (select count(*)::int from pg_stat_activity where application_name = 'energsys-headend-listen') end as "headends"
    from (
      select count(*)::int as queued, extract(epoch from now() - min(requested_at))::int as oldest
      from attempt where state = 'queued') as queue
    cross join (
      -- The index is on the instant of the request, and no attempt lasts an hour.
      select coalesce(sum(bytes_received), 0)::bigint as received, coalesce(sum(bytes_sent), 0)::bigint as sent,
        coalesce(sum(intervals + registers + events), 0)::bigint as values
      from attempt where requested_at > now() - interval '1 hour' and ended_at > now() - interval '1 minute') as field`);
  return rows[0]!;
}

export interface RoleConnections {
  readonly role: string;
  readonly program: string;
  readonly connections: number;
  /** Of these, with a transaction that has been open for more than a minute. */
  readonly longTransactions: number;
}

export async function readRoleConnections(db: Queryable): Promise<RoleConnections[]> {
  const { rows } = await db.query<RoleConnections>(sql`
    select coalesce(usename, '') as role, coalesce(application_name, '') as program, count(*)::int as connections,
      (count(*) filter (where xact_start < now() - interval '1 minute'))::int as "longTransactions"
    from pg_stat_activity where backend_type in ('client backend', 'walsender')
    group by 1, 2 order by 1, 2`);
  return rows;
}

export interface ReplicaState {
  readonly name: string;
  readonly state: string;
  /** WAL that it has not replayed. */
  readonly lagBytes: number | null;
  /** How old what it shows is; null when it is up to date. */
  readonly lagSeconds: number | null;
}

/** Replicas that receive from this database; the archive of the backups is none. */
export async function readReplicas(db: Queryable): Promise<ReplicaState[]> {
  const { rows } = await db.query<ReplicaState>(sql`
    select coalesce(application_name, '') as name, coalesce(state, '') as state,
      pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn)::bigint as "lagBytes",
      extract(epoch from replay_lag)::double precision as "lagSeconds"
    from pg_stat_replication where application_name <> 'energsys-backup' order by application_name`);
  return rows;
}

/** Adds a minute of the history; a minute that is there stays. */
export async function storeHealthSamples(
  db: Queryable,
  atMs: number,
  values: ReadonlyMap<string, number>,
): Promise<void> {
  await db.query(sql`
    insert into health_sample (measure, at, value)
    select measure, date_trunc('minute', ${instant(atMs)}::timestamptz), value
    from unnest(${[...values.keys()]}::text[], ${[...values.values()]}::double precision[]) as given (measure, value)
    on conflict do nothing`);
}

export interface HealthHistory {
  readonly measure: string;
  /** Start of the quarter of an hour, epoch ms. */
  readonly at: readonly number[];
  /** The highest value of each. */
  readonly values: readonly number[];
}

/** The last day, quarter-hour by quarter-hour. */
export async function readHealthHistory(db: Queryable, nowMs: number): Promise<HealthHistory[]> {
  const { rows } = await db.query<{ measure: string; at: number; value: number }>(sql`
    select measure, date_bin('15 minutes', at, timestamptz '2020-01-01 00:00+00') as at, max(value) as value
    from health_sample where at > ${instant(nowMs - 86_400_000)}::timestamptz group by 1, 2 order by 1, 2`);
  const byMeasure = Map.groupBy(rows, ({ measure }) => measure);
  return [...byMeasure].map(([measure, samples]) => ({
    measure,
    at: samples.map(({ at }) => at),
    values: samples.map(({ value }) => value),
  }));
}

export async function forgetHealthSamples(db: Queryable, beforeMs: number): Promise<void> {
  await db.query(sql`delete from health_sample where at < ${instant(beforeMs)}::timestamptz`);
}

/** Writes a byte and says how many migrations the database has: readiness is more than an open connection. */
export async function probeWriting(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ migrations: number }>(sql`
    with written as (
      insert into health_sample (measure, at, value) values ('probe', '2020-01-01', 0)
      on conflict (measure, at) do update set value = health_sample.value + 1 returning value)
    select max(number)::int as migrations from schema_migration, written`);
  return rows[0]!.migrations;
}
