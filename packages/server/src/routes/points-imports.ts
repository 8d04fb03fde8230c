import {
  appendActs,
  changePointsImport,
  createPointsImport,
  everywhere,
  findImportProfile,
  findJob,
  findPointsImport,
  type ImportContent,
  type KeyRing,
  listJobFailures,
  listPointsImports,
  markPointsImport,
  type PointsImport,
  type PointsImportState,
  queueJob,
} from "@energsys/store";
import { byteOrderMark, csvLine, sendCsv, whole } from "../csv.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { JobError } from "../jobs/kind.ts";
import { guessMapping } from "../points-imports/columns.ts";
import { type CheckedImport, checkImport, fixesOf } from "../points-imports/effect.ts";
import { readTable } from "../points-imports/table-file.ts";
import { Problem, type ProblemCode, problems } from "../problem.ts";
import type { Services } from "../services.ts";
import { readWorkbook } from "../tables/workbook.ts";
import { word } from "../words.ts";

const rowsMax = 100;
const sampleRows = 5;
const faultsMax = 500;
const changesMax = 100;
const undoneMax = 200_000;

const factsOf = ({ pointsImportId, name, lines, state, madeBy, madeAt, jobId }: PointsImport) => ({
  pointsImportId,
  name,
  lines,
  state,
  madeBy,
  madeAt: iso(madeAt),
  jobId,
});

function needRing({ keyRing }: Services): KeyRing {
  if (!keyRing) throw new Problem("points-import.no-key");
  return keyRing;
}

/** What a file cannot be read for has the same code in the API. */
function refused(error: unknown): never {
  if (error instanceof JobError && error.code in problems)
    throw new Problem(error.code as ProblemCode, { detail: error.message }, error);
  throw error;
}

async function found(services: Services, pointsImportId: number): Promise<PointsImport & ImportContent> {
  const file = await findPointsImport(services.db, needRing(services), pointsImportId);
  if (!file) throw new Problem("points-import.not-found");
  return file;
}

async function checked(services: Services, pointsImportId: number) {
  const file = await found(services, pointsImportId);
  const { db, zone, now } = services;
  const check = await checkImport(
    db,
    needRing(services),
    { ...file, fixes: fixesOf(file.fixes) },
    { zone, nowMs: now() },
  ).catch(refused);
  return { file, check };
}

const effectOf = ({ lines, faults }: CheckedImport) => ({
  new: lines.filter(({ does }) => does === "new").length,
  change: lines.filter(({ does }) => does === "change").length,
  same: lines.filter(({ does }) => does === "same").length,
  faulty: new Set(faults.map(({ row }) => row)).size,
});

/** A job that has failed left the import in the middle: it may be asked for again. */
async function mayGoOn(
  { db }: Services,
  file: PointsImport,
  usual: PointsImportState,
  open: PointsImportState,
) {
  if (file.state === usual) return;
  const job = file.state === open && file.jobId !== null ? await findJob(db, file.jobId) : undefined;
  if (job?.state !== "failed" && job?.state !== "cancelled") throw new Problem("points-import.not-now");
}

/** Lines of an import that was taken back, of which the points stayed. @throws Problem `points-import.not-now` when there are none */
async function linesLeft({ db }: Services, { jobId }: PointsImport): Promise<number[]> {
  const left = jobId === null ? [] : await listJobFailures(db, jobId, undoneMax);
  if (left.length === 0) throw new Problem("points-import.not-now");
  return left.map(({ item }) => Number(item));
}

async function begin(
  services: Services,
  file: PointsImport,
  {
    kind,
    to,
    by,
    lines,
  }: { kind: string; to: PointsImportState; by: string; lines?: readonly number[] | undefined },
): Promise<{ jobId: number }> {
  return services.db.transaction(async (transaction) => {
    const jobId = await queueJob(transaction, {
      kind,
      label: file.name,
      input: { pointsImportId: file.pointsImportId, ...(lines ? { lines } : {}) },
      action: "import.change",
      scope: everywhere,
      by,
      lane: "points-import",
    });
    // As it was when somebody looked: of two who ask at the same time the second one is refused.
    const seen = { from: [file.state], to, jobId, seenJobId: file.jobId };
    if (!(await markPointsImport(transaction, file.pointsImportId, seen)))
      throw new Problem("points-import.not-now");
    return { jobId };
  });
}

