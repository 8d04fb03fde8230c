import type { Queryable } from "../database.ts";
import { instant, sql } from "../sql.ts";

export type BackupRunKind = "base" | "check";

export interface BackupRun {
  readonly kind: BackupRunKind;
  readonly state: "running" | "done" | "failed";
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly backup: string | null;
  readonly bytes: number | null;
  readonly errorCode: string | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

export interface BackupState {
  /** When this was written: older than a minute or two, and nobody backs up. */
  readonly at: number;
  readonly folder: string;
  readonly line: string | null;
  readonly keyId: string;
  readonly coveredAt: number | null;
  readonly slotLagBytes: number | null;
  readonly diskFreeBytes: number | null;
  readonly sameDisk: boolean;
  readonly errorCode: string | null;
}

export async function beginRun(db: Queryable, kind: BackupRunKind, nowMs: number): Promise<number> {
  const { rows } = await db.query<{ id: number }>(sql`
    insert into backup_run (kind, state, started_at) values (${kind}, 'running', ${instant(nowMs)}::timestamptz)
    returning backup_run_id as id`);
  return rows[0]!.id;
}

export async function endRun(
  db: Queryable,
  id: number,
  nowMs: number,
  outcome: {
    readonly backup?: string;
    readonly bytes?: number;
    readonly errorCode?: string;
    readonly detail?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  await db.query(sql`
    update backup_run set state = ${outcome.errorCode ? "failed" : "done"}, ended_at = ${instant(nowMs)}::timestamptz,
      backup = ${outcome.backup ?? null}, bytes = ${outcome.bytes ?? null}, error_code = ${outcome.errorCode ?? null},
      detail = ${outcome.detail ? JSON.stringify(outcome.detail) : null}::jsonb
    where backup_run_id = ${id}`);
}

/** Runs that their process did not end: it was killed. */
export async function closeInterruptedRuns(db: Queryable): Promise<void> {
  await db.query(sql`
    update backup_run set state = 'failed', ended_at = now(), error_code = 'backup.interrupted' where state = 'running'`);
}

/** The last run of each kind and the last good one. */
export async function readLastRuns(
  db: Queryable,
): Promise<Record<BackupRunKind, { last: BackupRun | undefined; lastGood: BackupRun | undefined }>> {
  const { rows } = await db.query<{ run: BackupRunRow; good: boolean }>(sql`
    select row_to_json(found) as run, good
    from (values ('base', false), ('base', true), ('check', false), ('check', true)) as wanted (kind, good)
    cross join lateral (
      select kind, state, extract(epoch from started_at) * 1000 as started_ms, extract(epoch from ended_at) * 1000 as ended_ms,
        backup, bytes, error_code, detail
      from backup_run where backup_run.kind = wanted.kind and (state = 'done' or not good)
      order by started_at desc limit 1
    ) as found`);
  const find = (kind: BackupRunKind, good: boolean) => {
    const run = rows.find((row) => row.run.kind === kind && row.good === good)?.run;
    return run && toRun(run);
  };
  return {
    base: { last: find("base", false), lastGood: find("base", true) },
    check: { last: find("check", false), lastGood: find("check", true) },
  };
}

interface BackupRunRow {
  readonly kind: BackupRunKind;
  readonly state: BackupRun["state"];
  readonly started_ms: number;
  readonly ended_ms: number | null;
  readonly backup: string | null;
  readonly bytes: number | null;
  readonly error_code: string | null;
  readonly detail: Readonly<Record<string, unknown>> | null;
}

const toRun = (row: BackupRunRow): BackupRun => ({
  kind: row.kind,
  state: row.state,
  startedAt: Math.round(row.started_ms),
  endedAt: row.ended_ms === null ? null : Math.round(row.ended_ms),
  backup: row.backup,
  bytes: row.bytes,
  errorCode: row.error_code,
  detail: row.detail,
});

export async function writeBackupState(db: Queryable, state: BackupState): Promise<void> {
  const covered = state.coveredAt === null ? null : instant(state.coveredAt);
  await db.query(sql`
    insert into backup_state (at, folder, line, key_id, covered_at, slot_lag_bytes, disk_free_bytes, same_disk, error_code)
    values (${instant(state.at)}::timestamptz, ${state.folder}, ${state.line}, ${state.keyId}, ${covered}::timestamptz,
      ${state.slotLagBytes}, ${state.diskFreeBytes}, ${state.sameDisk}, ${state.errorCode})
    on conflict (only_row) do update set at = excluded.at, folder = excluded.folder, line = coalesce(excluded.line, backup_state.line), key_id = excluded.key_id,
      covered_at = coalesce(excluded.covered_at, backup_state.covered_at), slot_lag_bytes = excluded.slot_lag_bytes, disk_free_bytes = excluded.disk_free_bytes,
      same_disk = excluded.same_disk, error_code = excluded.error_code`);
}

export async function readBackupState(db: Queryable): Promise<BackupState | undefined> {
  const { rows } = await db.query<BackupState>(sql`
    select at, folder, line, key_id as "keyId", covered_at as "coveredAt", slot_lag_bytes as "slotLagBytes",
      disk_free_bytes as "diskFreeBytes", same_disk as "sameDisk", error_code as "errorCode"
    from backup_state`);
  return rows[0];
}
