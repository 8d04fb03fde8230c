import { branchWithin, readBranches } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { StoreError, sqlState } from "../errors.ts";
import { isEverywhere, type Scope } from "../scope.ts";
import { searchText } from "../search-text.ts";
import { instant, type Sql, sql, trusted } from "../sql.ts";
import type { GroupRule } from "./rule.ts";

/** Kinds of the tree by the network's architecture, from the top down, and free groups, which go by attributes of points. */
export const groupKinds = [
  "network",
  "substation",
  "feeder",
  "transformer",
  "cabinet",
  "riser",
  "free",
] as const;
export type GroupKind = (typeof groupKinds)[number];

/** May a group of one kind lie below one of another? A line may branch off a line; a free group lies below free ones alone. */
export const mayLieBelow = (kind: GroupKind, parent: GroupKind): boolean =>
  kind === "free" || parent === "free"
    ? kind === parent
    : groupKinds.indexOf(parent) <= groupKinds.indexOf(kind);

/** A group as it is at one instant. */
export interface GroupRow {
  readonly groupId: number;
  readonly kind: GroupKind;
  readonly name: string;
  readonly branchId: number | null;
  readonly branch: readonly string[];
  readonly parentId: number | null;
  readonly members: number;
  readonly balanceMeters: number;
  readonly children: number;
}

export interface GroupFilter {
  /** Words that must all occur in name and branch; folded. */
  readonly text?: string;
  readonly kind?: GroupKind;
  readonly branchId?: number;
}

/**
 * Condition on `point_group` under an alias: whoever may see a whole branch sees its groups. Sums of a group tell of points, so who sees only
 * the points of a supplier sees none.
 */
export function groupInScope(scope: Scope, alias = "g"): Sql {
  if (isEverywhere(scope)) return trusted("true");
  const branchIds = scope.parts.flatMap((part) => (part.supplierId === null ? (part.branchIds ?? []) : []));
  return sql`${trusted(alias)}.branch_id = any(${branchIds}::int[])`;
}

const rowsAt = (scope: Scope, atMs: number, more: Sql) => sql`
  select g.group_id as "groupId", g.kind, g.name, g.branch_id as "branchId",
    -- The one above may be of a branch that is foreign here: then this is the top of what is seen.
    (select parent_id from group_parent join point_group as above on above.group_id = parent_id
      where group_parent.group_id = g.group_id and ended_by is null and during @> ${instant(atMs)}::timestamptz
        and above.removed_at is null and ${groupInScope(scope, "above")}) as "parentId",
    (select count(*)::int from group_member as m
      where m.group_id = g.group_id and m.ended_by is null and m.during @> ${instant(atMs)}::timestamptz) as members,
    (select count(*)::int from group_balance as b
      where b.group_id = g.group_id and b.ended_by is null and b.during @> ${instant(atMs)}::timestamptz) as "balanceMeters",
    (select count(*)::int from group_parent as c join point_group as below on below.group_id = c.group_id
      where c.parent_id = g.group_id and c.ended_by is null and c.during @> ${instant(atMs)}::timestamptz
        and below.removed_at is null) as children
  from point_group as g where g.removed_at is null and ${groupInScope(scope)} and ${more}
  order by g.name collate "ro-x-icu", g.group_id`;

/** Groups of the scope as they are at an instant, by name. */
export async function listGroups(
  db: Queryable,
  scope: Scope,
  filter: GroupFilter,
  atMs: number,
): Promise<GroupRow[]> {
  const branches = await readBranches(db);
  const conditions = sql`
    (${filter.kind ?? null}::text is null or g.kind = ${filter.kind ?? null})
    and (${filter.branchId ?? null}::int is null or g.branch_id in (${branchWithin(filter.branchId ?? 0)}))`;
  const { rows } = await db.query<Omit<GroupRow, "branch">>(rowsAt(scope, atMs, conditions));
  const words = searchText(filter.text ?? "")
    .split(" ")
    .filter((word) => word !== "");
  return rows
    .map((row) => ({ ...row, branch: branches.get(row.branchId ?? -1)?.path ?? [] }))
    .filter(({ name, branch }) => {
      const text = words.length === 0 ? "" : searchText(name, ...branch);
      return words.every((word) => text.includes(word));
    });
}

export interface Group extends GroupRow {
  readonly rule: GroupRule | null;
}

/** One group as it is at an instant; `undefined` when there is none in the scope. */
export async function findGroup(
  db: Queryable,
  scope: Scope,
  groupId: number,
  atMs: number,
): Promise<Group | undefined> {
  const { rows } = await db.query<Omit<GroupRow, "branch">>(
    rowsAt(scope, atMs, sql`g.group_id = ${groupId}::int`),
  );
  const [row] = rows;
  if (!row) return undefined;
  const branches = await readBranches(db);
  const { rows: rules } = await db.query<{ rule: GroupRule | null }>(
    sql`select rule from point_group where group_id = ${groupId}::int`,
  );
  return { ...row, branch: branches.get(row.branchId ?? -1)?.path ?? [], rule: rules[0]?.rule ?? null };
}

export interface NewGroup {
  readonly kind: GroupKind;
  readonly name: string;
  readonly branchId: number | null;
  readonly rule?: GroupRule | null;
}

/** Makes a group without members. @throws StoreError `group.name-taken` */
export async function addGroup(db: Queryable, group: NewGroup): Promise<number> {
  const { kind, name, branchId, rule } = group;
  return unlessTaken(async () => {
    const { rows } = await db.query<{ groupId: number }>(sql`
      insert into point_group (kind, name, branch_id, rule)
      values (${kind}, ${name}, ${branchId}::int, ${rule ? JSON.stringify(rule) : null}::jsonb)
      returning group_id as "groupId"`);
    return rows[0]!.groupId;
  });
}

/** Another name or rule; the members stay until a change is applied. @throws StoreError `group.not-found`, `group.name-taken` */
export async function editGroup(
  db: Queryable,
  scope: Scope,
  groupId: number,
  edit: { readonly name?: string; readonly rule?: GroupRule | null },
): Promise<void> {
  const rule = edit.rule ? JSON.stringify(edit.rule) : null;
  const changed = await unlessTaken(() =>
    db.query(sql`
      update point_group as g set name = coalesce(${edit.name ?? null}, name),
        rule = case when ${edit.rule !== undefined}::boolean then ${rule}::jsonb else rule end
      where group_id = ${groupId}::int and removed_at is null and ${groupInScope(scope)}`),
  );
  if (changed.rowCount === 0) throw new StoreError("group.not-found", `no group ${groupId}`);
}

/**
 * Puts a group that was removed back on the lists, with the members that it has; what it hung below is for somebody to say. One that is there stays so.
 * @throws StoreError `group.not-found`, `group.name-taken` when another one has its name by now
 */
export async function restoreGroup(db: Queryable, scope: Scope, groupId: number): Promise<void> {
  const { rowCount } = await unlessTaken(() =>
    db.query(sql`
      update point_group as g set removed_at = null
      where group_id = ${groupId}::int and ${groupInScope(scope)}`),
  );
  if (rowCount === 0) throw new StoreError("group.not-found", `no group ${groupId}`);
}

async function unlessTaken<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (sqlState(error) !== "23505") throw error;
    throw new StoreError("group.name-taken", "another group of that kind and branch has the name", error);
  }
}
