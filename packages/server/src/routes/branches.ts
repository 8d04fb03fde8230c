import { addBranch, because, changeBranch, listBranches, removeBranch } from "@energsys/store";
import type { Handlers } from "../handlers.ts";
import { orProblem } from "../refusals.ts";

/** The branches of the network. */
export const branchHandlers: Handlers<"listBranches" | "addBranch" | "changeBranch" | "removeBranch"> = {
  async listBranches({ services: { db } }) {
    const rows = await listBranches(db);
    return { rows: rows.map((row) => ({ ...row, path: [...row.path] })) };
  },

  async addBranch({ body: { reason, name, parentId }, services: { db } }) {
    return { branchId: await orProblem(addBranch(because(db, reason), { name: name.trim(), parentId })) };
  },

  async changeBranch({ params: { branchId }, body: { reason, name, parentId }, services: { db } }) {
    const facts = { name: name.trim(), parentId };
    return { changed: await orProblem(changeBranch(because(db, reason), branchId, facts)) };
  },

  async removeBranch({ params: { branchId }, body: { reason }, services: { db } }) {
    await orProblem(removeBranch(because(db, reason), branchId));
    return undefined;
  },
};
