import type { Operations } from "../api/client.ts";

/** One thing that somebody should look at. */
export type Attention =
  | (Operations["concentrators"][number] & { readonly kind: "concentrator" })
  | {
      readonly kind: "branch";
      readonly branchId: number;
      readonly path: readonly string[];
      readonly silent: number;
      readonly points: number;
    }
  | {
      readonly kind: "device";
      readonly deviceId: number;
      readonly pointId: number | null;
      readonly pod: string | null;
      readonly name: string | null;
      readonly errorCode: string | null;
      readonly silentSeconds: number | null;
    };

/** A branch counts as a cause of its own when at least this many, and this share, of its points are silent. */
const branchSilentLeast = 3;
const branchShareLeast = 0.3;

/**
 * What needs attention, largest impact first: concentrators that are away, branches that are silent as a whole (one cause, one row), then single
 * devices, longest silent first. A branch above one that is listed is not listed again for the same points.
 */
export function attentionOf(
  operations: Pick<Operations, "branches" | "concentrators" | "silent">,
): Attention[] {
  const listed = operations.branches.filter(
    (branch) => branch.silent >= branchSilentLeast && branch.silent / branch.points >= branchShareLeast,
  );
  const concentrators: Attention[] = operations.concentrators.map((row) => ({
    kind: "concentrator",
    ...row,
  }));
  // Where the concentrators that are away explain the silence of a branch, it is told once, with them.
  const explained = (path: readonly string[]) =>
    operations.concentrators
      .filter(({ branch }) => path.every((name, level) => branch[level] === name))
      .reduce((sum, { points }) => sum + points, 0);
  const causes = listed.filter(
    (branch) =>
      branch.silent > explained(branch.path) &&
      !listed.some((below) => below.parentId === branch.branchId && below.silent === branch.silent),
  );
  const branches: Attention[] = causes
    .toSorted((a, b) => b.silent - a.silent)
    .map(({ branchId, path, silent, points }) => ({ kind: "branch", branchId, path, silent, points }));
  const devices: Attention[] = operations.silent.rows
    .toSorted(
      (a, b) => (b.silentSeconds ?? Number.POSITIVE_INFINITY) - (a.silentSeconds ?? Number.POSITIVE_INFINITY),
    )
    .map((row) => ({
      kind: "device",
      deviceId: row.deviceId,
      pointId: row.pointId,
      pod: row.pod,
      name: row.name,
      errorCode: row.lastErrorCode,
      silentSeconds: row.silentSeconds,
    }));
  return [...concentrators, ...branches, ...devices];
}
