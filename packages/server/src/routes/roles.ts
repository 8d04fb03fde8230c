import {
  addRole,
  branchesOf,
  changeRole,
  endGrants,
  isEverywhere,
  keepingAdministrator,
  listGrants,
  listRoles,
  listSuppliers,
  type RoleRow,
  readBranches,
  removeRole,
  reviewGrants,
} from "@energsys/store";
import { byteOrderMark, csvLine, sendCsv } from "../csv.ts";
import type { Handlers } from "../handlers.ts";
import { Problem } from "../problem.ts";
import { catalogue, type Page, readyRolesWith } from "../security/catalogue.ts";
import { whomToAsk } from "../security/demand.ts";
import { checkActions, roleActions } from "../security/granting.ts";
import { scopeOf } from "../security/rights.ts";
import type { Services } from "../services.ts";
import { word } from "../words.ts";
import { grantAnswer } from "./people.ts";

const administrators = { action: "users.change", ready: readyRolesWith("users.change") };

/** @throws Problem `role.not-found`, `role.ready-made` */
async function needOwnRole({ db, now }: Services, roleId: number): Promise<RoleRow> {
  const role = (await listRoles(db, now())).find((each) => each.roleId === roleId);
  if (!role) throw new Problem("role.not-found");
  if (role.ready !== null) throw new Problem("role.ready-made");
  return role;
}

export const roleHandlers: Handlers<
  | "listRoles"
  | "createRole"
  | "previewRole"
  | "changeRole"
  | "deleteRole"
  | "listGrants"
  | "exportGrants"
  | "reviewGrants"
  | "endGrants"
  | "askForRight"
> = {
  async listRoles({ caller, services: { db, now } }) {
    const [roles, branches, suppliers] = await Promise.all([
      listRoles(db, now()),
      readBranches(db),
      listSuppliers(db),
    ]);
    const scope = scopeOf(caller.rights, "users.change");
    const isWhole = isEverywhere(scope);
    const own = new Set(branchesOf(scope));
    return {
      pages: (Object.keys(catalogue) as Page[]).map((page) => ({
        page,
        levels: [...catalogue[page].levels],
        reach: catalogue[page].reach,
      })),
      roles: roles.map((role) => ({ ...role, actions: [...roleActions(role)] })),
      branches: [...branches.values()]
        .filter(({ branchId }) => isWhole || own.has(branchId))
        .map(({ branchId, path }) => ({ branchId, path: [...path] })),
      wholeNetwork: isWhole,
      suppliers,
    };
  },

  async createRole({ body: { name, actions, forSupplier = false }, services: { db } }) {
    const roleId = await addRole(db, { name, forSupplier, actions: checkActions(actions) });
    if (roleId === undefined) throw new Problem("role.name-taken");
    return { roleId };
  },

  async previewRole({ params: { roleId }, body, services }) {
    const role = await needOwnRole(services, roleId);
    const before = roleActions(role);
    const after = checkActions(body.actions);
    return {
      gains: after.filter((right) => !before.includes(right)),
      loses: before.filter((right) => !after.includes(right)),
      people: role.holders,
    };
  },

  async changeRole({ params: { roleId }, body, services }) {
    await needOwnRole(services, roleId);
    const actions = checkActions(body.actions);
    const kept = await keepingAdministrator(services.db, administrators, async (transaction) => {
      if (!(await changeRole(transaction, { roleId, name: body.name, actions })))
        throw new Problem("role.name-taken");
    });
    if (!kept) throw new Problem("account.last-administrator");
    return undefined;
  },

  async deleteRole({ params: { roleId }, services }) {
    await needOwnRole(services, roleId);
    if (!(await removeRole(services.db, roleId))) throw new Problem("role.granted");
    return undefined;
  },

  async listGrants({ scope, services: { db, now } }) {
    const [grants, branches] = await Promise.all([listGrants(db, scope, { nowMs: now() }), readBranches(db)]);
    return { rows: grants.map((grant) => grantAnswer(grant, branches)) };
  },

  async exportGrants({ scope, caller, services: { db, now }, reply }) {
    const { language } = caller.account;
    const [grants, branches] = await Promise.all([listGrants(db, scope, { nowMs: now() }), readBranches(db)]);
    const heads = [
      "signInName",
      "name",
      "disabled",
      "role",
      "branch",
      "supplier",
      "from",
      "until",
      "reason",
      "grantedBy",
      "grantedAt",
      "lastUsedAt",
      "reviewedBy",
      "reviewedAt",
    ] as const;
    const lines = grants
      .map((grant) => grantAnswer(grant, branches))
      .map((grant) =>
        csvLine(
          [
            grant.name,
            grant.displayName,
            word(grant.disabled ? "yes" : "no", language),
            grant.role ?? grant.action,
            grant.branch === null ? word("wholeNetwork", language) : grant.branch.join(" › "),
            grant.supplier,
            grant.validFrom,
            grant.validUntil,
            grant.reason,
            grant.grantedBy,
            grant.grantedAt,
            grant.lastUsedAt,
            grant.reviewedBy,
            grant.reviewedAt,
          ],
          language,
        ),
      );
    const head = csvLine(
      heads.map((each) => word(each, language)),
      language,
    );
    return sendCsv(reply, "access-review", [byteOrderMark + head, ...lines]);
  },

  async reviewGrants({ body: { grantIds }, scope, caller, services: { db, now } }) {
    const reviewed = await reviewGrants(db, scope, {
      grantIds,
      reviewedBy: caller.account.accountId,
      nowMs: now(),
    });
    if (reviewed.length === 0) throw new Problem("grant.not-found");
    return { grantIds: reviewed };
  },

  async endGrants({ body: { grantIds }, scope, caller, services: { db, now } }) {
    const kept = await keepingAdministrator(db, administrators, (transaction) =>
      endGrants(transaction, scope, { grantIds, endedBy: caller.account.accountId, nowMs: now() }),
    );
    if (!kept) throw new Problem("account.last-administrator");
    if (kept.result.length === 0) throw new Problem("grant.not-found");
    return { grantIds: kept.result };
  },

  async askForRight({ services: { db, now } }) {
    return { ask: await whomToAsk(db, now()) };
  },
};
