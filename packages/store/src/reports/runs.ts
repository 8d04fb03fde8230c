import type { Database, Queryable } from "../database.ts";
import { drawFileKey, openFileKey, openPiece, sealPiece } from "../personal/kept-file.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { keyRingOf } from "../secrets/ring-of.ts";
import { instant, sql } from "../sql.ts";
import type { ReportDefinition } from "./definition.ts";

export const fileFormats = ["csv", "xlsx", "pdf"] as const;
export type FileFormatName = (typeof fileFormats)[number];

/** Why a run failed: a code of docs/errors.md; of a formula also the column of the report and what fills the sentence. */
export interface RunError {
  readonly code: string;
  readonly params?: Readonly<Record<string, string | number>>;
}

export interface ReportRun {
  readonly runId: number;
  readonly version: number;
  readonly scheduleId: number | null;
  readonly dueAt: number | null;
  readonly requestedBy: string;
  readonly format: FileFormatName;
  readonly state: "queued" | "running" | "done" | "failed";
  readonly requestedAt: number;
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly fromDay: string | null;
  readonly toDay: string | null;
  readonly rows: number | null;
  readonly expected: number | null;
  readonly present: number | null;
  readonly estimated: number | null;
  readonly error: RunError | null;
  readonly fileName: string | null;
  readonly fileBytes: number | null;
  /** Of the reader, whose file they may fetch. */
  readonly mine: boolean;
  readonly fileThere: boolean;
  readonly deliveries: readonly ReportDelivery[];
}

export interface ReportDelivery {
  readonly deliveryId: number;
  readonly kind: "mail" | "folder";
  readonly target: string;
  readonly state: "waiting" | "done" | "failed";
  readonly tries: number;
  readonly nextTryAt: string;
  readonly doneAt: string | null;
  readonly errorCode: string | null;
  readonly errorDetail: string | null;
}

/** Runs of a report, the newest first: what each came to and where it went. Files are those of whoever they were run for. */
export async function listReportRuns(
  db: Queryable,
  accountId: number,
  reportId: number,
  limit: number,
): Promise<ReportRun[]> {
  const { rows } = await db.query<ReportRun>(sql`
    select report_run_id as "runId", version, report_schedule_id as "scheduleId", due_at as "dueAt", requested_by as "requestedBy", format,
      state, requested_at as "requestedAt", started_at as "startedAt", ended_at as "endedAt", from_day::text as "fromDay",
      to_day::text as "toDay", rows, expected, present, estimated, error, file_name as "fileName", file_bytes as "fileBytes",
      coalesce(account_id = ${accountId}::int, false) as mine, file is not null as "fileThere",
      coalesce((select jsonb_agg(jsonb_build_object('deliveryId', report_delivery_id, 'kind', kind, 'target', target, 'state', d.state,
          'tries', tries, 'nextTryAt', next_try_at, 'doneAt', done_at, 'errorCode', error_code, 'errorDetail', error_detail)
          order by report_delivery_id)
        from report_delivery as d where d.report_run_id = u.report_run_id), '[]') as deliveries
    from report_run as u where report_id = ${reportId}::int order by report_run_id desc limit ${limit}`);
  return rows;
}

/** A run as whoever does it needs it. */
export interface RunToDo {
  readonly runId: number;
  readonly reportId: number;
  readonly name: string;
  readonly definition: ReportDefinition;
  readonly scheduleId: number | null;
  readonly dueAt: number | null;
  readonly accountId: number;
  readonly account: string;
  readonly language: "ro" | "en";
  readonly disabled: boolean;
  readonly format: FileFormatName;
  readonly recipients: readonly string[];
  readonly folder: boolean;
}

/** Begins a run that is not over; `undefined` when it is: a job that is done again does nothing. */
export async function startReportRun(
  db: Queryable,
  runId: number,
  nowMs: number,
): Promise<RunToDo | undefined> {
  const { rows } = await db.query<RunToDo>(sql`
    with begun as (
      update report_run set state = 'running', started_at = ${instant(nowMs)}::timestamptz
      where report_run_id = ${runId}::bigint and state in ('queued', 'running') returning *
    )
    select begun.report_run_id as "runId", begun.report_id as "reportId", v.name, v.definition, begun.report_schedule_id as "scheduleId",
      due_at as "dueAt", begun.account_id as "accountId", account.name as account, language, disabled, begun.format,
      coalesce(s.recipients, '{}') as recipients, coalesce(s.folder, false) as folder
    from begun join report_version as v on (v.report_id, v.version) = (begun.report_id, begun.version)
    join account on account.account_id = begun.account_id left join report_schedule as s using (report_schedule_id)`);
  return rows[0];
}

export interface RunOutcome {
  readonly fromDay: string;
  readonly toDay: string;
  readonly rows: number;
  readonly expected: number;
  readonly present: number;
  readonly estimated: number;
}

