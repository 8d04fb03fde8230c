import {
  endReportRun,
  failReportRun,
  findReport,
  type Queryable,
  queryContext,
  type RunError,
  type RunToDo,
  readGrants,
  type Scope,
  startReportRun,
} from "@energsys/store";
import { telling } from "../delivery/tell-undelivered.ts";
import { formats } from "../exports/formats.ts";
import { limits } from "../limits.ts";
import { localTimes } from "../local-times.ts";
import { FormulaRunner } from "../reports/formula-runner.ts";
import { outcomeOf } from "../reports/outcome.ts";
import { ReportError } from "../reports/report-error.ts";
import { runReport } from "../reports/run-report.ts";
import { fileNameOf, reportTable } from "../reports/table.ts";
import { rightsOf, scopeOf } from "../security/rights.ts";
import { type JobContext, JobError, type JobKind } from "./kind.ts";

/** A file that is kept in the database and sent by mail. */
const fileMbMax = 25;
const formulas = new FormulaRunner();

/**
 * Runs a report that is due: with the rights that its owner has now. Begun again after a crash it makes the file anew; one that was made
 * already stays as it is.
 */
export const runScheduledReport: JobKind = {
  async run(context) {
    const { job, db, now, signal, logger } = context;
    const runId = Number(job.input.runId);
    const run = await startReportRun(db, runId, now());
    if (!run) return { runId };
    try {
      return await made(context, run);
    } catch (error) {
      // Taken up again by the next runner.
      if (signal.reason === "stopping" || signal.reason === "lost") return undefined;
      const told: RunError =
        error instanceof ReportError ? { code: error.code, params: error.params } : { code: "report.broke" };
      if (told.code === "report.broke") logger.error({ err: error, runId }, "a report broke");
      const fail = () => failReportRun(db, runId, told, now());
      await (run.scheduleId === null ? fail() : telling(db, run.scheduleId, fail));
      throw new JobError(told.code, error instanceof Error ? error.message : String(error), error);
    }
  },
};

async function made({ db, zone, now, signal, tell }: JobContext, run: RunToDo) {
  const scope = await scopeNow(db, run, now());
  tell({ total: 1 });
  // Days are those of the instant at which it was due; values are those of now.
  const place = {
    context: queryContext(db),
    zone,
    nowMs: now(),
    dayMs: run.dueAt ?? now(),
    limits,
    runner: formulas,
  };
  const result = await runReport(place, scope, run.definition, signal);
  const { language, account } = run;
  const table = reportTable(result, { name: run.name, about: "", zone, language });
  const { local, offset } = localTimes(zone, now())(now());
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of formats[run.format].write(table, {
    title: run.name,
    language,
    takenBy: account,
    takenAt: `${local.replace("T", " ")} ${offset}`,
  })) {
    bytes += part.length;
    if (bytes > fileMbMax * 1_048_576) throw new ReportError("report.file-too-large", { max: fileMbMax });
    parts.push(part);
  }
  const fileName = `${table.name}.${run.format}`;
  const targets = [
    ...run.recipients.map((target) => ({ kind: "mail" as const, target })),
    ...(run.folder ? [{ kind: "folder" as const, target: pathOf(run, zone) }] : []),
  ];
  const ended = { ...outcomeOf(result), fileName, file: Buffer.concat(parts) };
  await endReportRun(db, run.runId, ended, targets, now());
  tell({ total: 1, done: 1 });
  return { runId: run.runId, rows: ended.rows };
}

/** One place for each instant of a schedule: done again, the file lies where it lay. */
function pathOf({ name, reportId, scheduleId, dueAt, format }: RunToDo, zone: string): string {
  const local = localTimes(zone, dueAt!)(dueAt!).local;
  return `${fileNameOf(name)}-${reportId}-${scheduleId}-${local.replaceAll(/[-:]/g, "").replace("T", "-")}.${format}`;
}

/** Where the owner of the schedule may see analyses now, if they still see the report. @throws ReportError `report.no-right` */
async function scopeNow(db: Queryable, run: RunToDo, nowMs: number): Promise<Scope> {
  const grants = run.disabled ? [] : await readGrants(db, { accountId: run.accountId, nowMs });
  const rights = rightsOf(grants);
  const reader = { accountId: run.accountId, roles: grants.flatMap(({ role }) => role ?? []) };
  const may = rights.has("analysis.see") && rights.has("analysis.change");
  if (!may || !(await findReport(db, reader, run.reportId))) throw new ReportError("report.no-right");
  return scopeOf(rights, "analysis.see");
}
