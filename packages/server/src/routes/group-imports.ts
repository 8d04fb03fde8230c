import {
  importGroupsFile,
  listGroupsImports,
  restoreGroup,
  type Scope,
  undoGroupsImport,
} from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { iso } from "../instants.ts";
import { orProblem } from "../refusals.ts";
import type { Services } from "../services.ts";

const rowsMax = 200;
const shownMax = 500;

async function take(
  { db, now }: Services,
  { fileName, text, reason }: { readonly fileName: string; readonly text: string; readonly reason: string },
  given: { readonly scope: Scope; readonly by: string; readonly dryRun: boolean },
) {
  const { scope, ...rest } = given;
  const { rows, groups, refused, stored } = await orProblem(
    importGroupsFile(db, scope, text, { fileName, reason: reason.trim(), nowMs: now(), ...rest }),
  );
  return {
    rows,
    groups: groups.slice(0, shownMax).map(({ fromMs, ...group }) => ({ ...group, from: iso(fromMs) })),
    groupsTotal: groups.length,
    refused: refused.slice(0, shownMax).map((line) => ({ ...line })),
    refusedTotal: refused.length,
    stored: stored ?? null,
  };
}

/** Files of groups: checked, taken in, listed, taken back; and a removed group brought back. */
export const groupImportHandlers: Handlers<
  "listGroupsImports" | "checkGroupsImport" | "createGroupsImport" | "undoGroupsImport" | "restoreGroup"
> = {
  async listGroupsImports({ scope, caller, services: { db } }) {
    const rows = await listGroupsImports(db, { scope, by: caller.account.name }, rowsMax);
    return {
      rows: rows.map((row) => ({
        ...row,
        importedAt: iso(row.importedAt),
        undoneAt: row.undoneAt === null ? null : iso(row.undoneAt),
      })),
    };
  },

  checkGroupsImport: ({ body, scope, caller, services }) =>
    take(services, body, { scope, by: caller.account.name, dryRun: true }),

  async createGroupsImport({ body, scope, caller, services, reply }) {
    const made = await take(services, body, { scope, by: caller.account.name, dryRun: false });
    reply.code(201);
    return made;
  },

  undoGroupsImport: ({ params, body, scope, caller, services: { db, now } }) =>
    orProblem(
      undoGroupsImport(db, scope, params.importId, {
        by: caller.account.name,
        reason: body.reason.trim(),
        nowMs: now(),
      }),
    ),

  async restoreGroup({ params, scope, services: { db } }) {
    await orProblem(restoreGroup(db, scope, params.groupId));
  },
};
