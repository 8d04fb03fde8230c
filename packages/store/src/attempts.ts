import type { Queryable } from "./database.ts";
import type { AttemptCause, AttemptState } from "./live.ts";
import { deviceInScopeAt, everywhere, gatewayInScope, isEverywhere, type Scope } from "./scope.ts";
import type { RollKind } from "./secrets/meter-keys.ts";
import { type Sql, sql, trusted } from "./sql.ts";

/** One step of an attempt, as the page shows it: `connecting`, `identified`, `registers`, `profile` … */
export interface AttemptStage {
  readonly stage: string;
  readonly at: string;
}

/** What a trial found: enough to add the device. */
export interface TrialResult {
  readonly identity: string;
  readonly model: string;
  readonly manufacturer: string;
  readonly clockOffsetMs: number | null;
  readonly registers: readonly { readonly obis: string; readonly value: string; readonly unit: string }[];
  readonly profile: {
    readonly obis: string;
    readonly periodSeconds: number;
    readonly columns: readonly { readonly obis: string; readonly unit: string; readonly kind: string }[];
  } | null;
}

/** What to do. A trial names its URL; its secrets, when there are any, are sealed (`trialSecretContext`) and in hex. */
export interface AttemptRequest {
  readonly url?: string;
  readonly secret?: string;
  /** Kinds of keys to change (`key-change`). */
  readonly keys?: readonly RollKind[];
  /** What a concentrator is asked for (`gateway`). */
  readonly gateway?: GatewayRequest;
}

/** Work on a concentrator's line. Entry numbers are those of its journal, both included. */
export type GatewayRequest =
  | { readonly action: "drain" }
  | { readonly action: "reread"; readonly from: number; readonly to: number }
  | { readonly action: "scan" | "read-all" | "set-clocks" | "read-state" }
  /** `text` is JSON; it is confirmed on the next line, or the concentrator takes it back after 10 min. */
  | { readonly action: "configure"; readonly text: string; readonly proposalId?: number };

/** One attempt as pages and the API show it; instants are ISO 8601 in UTC. */
export interface Attempt {
  readonly attemptId: number;
  readonly deviceId: number | null;
  readonly pointId: number | null;
  readonly cause: AttemptCause;
  /** What a concentrator was asked for. */
  readonly asked: GatewayRequest["action"] | null;
  readonly requestedBy: string | null;
  readonly requestedAt: string;
  readonly state: AttemptState;
  readonly stages: readonly AttemptStage[];
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly intervals: number;
  readonly registers: number;
  readonly events: number;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
  readonly result: TrialResult | null;
}

/** Work that a head-end took: it holds the lease and must report. */
export interface TakenAttempt {
  readonly attemptId: number;
  readonly deviceId: number | null;
  readonly cause: AttemptCause;
  readonly request: AttemptRequest;
  readonly requestedBy: string | null;
}

/** Code of an attempt whose head-end died before its end. */
const orphaned = "attempt.orphaned";

/** One stage as a JSON array, at the server's clock. */
const stageNow = (stage: string) => sql`
  jsonb_build_array(jsonb_build_object('stage', ${stage}::text, 'at',
    to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))`;

/** Tells the live channel of a row of `written`, when the transaction commits (`LiveMessage`). */
const liveMessage = trusted(`
  pg_notify('energsys_live', json_strip_nulls(json_build_object(
    'type', 'attempt', 'attemptId', written.attempt_id, 'deviceId', written.device_id,
    'meterId', (select meter_id from device where device.device_id = written.device_id),
    'state', written.state, 'cause', written.cause,
    'at', floor(extract(epoch from clock_timestamp()) * 1000)::bigint, 'errorCode', written.error_code,
    'intervals', written.intervals, 'registers', written.registers, 'events', written.events))::text)`);

/** Wakes the head-ends for a row of `written` (`WorkMessage`). */
const workMessage = trusted(
  "pg_notify('energsys_work', json_build_object('type', 'attempt-queued', 'attemptId', written.attempt_id)::text)",
);

/**
 * Puts work into the queue and wakes the head-end. A second *read now* for a device whose first still waits gives the
 * number of the first: pressing a button twice reads once. Of a concentrator the same counts for the same request.
 */
