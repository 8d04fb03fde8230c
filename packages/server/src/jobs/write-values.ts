import { type Energy, findDataExport, writeDataExport } from "@energsys/store";
import { needSubjects } from "../analysis/asked.ts";
import { sizeOfValues, valuesTable } from "../analysis/values.ts";
import { formats } from "../exports/formats.ts";
import { localTimes } from "../local-times.ts";
import { Problem } from "../problem.ts";
import { JobError, type JobKind } from "./kind.ts";

/** Writes a file of values piece by piece, by the rights of whoever asked for it. Cancelled, nothing of it is kept. */
export const writeValues: JobKind = {
  async run({ job, db, zone, now, signal, tell }) {
    const { dataExportId } = job.input as { dataExportId: number };
    const asked = await findDataExport(db, dataExportId);
    if (!asked) throw new JobError("export.not-found", "the file is not wanted any more");
    const period = { fromDay: asked.fromDay, toDay: asked.toDay, zone, nowMs: now() };
    const [subject] = await needSubjects({ db }, job.scope, [asked.subject], period).catch((error) => {
      throw error instanceof Problem
        ? new JobError(error.code, "what was asked for is not there any more")
        : error;
    });
    tell({ total: sizeOfValues({ subject: subject!, period }).points });
    const { language } = asked;
    const held = { points: 0, valueRows: 0 };
    const table = valuesTable(
      db,
      { subject: subject!, energy: asked.energy as Energy, period, scope: job.scope, language },
      (points, valueRows) => {
        Object.assign(held, { points, valueRows });
        tell({ done: points });
      },
    );
    const { local, offset } = localTimes(zone, period.nowMs)(period.nowMs);
    const file = formats[asked.format].write(table, {
      title: table.title,
      language,
      takenBy: job.requestedBy,
      takenAt: `${local.replace("T", " ")} ${offset}`,
    });
    const whole = await writeDataExport(db, asked, file, { signal, held: () => held });
    return whole ? { dataExportId, rows: held.valueRows } : undefined;
  },
};
