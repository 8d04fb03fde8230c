import type { BranchRow } from "../api/client.ts";

export interface ShownBranch extends BranchRow {
  readonly depth: number;
  /** Points in it and in all below it. */
  readonly allPoints: number;
  /** Nothing hangs on it, and none stands below it. */
  readonly unused: boolean;
}

/** Branches as the page shows them; they come each after the one above it. */
export function shownBranches(rows: readonly BranchRow[]): ShownBranch[] {
  const all = new Map(rows.map(({ branchId, points }) => [branchId, points]));
  const parents = new Set<number>();
  for (const { branchId, parentId } of [...rows].reverse()) {
    if (parentId === null) continue;
    parents.add(parentId);
    all.set(parentId, (all.get(parentId) ?? 0) + (all.get(branchId) ?? 0));
  }
  return rows.map((row) => ({
    ...row,
    depth: row.path.length - 1,
    allPoints: all.get(row.branchId) ?? 0,
    unused: !parents.has(row.branchId) && row.locations + row.concentrators + row.groups + row.people === 0,
  }));
}

/** Branches under which this one may stand: all but itself and those below it. */
export const mayStandUnder = (rows: readonly BranchRow[], branch: BranchRow | undefined): BranchRow[] =>
  rows.filter(
    ({ path }) => branch === undefined || !branch.path.every((name, depth) => path[depth] === name),
  );
