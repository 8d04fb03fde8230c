import {
  guessHistory,
  type HistoryKind,
  type HistoryMapping,
  historyFields,
  historyLacks,
  isCurveFile,
  isDump,
  isHandHeldFile,
  mapHistory,
} from "@energsys/metering";
import {
  because,
  findHistoryProfile,
  importFieldFile,
  listImports,
  type Scope,
  saveHistoryProfile,
  undoImport,
} from "@energsys/store";
import type { Body } from "../contract.ts";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { JobError } from "../jobs/kind.ts";
import { readTable } from "../points-imports/table-file.ts";
import { Problem } from "../problem.ts";
import { orProblem } from "../refusals.ts";
import type { Services } from "../services.ts";
import { readWorkbook } from "../tables/workbook.ts";

const rowsMax = 200;
const refusedMax = 500;
const sampleLines = 5;

interface FileContent {
  readonly text?: string | undefined;
  readonly workbook?: string | undefined;
}

const isKnownFile = (text: string): boolean => {
  const beginning = text.slice(0, 4_096);
  return isDump(new TextEncoder().encode(beginning)) || isHandHeldFile(beginning) || isCurveFile(beginning);
};

/** Lines of a CSV file or of the first sheet of a workbook, the head line first. */
async function tableOf({ text, workbook }: FileContent, zone: string): Promise<string[][]> {
  if ((text === undefined) === (workbook === undefined))
    throw new Problem("input.invalid", { fields: { "/text": "Either text or workbook" } });
  try {
    if (workbook !== undefined) return await readWorkbook(Buffer.from(workbook, "base64"), zone);
    const { header, rows } = readTable(text!);
    return [header, ...rows].map((row) => [...row]);
  } catch (error) {
    throw error instanceof JobError
      ? new Problem("import.unreadable", { detail: error.message }, error)
      : error;
  }
}

/** The file as the importers read it, and how it was mapped: as asked, or as one with the same head line was before. */
async function contentOf({ db, zone }: Services, body: Body<"checkFieldImport">) {
  const { text, workbook, mapping: asked } = body;
  if (text !== undefined && asked === undefined && isKnownFile(text)) return { text };
  const [header = [], ...rows] = await tableOf({ text, workbook }, zone).catch((error: unknown) => {
    // Nobody said that it is a table.
    if (asked === undefined && error instanceof Problem && error.code === "import.unreadable")
      throw new Problem("import.unknown-file", {}, error);
    throw error;
  });
  const mapping = (asked as HistoryMapping | undefined) ?? (await findHistoryProfile(db, header));
  if (!mapping) throw new Problem("import.unknown-file");
  const lacks = historyLacks(mapping);
  if (lacks.length > 0)
    throw new Problem("input.invalid", {
      fields: Object.fromEntries(lacks.map((field) => [`/mapping/columns/${field}`, "No column holds it"])),
    });
  return { text: mapHistory(rows, mapping), header, mapping };
}

async function take(
  services: Services,
  body: Body<"checkFieldImport">,
  given: { readonly scope: Scope; readonly by: string; readonly dryRun: boolean },
) {
  const { db, zone, now } = services;
  const content = await contentOf(services, body);
  const { stored, refused, meters, ...rest } = await orProblem(
    importFieldFile(
      db,
      new TextEncoder().encode(content.text),
      { fileName: body.fileName, ...given },
      { nowMs: now(), zone },
    ),
  );
  if (stored && content.mapping) await saveHistoryProfile(db, content.header, content.mapping, given.by);
  return {
    ...rest,
    meters: meters.map((meter) => ({ ...meter })),
    refused: refused.slice(0, refusedMax).map((line) => ({ ...line })),
    refusedTotal: refused.length,
    stored: stored ?? null,
  };
}

/** Files from the field: checked, taken in, listed, taken back. */
export const fieldImportHandlers: Handlers<
  "listFieldImports" | "readImportColumns" | "checkFieldImport" | "createFieldImport" | "undoFieldImport"
> = {
  async listFieldImports({ scope, caller, services: { db } }) {
    const rows = await listImports(db, { scope, by: caller.account.name }, rowsMax);
    return {
      rows: rows.map((row) => ({ ...row, importedAt: iso(row.importedAt), undoneAt: iso(row.undoneAt) })),
    };
  },

  async readImportColumns({ body, services: { db, zone } }) {
    const [header = [], ...rows] = await tableOf(body, zone);
    return {
      header,
      sample: rows.slice(0, sampleLines),
      lines: rows.length,
      guesses: (Object.keys(historyFields) as HistoryKind[]).map((kind) => guessHistory(header, kind)),
      profile: (await findHistoryProfile(db, header)) ?? null,
    };
  },

  async checkFieldImport({ body, scope, caller, services }) {
    return take(services, body, { scope, by: caller.account.name, dryRun: true });
  },

  async createFieldImport({ body, scope, caller, services }) {
    return take(services, body, { scope, by: caller.account.name, dryRun: false });
  },

  async undoFieldImport({ params, body, scope, caller, services: { db, zone, now } }) {
    return orProblem(
      undoImport(
        because(db, body.reason),
        { scope, by: caller.account.name },
        params.importId,
        { reason: body.reason },
        { nowMs: now(), zone },
      ),
    );
  },
};
