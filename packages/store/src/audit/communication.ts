import type { Queryable } from "../database.ts";
import type { AttemptCause, AttemptState } from "../live.ts";
import { withPointNames } from "../personal/with-names.ts";
import { instant, joined, type Sql, sql, trusted } from "../sql.ts";

export interface CommunicationFilter {
  readonly actor?: string;
  readonly fromMs?: number;
  /** Not included. */
  readonly toMs?: number;
  readonly pointId?: number;
  readonly deviceId?: number;
}

/** One conversation with a device, as the log shows it. */
export interface Communication {
  readonly attemptId: number;
  readonly at: number;
  /** Who asked; null when a plan or the device itself did. */
  readonly actor: string | null;
  readonly cause: AttemptCause;
  readonly deviceId: number | null;
  readonly identity: string | null;
  readonly pointId: number | null;
  readonly pod: string | null;
  readonly state: AttemptState;
  readonly errorCode: string | null;
  readonly endedAt: number | null;
  readonly records: number;
  readonly bytesReceived: number;
}

/** Conversations with devices, newest first, below number `before` when it is given. */
export async function listCommunication(
  db: Queryable,
  filter: CommunicationFilter,
  window: { readonly before?: number; readonly limit: number },
): Promise<Communication[]> {
  const parts: Sql[] = [trusted("true")];
  if (filter.actor !== undefined) parts.push(sql`requested_by = ${filter.actor}`);
  if (filter.fromMs !== undefined) parts.push(sql`requested_at >= ${instant(filter.fromMs)}::timestamptz`);
  if (filter.toMs !== undefined) parts.push(sql`requested_at < ${instant(filter.toMs)}::timestamptz`);
  if (filter.deviceId !== undefined) parts.push(sql`attempt.device_id = ${filter.deviceId}`);
  if (filter.pointId !== undefined) {
    parts.push(sql`attempt.device_id in (select device_id from device join installation using (meter_id)
      where point_id = ${filter.pointId})`);
  }
  if (window.before !== undefined) parts.push(sql`attempt_id < ${window.before}`);
  const { rows } = await db.query<Omit<Communication, "pod"> & { sealed: Buffer | null }>(sql`
    with chosen as (
      select * from attempt where ${joined(parts, " and ")} order by attempt_id desc limit ${window.limit}
    )
    select attempt_id as "attemptId", requested_at as at, requested_by as actor, cause, device_id as "deviceId", identity,
           point_id as "pointId", point.sealed, state, error_code as "errorCode", ended_at as "endedAt",
           intervals + registers + events as records, bytes_received as "bytesReceived"
    from chosen left join device using (device_id)
    left join installation on installation.meter_id = device.meter_id and upper_inf(installation.during)
    left join point using (point_id)
    order by attempt_id desc`);
  return (await withPointNames(db, rows)).map(({ name: _, ...row }) => row);
}
