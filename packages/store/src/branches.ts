import type { Queryable } from "./database.ts";
import { sql } from "./sql.ts";

export interface Branch {
  readonly branchId: number;
  readonly parentId: number | null;
  /** Names from the top down to the branch itself. */
  readonly path: readonly string[];
}

/** All branches with their paths, by id. There are hundreds of them where there are a hundred thousand points. */
export async function readBranches(db: Queryable): Promise<ReadonlyMap<number, Branch>> {
  const { rows } = await db.query<Branch>(sql`
    with recursive tree as (
      select branch_id, parent_id, array[name] as path from branch where parent_id is null
      union all
      select child.branch_id, child.parent_id, tree.path || child.name
      from tree join branch as child on child.parent_id = tree.branch_id
    )
    select branch_id as "branchId", parent_id as "parentId", path from tree order by path`);
  return new Map(rows.map((row) => [row.branchId, row]));
}

/** A branch and all below it, as a statement that gives their ids. */
export const branchWithin = (branchId: number) => sql`
  with recursive within as (
    select ${branchId}::int as branch_id
    union all
    select child.branch_id from within join branch as child on child.parent_id = within.branch_id
  )
  select branch_id from within`;
