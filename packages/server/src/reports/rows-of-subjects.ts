import type { Queryable } from "@energsys/store";
import {
  type Counted,
  findCounted,
  listGroups,
  type Period,
  readBranches,
  type Scope,
  type Subject,
} from "@energsys/store";
import { codeOf, subjectOf } from "../analysis/asked.ts";
import { ReportError } from "./report-error.ts";

/** Rows of subjects in one report at most. */
export const subjectRowsMax = 2_000;

/**
 * Subjects of the rows: the named ones, the groups in them, or their points, as far as the scope reaches.
 * @throws ReportError `report.too-many-rows`
 */
export async function rowSubjects(
  db: Queryable,
  scope: Scope,
  subjects: readonly string[],
  each: "self" | "group" | "point",
  period: Period,
): Promise<string[]> {
  const found = each === "self" ? subjects : await inside(db, scope, subjects.map(subjectOf), each, period);
  const codes = [...new Set(found)];
  if (codes.length > subjectRowsMax)
    throw new ReportError("report.too-many-rows", { max: subjectRowsMax, found: codes.length });
  return codes;
}

async function inside(
  db: Queryable,
  scope: Scope,
  subjects: readonly Subject[],
  each: "group" | "point",
  period: Period,
): Promise<string[]> {
  if (each === "point") {
    const counted = await findCounted(db, scope, subjects, period);
    return counted
      .flatMap((one: Counted | undefined) => one?.sources ?? [])
      .map(({ pointId }) => codeOf({ kind: "point", pointId }));
  }
  const branches = await readBranches(db);
  const groups = await listGroups(db, scope, {}, period.nowMs);
  return subjects.flatMap((subject) =>
    groups
      .filter(({ branchId, parentId }) => {
        if (subject.kind === "system") return true;
        if (subject.kind === "group") return parentId === subject.groupId;
        return subject.kind === "branch" && isWithin(branches, branchId, subject.branchId);
      })
      .map(({ groupId }) => codeOf({ kind: "group", groupId, side: "members" })),
  );
}

function isWithin(
  branches: Awaited<ReturnType<typeof readBranches>>,
  branchId: number | null,
  above: number,
): boolean {
  if (branchId === null) return false;
  if (branchId === above) return true;
  const [own, top] = [branches.get(branchId)?.path, branches.get(above)?.path];
  return own !== undefined && (top?.every((name, nth) => own[nth] === name) ?? false);
}
