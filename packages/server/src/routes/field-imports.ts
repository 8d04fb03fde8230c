import { because, importFieldFile, listImports, type Scope, undoImport } from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { orProblem } from "../refusals.ts";
import type { Services } from "../services.ts";

const rowsMax = 200;
const refusedMax = 500;

async function take(
  { db, zone, now }: Services,
  body: { readonly fileName: string; readonly text: string },
  given: { readonly scope: Scope; readonly by: string; readonly dryRun: boolean },
) {
  const { stored, refused, meters, ...rest } = await orProblem(
    importFieldFile(
      db,
      new TextEncoder().encode(body.text),
      { fileName: body.fileName, ...given },
      { nowMs: now(), zone },
    ),
  );
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
  "listFieldImports" | "checkFieldImport" | "createFieldImport" | "undoFieldImport"
> = {
  async listFieldImports({ scope, caller, services: { db } }) {
    const rows = await listImports(db, { scope, by: caller.account.name }, rowsMax);
    return {
      rows: rows.map((row) => ({ ...row, importedAt: iso(row.importedAt), undoneAt: iso(row.undoneAt) })),
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