export async function queueAttempt(
  db: Queryable,
  work: { deviceId?: number; cause: AttemptCause; request?: AttemptRequest; requestedBy?: string },
): Promise<number> {
  const { rows } = await db.query<{ attemptId: number }>(sql`
    with waiting as (
      select attempt_id from attempt
      where device_id = ${work.deviceId ?? null}::int and cause = ${work.cause} and state = 'queued'
        and request = ${JSON.stringify(work.request ?? {})}::jsonb
      order by attempt_id limit 1
    ), written as (
      insert into attempt (device_id, cause, request, requested_by, stages)
      select ${work.deviceId ?? null}::int, ${work.cause}, ${JSON.stringify(work.request ?? {})}::jsonb,
             ${work.requestedBy ?? null}::text,
             ${stageNow("queued")}
      where not exists (select from waiting)
      returning *
    ), told as (
      select ${workMessage},
             ${liveMessage}
      from written
    )
    select coalesce((select attempt_id from waiting), (select attempt_id from written)) as "attemptId",
           (select count(*) from told) as told
  `);
  return rows[0]!.attemptId;
}

/**
 * Who looks at attempts: those of points in the scope, as they stood when the attempt was asked for, those of its concentrators, and
 * the trials that the person asked for, which have no point.
 */
export interface AttemptView {
  readonly scope: Scope;
  readonly requestedBy: string | null;
}

const inView = ({ scope, requestedBy }: AttemptView): Sql =>
  isEverywhere(scope)
    ? trusted("true")
    : sql`(case when a.device_id is null then a.requested_by = ${requestedBy}
             else ${deviceInScopeAt(scope, "a.device_id", "a.requested_at")}
               or exists (select from gateway as g where g.device_id = a.device_id and ${gatewayInScope(scope)}) end)`;

/**
 * Asks for an attempt to stop. One that still waits is cancelled at once; for a running one its head-end is told.
 * Returns false when it had ended already, or never was.
 */
export async function cancelAttempt(db: Queryable, view: AttemptView, attemptId: number): Promise<boolean> {
  const { rows } = await db.query<{ attemptId: number }>(sql`
    with written as (
      update attempt as a
      set cancel_requested = true,
          state = case state when 'queued' then 'cancelled' else state end,
          ended_at = case state when 'queued' then now() end,
          error_code = case state when 'queued' then 'attempt.cancelled' end,
          stages = case state when 'queued' then stages || ${stageNow("cancelled")} else stages end
      where attempt_id = ${attemptId}::bigint and state in ('queued', 'connecting', 'reading', 'storing')
        and ${inView(view)}
      returning *
    )
    select attempt_id as "attemptId",
           pg_notify('energsys_work', json_build_object('type', 'cancel', 'attemptId', attempt_id)::text),
           case state when 'cancelled' then ${liveMessage} end
    from written
  `);
  return rows.length === 1;
}

interface AttemptRow {
  attemptId: number;
  deviceId: number | null;
  pointId: number | null;
  cause: AttemptCause;
  asked: GatewayRequest["action"] | null;
  requestedBy: string | null;
  requestedAtMs: number;
  state: AttemptState;
  stages: AttemptStage[];
  startedAtMs: number | null;
  endedAtMs: number | null;
  bytesSent: number;
  bytesReceived: number;
  intervals: number;
  registers: number;
  events: number;
  errorCode: string | null;
  errorDetail: string | null;
  result: TrialResult | null;
}

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString());

function attemptOf(row: AttemptRow): Attempt {
  const { requestedAtMs, startedAtMs, endedAtMs, ...same } = row;
  return {
    ...same,
    requestedAt: iso(requestedAtMs)!,
    startedAt: iso(startedAtMs),
    endedAt: iso(endedAtMs),
  };
}

/** One attempt, or `undefined`. */
export async function findAttempt(
  db: Queryable,
  view: AttemptView,
  attemptId: number,
): Promise<Attempt | undefined> {
  const rows = await selectAttempts(db, view, { attemptId, deviceIds: null, beforeId: null, limit: 1 });
  return rows[0];
}

/** The communication history of some devices, newest first; `beforeId` continues a page. */
export async function listAttempts(
  db: Queryable,
  view: AttemptView,
  query: { deviceIds: readonly number[]; limit: number; beforeId?: number },
): Promise<Attempt[]> {
  return selectAttempts(db, view, { attemptId: null, beforeId: null, ...query });
}