/** The table of a file; a workbook becomes the CSV file that it would be saved as, and is one from then on. */
async function readContent(
  text: string | undefined,
  workbook: string | undefined,
): Promise<{ content: string; table: ReturnType<typeof readTable> }> {
  const content =
    text ??
    (await readWorkbook(Buffer.from(workbook ?? "", "base64")))
      .map((row) => row.map(quoted).join(";"))
      .join("\n");
  return { content, table: readTable(content) };
}

const quoted = (cell: string): string => (/[";\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

export const importHandlers: Handlers<
  | "listPointsImportsMade"
  | "createPointsImportFile"
  | "getPointsImport"
  | "changePointsImportFile"
  | "exportPointsImportFaults"
  | "runPointsImport"
  | "undoPointsImport"
> = {
  async listPointsImportsMade({ services: { db } }) {
    return { rows: (await listPointsImports(db, rowsMax)).map(factsOf) };
  },

  async createPointsImportFile({ body: { name, text, workbook }, caller, services }) {
    const ring = needRing(services);
    if ((text === undefined) === (workbook === undefined))
      throw new Problem("input.invalid", { fields: { "/text": "Either text or workbook" } });
    const { content, table } = await readContent(text, workbook).catch(refused);
    const pointsImportId = await createPointsImport(services.db, ring, {
      name,
      lines: table.rows.length,
      mapping:
        (await findImportProfile(services.db, table.header)) ??
        (guessMapping(table.header) as Record<string, number>),
      text: content,
      header: table.header,
      by: caller.account.name,
    });
    return { pointsImportId };
  },

  async getPointsImport({ params, services }) {
    const { file, check } = await checked(services, params.pointsImportId);
    const { table, lines, faults } = check;
    return {
      ...factsOf(file),
      mapping: file.mapping,
      header: [...table.header],
      sample: table.rows.slice(0, sampleRows).map((row) => [...row]),
      effect: effectOf(check),
      faults: faults.slice(0, faultsMax).map((fault) => ({ ...fault })),
      faultsTotal: faults.length,
      changes: lines
        .filter(({ does }) => does === "change")
        .slice(0, changesMax)
        .map(({ row, point, changes }) => ({
          row,
          pod: point.pod,
          fields: changes.map((field) => ({ ...field })),
        })),
    };
  },

  async changePointsImportFile({ params, body, services }) {
    const file = await found(services, params.pointsImportId);
    const fixes = new Map(file.fixes.map(([line, cells]) => [line, { ...cells }]));
    for (const { row, column, value } of body.fixes ?? []) {
      fixes.set(row, { ...fixes.get(row), [column]: value });
    }
    const changed = await changePointsImport(services.db, needRing(services), file.pointsImportId, {
      mapping: (body.mapping as Record<string, number> | undefined) ?? file.mapping,
      content: { text: file.text, fixes: [...fixes] },
    });
    if (!changed) throw new Problem("points-import.not-now");
    return undefined;
  },

  async exportPointsImportFaults({ params, services, caller, reply }) {
    const { file, check } = await checked(services, params.pointsImportId);
    const { language } = caller.account;
    await appendActs(services.db, [
      { action: "export", objectType: "import", objectId: file.pointsImportId, records: check.faults.length },
    ]);
    const heads = ["row", "column", "fault", "value", "proposal"] as const;
    return sendCsv(reply, `import-${file.pointsImportId}-faults`, [
      byteOrderMark,
      csvLine(
        heads.map((head) => word(head, language)),
        language,
      ),
      ...check.faults.map(({ row, column, code, value, proposal }) =>
        csvLine([whole(row), column, code, value, proposal], language),
      ),
    ]);
  },

  async runPointsImport({ params, caller, services }) {
    const { file, check } = await checked(services, params.pointsImportId);
    await mayGoOn(services, file, "checked", "running");
    const { new: added, change } = effectOf(check);
    if (added + change === 0) throw new Problem("points-import.nothing");
    return begin(services, file, {
      kind: "import-points",
      to: "running",
      by: caller.account.name,
    });
  },

  async undoPointsImport({ params, caller, services }) {
    const file = await found(services, params.pointsImportId);
    const lines = file.state === "undone" ? await linesLeft(services, file) : undefined;
    if (lines === undefined) await mayGoOn(services, file, "done", "undoing");
    return begin(services, file, {
      kind: "undo-import",
      to: "undoing",
      by: caller.account.name,
      lines,
    });
  },
};
