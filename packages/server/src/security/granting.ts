import {
  type Branch,
  comparePoints,
  type Database,
  displayNameOf,
  type HeldGrant,
  listRoles,
  type NewGrant,
  type RoleRow,
  readBranches,
  readGrants,
} from "@energsys/store";
import type { Body } from "../contract.ts";
import { Problem } from "../problem.ts";
import type { Services } from "../services.ts";
import { catalogue, isRight, pageOf, type Right } from "./catalogue.ts";
import { demand } from "./demand.ts";
import { actionsOf, can, conflictsOf, type Rights, rightsOf, scopeOf } from "./rights.ts";
import type { Caller } from "./sessions.ts";

type GrantInput = NonNullable<Body<"changeGrants">["add"]>[number];
type CopyInput = NonNullable<Body<"changeGrants">["copy"]>;

const invalid = (path: string, message: string) =>
  new Problem("input.invalid", { fields: { [path]: message } });

/** A branch and all that is below it. */
export function branchesBelow(branches: ReadonlyMap<number, Branch>, branchId: number): number[] {
  const isBelow = (id: number | null | undefined): boolean =>
    id === branchId || (id != null && isBelow(branches.get(id)?.parentId));
  return [...branches.keys()].filter(isBelow);
}

/**
 * Rights may be given only where the caller may give them; a branch of others is answered like one that is not there.
 * @throws Problem `right.missing` for the whole network, `branch.not-found`
 */
export async function demandBranch(
  services: Services,
  caller: Caller,
  branchId: number | null,
): Promise<void> {
  if (branchId === null) {
    await demand(services, caller, "users.change", "network");
    return;
  }
  if (!can(caller.rights, "users.change", { branchId, supplierId: null }).allow)
    throw new Problem("branch.not-found");
}

/** What an input asks to give, checked. @throws Problem `input.invalid` by field, and those of `demandBranch` */
export async function checkGrants(
  services: Services,
  caller: Caller,
  given: { readonly add?: readonly GrantInput[] | undefined; readonly copy?: CopyInput | undefined },
): Promise<NewGrant[]> {
  const { db } = services;
  const nowMs = services.now();
  const [branches, roles] = await Promise.all([readBranches(db), listRoles(db, nowMs)]);
  const grants: NewGrant[] = [];
  for (const [index, input] of (given.add ?? []).entries()) {
    await demandBranch(services, caller, input.branchId);
    if (input.branchId !== null && !branches.has(input.branchId)) throw new Problem("branch.not-found");
    grants.push(checkGrant(input, `/add/${index}`, roles, nowMs));
  }
  if (given.copy) grants.push(...(await copiedGrants(services, caller, given.copy, branches)));
  return grants;
}

function checkGrant(input: GrantInput, path: string, roles: readonly RoleRow[], nowMs: number): NewGrant {
  const instantOf = (text: string | undefined, field: string) => {
    if (text === undefined) return undefined;
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) throw invalid(`${path}/${field}`, "Not an instant");
    return ms;
  };
  const { roleId, action, branchId, supplierId, reason = "" } = input;
  const validFromMs = instantOf(input.validFrom, "validFrom") ?? nowMs;
  const validUntilMs = instantOf(input.validUntil, "validUntil") ?? null;
  if (validUntilMs !== null && validUntilMs <= Math.max(nowMs, validFromMs))
    throw invalid(`${path}/validUntil`, "Must be in the future and after its beginning");
  if ((roleId === undefined) === (action === undefined)) throw invalid(path, "Either a role or one right");
  if (roleId !== undefined) {
    const role = roles.find((each) => each.roleId === roleId);
    if (!role) throw invalid(`${path}/roleId`, "No such role");
    if (role.forSupplier && supplierId === undefined)
      throw invalid(`${path}/supplierId`, "This role is for one supplier's points");
  } else {
    if (action === undefined || !isRight(action)) throw invalid(`${path}/action`, "No such right");
    if (validUntilMs === null) throw invalid(`${path}/validUntil`, "An exception has an end");
    if (reason.trim() === "") throw invalid(`${path}/reason`, "An exception has a reason");
    if (catalogue[pageOf(action)].reach === "network" && branchId !== null)
      throw invalid(`${path}/branchId`, "This page knows no branches");
  }
  return {
    roleId: roleId ?? null,
    action: action ?? null,
    branchId,
    supplierId: supplierId ?? null,
    validFromMs,
    validUntilMs,
    reason: reason.trim(),
  };
}

