import { numbers } from "../arrays.ts";
import { readBranches } from "../branches.ts";
import type { Database, Queryable } from "../database.ts";
import { StoreError } from "../errors.ts";
import { branchInScope, isEverywhere, type Scope } from "../scope.ts";
import { sql } from "../sql.ts";
import {
  applyGroupChange,
  changeGroupParent,
  previewGroupChange,
  removeGroup,
  undoGroupChange,
} from "./changes.ts";
import { closestOf, type GroupFileLine, type GroupOfFile, parseGroupsFile } from "./file.ts";
import { findPointsByPod } from "./pods.ts";
import { addGroup, type GroupKind, type GroupRow, listGroups, mayLieBelow } from "./registry.ts";
import type { Side } from "./rows.ts";

/** What a file does to one group at one instant. */
export interface GroupFileEffect {
  readonly kind: GroupKind;
  readonly branch: string;
  readonly name: string;
  readonly side: Side | null;
  readonly fromMs: number;
  readonly isNew: boolean;
  /** Group that it hangs below afterwards; null: that does not change. */
  readonly above: string | null;
  readonly joining: number;
  readonly signChanged: number;
  readonly unchanged: number;
}

export interface GroupsFileOutcome {
  readonly rows: number;
  readonly groups: readonly GroupFileEffect[];
  readonly refused: readonly GroupFileLine[];
  readonly stored?: { readonly importId: number; readonly made: number; readonly changes: number };
}

interface Resolved {
  readonly of: GroupOfFile;
  readonly branchId: number | null;
  readonly known: GroupRow | undefined;
  readonly add: { readonly pointId: number; readonly sign: 1 | -1 }[];
}

const keyOf = (kind: string, name: string, branchId: number | null) => `${kind}\0${branchId}\0${name}`;

/**
 * Takes in groups and their members from a CSV file (`parseGroupsFile`): groups that are missing are made, points join from an instant on; nobody
 * leaves. Lines that cannot be used are refused alone. What it did can be taken back as one (`undoGroupsImport`).
 * @throws StoreError `import.unreadable`, `import.nothing` when no line can be used
 */
export async function importGroupsFile(
  db: Database,
  scope: Scope,
  text: string,
  given: {
    readonly fileName: string;
    readonly by: string;
    readonly reason: string;
    readonly nowMs: number;
    readonly fromMs?: number;
    readonly dryRun: boolean;
  },
): Promise<GroupsFileOutcome> {
  const fromMs = given.fromMs ?? Math.floor(given.nowMs / 900_000) * 900_000;
  const parsed = parseGroupsFile(text, fromMs);
  if (!parsed) throw new StoreError("import.unreadable", "no file of groups: kind and group are needed");
  const { resolved, refused } = await resolve(db, scope, parsed.groups, given.nowMs);
  const all = [...parsed.refused, ...refused].sort((a, b) => a.line - b.line);
  const groups: GroupFileEffect[] = [];
  for (const one of resolved) groups.push(await effectOf(db, scope, one));
  const outcome = { rows: parsed.rows, groups, refused: all };
  if (given.dryRun) return outcome;
  if (resolved.length === 0) throw new StoreError("import.nothing", "no line of the file can be used");
  return { ...outcome, stored: await carryOut(db, scope, resolved, given) };
}

async function effectOf(db: Queryable, scope: Scope, { of, known, add }: Resolved): Promise<GroupFileEffect> {
  const { kind, branch, name, side, fromMs, toMs, above } = of;
  const base = { kind, branch, name, side, fromMs, isNew: known === undefined };
  if (!known || side === null)
    return { ...base, above: above || null, joining: add.length, signChanged: 0, unchanged: 0 };
  const { joining, signChanged, unchanged } = await previewGroupChange(db, scope, {
    groupId: known.groupId,
    side,
    fromMs,
    ...(toMs === undefined ? {} : { toMs }),
    add,
  });
  return {
    ...base,
    above: above || null,
    joining: joining.length,
    signChanged: signChanged.length,
    unchanged,
  };
}