/**
 * Ends a run with its file, sealed, and says where that goes, in one transaction: a file is made once for each run.
 * @throws StoreError `secret.key-missing`
 */
export async function endReportRun(
  db: Database,
  runId: number,
  outcome: RunOutcome & { readonly fileName: string; readonly file: Uint8Array },
  targets: readonly { readonly kind: "mail" | "folder"; readonly target: string }[],
  nowMs: number,
): Promise<boolean> {
  const { sealedKey, sealed } = await sealRunFile(keyRingOf(db), runId, outcome.file);
  return db.transaction(async (transaction) => {
    const { rowCount } = await transaction.query(sql`
      update report_run set state = 'done', ended_at = ${instant(nowMs)}::timestamptz, from_day = ${outcome.fromDay}::date,
        to_day = ${outcome.toDay}::date, rows = ${outcome.rows}::int, expected = ${outcome.expected}::bigint,
        present = ${outcome.present}::bigint, estimated = ${outcome.estimated}::bigint, file_name = ${outcome.fileName},
        file = ${sealed}::bytea, sealed_key = ${sealedKey}::bytea, file_bytes = ${outcome.file.length}::int
      where report_run_id = ${runId}::bigint and state = 'running'`);
    if (rowCount !== 1) return false;
    await transaction.query(sql`
      insert into report_delivery (report_run_id, kind, target, next_try_at)
      select ${runId}::bigint, kind, target, ${instant(nowMs)}::timestamptz
      from unnest(${targets.map(({ kind }) => kind)}::text[], ${targets.map(({ target }) => target)}::text[]) as wanted (kind, target)
      on conflict do nothing`);
    return true;
  });
}

export async function failReportRun(
  db: Queryable,
  runId: number,
  error: RunError,
  nowMs: number,
): Promise<void> {
  await db.query(sql`
    update report_run set state = 'failed', ended_at = ${instant(nowMs)}::timestamptz, error = ${JSON.stringify(error)}::jsonb
    where report_run_id = ${runId}::bigint and state in ('queued', 'running')`);
}

/** Notes that somebody took a report as a file themselves: the history has every run. */
export async function noteReportRun(
  db: Queryable,
  run: RunOutcome & {
    readonly reportId: number;
    readonly version: number;
    readonly accountId: number | null;
    readonly by: string;
    readonly format: FileFormatName;
    readonly startedMs: number;
    readonly nowMs: number;
  },
): Promise<void> {
  await db.query(sql`
    insert into report_run (report_id, version, account_id, requested_by, format, state, requested_at, started_at, ended_at, from_day, to_day,
      rows, expected, present, estimated)
    values (${run.reportId}::int, ${run.version}::int, ${run.accountId}::int, ${run.by}, ${run.format}, 'done',
      ${instant(run.startedMs)}::timestamptz, ${instant(run.startedMs)}::timestamptz, ${instant(run.nowMs)}::timestamptz,
      ${run.fromDay}::date, ${run.toDay}::date, ${run.rows}::int, ${run.expected}::bigint, ${run.present}::bigint,
      ${run.estimated}::bigint)`);
}

/** The file of a run under a key of its own, which is sealed beside it. */
export async function sealRunFile(
  ring: KeyRing,
  runId: number,
  file: Uint8Array,
): Promise<{ readonly sealedKey: Buffer; readonly sealed: Buffer }> {
  const { key, sealedKey } = await drawFileKey(ring, "report_run", runId);
  return { sealedKey, sealed: sealPiece(key, 0, file) };
}

/** The file of a run as it was made; one of an earlier release lies in clear until the server has sealed it. @throws StoreError `secret.unreadable` */
export async function openRunFile(
  db: Queryable,
  { runId, file, sealedKey }: { runId: number; file: Buffer; sealedKey: Buffer | null },
): Promise<Buffer> {
  if (!sealedKey) return file;
  return openPiece(await openFileKey(keyRingOf(db), "report_run", runId, sealedKey), 0, file);
}

/** The file of a run, for whom it was run. */
export async function readRunFile(
  db: Queryable,
  accountId: number,
  given: { readonly reportId: number; readonly runId: number },
): Promise<{ fileName: string; format: FileFormatName; file: Buffer } | undefined> {
  const { rows } = await db.query<{
    fileName: string;
    format: FileFormatName;
    file: Buffer;
    sealedKey: Buffer | null;
  }>(sql`
    select file_name as "fileName", format, file, sealed_key as "sealedKey" from report_run
    where report_run_id = ${given.runId}::bigint and report_id = ${given.reportId}::int and account_id = ${accountId}::int
      and file is not null`);
  const [found] = rows;
  if (!found) return undefined;
  const { fileName, format } = found;
  return { fileName, format, file: await openRunFile(db, { ...found, runId: given.runId }) };
}
