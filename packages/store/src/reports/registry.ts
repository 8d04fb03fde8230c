import type { Database, Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { isEverywhere, type Scope } from "../scope.ts";
import { instant, type Sql, sql } from "../sql.ts";
import type { ReportDefinition } from "./definition.ts";
import { runVersion, skipMissed } from "./schedules.ts";

/** Who looks: an account and the names of the roles that it holds. */
export interface ReportReader {
  readonly accountId: number;
  readonly roles: readonly string[];
}

export interface ReportRow {
  readonly reportId: number;
  readonly name: string;
  readonly about: string;
  readonly owner: string;
  readonly mine: boolean;
  readonly mayChange: boolean;
  /** With how many people and roles it is shared. */
  readonly shares: number;
  readonly schedules: number;
  readonly version: number;
  readonly changedBy: string;
  readonly changedAt: number;
  readonly removedAt: number | null;
  readonly lastRun: "queued" | "running" | "done" | "failed" | null;
  readonly lastRunAt: number | null;
}

export interface Report extends ReportRow {
  readonly definition: ReportDefinition;
}

export interface ReportVersion {
  readonly version: number;
  readonly name: string;
  readonly about: string;
  readonly definition: ReportDefinition;
  readonly savedBy: string;
  readonly savedAt: number;
}

/** A person by their account, or a role by its name. */
export interface ReportShare {
  readonly kind: "person" | "role";
  readonly id: number;
  readonly name: string;
  readonly mayChange: boolean;
}

const sharedWith = ({ accountId, roles }: ReportReader): Sql => sql`
  exists (select from report_share as s left join role using (role_id) where s.report_id = r.report_id
    and (s.account_id = ${accountId}::int or role.name = any(${roles}::text[])))`;
const mayChange = ({ accountId, roles }: ReportReader): Sql => sql`
  (r.owner_id = ${accountId}::int or exists (select from report_share as s left join role using (role_id)
    where s.report_id = r.report_id and s.may_change and (s.account_id = ${accountId}::int or role.name = any(${roles}::text[]))))`;

const rowColumns = (reader: ReportReader): Sql => sql`
  r.report_id as "reportId", r.name, r.about, account.name as owner, r.owner_id = ${reader.accountId}::int as mine,
  ${mayChange(reader)} as "mayChange", r.version, r.changed_by as "changedBy", r.changed_at as "changedAt", r.removed_at as "removedAt",
  (select count(*)::int from report_share as s where s.report_id = r.report_id) as shares,
  (select count(*)::int from report_schedule as d where d.report_id = r.report_id and d.removed_at is null and d.enabled) as schedules,
  latest.state as "lastRun", latest.at as "lastRunAt"`;
const rowTables = sql`report as r join account on account_id = r.owner_id
  left join lateral (select state, coalesce(ended_at, requested_at) as at from report_run as u where u.report_id = r.report_id
    order by report_run_id desc limit 1) as latest on true`;

/** Reports of this reader and those that are shared with them; `removed` lists what they took away themselves. */
export async function listReports(
  db: Queryable,
  reader: ReportReader,
  { removed = false }: { readonly removed?: boolean } = {},
): Promise<ReportRow[]> {
  const condition = removed
    ? sql`r.removed_at is not null and r.owner_id = ${reader.accountId}::int`
    : sql`r.removed_at is null and (r.owner_id = ${reader.accountId}::int or ${sharedWith(reader)})`;
  const { rows } = await db.query<ReportRow>(sql`
    select ${rowColumns(reader)} from ${rowTables} where ${condition} order by r.name collate "ro-x-icu", r.report_id`);
  return rows;
}

/** One report, as far as this reader may see it; without a reader any, for whoever administers the installation. */
export async function findReport(
  db: Queryable,
  reader: ReportReader | undefined,
  reportId: number,
): Promise<Report | undefined> {
  const seen = reader ? sql`(r.owner_id = ${reader.accountId}::int or ${sharedWith(reader)})` : sql`true`;
  const { rows } = await db.query<Report>(sql`
    select ${rowColumns(reader ?? { accountId: 0, roles: [] })}, r.definition from ${rowTables}
    where r.report_id = ${reportId}::int and r.removed_at is null and ${seen}`);
  return rows[0];
}

/** Every report with its owner: for whoever administers the installation. */
export async function listAllReports(db: Queryable): Promise<ReportRow[]> {
  const { rows } = await db.query<ReportRow>(sql`
    select ${rowColumns({ accountId: 0, roles: [] })} from ${rowTables} where r.removed_at is null order by r.report_id`);
  return rows;
}

export interface SavedReport {
  readonly name: string;
  readonly about: string;
  readonly definition: ReportDefinition;
}

/** A new report of an account. @throws StoreError `report.name-taken` */
export async function addReport(
  db: Database,
  report: SavedReport & { readonly ownerId: number; readonly by: string; readonly nowMs: number },
): Promise<number> {
  return unlessTaken(() =>
    db.transaction(async (transaction) => {
      const { rows } = await transaction.query<{ reportId: number }>(sql`
        insert into report (name, about, owner_id, definition, changed_by, changed_at)
        values (${report.name}, ${report.about}, ${report.ownerId}::int, ${JSON.stringify(report.definition)}::jsonb, ${report.by},
          ${instant(report.nowMs)}::timestamptz)
        returning report_id as "reportId"`);
      const { reportId } = rows[0]!;
      await keepVersion(transaction, reportId);
      return reportId;
    }),
  );
}

/**
 * Another state of a report, on top of the one that was looked at. @throws StoreError `report.not-found` when the reader may not change it,
 * `report.changed` when somebody was faster, `report.name-taken`
 */
export async function changeReport(
  db: Database,
  reader: ReportReader,
  change: SavedReport & {
    readonly reportId: number;
    readonly version: number;
    readonly by: string;
    readonly nowMs: number;
  },
): Promise<number> {
  return unlessTaken(() =>
    db.transaction(async (transaction) => {
      const { rows } = await transaction.query<{ version: number }>(sql`
        select version from report as r where report_id = ${change.reportId}::int and removed_at is null and ${mayChange(reader)}
        for update`);
      if (!rows[0]) throw new StoreError("report.not-found", "no such report");
      if (rows[0].version !== change.version)
        throw new StoreError("report.changed", "somebody has saved it meanwhile");
      await transaction.query(sql`
        update report set name = ${change.name}, about = ${change.about}, definition = ${JSON.stringify(change.definition)}::jsonb,
          version = version + 1, changed_by = ${change.by}, changed_at = ${instant(change.nowMs)}::timestamptz
        where report_id = ${change.reportId}::int`);
      await keepVersion(transaction, change.reportId);
      await runVersion(transaction, reader.accountId, change.reportId);
      return change.version + 1;
    }),
  );
}

async function keepVersion(db: Queryable, reportId: number): Promise<void> {
  await db.query(sql`
    insert into report_version (report_id, version, name, about, definition, saved_by, saved_at)
    select report_id, version, name, about, definition, changed_by, changed_at from report where report_id = ${reportId}::int`);
}

/** States of a report, the newest first. */
export async function listReportVersions(db: Queryable, reportId: number): Promise<ReportVersion[]> {
  const { rows } = await db.query<ReportVersion>(sql`
    select version, name, about, definition, saved_by as "savedBy", saved_at as "savedAt" from report_version
    where report_id = ${reportId}::int order by version desc limit 100`);
  return rows;
}

/** Takes a report away, its schedules with it; only its owner may. `false` when it is not theirs. */
export async function removeReport(
  db: Queryable,
  given: { readonly reportId: number; readonly ownerId: number; readonly by: string; readonly nowMs: number },
): Promise<boolean> {
  const { rowCount } = await db.query(sql`
    update report set removed_at = ${instant(given.nowMs)}::timestamptz, removed_by = ${given.by}
    where report_id = ${given.reportId}::int and owner_id = ${given.ownerId}::int and removed_at is null`);
  return rowCount === 1;
}

/** Brings a report back that was taken away. @throws StoreError `report.name-taken` */
export async function restoreReport(
  db: Database,
  given: {
    readonly reportId: number;
    readonly ownerId: number;
    readonly nowMs: number;
    readonly zone: string;
  },
): Promise<boolean> {
  return unlessTaken(() =>
    db.transaction(async (transaction) => {
      const { rowCount } = await transaction.query(sql`
        update report set removed_at = null, removed_by = null
        where report_id = ${given.reportId}::int and owner_id = ${given.ownerId}::int and removed_at is not null`);
      if (rowCount !== 1) return false;
      await skipMissed(transaction, given);
      return true;
    }),
  );
}

export async function listReportShares(db: Queryable, reportId: number): Promise<ReportShare[]> {
  const { rows } = await db.query<ReportShare>(sql`
    select case when s.account_id is null then 'role' else 'person' end as kind, coalesce(s.account_id, s.role_id) as id,
      coalesce(account.display_name, role.name) as name, may_change as "mayChange"
    from report_share as s left join account using (account_id) left join role using (role_id)
    where report_id = ${reportId}::int order by kind, name`);
  return rows;
}

/** Roles, and people who hold something within this scope, or everywhere: with whom a report can be shared. */
export async function listShareTargets(
  db: Queryable,
  scope: Scope,
): Promise<Omit<ReportShare, "mayChange">[]> {
  const branchIds = scope.parts.flatMap((part) => part.branchIds ?? []);
  const within = isEverywhere(scope)
    ? sql`true`
    : sql`exists (select from role_grant as g where g.account_id = account.account_id
        and (g.branch_id is null or g.branch_id = any(${branchIds}::int[])))`;
  const { rows } = await db.query<Omit<ReportShare, "mayChange">>(sql`
    select 'person' as kind, account_id as id, display_name as name from account
    where not disabled and not break_glass and ${within}
    union all select 'role', role_id, name from role order by kind desc, name limit 2000`);
  return rows;
}

/** Shares a report with exactly these. @throws StoreError `report.share-unknown` for somebody who is not there */
export async function setReportShares(
  db: Database,
  reportId: number,
  shares: readonly Omit<ReportShare, "name">[],
): Promise<void> {
  const accounts = shares.map(({ kind, id }) => (kind === "person" ? id : null));
  const roles = shares.map(({ kind, id }) => (kind === "role" ? id : null));
  const changes = shares.map((share) => share.mayChange);
  const wanted = sql`unnest(${accounts}::int[], ${roles}::int[], ${changes}::boolean[]) as wanted (account_id, role_id, may_change)`;
  try {
    await db.transaction(async (transaction) => {
      await transaction.query(sql`
        delete from report_share as s where report_id = ${reportId}::int and not exists (
          select from ${wanted} where wanted.account_id is not distinct from s.account_id
            and wanted.role_id is not distinct from s.role_id)`);
      await transaction.query(sql`
        insert into report_share as s (report_id, account_id, role_id, may_change)
        select distinct on (account_id, role_id) ${reportId}::int, account_id, role_id, may_change from ${wanted}
        on conflict (report_id, account_id, role_id) do update set may_change = excluded.may_change
        where s.may_change <> excluded.may_change`);
    });
  } catch (error) {
    if (sqlState(error) !== "23503") throw error;
    throw new StoreError("report.share-unknown", "no such person or role", error);
  }
}

async function unlessTaken<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new StoreError("report.name-taken", "another report of that person has the name", error);
  }
}
