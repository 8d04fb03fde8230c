import type { Database, Queryable } from "../database.ts";
import { queueJob } from "../jobs/index.ts";
import { everywhere } from "../scope.ts";
import { instant, sql } from "../sql.ts";
import { latestDue, nextDue, type Recurrence } from "./due.ts";
import type { FileFormatName } from "./runs.ts";

export interface ReportSchedule extends Recurrence {
  readonly scheduleId: number;
  readonly reportId: number;
  /** What it runs: the state that its owner saved, or saw when they saved the schedule. */
  readonly version: number;
  readonly owner: string;
  readonly mine: boolean;
  readonly format: FileFormatName;
  readonly recipients: readonly string[];
  /** Its file also goes below the folder of the settings. */
  readonly folder: boolean;
  readonly enabled: boolean;
  readonly nextDueAt: number;
  readonly changedBy: string;
  readonly removedAt: number | null;
}
export type NewSchedule = Recurrence &
  Pick<ReportSchedule, "reportId" | "format" | "recipients" | "folder" | "enabled">;

interface By {
  readonly accountId: number;
  readonly by: string;
  readonly nowMs: number;
}

export async function listSchedules(
  db: Queryable,
  accountId: number,
  reportId: number,
): Promise<ReportSchedule[]> {
  const { rows } = await db.query<ReportSchedule>(sql`
    select report_schedule_id as "scheduleId", report_id as "reportId", version, account.name as owner, s.owner_id = ${accountId}::int as mine, every,
      weekday, month_day as "monthDay", minute, format, recipients, folder, enabled, next_due_at as "nextDueAt",
      changed_by as "changedBy", removed_at as "removedAt"
    from report_schedule as s join account on account_id = s.owner_id
    where report_id = ${reportId}::int and removed_at is null order by report_schedule_id`);
  return rows;
}

/** A schedule of an account, due from now on; it runs the report as it is now. */
export async function addSchedule(
  db: Queryable,
  schedule: NewSchedule,
  { accountId, by, nowMs }: By,
  zone: string,
): Promise<number> {
  const { rows } = await db.query<{ id: number }>(sql`
    insert into report_schedule (report_id, version, owner_id, every, weekday, month_day, minute, format, recipients, folder, enabled,
      next_due_at, changed_by, changed_at)
    select report_id, version, ${accountId}::int, ${schedule.every}, ${schedule.weekday}::smallint, ${schedule.monthDay}::smallint,
      ${schedule.minute}::smallint, ${schedule.format}, ${schedule.recipients}::text[], ${schedule.folder}::boolean,
      ${schedule.enabled}::boolean, ${instant(nextDue(schedule, nowMs, zone))}::timestamptz, ${by}, ${instant(nowMs)}::timestamptz
    from report where report_id = ${schedule.reportId}::int
    returning report_schedule_id as id`);
  return rows[0]!.id;
}