async function resolve(db: Database, scope: Scope, groups: readonly GroupOfFile[], nowMs: number) {
  const branches = [...(await readBranches(db)).values()];
  const paths = new Map(branches.map(({ path, branchId }) => [path.join("/"), branchId]));
  const existing = await listGroups(db, scope, {}, nowMs);
  const byKey = new Map(existing.map((row) => [keyOf(row.kind, row.name, row.branchId), row]));
  const kindsByName = Map.groupBy(
    [...existing, ...groups].map(({ kind, name }) => ({ kind, name })),
    ({ name }) => name,
  );
  const found = await findPointsByPod(db, scope, [
    ...new Set(groups.flatMap(({ pods }) => [...pods.keys()])),
  ]);
  const refused: GroupFileLine[] = [];
  const resolved: Resolved[] = [];
  for (const of of groups) {
    const branchId = of.branch === "" ? null : paths.get(of.branch);
    const isMine =
      branchId === null
        ? isEverywhere(scope)
        : branchId !== undefined && (await branchInScope(db, scope, branchId));
    if (branchId === undefined || !isMine) {
      refused.push({
        line: of.line,
        reason: "branch",
        text: of.branch,
        proposal: isEverywhere(scope) ? closestOf(of.branch, [...paths.keys()]) : null,
      });
      continue;
    }
    const kinds = of.above === "" ? [] : (kindsByName.get(of.above) ?? []);
    if (of.above !== "" && !kinds.some(({ kind }) => mayLieBelow(of.kind, kind))) {
      const names = [...kindsByName.keys()].filter((name) => name !== of.name);
      refused.push({ line: of.line, reason: "above", text: of.above, proposal: closestOf(of.above, names) });
      continue;
    }
    const add = [...of.pods].flatMap(([pod, { sign, line }]) => {
      const pointId = found.get(pod);
      if (pointId !== undefined) return [{ pointId, sign }];
      refused.push({ line, reason: "pod", text: pod, proposal: null });
      return [];
    });
    if (of.side !== null && add.length === 0) continue;
    resolved.push({ of, branchId, known: byKey.get(keyOf(of.kind, of.name, branchId)), add });
  }
  return { resolved, refused };
}

async function carryOut(
  db: Database,
  scope: Scope,
  resolved: readonly Resolved[],
  given: { readonly fileName: string; readonly by: string; readonly reason: string },
) {
  const { rows } = await db.query<{ id: number }>(sql`
    insert into groups_import (file_name, reason, imported_by)
    values (${given.fileName.slice(0, 200)}, ${given.reason}, ${given.by}) returning groups_import_id as id`);
  const importId = rows[0]!.id;
  const made: number[] = [];
  const changes: number[] = [];
  const ids = new Map<string, number>();
  const note = () =>
    db.query(sql`
      update groups_import set made = ${numbers(made)}::int[], changes = ${numbers(changes)}::bigint[]
      where groups_import_id = ${importId}::int`);
  for (const { of, branchId, known } of resolved) {
    const key = keyOf(of.kind, of.name, branchId);
    if (known) ids.set(key, known.groupId);
    if (ids.has(key)) continue;
    const groupId = await addGroup(db, { kind: of.kind, name: of.name, branchId });
    ids.set(key, groupId);
    made.push(groupId);
    await note();
  }
  const everyGroup = await listGroups(db, scope, {}, Math.max(...resolved.map(({ of }) => of.fromMs)));
  const why = { by: given.by, reason: given.reason };
  for (const { of, branchId, add } of resolved) {
    const groupId = ids.get(keyOf(of.kind, of.name, branchId))!;
    if (of.above !== "") {
      const parents = everyGroup.filter(
        ({ name, kind, groupId: its }) => name === of.above && its !== groupId && mayLieBelow(of.kind, kind),
      );
      // Of several with the name, the one of the same branch.
      const parent = parents.find((one) => one.branchId === branchId) ?? parents[0];
      if (parent) {
        const change = { groupId, parentId: parent.groupId, fromMs: of.fromMs };
        const changeId = await changeGroupParent(db, scope, change, why);
        if (changeId !== null) changes.push(changeId);
      }
    }
    if (of.side !== null) {
      const request = {
        groupId,
        side: of.side,
        fromMs: of.fromMs,
        ...(of.toMs === undefined ? {} : { toMs: of.toMs }),
        add,
      };
      const { changeId } = await applyGroupChange(db, scope, request, why);
      if (changeId !== null) changes.push(changeId);
    }
    await note();
  }
  await db.query(sql`update groups_import set finished_at = now() where groups_import_id = ${importId}::int`);
  return { importId, made: made.length, changes: changes.length };
}

