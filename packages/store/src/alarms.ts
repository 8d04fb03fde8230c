import { type AlarmCode, alarmCodes, type Severity } from "@energsys/metering/models";
import { readBranches } from "./branches.ts";
import type { Queryable } from "./database.ts";
import { groupInScope } from "./groups/registry.ts";
import { peakCode } from "./peaks/peak-code.ts";
import { isSeen, lastSeen } from "./peaks/seen.ts";
import { withPointNames } from "./personal/with-names.ts";
import { deviceInScopeAt, gatewayInScope, pointInScope, type Scope } from "./scope.ts";
import { instant, type Sql, sql, trusted } from "./sql.ts";

/** unacknowledged: nobody has said that they saw it; active: not over, or without an end and not yet seen; all: the history. */
export type AlarmState = "unacknowledged" | "active" | "all";

/** What names an event. `at` is epoch ms. */
export interface EventKey {
  readonly deviceId: number;
  readonly at: number;
  readonly code: string;
  readonly seq: number;
}

/** A demand above the threshold of a rule. Powers are exact, kW. */
export interface PeakOfAlarm {
  readonly alarmId: number;
  readonly ruleId: number;
  readonly rule: string;
  readonly groupId: number | null;
  readonly groupName: string | null;
  readonly side: "members" | "balance" | null;
  readonly obis: string;
  readonly day: string;
  readonly demandKw: string;
  readonly thresholdKw: string;
  readonly basis: "power" | "approved" | "former";
  readonly basisKw: string | null;
  /** Quarter-hours of the day above the threshold. */
  readonly quarters: number;
  readonly expected: number;
  readonly present: number;
  readonly estimated: number;
}

/** What somebody should look at: an event of a device, or a peak that a rule found. Instants are epoch ms. */
export interface AlarmRow {
  /** Null for a peak, which no device tells of. */
  readonly deviceId: number | null;
  readonly at: number;
  readonly code: string;
  readonly seq: number;
  readonly severity: Severity;
  readonly receivedAt: number;
  readonly detail: Readonly<Record<string, string | number | boolean>> | null;
  readonly endedAt: number | null;
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: string | null;
  readonly note: string | null;
  readonly identity: string | null;
  /** Where the device's meter stood then, or whose demand it was. */
  readonly pointId: number | null;
  readonly pod: string | null;
  readonly branch: readonly string[];
  readonly peak: PeakOfAlarm | null;
  /** The concentrator whose own alarm it is. */
  readonly gatewayId: number | null;
  /** The open task of somebody who goes there for it. */
  readonly fieldTaskId: number | null;
}

export interface AlarmFilter {
  readonly state: AlarmState;
  readonly fromMs: number;
  readonly severity?: Severity;
  /** Only of this device. */
  readonly deviceId?: number;
  readonly limit: number;
}

const rank = trusted("case severity when 'critical' then 0 when 'medium' then 1 else 2 end");
const listed = (codes: readonly AlarmCode[]) => sql`
  unnest(${codes.map(({ code }) => code)}::text[], ${codes.map(({ severity }) => severity)}::text[],
         ${codes.map(({ endedBy }) => endedBy ?? null)}::text[]) as a (code, severity, ended_by)`;
const joins = trusted(`
  left join event_acknowledgement as k using (device_id, at, code, seq)
  left join lateral (
    select min(ending.at) as at from event as ending
    where ending.device_id = e.device_id and ending.code = a.ended_by and ending.at > e.at) as ended on true`);
const states = {
  unacknowledged: trusted("k.acknowledged_at is null"),
  active: trusted("ended.at is null and (a.ended_by is not null or k.acknowledged_at is null)"),
  all: trusted("true"),
} as const;
/** A peak that corrected values do not hold is over; one that stands has been, so it is active until somebody has seen it. */
const peakStates = {
  unacknowledged: trusted("k.acknowledged_at is null and a.ended_at is null"),
  active: trusted("k.acknowledged_at is null and a.ended_at is null"),
  all: trusted("true"),
} as const;
const columns = `"deviceId", at, code, seq, severity, "receivedAt", detail, "endedAt", "acknowledgedAt", "acknowledgedBy", note,
  identity, "pointId", sealed, "branchId", peak, "gatewayId", "fieldTaskId"`;

/** Condition on `peak_alarm as a` and its `point_group as g`. */
const peakInScope = (scope: Scope): Sql =>
  sql`case when a.group_id is null then ${pointInScope(scope, "a.point_id")} else ${groupInScope(scope)} end`;

/** Condition on `event as e`: a meter's alarm belongs to where the meter stood then, a concentrator's own to the concentrator's branch. */
const alarmInScope = (scope: Scope): Sql => sql`(
  ${deviceInScopeAt(scope, "e.device_id", "e.at")}
  or exists (select from gateway as g where g.device_id = e.device_id and ${gatewayInScope(scope)}))`;

