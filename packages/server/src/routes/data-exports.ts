import { Readable } from "node:stream";
import {
  appendActs,
  cancelJob,
  type DataExport,
  dataExportDays,
  findDataExport,
  listDataExports,
  queueDataExport,
  readDataExport,
  readSubjectNames,
  removeDataExport,
  type Scope,
} from "@energsys/store";
import { needSubjects, periodOf, subjectOf } from "../analysis/asked.ts";
import { sizeOfValues, valuesTable } from "../analysis/values.ts";
import { formats } from "../exports/formats.ts";
import { sendReport } from "../exports/send-report.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { Problem } from "../problem.ts";
import type { Caller } from "../security/sessions.ts";
import type { Services } from "../services.ts";

const listedMax = 100;

interface Asked {
  readonly of: string;
  readonly from: string;
  readonly to: string;
}

async function oneSubject(services: Services, scope: Scope, { of, ...days }: Asked) {
  const period = periodOf(days, services);
  const [subject] = await needSubjects(services, scope, [of], period);
  return { period, subject: subject! };
}

/** A file is its asker's alone: it holds what that one was allowed to see. */
async function ownExport({ db }: Services, caller: Caller, dataExportId: number): Promise<DataExport> {
  const found = await findDataExport(db, dataExportId);
  if (found?.requestedBy !== caller.account.name) throw new Problem("export.not-found");
  return found;
}

export const dataExportHandlers: Handlers<
  | "getValuesSize"
  | "exportValues"
  | "listDataExports"
  | "queueDataExport"
  | "fetchDataExport"
  | "removeDataExport"
> = {
  async getValuesSize({ query, scope, services }) {
    return {
      ...sizeOfValues(await oneSubject(services, scope, query)),
      rowsMax: services.limits.exportRowsMax,
    };
  },

  async exportValues(call) {
    const { query, scope, services, caller } = call;
    const asked = await oneSubject(services, scope, query);
    const { rows } = sizeOfValues(asked);
    const { exportRowsMax } = services.limits;
    if (rows > exportRowsMax)
      throw new Problem("export.too-large", { detail: `${rows} rows; at most ${exportRowsMax} at once` });
    const table = valuesTable(
      services.db,
      { ...asked, energy: query.energy, scope, language: caller.account.language },
      () => undefined,
    );
    return sendReport(call, table, rows);
  },

  async listDataExports({ caller, scope, services: { db, now } }) {
    const exports = await listDataExports(db, caller.account.name, listedMax);
    const names = await readSubjectNames(
      db,
      scope,
      exports.map(({ subject }) => subjectOf(subject)),
      now(),
    );
    return {
      days: dataExportDays,
      rows: exports.map((each, nth) => ({
        dataExportId: each.dataExportId,
        jobId: each.jobId,
        of: each.subject,
        name: names[nth]?.name ?? "",
        energy: each.energy,
        from: each.fromDay,
        to: each.toDay,
        format: each.format,
        requestedAt: iso(each.requestedAt),
        expiresAt: iso(each.expiresAt),
        state: each.state,
        madeAt: iso(each.madeAt),
        points: each.points,
        rows: each.valueRows,
        bytes: each.fileBytes,
      })),
    };
  },

  async queueDataExport({ body, scope, caller, services }) {
    const { of, energy, from, to, format } = body;
    const { subject } = await oneSubject(services, scope, body);
    return services.db.transaction(async (transaction) => {
      const { language, name: by } = caller.account;
      const queued = await queueDataExport(
        transaction,
        { subject: of, energy, fromDay: from, toDay: to, format, language },
        { by, scope, action: "analysis.see", label: `${energy} ${of} ${from} ${format}` },
      );
      await appendActs(transaction, [
        {
          action: "export",
          objectType: "data_export",
          objectId: queued.dataExportId,
          records: sizeOfValues({ subject, period: periodOf(body, services) }).rows,
          after: { report: "values", format, filter: { of, energy, from, to } },
        },
      ]);
      return queued;
    });
  },

  async fetchDataExport({ params, caller, services, reply }) {
    const { dataExportId, madeAt, format, fromDay, toDay, fileBytes } = await ownExport(
      services,
      caller,
      params.dataExportId,
    );
    if (madeAt === null) throw new Problem("export.not-ready");
    return reply
      .header("content-type", formats[format].media)
      .header("content-length", fileBytes)
      .header("content-disposition", `attachment; filename="values-${fromDay}-${toDay}.${format}"`)
      .send(Readable.from(readDataExport(services.db, dataExportId), { objectMode: false }));
  },

  async removeDataExport({ params, caller, services: { db, ...services } }) {
    const { dataExportId, jobId } = await ownExport({ db, ...services }, caller, params.dataExportId);
    if (jobId !== null) await cancelJob(db, jobId, caller.account.name);
    await removeDataExport(db, dataExportId);
    return undefined;
  },
};
