import { readBranches } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { listGroups } from "../groups/registry.ts";
import { readPointRows, searchPoints } from "../points.ts";
import { isEverywhere, type Scope } from "../scope.ts";
import { searchText } from "../search-text.ts";
import type { Subject } from "./subjects.ts";

/** What people call a subject, and a second line that tells it from others. Empty for the system: each language has its own word. */
export interface SubjectName {
  readonly name: string;
  readonly detail: string;
}

/** Names of subjects as far as the scope reaches; `undefined` for what is foreign. */
export async function readSubjectNames(
  db: Queryable,
  scope: Scope,
  subjects: readonly Subject[],
  atMs: number,
): Promise<(SubjectName | undefined)[]> {
  const pointIds = subjects.flatMap((subject) => (subject.kind === "point" ? [subject.pointId] : []));
  const points = new Map((await readPointRows(db, scope, pointIds)).map((row) => [row.pointId, row]));
  const groups = subjects.some(({ kind }) => kind === "group") ? await listGroups(db, scope, {}, atMs) : [];
  const byGroup = new Map(groups.map((row) => [row.groupId, row]));
  const branches = subjects.some(({ kind }) => kind === "branch") ? await readBranches(db) : new Map();
  const seen = seenBranches(scope);
  return subjects.map((subject) => {
    if (subject.kind === "point") {
      const row = points.get(subject.pointId);
      return row && { name: row.pod, detail: row.name };
    }
    if (subject.kind === "group") {
      const row = byGroup.get(subject.groupId);
      return row && { name: row.name, detail: row.branch.join(" › ") };
    }
    if (subject.kind === "branch") {
      if (!seen(subject.branchId)) return undefined;
      const path: readonly string[] | undefined = branches.get(subject.branchId)?.path;
      return path && { name: path.at(-1)!, detail: path.slice(0, -1).join(" › ") };
    }
    return { name: "", detail: "" };
  });
}

/** Branches that a scope names. Who sees only the points of a supplier chooses by points. */
function seenBranches(scope: Scope): (branchId: number) => boolean {
  if (isEverywhere(scope)) return () => true;
  const named = new Set(scope.parts.flatMap(({ branchIds }) => branchIds ?? []));
  return (branchId) => named.has(branchId);
}

const ofEachMax = 8;

/** Subjects by words of their names: branches and groups first, there are few of them, then points. */
export async function searchSubjects(
  db: Queryable,
  scope: Scope,
  text: string,
  atMs: number,
): Promise<(SubjectName & { readonly subject: Subject })[]> {
  const words = searchText(text)
    .split(" ")
    .filter((word) => word !== "");
  const branches = await readBranches(db);
  const seen = seenBranches(scope);
  const foundBranches = [...branches.values()]
    .filter(({ branchId, path }) => {
      const name = searchText(path.at(-1)!);
      return seen(branchId) && words.every((word) => name.includes(word));
    })
    .slice(0, ofEachMax);
  const groups = await listGroups(db, scope, { text }, atMs);
  const points = words.length === 0 ? [] : await searchPoints(db, scope, text, ofEachMax);
  return [
    ...foundBranches.map(({ branchId, path }) => ({
      subject: { kind: "branch" as const, branchId },
      name: path.at(-1)!,
      detail: path.slice(0, -1).join(" › "),
    })),
    ...groups.slice(0, ofEachMax).map((row) => ({
      subject: { kind: "group" as const, groupId: row.groupId, side: "members" as const },
      name: row.name,
      detail: row.branch.join(" › "),
    })),
    ...points.map((row) => ({
      subject: { kind: "point" as const, pointId: row.pointId },
      name: row.pod,
      detail: row.name,
    })),
  ];
}