/** What a colleague holds on a branch, as grants for that branch alone; what their group in a directory gives is not copied. */
async function copiedGrants(
  services: Services,
  caller: Caller,
  { accountId, branchId }: CopyInput,
  branches: ReadonlyMap<number, Branch>,
): Promise<NewGrant[]> {
  await demandBranch(services, caller, branchId);
  if (!branches.has(branchId)) throw new Problem("branch.not-found");
  const nowMs = services.now();
  const held = await readGrants(services.db, { accountId, nowMs });
  const [roles, colleague] = await Promise.all([
    listRoles(services.db, nowMs),
    displayNameOf(services.db, accountId),
  ]);
  const copies = held
    .filter(({ grantId, branchIds }) => grantId > 0 && (branchIds === null || branchIds.includes(branchId)))
    .flatMap((grant): NewGrant[] => {
      const role = roles.find(({ name }) => name === grant.role);
      const [action] = grant.actions;
      if (!role && (!isRight(action ?? "") || catalogue[pageOf(action as Right)].reach === "network"))
        return [];
      return [
        {
          roleId: role?.roleId ?? null,
          action: role ? null : (action ?? null),
          branchId,
          supplierId: grant.supplierId,
          validFromMs: nowMs,
          validUntilMs: grant.validUntil,
          reason: `as ${colleague ?? ""}`,
        },
      ];
    });
  // Held twice, from above and here, is given once.
  return [
    ...new Map(
      copies.map((copy) => [JSON.stringify([copy.roleId, copy.action, copy.supplierId]), copy]),
    ).values(),
  ];
}

/** What a person could do after a change of grants, and how that differs from now. */
export async function effectOf(
  services: Services,
  before: readonly HeldGrant[],
  { add, end }: { readonly add: readonly NewGrant[]; readonly end: readonly number[] },
) {
  const { db } = services;
  const nowMs = services.now();
  const [branches, roles] = await Promise.all([readBranches(db), listRoles(db, nowMs)]);
  const added = add.map(({ roleId, action, branchId, supplierId, validUntilMs }): HeldGrant => {
    const role = roles.find((each) => each.roleId === roleId);
    return {
      grantId: Number.MAX_SAFE_INTEGER,
      ready: role?.ready ?? null,
      role: role?.name ?? null,
      actions: role?.actions ?? (action === null ? [] : [action]),
      branchId,
      branchIds: branchId === null ? null : branchesBelow(branches, branchId),
      supplierId,
      validUntil: validUntilMs,
    };
  });
  const now = rightsOf(before);
  const then = rightsOf([...before.filter(({ grantId }) => !end.includes(grantId)), ...added]);
  return {
    ...difference(now, then),
    points: await pointsBetween(db, now, then),
    conflicts: conflictsOf(then),
  };
}

const difference = (now: Rights, then: Rights) => ({
  gains: [...then.keys()].filter((right) => !now.has(right)).sort(),
  loses: [...now.keys()].filter((right) => !then.has(right)).sort(),
});

const pointsBetween = (db: Database, now: Rights, then: Rights) =>
  comparePoints(db, scopeOf(now, "points.see"), scopeOf(then, "points.see"));

/** Actions of a role as the program knows them. @throws Problem `input.invalid` for one that it does not know */
export function checkActions(actions: readonly string[]): Right[] {
  const unknown = actions.find((action) => !isRight(action));
  if (unknown !== undefined) throw invalid("/actions", `No such right: ${unknown}`);
  return [...new Set(actions as readonly Right[])].sort();
}

export const roleActions = ({ ready, actions }: RoleRow): readonly Right[] => actionsOf({ ready, actions });
