import { guessHistory, type HistoryKind, type HistoryMapping, historyFields } from "@energsys/metering";
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
import { type FieldFile, historyContent, historyTable } from "../history-content.ts";
import { iso } from "../instants.ts";
import { orProblem } from "../refusals.ts";
import type { Services } from "../services.ts";

const rowsMax = 200;
const refusedMax = 500;
const sampleLines = 5;

/** The file of a call: a workbook comes in base64. */
const fileOf = ({
  text,
  workbook,
}: {
  text?: string | undefined;
  workbook?: string | undefined;
}): FieldFile => ({
  text,
  workbook: workbook === undefined ? undefined : Buffer.from(workbook, "base64"),
});

async function take(
  services: Services,
  body: Body<"checkFieldImport">,
  given: { readonly scope: Scope; readonly by: string; readonly dryRun: boolean },
) {
  const { db, zone, now } = services;
  const mapping = body.mapping as HistoryMapping | undefined;
  const content = await historyContent(db, fileOf(body), mapping);
  const { stored, refused, meters, ...rest } = await orProblem(
    importFieldFile(
      db,
      new TextEncoder().encode(content.text),
      { fileName: body.fileName, isFinal: body.isFinal ?? false, ...given },
      { nowMs: now(), zone },
    ),
  );
  if (stored && content.header && content.mapping)
    await saveHistoryProfile(db, content.header, content.mapping, given.by);
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

  async readImportColumns({ body, services: { db } }) {
    const [header = [], ...rows] = await historyTable(fileOf(body));
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