async function selectAttempts(
  db: Queryable,
  view: AttemptView,
  query: {
    attemptId: number | null;
    deviceIds: readonly number[] | null;
    beforeId: number | null;
    limit: number;
  },
): Promise<Attempt[]> {
  const { rows } = await db.query<AttemptRow>(sql`
    select a.attempt_id as "attemptId", a.device_id as "deviceId",
           (select i.point_id from device d join installation i on i.meter_id = d.meter_id and i.during @> a.requested_at
            where d.device_id = a.device_id) as "pointId",
           a.cause, a.request->'gateway'->>'action' as asked, a.requested_by as "requestedBy",
           a.requested_at as "requestedAtMs", a.state, a.stages,
           a.started_at as "startedAtMs",
           a.ended_at as "endedAtMs",
           a.bytes_sent as "bytesSent", a.bytes_received as "bytesReceived", a.intervals, a.registers, a.events,
           a.error_code as "errorCode", a.error_detail as "errorDetail", a.result
    from attempt a
    where (${query.attemptId}::bigint is null or a.attempt_id = ${query.attemptId}::bigint)
      and (${query.deviceIds}::int[] is null or a.device_id = any(${query.deviceIds}::int[]))
      and (${query.beforeId}::bigint is null or a.attempt_id < ${query.beforeId}::bigint)
      and ${inView(view)}
    order by a.requested_at desc, a.attempt_id desc
    limit ${query.limit}::int
  `);
  return rows.map(attemptOf);
}

/**
 * Takes waiting work, oldest first, what somebody waits for before the changes of a whole group, at most `limit`. Work for a device that calls in is
 * given only to the head-end that holds its line (`lineDeviceIds`); several head-ends never take the same row.
 */
export async function takeQueuedAttempts(
  db: Queryable,
  taker: { owner: string; limit: number; leaseSeconds: number; lineDeviceIds: readonly number[] },
): Promise<TakenAttempt[]> {
  const { rows } = await db.query<TakenAttempt>(sql`
    with chosen as (
      select a.attempt_id from attempt a left join device d using (device_id)
      where a.state = 'queued' and not a.cancel_requested
        and (d.device_id is null or (d.direction = 'dial' and d.gateway_id is null)
          or coalesce((select g.device_id from gateway g where g.gateway_id = d.gateway_id), d.device_id)
            = any(${taker.lineDeviceIds}::int[]))
        and (d.device_id is null or d.direction = 'call-in' or not exists (
          select from link l where l.device_id = d.device_id and l.leased_until > now()))
      order by a.key_work_id is not null, a.requested_at limit ${taker.limit}::int
      for update of a skip locked
    )
    update attempt
    set state = 'connecting', owner = ${taker.owner}, started_at = now(),
        leased_until = now() + make_interval(secs => ${taker.leaseSeconds}::float8)
    from chosen where attempt.attempt_id = chosen.attempt_id
    returning attempt.attempt_id as "attemptId", device_id as "deviceId", cause, request, requested_by as "requestedBy"
  `);
  return rows;
}

/** Opens attempts that a head-end begins of itself on lines that called in. */
export async function startAttempts(
  db: Queryable,
  taker: { owner: string; leaseSeconds: number },
  deviceIds: readonly number[],
): Promise<Map<number, number>> {
  if (deviceIds.length === 0) return new Map();
  const { rows } = await db.query<{ attemptId: number; deviceId: number }>(sql`
    insert into attempt (device_id, cause, state, owner, leased_until, started_at, stages)
    select device_id, 'call-in', 'connecting', ${taker.owner},
           now() + make_interval(secs => ${taker.leaseSeconds}::float8), now(), '[]'
    from unnest(${deviceIds}::int[]) as wanted (device_id)
    returning attempt_id as "attemptId", device_id as "deviceId"
  `);
  return new Map(rows.map(({ deviceId, attemptId }) => [deviceId, attemptId]));
}

/** Every attempt: for processes of ours. */
export const everyAttempt: AttemptView = { scope: everywhere, requestedBy: null };

/** What happened to an attempt since the last report. Counters are totals; stages are the new ones only. */
export interface AttemptProgress {
  readonly attemptId: number;
  readonly state: AttemptState;
  readonly stages: readonly AttemptStage[];
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly intervals: number;
  readonly registers: number;
  readonly events: number;
  readonly errorCode?: string;
  readonly errorDetail?: string;
  readonly result?: TrialResult;
}

const ended = new Set<AttemptState>(["done", "failed", "cancelled"]);

/**
 * Writes the progress of many attempts in one statement and tells the live channel. Only rows that `owner` still holds
 * are touched: an attempt that was taken from a head-end that slept past its lease is no longer its to report.
 * Returns the attempts written.
 */