/** Alarms since `fromMs`, the worst first and among these the newest; `total` counts all that match. */
export async function listAlarms(
  db: Queryable,
  scope: Scope,
  { state, fromMs, severity, deviceId, limit }: AlarmFilter,
): Promise<{ total: number; rows: AlarmRow[] }> {
  const codes = alarmCodes.filter((code) => severity === undefined || code.severity === severity);
  const branches = await readBranches(db);
  const { rows } = await db.query<
    Omit<AlarmRow, "branch" | "pod"> & { sealed: Buffer | null; branchId: number | null; total: number }
  >(sql`
    select *, (count(*) over ())::int as total from (
      select e.device_id as "deviceId", e.at, e.code, e.seq, a.severity, e.received_at as "receivedAt", e.detail,
             ended.at as "endedAt", k.acknowledged_at as "acknowledgedAt", k.acknowledged_by as "acknowledgedBy", k.note,
             d.identity, p.point_id as "pointId", p.sealed, coalesce(l.branch_id, g.branch_id) as "branchId", null::jsonb as peak,
             case when p.point_id is null then g.gateway_id end as "gatewayId", task.field_task_id as "fieldTaskId"
      from event as e join ${listed(codes)} using (code) ${joins}
      join device as d on d.device_id = e.device_id
      left join installation as i on i.meter_id = d.meter_id and i.during @> e.at
      left join point as p on p.point_id = i.point_id left join location as l on l.location_id = p.location_id
      left join gateway as g on g.device_id = e.device_id
      left join field_task as task on task.state = 'open'
        and (task.alarm_device_id, task.alarm_at, task.alarm_code, task.alarm_seq) = (e.device_id, e.at, e.code, e.seq)
      where e.at > ${instant(fromMs)}::timestamptz and ${states[state]}
        and (${deviceId ?? null}::int is null or e.device_id = ${deviceId ?? null}::int)
        and ${alarmInScope(scope)}
      union all
      select null, a.peak_at, ${peakCode}, 0, a.severity, a.raised_at, null, a.ended_at, k.acknowledged_at, k.acknowledged_by, k.note,
             null, p.point_id, p.sealed, coalesce(l.branch_id, g.branch_id),
             jsonb_build_object('alarmId', a.peak_alarm_id, 'ruleId', r.peak_rule_id, 'rule', r.name, 'groupId', a.group_id,
               'groupName', g.name, 'side', a.side, 'obis', a.obis, 'day', a.day,
               'demandKw', trim_scale(a.demand_kw)::text, 'thresholdKw', trim_scale(a.threshold_kw)::text, 'basis', a.basis,
               'basisKw', trim_scale(a.basis_kw)::text, 'quarters', a.quarters, 'expected', a.expected, 'present', a.present,
               'estimated', a.estimated),
             null, null
      from peak_alarm as a join peak_rule as r using (peak_rule_id) left join lateral ${lastSeen("a")} as k on true
      left join point as p on p.point_id = a.point_id left join location as l on l.location_id = p.location_id
      left join point_group as g on g.group_id = a.group_id
      where a.peak_at > ${instant(fromMs)}::timestamptz and ${peakStates[state]} and ${deviceId === undefined}
        and (${severity ?? null}::text is null or a.severity = ${severity ?? null})
        and ${peakInScope(scope)}
    ) as told (${trusted(columns)})
    order by ${rank}, at desc, "deviceId", code, seq, peak ->> 'alarmId' limit ${limit}`);
  return {
    total: rows[0]?.total ?? 0,
    rows: (await withPointNames(db, rows)).map(({ branchId, total: _, name: __, ...row }) => ({
      ...row,
      branch: branches.get(branchId ?? -1)?.path ?? [],
    })),
  };
}

/** Alarms that nobody has acknowledged, by severity. */
export async function countAlarms(
  db: Queryable,
  scope: Scope,
  fromMs: number,
): Promise<Readonly<Record<Severity, number>>> {
  const { rows } = await db.query<{ severity: Severity; count: number }>(sql`
    select severity, count(*)::int as count from (
      select a.severity
      from event as e join ${listed(alarmCodes)} using (code) ${joins}
      where e.at > ${instant(fromMs)}::timestamptz and ${states.unacknowledged}
        and ${alarmInScope(scope)}
      union all
      select a.severity
      from peak_alarm as a left join lateral ${lastSeen("a")} as k on true left join point_group as g using (group_id)
      where a.peak_at > ${instant(fromMs)}::timestamptz and ${peakStates.unacknowledged} and ${peakInScope(scope)}
    ) as told (severity) group by severity`);
  return {
    critical: 0,
    medium: 0,
    low: 0,
    ...Object.fromEntries(rows.map((row) => [row.severity, row.count])),
  };
}

/**
 * Says that somebody has seen these alarms. What is outside the scope, is no alarm, or was acknowledged before stays as it is.
 * Gives the number of those that were not acknowledged before.
 */
export async function acknowledgeAlarms(
  db: Queryable,
  scope: Scope,
  {
    keys,
    peaks = [],
    by,
    note,
    nowMs,
  }: {
    keys: readonly EventKey[];
    /** Numbers of alarms of peaks. */
    peaks?: readonly number[];
    by: string;
    note: string;
    nowMs: number;
  },
): Promise<number> {
  const { rows: seen } = await db.query(sql`
    insert into peak_acknowledgement (peak_alarm_id, demand_kw, acknowledged_at, acknowledged_by, note)
    select a.peak_alarm_id, a.demand_kw, ${instant(nowMs)}::timestamptz, ${by}, ${note}
    from peak_alarm as a left join point_group as g using (group_id)
    where a.peak_alarm_id = any(${peaks}::bigint[]) and not ${isSeen("a")} and ${peakInScope(scope)}
    on conflict do nothing returning 1`);
  const { rows } = await db.query(sql`
    insert into event_acknowledgement (device_id, at, code, seq, acknowledged_at, acknowledged_by, note)
    select e.device_id, e.at, e.code, e.seq, ${instant(nowMs)}::timestamptz, ${by}, ${note}
    from unnest(${keys.map(({ deviceId }) => deviceId)}::int[], ${keys.map(({ at }) => new Date(at).toISOString())}::timestamptz[],
                ${keys.map(({ code }) => code)}::text[], ${keys.map(({ seq }) => seq)}::int[]) as wanted (device_id, at, code, seq)
    join event as e using (device_id, at, code, seq)
    where e.code = any(${alarmCodes.map(({ code }) => code)}::text[])
      and ${alarmInScope(scope)}
    on conflict do nothing returning 1`);
  return seen.length + rows.length;
}