export interface GroupsImport {
  readonly importId: number;
  readonly fileName: string;
  readonly reason: string;
  readonly made: number;
  readonly changes: number;
  readonly importedBy: string;
  readonly importedAt: number;
  readonly finished: boolean;
  readonly undoneBy: string | null;
  readonly undoneAt: number | null;
  readonly undoReason: string | null;
  readonly kept: number;
}

/** Files of groups, the newest first: all to those who have the whole network, to others their own. */
export async function listGroupsImports(
  db: Queryable,
  { scope, by }: { readonly scope: Scope; readonly by: string },
  limit: number,
): Promise<GroupsImport[]> {
  const { rows } = await db.query<GroupsImport>(sql`
    select groups_import_id as "importId", file_name as "fileName", reason, cardinality(made) as made,
      cardinality(changes) as changes, imported_by as "importedBy", imported_at as "importedAt",
      finished_at is not null as finished, undone_by as "undoneBy", undone_at as "undoneAt", undo_reason as "undoReason", kept
    from groups_import where ${isEverywhere(scope)}::boolean or imported_by = ${by}
    order by groups_import_id desc limit ${limit}::int`);
  return rows;
}

const buildsOn = new Set([
  "group.change-overtaken",
  "group.change-undone",
  "group.change-not-found",
  "group.in-use",
  "group.not-found",
]);

/**
 * Takes a file of groups back: its changes, the last one first, then the groups that it made. What others build on stays, and is counted.
 * @throws StoreError `import.not-found`, `import.undone`
 */
export async function undoGroupsImport(
  db: Database,
  scope: Scope,
  importId: number,
  given: { readonly by: string; readonly reason: string; readonly nowMs: number },
): Promise<{ readonly changes: number; readonly groups: number; readonly kept: number }> {
  const { rows } = await db.query<{ made: number[]; changes: number[]; undone: boolean }>(sql`
    select made, changes, undone_at is not null as undone from groups_import
    where groups_import_id = ${importId}::int and (${isEverywhere(scope)}::boolean or imported_by = ${given.by})`);
  const [found] = rows;
  if (!found) throw new StoreError("import.not-found", "no such import");
  if (found.undone) throw new StoreError("import.undone", "somebody took it back already");
  const sum = { changes: 0, groups: 0, kept: 0 };
  const unlessBuiltOn = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof StoreError && buildsOn.has(error.code))) throw error;
      sum.kept++;
      return false;
    }
  };
  for (const changeId of found.changes.map(Number).reverse())
    if (await unlessBuiltOn(() => undoGroupChange(db, scope, changeId, given))) sum.changes++;
  for (const groupId of [...found.made].reverse()) {
    if (await hasOtherChanges(db, groupId, found.changes)) sum.kept++;
    else if (await unlessBuiltOn(() => removeGroup(db, scope, groupId, given))) sum.groups++;
  }
  await db.query(sql`
    update groups_import set undone_by = ${given.by}, undone_at = now(), undo_reason = ${given.reason}, kept = ${sum.kept}::int
    where groups_import_id = ${importId}::int`);
  return sum;
}

/** Whether somebody gave a group members or balance meters beside the file. */
async function hasOtherChanges(db: Queryable, groupId: number, changes: readonly number[]): Promise<boolean> {
  const { rows } = await db.query(sql`
    select from group_change as c where group_id = ${groupId}::int and kind <> 'undo' and not group_change_id = any(${numbers(changes)}::bigint[])
      and not exists (select from group_change as undo where undo.undoes = c.group_change_id) limit 1`);
  return rows.length > 0;
}