export async function recordProgress(
  db: Queryable,
  owner: string,
  progress: readonly AttemptProgress[],
): Promise<number[]> {
  if (progress.length === 0) return [];
  const { rows } = await db.query<{ attemptId: number }>(sql`
    with written as (
      update attempt as a
      set state = p.state, stages = a.stages || p.stages, bytes_sent = p.bytes_sent, bytes_received = p.bytes_received,
          intervals = p.intervals, registers = p.registers, events = p.events, error_code = p.error_code,
          error_detail = p.error_detail, result = coalesce(p.result, a.result),
          ended_at = case when p.ended then now() end,
          leased_until = case when p.ended then null else a.leased_until end
      from unnest(${progress.map((each) => each.attemptId)}::bigint[], ${progress.map((each) => each.state)}::text[],
                  ${progress.map((each) => JSON.stringify(each.stages))}::jsonb[],
                  ${progress.map((each) => each.bytesSent)}::int[], ${progress.map((each) => each.bytesReceived)}::int[],
                  ${progress.map((each) => each.intervals)}::int[], ${progress.map((each) => each.registers)}::int[],
                  ${progress.map((each) => each.events)}::int[], ${progress.map((each) => each.errorCode ?? null)}::text[],
                  ${progress.map((each) => each.errorDetail?.slice(0, 500) ?? null)}::text[],
                  ${progress.map((each) => (each.result ? JSON.stringify(each.result) : null))}::jsonb[],
                  ${progress.map((each) => ended.has(each.state))}::bool[])
        as p (attempt_id, state, stages, bytes_sent, bytes_received, intervals, registers, events, error_code,
              error_detail, result, ended)
      where a.attempt_id = p.attempt_id and a.owner = ${owner}
        and a.state in ('connecting', 'reading', 'storing')
      returning a.*
    )
    select attempt_id as "attemptId", ${liveMessage}
    from written
  `);
  return rows.map((row) => row.attemptId);
}

/** Lengthens the lease of everything this head-end works on, and tells which of it somebody wants cancelled. */
export async function renewAttempts(db: Queryable, owner: string, leaseSeconds: number): Promise<number[]> {
  const { rows } = await db.query<{ attemptId: number; cancel: boolean }>(sql`
    update attempt set leased_until = now() + make_interval(secs => ${leaseSeconds}::float8)
    where owner = ${owner} and state in ('connecting', 'reading', 'storing')
    returning attempt_id as "attemptId", cancel_requested as cancel
  `);
  return rows.filter((row) => row.cancel).map((row) => row.attemptId);
}

/** Puts work back that was taken but cannot be begun now: its device is being read. */
export async function requeueAttempts(
  db: Queryable,
  owner: string,
  attemptIds: readonly number[],
): Promise<void> {
  if (attemptIds.length === 0) return;
  await db.query(sql`
    update attempt set state = 'queued', owner = null, leased_until = null, started_at = null
    where attempt_id = any(${attemptIds}::bigint[]) and owner = ${owner} and state = 'connecting'
  `);
}

/**
 * Ends what a dead head-end left behind. People's work goes back to the queue once (a read repeats harmlessly);
 * planned work is marked failed, `attempt.orphaned`: the planner asks for the same gap by itself.
 */
export async function endOrphanedAttempts(db: Queryable): Promise<{ requeued: number; failed: number }> {
  const { rows } = await db.query<{ state: AttemptState }>(sql`
    with orphan as (
      select attempt_id, cause in ('read-now', 'trial', 'gateway') and not cancel_requested
               and not stages @> '[{"stage": "requeued"}]' as again
      from attempt
      where state in ('connecting', 'reading', 'storing') and (leased_until is null or leased_until < now())
      for update skip locked
    ), written as (
      update attempt as a
      set state = case when again then 'queued' else 'failed' end,
          owner = null, leased_until = null,
          started_at = case when again then null else a.started_at end,
          ended_at = case when again then null else now() end,
          error_code = case when again then null else ${orphaned}::text end,
          stages = a.stages || case when again then ${stageNow("requeued")} else ${stageNow("orphaned")} end
      from orphan where a.attempt_id = orphan.attempt_id
      returning a.*
    )
    select state,
           case state when 'queued' then
             ${workMessage} end,
           ${liveMessage}
    from written
  `);
  const requeued = rows.filter((row) => row.state === "queued").length;
  return { requeued, failed: rows.length - requeued };
}
