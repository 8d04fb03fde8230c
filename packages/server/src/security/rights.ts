import { type HeldGrant, isEverywhere, type Scope, type ScopePart } from "@energsys/store";
import { catalogue, isRight, pageOf, type ReadyRole, type Right, readyRoles } from "./catalogue.ts";

/** What one grant gives of one right, and where. */
export interface RightPart extends ScopePart {
  readonly grantId: number;
}

/** What an account may do: for each right where it holds. What is not in it is not allowed. */
export type Rights = ReadonlyMap<Right, readonly RightPart[]>;

export const noRights: Rights = new Map();

/** Actions of a grant that this version knows: a ready-made role's stand in the program. */
export function actionsOf({ ready, actions }: Pick<HeldGrant, "ready" | "actions">): readonly Right[] {
  if (ready !== null) return readyRoles[ready as ReadyRole] ?? [];
  return actions.filter(isRight);
}

/** Adds up the grants of an account. A right on a page without branches counts only for the whole network. */
export function rightsOf(grants: readonly HeldGrant[]): Rights {
  const rights = new Map<Right, RightPart[]>();
  for (const grant of grants) {
    const { grantId, branchIds, supplierId } = grant;
    for (const right of actionsOf(grant)) {
      if (catalogue[pageOf(right)].reach === "network" && (branchIds !== null || supplierId !== null))
        continue;
      const parts = rights.get(right);
      if (parts) parts.push({ grantId, branchIds, supplierId });
      else rights.set(right, [{ grantId, branchIds, supplierId }]);
    }
  }
  return rights;
}

/** What both may do, and where both may: nobody sees more by looking as somebody else. */
export function commonRights(own: Rights, other: Rights): Rights {
  const common = new Map<Right, RightPart[]>();
  for (const [right, parts] of other) {
    const both = parts.flatMap((part) =>
      (own.get(right) ?? []).flatMap((mine) => commonPart(part, mine) ?? []),
    );
    if (both.length > 0) common.set(right, both);
  }
  return common;
}

function commonPart(left: RightPart, right: RightPart): RightPart | undefined {
  const { branchIds } = left;
  const both =
    branchIds === null || right.branchIds === null
      ? (branchIds ?? right.branchIds)
      : branchIds.filter((id) => right.branchIds?.includes(id));
  if (both?.length === 0) return undefined;
  if (left.supplierId !== null && right.supplierId !== null && left.supplierId !== right.supplierId)
    return undefined;
  return { grantId: left.grantId, branchIds: both, supplierId: left.supplierId ?? right.supplierId };
}

/** Rights that one person should not hold together. */
export type Conflict =
  | { readonly kind: "asks-and-approves"; readonly page: string }
  /** Who gives rights and who approves are two people. */
  | { readonly kind: "grants-and-approves"; readonly page: string };

/** What is wrong about one person's rights; told, not refused: a small place may have nobody else. */
export function conflictsOf(rights: Rights): Conflict[] {
  const approved = [...rights.keys()].filter((right) => right.endsWith(".approve")).map(pageOf);
  return approved.flatMap((page): Conflict[] => {
    const asks = rights.has(`${page}.command` as Right) || rights.has(`${page}.change` as Right);
    return [
      ...(asks ? [{ kind: "asks-and-approves", page } as const] : []),
      ...(rights.has("users.change") ? [{ kind: "grants-and-approves", page } as const] : []),
    ];
  });
}

/** What an action is done to: a place in the network, the network as a whole, or `any` to ask whether there is such a place at all. */
export type Target =
  | "any"
  | "network"
  | {
      readonly branchId: number;
      /** Whose customer the point is. */ readonly supplierId: number | null;
    };

export type Decision =
  | { readonly allow: true; readonly reason: "granted"; readonly grantId: number }
  | { readonly allow: false; readonly reason: "no-grant" | "outside-branch" };

/** Decides whether an action is allowed on a target. Nothing is, unless a grant says so. */
export function can(rights: Rights, right: Right, target: Target): Decision {
  const parts = rights.get(right);
  if (!parts || parts.length === 0) return { allow: false, reason: "no-grant" };
  const part = parts.find((each) => covers(each, target));
  return part
    ? { allow: true, reason: "granted", grantId: part.grantId }
    : { allow: false, reason: "outside-branch" };
}

function covers({ branchIds, supplierId }: ScopePart, target: Target): boolean {
  if (target === "any") return true;
  if (target === "network") return branchIds === null && supplierId === null;
  return (
    (branchIds === null || branchIds.includes(target.branchId)) &&
    (supplierId === null || supplierId === target.supplierId)
  );
}

/** The decision about many targets for one scope. */
export function filterOf(scope: Scope): (target: Target) => boolean {
  const parts = scope.parts.map(({ branchIds, supplierId }) => ({
    branchIds: branchIds && new Set(branchIds),
    supplierId,
  }));
  return (target) =>
    target === "any" ||
    parts.some(({ branchIds, supplierId }) =>
      target === "network"
        ? branchIds === null && supplierId === null
        : (branchIds === null || branchIds.has(target.branchId)) &&
          (supplierId === null || supplierId === target.supplierId),
    );
}

/** The same decision as a condition for the database: the points on which the right holds. */
export function scopeOf(rights: Rights, right: Right): Scope {
  const parts = rights.get(right) ?? [];
  if (isEverywhere({ parts })) return { parts: [{ branchIds: null, supplierId: null }] };
  // One part for each supplier, so that a condition stays short however many grants there are.
  const bySupplier = new Map<number | null, Set<number> | null>();
  for (const { branchIds, supplierId } of parts) {
    const found = bySupplier.get(supplierId);
    if (found === null || branchIds === null) bySupplier.set(supplierId, null);
    else bySupplier.set(supplierId, new Set([...(found ?? []), ...branchIds]));
  }
  return {
    parts: [...bySupplier].map(([supplierId, branchIds]) => ({
      branchIds: branchIds && [...branchIds].sort((left, right) => left - right),
      supplierId,
    })),
  };
}

/** Text that is the same for the same scope: who sees the same may share an answer. */
export const scopeKey = (scope: Scope): string => JSON.stringify(scope.parts);
