import type { Database, Queryable } from "./database.ts";
import { StoreError, sqlState } from "./errors.ts";
import { searchText } from "./search-text.ts";
import { sql } from "./sql.ts";

/** A branch with what hangs on it directly. */
export interface BranchRow {
  readonly branchId: number;
  readonly parentId: number | null;
  readonly name: string;
  readonly path: readonly string[];
  readonly points: number;
  readonly locations: number;
  readonly concentrators: number;
  readonly groups: number;
  /** People who have a right for it. */
  readonly people: number;
}

/** All branches, each under the one above it, in order of their names. */
export async function listBranches(db: Queryable): Promise<BranchRow[]> {
  const { rows } = await db.query<BranchRow>(sql`
    with recursive tree as (
      select branch_id, parent_id, name, array[name] as path from branch where parent_id is null
      union all
      select child.branch_id, child.parent_id, child.name, tree.path || child.name
      from tree join branch as child on child.parent_id = tree.branch_id
    ), placed as (
      select l.branch_id, count(distinct l.location_id)::int as locations, count(p.point_id)::int as points
      from location as l left join point as p using (location_id) group by l.branch_id
    )
    select branch_id as "branchId", parent_id as "parentId", name, path, coalesce(points, 0) as points,
      coalesce(locations, 0) as locations,
      (select count(*)::int from gateway as g where g.branch_id = tree.branch_id) as concentrators,
      (select count(*)::int from point_group as g where g.branch_id = tree.branch_id) as groups,
      (select count(distinct account_id)::int from role_grant as g where g.branch_id = tree.branch_id) as people
    from tree left join placed using (branch_id) order by path`);
  return rows;
}

export interface BranchFacts {
  readonly name: string;
  /** The branch above it; null: at the top. */
  readonly parentId: number | null;
}

/** @throws StoreError `branch.not-found` for a branch above that is not there, `branch.name-used` */
export async function addBranch(db: Queryable, { name, parentId }: BranchFacts): Promise<number> {
  const { rows } = await told(() =>
    db.query<{ id: number }>(sql`
      insert into branch (name, parent_id) values (${name}, ${parentId}::int) returning branch_id as id`),
  );
  return rows[0]!.id;
}

/**
 * Another name, or another branch above it: rights for that one cover it from then on. Points below are found by the new names.
 * `false` when nothing is different.
 * @throws StoreError `branch.not-found`, `branch.name-used`, `branch.cycle` when it would stand below itself
 */
export async function changeBranch(db: Database, branchId: number, facts: BranchFacts): Promise<boolean> {
  return told(() =>
    db.transaction(async (transaction) => {
      // One at a time: two moves at once could put each below the other.
      await transaction.query(sql`lock table branch in share row exclusive mode`);
      const { rows } = await transaction.query<{ name: string; parentId: number | null }>(
        sql`select name, parent_id as "parentId" from branch where branch_id = ${branchId}::int`,
      );
      const [before] = rows;
      if (!before) throw new StoreError("branch.not-found", "there is no such branch");
      if (before.name === facts.name && before.parentId === facts.parentId) return false;
      const below = await idsWithin(transaction, branchId);
      if (facts.parentId !== null && below.includes(facts.parentId))
        throw new StoreError("branch.cycle", "it would stand below itself");
      await transaction.query(sql`
        update branch set name = ${facts.name}, parent_id = ${facts.parentId}::int where branch_id = ${branchId}::int`);
      await findByNames(transaction, below);
      return true;
    }),
  );
}

/** @throws StoreError `branch.not-found`, `branch.in-use` when anything hangs on it */
export async function removeBranch(db: Queryable, branchId: number): Promise<void> {
  const { rowCount } = await told(
    () => db.query(sql`delete from branch where branch_id = ${branchId}::int`),
    "branch.in-use",
  );
  if (rowCount === 0) throw new StoreError("branch.not-found", "there is no such branch");
}

async function idsWithin(db: Queryable, branchId: number): Promise<number[]> {
  const { rows } = await db.query<{ id: number }>(sql`
    with recursive within as (
      select ${branchId}::int as id
      union all
      select child.branch_id from within join branch as child on child.parent_id = within.id
    ) select id from within`);
  return rows.map(({ id }) => id);
}

const batch = 5_000;

/** Writes anew what points of branches are found by: the names of their branches, and of what stands there. */
async function findByNames(db: Queryable, branchIds: readonly number[]): Promise<void> {
  for (let after = 0; ; ) {
    const { rows } = await db.query<{ pointId: number; words: (string | null)[] }>(sql`
      with recursive tree as (
        select branch_id, array[name] as path from branch where parent_id is null
        union all
        select child.branch_id, tree.path || child.name from tree join branch as child on child.parent_id = tree.branch_id
      )
      select p.point_id as "pointId", path || array[m.serial, d.identity] as words
      from point as p join location as l using (location_id) join tree using (branch_id)
      left join installation as i on i.point_id = p.point_id and upper_inf(i.during)
      left join meter as m using (meter_id)
      left join lateral (
        select identity from device where device.meter_id = m.meter_id order by device_id desc limit 1) as d on true
      where l.branch_id = any(${branchIds}::int[]) and p.point_id > ${after}::int order by p.point_id limit ${batch}`);
    if (rows.length === 0) return;
    const texts = rows.map(({ words }) => searchText(...words.filter((word) => word !== null)));
    await db.query(sql`
      update point set search_text = given.words
      from unnest(${rows.map(({ pointId }) => pointId)}::int[], ${texts}::text[]) as given (id, words)
      where point_id = given.id and search_text is distinct from given.words`);
    after = rows.at(-1)!.pointId;
  }
}

/** What the database refuses, as this module says it. */
async function told<Result>(work: () => Promise<Result>, missing = "branch.not-found"): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const state = sqlState(error);
    if (state === "23505") throw new StoreError("branch.name-used", "a branch of that name is there already");
    if (state === "23503")
      throw new StoreError(missing, "another row names it, or what it names is not there");
    throw error;
  }
}