/** Changes one's own schedule; it is due anew from now on, and runs the report as it is now. `false` when it is not theirs. */
export async function changeSchedule(
  db: Queryable,
  scheduleId: number,
  schedule: Omit<NewSchedule, "reportId">,
  { accountId, by, nowMs }: By,
  zone: string,
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update report_schedule set every = ${schedule.every}, weekday = ${schedule.weekday}, month_day = ${schedule.monthDay},
      minute = ${schedule.minute}, format = ${schedule.format}, recipients = ${schedule.recipients}::text[], folder = ${schedule.folder},
      enabled = ${schedule.enabled}, next_due_at = ${instant(nextDue(schedule, nowMs, zone))}::timestamptz, changed_by = ${by},
      changed_at = ${instant(nowMs)}::timestamptz,
      version = (select version from report where report.report_id = report_schedule.report_id)
    where report_schedule_id = ${scheduleId}::int and owner_id = ${accountId}::int and removed_at is null`);
  return rowCount === 1;
}

/** Who saves a report has their own schedules run what they saved; others' go on with what those have seen. */
export async function runVersion(db: Queryable, accountId: number, reportId: number): Promise<void> {
  await db.query(sql`
    update report_schedule set version = report.version from report
    where report.report_id = report_schedule.report_id and report_schedule.report_id = ${reportId}::int
      and report_schedule.owner_id = ${accountId}::int`);
}

/** Takes one's own schedule away or brings it back; brought back it is due from now on. */
export async function removeSchedule(
  db: Database,
  {
    scheduleId,
    accountId,
    nowMs,
    zone,
    removed,
  }: Omit<By, "by"> & {
    readonly scheduleId: number;
    readonly zone: string;
    readonly removed: boolean;
  },
): Promise<boolean> {
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<Recurrence>(sql`
      select every, weekday, month_day as "monthDay", minute from report_schedule
      where report_schedule_id = ${scheduleId}::int and owner_id = ${accountId}::int and (removed_at is null) = ${removed} for update`);
    if (!rows[0]) return false;
    await transaction.query(sql`
      update report_schedule set removed_at = ${removed ? instant(nowMs) : null}::timestamptz,
        next_due_at = ${instant(nextDue(rows[0], nowMs, zone))}::timestamptz
      where report_schedule_id = ${scheduleId}::int`);
    return true;
  });
}

/** Schedules of a report that was away are due when they would be next: what they missed is not sent all the same. */
export async function skipMissed(
  db: Queryable,
  { reportId, nowMs, zone }: { readonly reportId: number; readonly nowMs: number; readonly zone: string },
): Promise<void> {
  const { rows } = await db.query<Recurrence & { scheduleId: number }>(sql`
    select report_schedule_id as "scheduleId", every, weekday, month_day as "monthDay", minute from report_schedule
    where report_id = ${reportId}::int and next_due_at <= ${instant(nowMs)}::timestamptz for update`);
  for (const row of rows)
    await db.query(sql`
      update report_schedule set next_due_at = ${instant(nextDue(row, nowMs, zone))}::timestamptz
      where report_schedule_id = ${row.scheduleId}::int`);
}

/** Right by which jobs of reports are asked for: none, so that only who owns the schedule sees its runs among the jobs. */
const ownJobs = "own.reports";

interface DueRow extends Recurrence {
  readonly scheduleId: number;
  readonly reportId: number;
  readonly name: string;
  readonly version: number;
  readonly accountId: number;
  readonly account: string;
  readonly format: FileFormatName;
  readonly nextDueAt: number;
}

/**
 * Writes down a run and a job for each schedule that is due, and when it is due next: in one transaction, so that each instant has one run
 * whatever dies. What was missed while nobody looked is run once, for the latest of the missed instants.
 */
export async function queueDueReports(db: Database, nowMs: number, zone: string): Promise<number> {
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<DueRow>(sql`
      select report_schedule_id as "scheduleId", s.report_id as "reportId", report.name, s.version, s.owner_id as "accountId",
        account.name as account, every, weekday, month_day as "monthDay", minute, format, next_due_at as "nextDueAt"
      from report_schedule as s join report using (report_id) join account on account_id = s.owner_id
      where next_due_at <= ${instant(nowMs)}::timestamptz and s.enabled and s.removed_at is null and report.removed_at is null
      order by next_due_at limit 100 for update of s skip locked`);
    let queued = 0;
    for (const row of rows) {
      const dueMs = latestDue(row, row.nextDueAt, nowMs, zone);
      const { rows: made } = await transaction.query<{ runId: number }>(sql`
        insert into report_run (report_id, version, report_schedule_id, due_at, account_id, requested_by, format, requested_at)
        values (${row.reportId}::int, ${row.version}::int, ${row.scheduleId}::int, ${instant(dueMs)}::timestamptz, ${row.accountId}::int,
          ${row.account}, ${row.format}, ${instant(nowMs)}::timestamptz)
        on conflict (report_schedule_id, due_at) do nothing returning report_run_id as "runId"`);
      await transaction.query(sql`
        update report_schedule set next_due_at = ${instant(nextDue(row, nowMs, zone))}::timestamptz
        where report_schedule_id = ${row.scheduleId}::int`);
      if (!made[0]) continue;
      await queueJob(transaction, {
        kind: "run-report",
        label: row.name,
        input: { runId: made[0].runId },
        action: ownJobs,
        scope: everywhere,
        by: row.account,
      });
      queued += 1;
    }
    return queued;
  });
}

/** Runs a schedule once more, now, beside its instants: for who does not want to wait. */
export async function queueScheduleNow(
  db: Database,
  { scheduleId, accountId, by, nowMs }: By & { readonly scheduleId: number },
): Promise<number | undefined> {
  return db.transaction(async (transaction) => {
    const { rows } = await transaction.query<{ runId: number; name: string }>(sql`
      insert into report_run (report_id, version, report_schedule_id, due_at, account_id, requested_by, format, requested_at)
      select s.report_id, s.version, report_schedule_id, date_trunc('second', ${instant(nowMs)}::timestamptz), s.owner_id, ${by}, format,
        ${instant(nowMs)}::timestamptz
      from report_schedule as s join report using (report_id)
      where report_schedule_id = ${scheduleId}::int and s.owner_id = ${accountId}::int and s.removed_at is null and report.removed_at is null
      on conflict (report_schedule_id, due_at) do nothing
      returning report_run_id as "runId", (select name from report where report.report_id = report_run.report_id) as name`);
    if (!rows[0]) return undefined;
    await queueJob(transaction, {
      kind: "run-report",
      label: rows[0].name,
      input: { runId: rows[0].runId },
      action: ownJobs,
      scope: everywhere,
      by,
    });
    return rows[0].runId;
  });
}
