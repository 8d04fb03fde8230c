import { branchWithin } from "../branches.ts";
import type { Queryable } from "../database.ts";
import { pointIndexOf } from "../personal/point-index.ts";
import { inScope, type Scope } from "../scope.ts";
import { searchText } from "../search-text.ts";
import { joined, type Sql, sql } from "../sql.ts";

export const pointCategories = [
  "unknown",
  "household",
  "business",
  "industry",
  "public",
  "lighting",
  "producer",
  "network",
] as const;
export type PointCategory = (typeof pointCategories)[number];
export const voltageLevels = ["low", "medium", "high"] as const;
export type VoltageLevel = (typeof voltageLevels)[number];

/** Which points a free group is made of: whatever is given must hold, of a list one entry. An empty rule is no rule. */
export interface GroupRule {
  /** These branches and those below them. */
  readonly branchIds?: readonly number[];
  readonly categories?: readonly PointCategory[];
  readonly phases?: 1 | 3;
  readonly voltages?: readonly VoltageLevel[];
  /** Models of the meter that stands there now. */
  readonly models?: readonly string[];
  /** Words that all occur in code, name, address, branch, serial number or identity. */
  readonly words?: string;
}

export const isEmptyRule = (rule: GroupRule): boolean =>
  Object.values(rule).every((value) => value === undefined || (Array.isArray(value) && value.length === 0));

/** Models of the meters that stand at points of the scope now, by name. */
export async function listModelsOfPoints(db: Queryable, scope: Scope): Promise<string[]> {
  const { rows } = await db.query<{ model: string }>(sql`
    select distinct m.model from point as p join location as l using (location_id)
    join installation as i on i.point_id = p.point_id and upper_inf(i.during) join meter as m using (meter_id)
    where ${inScope(scope)} order by 1`);
  return rows.map(({ model }) => model);
}

/** Points of the scope that the rule chooses now, within the group's branch; by number. */
export async function findRulePoints(
  db: Queryable,
  scope: Scope,
  branchId: number | null,
  rule: GroupRule,
): Promise<number[]> {
  if (isEmptyRule(rule)) return [];
  const conditions: Sql[] = [inScope(scope)];
  if (branchId !== null) conditions.push(sql`l.branch_id in (${branchWithin(branchId)})`);
  if (rule.branchIds?.length) {
    const within = rule.branchIds.map((id) => sql`l.branch_id in (${branchWithin(id)})`);
    conditions.push(sql`(${joined(within, " or ")})`);
  }
  if (rule.categories?.length) conditions.push(sql`p.category = any(${rule.categories}::text[])`);
  if (rule.voltages?.length) conditions.push(sql`p.voltage = any(${rule.voltages}::text[])`);
  if (rule.phases !== undefined) conditions.push(sql`p.phases = ${rule.phases}::int`);
  if (rule.models?.length) {
    conditions.push(sql`exists (
      select from installation as i join meter as m using (meter_id)
      where i.point_id = p.point_id and upper_inf(i.during) and m.model = any(${rule.models}::text[]))`);
  }
  const words = searchText(rule.words ?? "")
    .split(" ")
    .filter((word) => word !== "");
  if (words.length > 0) {
    const found = (await pointIndexOf(db)).withWords(words);
    conditions.push(sql`p.point_id = any(${found}::int[])`);
  }
  const { rows } = await db.query<{ numbers: string | null }>(sql`
    select string_agg(p.point_id::text, ' ' order by p.point_id) as numbers
    from point as p join location as l using (location_id) where ${joined(conditions, " and ")}`);
  return rows[0]?.numbers?.split(" ").map(Number) ?? [];
}
