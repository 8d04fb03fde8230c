import {
  addReport,
  addSchedule,
  appendActs,
  changeReport,
  changeSchedule,
  findReport,
  listReportRuns,
  listReportShares,
  listReports,
  listReportVersions,
  listSavedViews,
  listSchedules,
  listShareTargets,
  noteReportRun,
  queryContext,
  queueScheduleNow,
  type Report,
  type ReportDefinition,
  type ReportReader,
  type ReportRow,
  readRunFile,
  readSubjectNames,
  readTariffs,
  removeReport,
  removeSchedule,
  removeView,
  restoreReport,
  restoreView,
  retryDelivery,
  saveView,
  setReportShares,
} from "@energsys/store";
import { subjectOf } from "../analysis/asked.ts";
import { formats } from "../exports/formats.ts";
import { sendReport } from "../exports/send-report.ts";
import type { Call, Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";
import { resultAnswer } from "../reports/answer.ts";
import type { ReportPlace } from "../reports/asked-report.ts";
import { checkColumns, inputsOf } from "../reports/check-columns.ts";
import { functionsIn } from "../reports/functions.ts";
import { outcomeOf } from "../reports/outcome.ts";
import { calendarsOf, ratesOf } from "../reports/rates.ts";
import { ReportError } from "../reports/report-error.ts";
import { runReport } from "../reports/run-report.ts";
import { sentenceOf } from "../reports/sentences.ts";
import { reportTable } from "../reports/table.ts";
import { reportTemplates, templateFor } from "../reports/templates.ts";
import type { Caller } from "../security/sessions.ts";
import type { Services } from "../services.ts";

const runsMax = 50;

const readerOf = ({ account, grants }: Caller): ReportReader => ({
  accountId: account.accountId,
  roles: [...new Set(grants.flatMap(({ role }) => role ?? []))],
});

const rowAnswer = (row: ReportRow) => {
  const { removedAt: _, ...rest } = row;
  return { ...rest, changedAt: iso(row.changedAt), lastRunAt: iso(row.lastRunAt) };
};

/** Definitions are stored as the API takes them. */
const definitionAnswer = (definition: ReportDefinition) => definition as never;

async function needReport({ db }: Services, caller: Caller, reportId: number): Promise<Report> {
  const report = await findReport(db, readerOf(caller), reportId);
  if (!report) throw new Problem("report.not-found");
  return report;
}

async function needOwn(services: Services, caller: Caller, reportId: number): Promise<Report> {
  const report = await needReport(services, caller, reportId);
  if (!report.mine) throw new Problem("report.not-found");
  return report;
}

const placeOf = ({ db, zone, now, limits, formulas }: Services): ReportPlace => ({
  context: queryContext(db),
  zone,
  nowMs: now(),
  limits,
  runner: formulas,
});

type Asked = Pick<Call<"previewReport">, "services" | "scope" | "caller" | "signal">;

async function computed({ services, scope, caller, signal }: Asked, definition: ReportDefinition) {
  const begunAt = performance.now();
  try {
    const result = await runReport(placeOf(services), scope, definition, signal);
    return { result, durationMs: performance.now() - begunAt };
  } catch (error) {
    if (!(error instanceof ReportError)) throw error;
    const sentence = sentenceOf(error.code, error.params, caller.account.language);
    throw new Problem("report.refused", { detail: sentence, fields: { "/": error.code } }, error);
  }
}

function demandNames({ inputs, rows, subjects }: ReportDefinition): void {
  const names = inputs.map(({ name }) => name.trim());
  const fields: Record<string, string> = {};
  for (const [nth, name] of names.entries())
    if (names.indexOf(name) !== nth) fields[`/definition/inputs/${nth}/name`] = "Another input has the name";
  if (rows === "subject" && (subjects ?? []).length === 0)
    fields["/definition/subjects"] = "At least one subject";
  if (Object.keys(fields).length > 0) throw new Problem("input.invalid", { fields });
}

interface Given {
  readonly every: "day" | "week" | "month";
  readonly weekday: number | null;
  readonly monthDay: number | null;
  readonly recipients: readonly string[];
  readonly folder: boolean;
}

function demandSchedule({ every, weekday, monthDay, recipients, folder }: Given): void {
  const fields: Record<string, string> = {};
  if ((every === "week") !== (weekday !== null)) fields["/weekday"] = "Of a weekly one, and of no other";
  if ((every === "month") !== (monthDay !== null)) fields["/monthDay"] = "Of a monthly one, and of no other";
  if (recipients.length === 0 && !folder) fields["/recipients"] = "Somebody, or the folder";
  if (Object.keys(fields).length > 0) throw new Problem("input.invalid", { fields });
}

export const reportHandlers: Handlers<
  | "listReports"
  | "getFormulaLanguage"
  | "getReportTemplate"
  | "checkReport"
  | "previewReport"
  | "addReport"
  | "getReport"
  | "changeReport"
  | "removeReport"
  | "restoreReport"
  | "runReport"
  | "exportReport"
  | "listShareTargets"
  | "shareReport"
  | "addReportSchedule"
  | "changeReportSchedule"
  | "removeReportSchedule"
  | "restoreReportSchedule"
  | "runReportSchedule"
  | "listReportRuns"
  | "getRunFile"
  | "retryDelivery"
  | "listSavedViews"
  | "saveView"
  | "removeView"
  | "restoreView"
> = {
  async listReports({ caller, services: { db } }) {
    const reader = readerOf(caller);
    const { language } = caller.account;
    const [reports, removed, views] = [
      await listReports(db, reader),
      await listReports(db, reader, { removed: true }),
      await listSavedViews(db, reader.accountId, undefined),
    ];
    return {
      reports: reports.map(rowAnswer),
      removed: removed.map(rowAnswer),
      templates: reportTemplates.map(({ key, name, about, asks }) => ({
        key,
        name: name[language],
        about: about[language],
        asks,
      })),
      views: views.map((view) => ({ ...view, search: { ...view.search } })),
    };
  },

  async getFormulaLanguage({ caller, services: { db } }) {
    const tariffs = await readTariffs(db);
    return {
      functions: functionsIn(caller.account.language),
      tariffs: [...tariffs.values()].map(({ tariffId, code, name, versions }) => ({
        tariffId,
        code,
        name,
        rates: [...new Set(versions.flatMap(({ terms }) => terms.calendar.rates))],
      })),
    };
  },

  async getReportTemplate({ query, caller, scope, services: { db, now } }) {
    const template = reportTemplates.find(({ key }) => key === query.key);
    if (!template) throw new Problem("report.not-found");
    const [name] = await readSubjectNames(db, scope, [subjectOf(query.of)], now());
    if (!name) throw new Problem("report.not-found");
    return definitionAnswer(templateFor(template, query.of, caller.account.language));
  },

  async checkReport({ body, caller, services: { db } }) {
    const { language } = caller.account;
    const definition = body.definition as ReportDefinition;
    const around = ratesOf(await calendarsOf(db, definition));
    return {
      columns: checkColumns(definition, inputsOf(definition), around).map((column) =>
        column.ok
          ? {
              code: null,
              sentence: null,
              column: null,
              unit: column.checked.unit,
              of: column.checked.type.of,
              byInterval: column.checked.type.shape === "series",
            }
          : {
              code: column.error.code,
              sentence: sentenceOf(
                column.error.code,
                { ...column.error.params, column: column.error.column },
                language,
              ),
              column: column.error.column,
              unit: null,
              of: "number" as const,
              byInterval: false,
            },
      ),
    };
  },

  async previewReport(call) {
    const definition = call.body.definition as ReportDefinition;
    demandNames(definition);
    const { result, durationMs } = await computed(call, definition);
    return resultAnswer(result, call.services.zone, durationMs);
  },

  async addReport({ body, caller, services: { db, now } }) {
    const { name, about } = body;
    const definition = body.definition as ReportDefinition;
    demandNames(definition);
    const { accountId, name: by } = caller.account;
    const reportId = await orProblem(
      addReport(db, { name: name.trim(), about, definition, ownerId: accountId, by, nowMs: now() }),
    );
    return { reportId, version: 1 };
  },

  async getReport({ params, caller, services }) {
    const { db } = services;
    const report = await needReport(services, caller, params.reportId);
    const [shares, schedules, versions] = [
      await listReportShares(db, report.reportId),
      await listSchedules(db, caller.account.accountId, report.reportId),
      await listReportVersions(db, report.reportId),
    ];
    const { definition, ...row } = report;
    return {
      ...rowAnswer(row),
      definition: definitionAnswer(definition),
      shares,
      // Who gets a report of somebody else is not everybody's business.
      schedules: schedules
        .filter(({ mine }) => mine)
        .map(({ reportId: _, removedAt: __, ...schedule }) => ({
          ...schedule,
          recipients: [...schedule.recipients],
          nextDueAt: iso(schedule.nextDueAt),
        })),
      versions: versions.map(({ about: _, ...version }) => ({
        ...version,
        definition: definitionAnswer(version.definition),
        savedAt: iso(version.savedAt),
      })),
    };
  },

  async changeReport({ params, body, caller, services }) {
    const { db, now } = services;
    await needReport(services, caller, params.reportId);
    const definition = body.definition as ReportDefinition;
    demandNames(definition);
    const version = await orProblem(
      changeReport(db, readerOf(caller), {
        ...params,
        name: body.name.trim(),
        about: body.about,
        definition,
        version: body.version,
        by: caller.account.name,
        nowMs: now(),
      }),
    );
    return { reportId: params.reportId, version };
  },

  async removeReport({ params, caller, services: { db, now } }) {
    const { accountId, name } = caller.account;
    const removed = await removeReport(db, { ...params, ownerId: accountId, by: name, nowMs: now() });
    if (!removed) throw new Problem("report.not-found");
    return undefined;
  },

  async restoreReport({ params, caller, services: { db, now, zone } }) {
    const given = { ...params, ownerId: caller.account.accountId, nowMs: now(), zone };
    const back = await orProblem(restoreReport(db, given));
    if (!back) throw new Problem("report.not-found");
    return undefined;
  },

  async runReport(call) {
    const { params, caller, services } = call;
    const { definition } = await needReport(services, caller, params.reportId);
    const { result, durationMs } = await computed(call, definition);
    return resultAnswer(result, services.zone, durationMs);
  },

  async exportReport(call) {
    const { params, caller, services } = call;
    const { db, zone, now } = services;
    const report = await needReport(services, caller, params.reportId);
    const startedMs = now();
    const { result } = await computed(call, report.definition);
    const { language, accountId, name: by } = caller.account;
    const table = reportTable(result, { name: report.name, about: report.about, zone, language });
    await noteReportRun(db, {
      reportId: report.reportId,
      version: report.version,
      accountId,
      by,
      format: params.format,
      startedMs,
      nowMs: now(),
      ...outcomeOf(result),
    });
    return sendReport({ ...call, query: { reportId: report.reportId } }, table, result.rows.length);
  },

  async listShareTargets({ scope, services: { db } }) {
    return { rows: await listShareTargets(db, scope) };
  },

  async shareReport({ params, body, caller, scope, services }) {
    await needOwn(services, caller, params.reportId);
    // Whoever is shared with already may stay, also where somebody else knows them.
    const known = [
      ...(await listShareTargets(services.db, scope)),
      ...(await listReportShares(services.db, params.reportId)),
    ];
    const isKnown = ({ kind, id }: { readonly kind: string; readonly id: number }) =>
      known.some((target) => target.kind === kind && target.id === id);
    if (!body.shares.every(isKnown)) throw new Problem("report.share-unknown");
    await orProblem(setReportShares(services.db, params.reportId, body.shares));
    return undefined;
  },

  async addReportSchedule({ params, body, caller, services }) {
    const { db, zone, now } = services;
    await needReport(services, caller, params.reportId);
    demandSchedule(body);
    const { accountId, name: by } = caller.account;
    const scheduleId = await addSchedule(db, { ...params, ...body }, { accountId, by, nowMs: now() }, zone);
    return { scheduleId };
  },

  async changeReportSchedule({ params, body, caller, services }) {
    const { db, zone, now } = services;
    await needReport(services, caller, params.reportId);
    demandSchedule(body);
    const { accountId, name: by } = caller.account;
    const changed = await changeSchedule(db, params.scheduleId, body, { accountId, by, nowMs: now() }, zone);
    if (!changed) throw new Problem("report.schedule-not-found");
    return undefined;
  },

  async removeReportSchedule({ params, caller, services }) {
    await moveSchedule(services, caller, params, true);
    return undefined;
  },

  async restoreReportSchedule({ params, caller, services }) {
    await moveSchedule(services, caller, params, false);
    return undefined;
  },

  async runReportSchedule({ params, caller, services }) {
    const { db, now } = services;
    await needReport(services, caller, params.reportId);
    const { accountId, name: by } = caller.account;
    const { scheduleId } = params;
    const runId = await queueScheduleNow(db, { scheduleId, accountId, by, nowMs: now() });
    if (runId === undefined) throw new Problem("report.schedule-not-found");
    return { runId };
  },

  async listReportRuns({ params, caller, services }) {
    const { language, accountId } = caller.account;
    await needReport(services, caller, params.reportId);
    const told = (code: string | null, given: Readonly<Record<string, string | number>> = {}) =>
      code === null ? null : sentenceOf(code, given, language);
    const runs = await listReportRuns(services.db, accountId, params.reportId, runsMax);
    return {
      rows: runs.map(({ fromDay, toDay, startedAt, endedAt, mine, fileThere, error, ...run }) => ({
        ...run,
        dueAt: iso(run.dueAt),
        requestedAt: iso(run.requestedAt),
        durationMs: startedAt !== null && endedAt !== null ? Math.round(endedAt - startedAt) : null,
        from: fromDay,
        to: toDay,
        code: error?.code ?? null,
        sentence: told(error?.code ?? null, error?.params),
        fileThere: fileThere && mine,
        // Addresses are those of whoever sends to them.
        deliveries: (mine ? run.deliveries : []).map(({ errorCode, errorDetail, ...delivery }) => ({
          ...delivery,
          nextTryAt: iso(Date.parse(delivery.nextTryAt)),
          doneAt: delivery.doneAt === null ? null : iso(Date.parse(delivery.doneAt)),
          code: errorCode,
          sentence: told(errorCode),
          detail: errorDetail,
        })),
      })),
    };
  },

  async getRunFile({ params, caller, services, reply }) {
    const { db } = services;
    await needReport(services, caller, params.reportId);
    const found = await readRunFile(db, caller.account.accountId, params);
    if (!found) throw new Problem("report.run-not-found");
    await appendActs(db, [
      { action: "export", objectType: "report", records: 1, after: { report: found.fileName, ...params } },
    ]);
    return reply
      .header("content-type", formats[found.format].media)
      .header("content-disposition", `attachment; filename="${found.fileName}"`)
      .send(found.file);
  },

  async retryDelivery({ params, caller, services: { db, now } }) {
    const { accountId } = caller.account;
    if (!(await retryDelivery(db, { ...params, accountId, nowMs: now() })))
      throw new Problem("report.run-not-found");
    return undefined;
  },

  async listSavedViews({ query, caller, services: { db } }) {
    const views = await listSavedViews(db, caller.account.accountId, query.page);
    return { rows: views.map((view) => ({ ...view, search: { ...view.search } })) };
  },

  async saveView({ body, caller, services: { db } }) {
    const { accountId } = caller.account;
    if (JSON.stringify(body.search).length > 3_900)
      throw new Problem("input.invalid", { fields: { "/search": "Too long" } });
    return { savedViewId: await saveView(db, { ...body, name: body.name.trim(), accountId }) };
  },

  async removeView({ params, caller, services: { db, now } }) {
    const { accountId } = caller.account;
    if (!(await removeView(db, { ...params, accountId, nowMs: now() })))
      throw new Problem("report.view-not-found");
    return undefined;
  },

  async restoreView({ params, caller, services: { db } }) {
    const { accountId } = caller.account;
    if (!(await orProblem(restoreView(db, { ...params, accountId }))))
      throw new Problem("report.view-not-found");
    return undefined;
  },
};

async function moveSchedule(
  services: Services,
  caller: Caller,
  { reportId, scheduleId }: { readonly reportId: number; readonly scheduleId: number },
  removed: boolean,
): Promise<void> {
  const { db, zone, now } = services;
  await needReport(services, caller, reportId);
  const { accountId } = caller.account;
  if (!(await removeSchedule(db, { scheduleId, accountId, nowMs: now(), zone, removed })))
    throw new Problem("report.schedule-not-found");
}
